"""A dataset carried into the other language."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from selfinstruct.api.operands import dataset as operand
from selfinstruct.api.settings import PathLike, config_of, existing, one_of, tell_unread
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.system.faces import to_stderr

if TYPE_CHECKING:
    from selfinstruct.runs.directory import RunDirectory
    from selfinstruct.runs.run import Observer

Say = Callable[[str], None]
LANGUAGES = ("zh", "en")


class Translation(NamedTuple):
    """What became of the rows of a source: rows == translated + adapted + kept + dropped + the sum of `rejected`."""

    path: Path
    """The run directory, with `dataset/<language>.jsonl`."""
    rows: int
    translated: int
    adapted: int
    """Translated, with names, units or institutions of another country."""
    kept: int
    """Rows in no language, and those that were in the wanted one already."""
    dropped: int
    """Rows that cannot leave their language."""
    rejected: Mapping[str, int]
    """{rule: rows}."""
    back: Mapping[str, Any]
    """How many were translated back, and the median ROUGE-L to their source; empty where none was."""

    def document(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        names = ("rows", "translated", "adapted", "kept", "dropped", "rejected")
        return {name: getattr(self, name) for name in names} | ({"back": self.back} if self.back else {})


def translate(  # noqa: PLR0913 - each is an option of the command line
    source: PathLike,
    to: str,
    output: PathLike,
    *,
    glossary: PathLike | None = None,
    back_translate: int | str = 0,
    comments: bool = False,
    config: PathLike | Config | None = None,
    say: Say | None = None,
    observer: "Observer | None" = None,
    trust_endpoint: bool = False,
    **settings: Mapping[str, Any],
) -> Translation:
    """Carry the rows of a file, a dataset or a run into `to`, zh or en, in a run of its own at `output`.

    Settings and `config` are those of `open_run`: teacher, limits, rules. Called again it goes on where it stopped, and asks only for the rows that
    were added or changed since. `glossary` names a file of `term<TAB>translation` lines; of `back_translate` rows, or `all`, the translation is
    translated back and compared with the source; with `comments` those of fenced code are translated too.
    Raises ConfigError for an unknown language and for a run that translates into the other one, InputError for a source that cannot be read or is empty, and what `Run.generate` raises.
    """
    from selfinstruct.api.run import Run
    from selfinstruct.runs.directory import RunDirectory

    language, folder = one_of("to", to, LANGUAGES), Path(output).expanduser()
    path = operand(source, say or to_stderr).path
    base = config if isinstance(config, Config) else config_of(settings, config, folder.resolve().name)
    if not isinstance(config, Config):
        tell_unread(config, say or to_stderr)
    options = {
        "glossary": str(existing(glossary)) if glossary else "",
        "back_translate": _back(back_translate),
        "translate_comments": comments,
    }
    directory = RunDirectory(folder)
    directory.check_no_file()
    directory.check_plain()
    _check_apart(path, folder)
    _check_into(directory, language)
    whole = _config(base, language, _rows(path, language, say or to_stderr), {"parents": str(path), **options})
    run = Run(directory, whole, say, trust_endpoint or config is None)
    run.generate(observer=observer)
    found = run.manifest["translation"][language]
    counts = {name: found[name] for name in ("rows", "translated", "adapted", "kept", "dropped", "rejected")}
    return Translation(path=run.path, back=found.get("back", {}), **counts)


def _config(base: Config, language: str, rows: int, options: Mapping[str, Any]) -> Config:
    """Return the configuration of a translation: teacher, limits and rules of another one."""
    from selfinstruct.config import Generate

    generate = {"recipe": "translate", "window": base.generate.window, **options}
    return base.model_copy(update={"target": {language: rows}, "generate": Generate.model_validate(generate)})


def _rows(path: Path, language: str, say: Say) -> int:
    """Return the number of rows of a source; says so where all are in the wanted language already."""
    from selfinstruct.dataset.io.rows import load_rows

    rows = load_rows(path, say)
    if not rows:
        raise InputError(f"{path}: holds no row to translate; name a run, a dataset or a file that has some")
    own = sum(row.language == language for row in rows)
    if own:
        what = "every row is" if own == len(rows) else f"{own} of {len(rows)} rows are"
        say(
            f"{path}: {what} in `{language}` already; they are kept as they are, and the translations are compared with them"
        )
    return len(rows)


def _back(value: int | str) -> str:
    said = str(value).strip()
    if said != "all" and not said.isdigit():
        raise ConfigError(f"back_translate {value!r}: must be a number of rows, or `all`")
    return "" if said.isdigit() and not int(said) else said


def _check_apart(path: Path, folder: Path) -> None:
    """Raise ConfigError where the translation would be written into its own source."""
    here, there = path.resolve(), folder.resolve()
    if here == there or there in here.parents or (path.is_dir() and here in there.parents):
        raise ConfigError(
            f"--output {folder}: is a part of the source, or holds it; name another folder, which may be new"
        )


def _check_into(directory: "RunDirectory", language: str) -> None:
    """Raise ConfigError for a translation into the other language."""
    manifest = directory.manifest()
    if manifest is None:
        return
    into = ", ".join(sorted(name for name, rows in manifest.keeping.target.items() if rows))
    if manifest.asking.generate.recipe == "translate" and into and into != language:
        raise ConfigError(
            f"--output {directory.path}: holds a translation into `{into}`, and --to is {language}; name another --output for `{language}`"
        )
