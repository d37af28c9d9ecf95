"""Conversations of other people, cleaned into a dataset."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from selfinstruct.api.outputs import check_files
from selfinstruct.api.settings import PathLike, existing, load_config
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import LanguageCode

if TYPE_CHECKING:
    from selfinstruct.dataset.conversations.split import Budget

_ENCODING_OF = "gpt-4o"
"""Model by whose tokenizer (o200k_base) a budget is counted."""
_PIECE = 20_000
"""Characters that are counted at once: a run of one character without end takes the tokenizer time by its square."""


class Imported(NamedTuple):
    """What became of the conversations of a file: conversations == kept + the sum of `rejected`."""

    path: Path
    conversations: int
    kept: int
    cut: int
    """Kept conversations that lost turns."""
    rejected: Mapping[str, int]
    rows: int
    ledger: Mapping[str, Any]
    """Conversations, turns, mended turns and their languages, by language and in total; turns read == kept + the sum of `cut`."""

    def document(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {name: getattr(self, name) for name in ("conversations", "kept", "cut", "rejected", "rows", "ledger")}


def import_conversations(  # noqa: PLR0913 - each is an option of the command line
    source: PathLike,
    output: PathLike,
    *,
    max_tokens: int | None = None,
    workers: int | None = None,
    language: LanguageCode = "en",
    config: Config | None = None,
    progress: Callable[[int, int], None] = lambda _read, _written: None,
) -> Imported:
    """Clean the conversations of a file turn by turn and write them to a folder, as a dataset, with what was cut and why.

    Reads ShareGPT, messages, exports of ChatGPT and Claude, and files with one message a row. `max_tokens` splits longer ones between two
    exchanges. `language` is that of the report. `config` has the thresholds of near-duplicates and the rules that are not asked. Raises InputError for a file that cannot be
    read, ConfigError for a folder that holds something else.

    >>> import json, tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> turns = [("human", "Name a river."), ("gpt", "The Loire."), ("human", "Another?"), ("gpt", "Network error")]
    >>> row = {"conversations": [{"from": who, "value": text} for who, text in turns]}
    >>> _ = (folder / "sharegpt.json").write_text(json.dumps([row]), encoding="utf-8")
    >>> done = import_conversations(folder / "sharegpt.json", folder / "clean")
    >>> done.kept, done.cut, done.ledger["total"]["turns"]
    (1, 1, {'read': 4, 'kept': 2, 'cut': {'service_notice': 2}})
    """
    from selfinstruct.dataset.conversations.importing import (
        DATASETS,
        LEDGER,
        PROVENANCE,
        REJECTED,
        REPORT,
        ImportJob,
        import_file,
    )
    from selfinstruct.dataset.conversations.judge import Settings
    from selfinstruct.reports.imported import imported_page
    from selfinstruct.system.writing import write_text

    config, path, folder = config or load_config(), existing(source), Path(output)
    _check_folder(path, folder, (*DATASETS.values(), PROVENANCE, REJECTED, REPORT), LEDGER)
    thresholds = {"en": config.filter.threshold.en, "zh": config.filter.threshold.zh}
    cores = workers or len(os.sched_getaffinity(0))
    settings = Settings(path, config.validate_.disable, _budget(max_tokens))
    job = ImportJob(settings, folder, thresholds, cores)  # type: ignore[arg-type] # the keys are codes
    document = import_file(job, progress)
    write_text(folder / REPORT, imported_page(document, folder / REJECTED, language), private=True)
    found = document["ledger"]["total"]
    counts = found["conversations"]
    return Imported(
        folder, counts["read"], counts["kept"], counts["cut"], counts["rejected"], found["rows"], document["ledger"]
    )


def _check_folder(path: Path, folder: Path, names: tuple[str, ...], ledger: str) -> None:
    """Raise ConfigError for a folder whose files an import would write over, unless an import wrote them."""
    from selfinstruct.system.plain import refuse_links

    if path.is_dir():
        raise InputError(f"{path}: is a folder, and import reads files; name one of its files")
    if not path.is_file():
        raise InputError(f"{path}: is read twice, so it must be a file; save what comes from a pipe first")
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"--output {folder}: is a file; name a folder, which may be new")
    check_files(
        [("FILE", str(path))], {"--output": folder / ledger} | {f"--output ({one})": folder / one for one in names}
    )
    refuse_links(folder, ("dataset", ledger, *names))
    if (folder / "manifest.json").exists() or (folder / "journal").exists():
        raise ConfigError(f"--output {folder}: is the directory of a run; name another folder")
    if not (folder / ledger).exists() and (taken := next((one for one in names if (folder / one).exists()), "")):
        raise ConfigError(
            f"--output {folder}: has a {taken} that no import wrote, which would be lost; name another folder"
        )


def _budget(max_tokens: int | None) -> "Budget":
    """Return the most tokens of a row, and what counts them."""
    from selfinstruct.dataset.conversations.split import Budget
    from selfinstruct.teacher.billing.tokens import PER_MESSAGE, encoding_of

    if max_tokens is None:
        return Budget()
    encoding_of(_ENCODING_OF)  # before child processes would each read the ranks
    return Budget(max_tokens, count_tokens, PER_MESSAGE)


def count_tokens(text: str) -> int:
    """Return the tokens of a text by o200k_base; its bytes, of which there are never fewer, where the ranks are not installed."""
    from selfinstruct.teacher.billing.tokens import encoding_of

    encoding = encoding_of(_ENCODING_OF)
    if encoding is None:
        return len(text.encode("utf-8", "surrogatepass"))
    pieces = (text[begin : begin + _PIECE] for begin in range(0, len(text), _PIECE))
    return sum(len(encoding.encode_ordinary(piece)) for piece in pieces)
