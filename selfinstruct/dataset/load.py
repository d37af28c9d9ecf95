"""Reading instruction files and datasets: Alpaca-like, messages, ShareGPT or ChatGLM rows, of any file that `read` opens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.emit import SPLITS
from selfinstruct.dataset.read import values_of
from selfinstruct.dataset.turns import LAYOUTS, conversation
from selfinstruct.errors import InputError, RecordError
from selfinstruct.language import han_share
from selfinstruct.records import LanguageCode, Row, row_id

_ALPACA = ("instruction", "input", "output")
_CHATGLM = ("prompt", "input", "response")


class Loaded(NamedTuple):
    """One row of a file, as it stood there and as we read it."""

    line: int
    """Line, or position in an array, from 1."""
    value: dict[str, Any]
    instruction: str
    input: str
    output: str
    language: LanguageCode
    later: tuple[tuple[str, str], ...] = ()
    """The other (user, assistant) pairs: the further ones of a conversation, or the `history` of an Alpaca-like row."""
    defect: str = ""
    """What is wrong with the order of its turns."""


def load(path: Path) -> Iterator[Loaded]:
    """Yield the rows of an instruction file; raises RecordError with line, field and remedy for one that is none."""
    for line, value in values_of(path):
        if not isinstance(value, dict):
            raise RecordError(f"{path}:{line}: not a JSON object; write one object for each row")
        yield _read(line, value, f"{path}:{line}")


def load_rows(path: Path) -> list[Row]:
    """Return the rows of an instruction file, or of a dataset folder or run, as dataset rows.

    A conversation becomes one row: its last question and answer, the earlier ones as its history. System and tool turns are left out.
    Raises RecordError for a conversation whose turns are out of order, and for a text that is not Unicode.
    """
    files = dataset_files(path) if path.is_dir() else [path]
    return [as_row(one, f"{file}:{one.line}") for file in files for one in load(file)]


def as_row(one: Loaded, where: str) -> Row:
    """Return one row of a file as a dataset row; `where` names it in errors."""
    if one.defect:
        raise RecordError(
            f"{where}: {one.defect}; repair or remove the row (`selfinstruct validate` lists all of them)"
        )
    pairs = [(one.instruction, one.output), *one.later]
    is_conversation = any(isinstance(one.value.get(name), list) for name in LAYOUTS)
    instruction, output = pairs[-1] if is_conversation else pairs[0]
    earlier = (("history", text) for pair in pairs for text in pair)
    for name, text in (("instruction", instruction), ("input", one.input), ("output", output), *earlier):
        _check_unicode(text, f"{where}: field `{name}`")
    return Row(
        id=row_id(one.language, instruction, one.input),
        language=one.language,
        instruction=instruction,
        input=one.input,
        output=output,
        history=tuple(pairs[:-1] if is_conversation else pairs[1:]),
    )


def _check_unicode(text: str, where: str) -> None:
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise RecordError(
            f"{where} has half of a surrogate pair ({text[error.start]!r}); repair or remove the character"
        ) from error


def held_out_ids(path: Path) -> frozenset[str] | None:
    """Return the ids that a dataset folder or run holds out, or None when it does not say: a lone file, or a folder of files."""
    files = [file for file in parts(path) if file.parent.name == "held_out"] if path.is_dir() else []
    return frozenset(row.id for file in files for row in load_rows(file)) if files else None


def dataset_files(folder: Path) -> list[Path]:
    """Return the dataset files of a run directory or dataset folder, by name.

    Where git left out the whole file of a language because it is too large, these are its shards.
    """
    whole = sorted(_inner(folder).glob("*.jsonl"))
    languages = {path.stem for path in whole}
    files = whole + [path for path in parts(folder) if path.stem.partition("-")[0] not in languages]
    if not files:
        raise InputError(f"{folder}: holds no dataset; give a file, or a run directory that `make generate` wrote")
    return files


def parts(folder: Path) -> list[Path]:
    """Return the files by split of a run directory or dataset folder."""
    return sorted(path for split in SPLITS for path in _inner(folder).glob(f"{split}/*.jsonl"))


def _inner(folder: Path) -> Path:
    inner = folder / "dataset"
    return inner if inner.is_dir() else folder


def guess_language(text: str) -> LanguageCode:
    """Return zh when at least three in ten characters and words are Chinese, else en."""
    return "zh" if han_share(text) >= 0.3 else "en"


def _read(line: int, value: dict[str, Any], where: str) -> Loaded:
    layout = next((name for name in LAYOUTS if isinstance(value.get(name), list)), "")
    if layout:
        pairs, defect = conversation(value[layout], layout, where)
        (instruction, output), given = pairs[0] if pairs else ("", ""), ""
    else:
        instruction, given, output = _fields(value, where)
        pairs, defect = ((instruction, output), *_history(value, where)), ""
    named = value.get("language")
    language = named if named in {"en", "zh"} else guess_language(instruction)
    return Loaded(line, value, instruction, given, output, language, pairs[1:], defect)


def _history(value: dict[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    """Return the earlier (user, assistant) pairs that an Alpaca-like row may have."""
    history = value.get("history")
    if not history:
        return ()
    pairs = history if isinstance(history, list) else [history]
    for number, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(text, str) for text in pair):
            raise RecordError(f"{where}: field `history.{number}` must be a pair of texts, [user, assistant]")
    return tuple((asked, answered) for asked, answered in pairs)


def _fields(value: dict[str, Any], where: str) -> tuple[str, str, str]:
    """Return (instruction, input, output) of an Alpaca-like row, or of ChatGLM's prompt and response."""
    names = _CHATGLM if "prompt" in value and "instruction" not in value else _ALPACA
    fields = [value.get(name, None if name == names[0] else "") for name in names]
    for name, field in zip(names, fields, strict=True):
        if not isinstance(field, str | None) or (name == names[0] and field is None):
            raise RecordError(
                f"{where}: field `{name}` must be a text; a row has instruction, input, output or messages"
            )
    return fields[0] or "", fields[1] or "", fields[2] or ""
