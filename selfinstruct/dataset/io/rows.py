"""Reading instruction files and datasets with rows in Alpaca, messages, ShareGPT or ChatGLM layout."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.io.conversations import LAYOUTS, Conversation, as_text, conversation
from selfinstruct.dataset.io.folders import dataset_files, parts
from selfinstruct.dataset.io.values import values_of
from selfinstruct.errors import RecordError
from selfinstruct.language.guess import guess_language
from selfinstruct.records import LanguageCode, Row, row_id

_ALPACA = ("instruction", "input", "output")
_OURS = {"id", "language", *_ALPACA}
"""Keys of our own rows without history, the most frequent case."""
_CHATGLM = ("prompt", "input", "response")
_CONTEXT_COLUMNS = ("system", "tools", "functions")
"""Columns with system text and tool definitions."""


class Loaded(NamedTuple):
    """One row of a file: its raw value, and its fields as parsed."""

    line: int
    """Line number, or position in an array, from 1."""
    value: dict[str, Any]
    instruction: str
    input: str
    output: str
    language: LanguageCode
    later: tuple[tuple[str, str], ...] = ()
    """The other (user, assistant) pairs: later ones of a conversation, or the `history` of an Alpaca-like row."""
    defect: str = ""
    """Error in the order of the turns, or ""."""
    others: tuple[str, ...] = ()
    """System and tool texts (turns or columns) and tool calls; our rows have no place for them."""
    unanswered: bool = False
    """Whether the last question of a conversation has no answer."""
    fields: tuple[str, ...] = _ALPACA
    """Field names of instruction, input, output and each text of `later`; "" for a missing one."""

    @property
    def is_conversation(self) -> bool:
        """Whether the row is a list of turns, first question first; an Alpaca-like row has its history separately."""
        return bool(_layout(self.value))

    @property
    def pairs(self) -> tuple[tuple[str, str, str], ...]:
        """All (question, input, answer) in chronological order."""
        first = (self.instruction, self.input, self.output)
        if not self.later:
            return (first,)
        others = tuple((asked, "", answered) for asked, answered in self.later)
        return (first, *others) if self.is_conversation else (*others, first)


def load(path: Path) -> Iterator[Loaded]:
    """Yield the rows of an instruction file; raises RecordError with line, field and remedy for an invalid one."""
    for line, value in values_of(path):
        if not isinstance(value, dict):
            raise RecordError(f"{path}:{line}: not a JSON object; write one object for each row")
        yield read_row(line, value, f"{path}:{line}")


def load_rows(path: Path, say: Callable[[str], None] = lambda _: None) -> list[Row]:
    """Return the rows of an instruction file, dataset folder or run directory, as dataset rows.

    A conversation becomes one row: its last answered question, with the earlier pairs as history. System and tool texts
    and an unanswered last question are left out; `say` receives their numbers. Raises RecordError for turns out of
    order, a conversation without answers, and invalid Unicode.
    """
    files = dataset_files(path) if path.is_dir() else [path]
    counts = LeftOut()
    rows = [as_row(one, f"{file}:{one.line}") for file in files for one in counts.over(load(file))]
    for what in counts.said():
        say(f"{path}: {what}")
    return rows


class LeftOut:
    """Counts the texts that dataset rows cannot hold and that are left out."""

    def __init__(self) -> None:
        """Start at zero."""
        self._others = self._unanswered = 0

    def over(self, loaded: Iterable[Loaded]) -> Iterator[Loaded]:
        """Yield the rows unchanged while counting."""
        for one in loaded:
            self._others += len(one.others)
            self._unanswered += one.unanswered
            yield one

    def said(self) -> tuple[str, ...]:
        """Return the counts as messages."""
        said = (
            (self._others, "system or tool text", "a row has only questions and answers"),
            (self._unanswered, "last question", "no answer follows"),
        )
        return tuple(f"{count} {what}{'s' if count > 1 else ''} left out: {why}" for count, what, why in said if count)


def as_row(one: Loaded, where: str) -> Row:
    """Return one row of a file as a dataset row; `where` names it in errors."""
    instruction, given, output, history = last_turn(one, where)
    identifier = row_id(one.language, instruction, given)
    return Row(
        id=identifier, language=one.language, instruction=instruction, input=given, output=output, history=history
    )


def last_turn(one: Loaded, where: str) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    """Return (instruction, input, output, history) of a row: its last answered question, and the earlier pairs."""
    if one.defect:
        raise RecordError(
            f"{where}: {one.defect}; repair or remove the row (`selfinstruct validate` lists all of them)"
        )
    pairs = one.pairs[:-1] if one.unanswered else one.pairs
    if not pairs:
        raise RecordError(f"{where}: the only question has no answer; write one or remove the row")
    instruction, given, output = pairs[-1]
    history = tuple((asked, answered) for asked, _, answered in pairs[:-1])
    earlier = (("history", text) for pair in history for text in pair)
    for name, text in (("instruction", instruction), ("input", given), ("output", output), *earlier):
        _check_unicode(text, where, name)
    return instruction, given, output, history


def _check_unicode(text: str, where: str, name: str) -> None:
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise RecordError(
            f"{where}: field `{name}` has half of a surrogate pair ({text[error.start]!r}); repair or remove the character"
        ) from error


def validation_ids(path: Path) -> frozenset[str] | None:
    """Return the ids of a dataset's validation rows, or None for a file or folder without splits."""
    files = [file for file in parts(path) if file.parent.name == "held_out"] if path.is_dir() else []
    return frozenset(row.id for file in files for row in load_rows(file)) if files else None


def language_of(value: dict[str, Any], text: str) -> LanguageCode:
    """Return the language stated in a row, else that of its text."""
    named = value.get("language")
    return named if named in {"en", "zh"} else guess_language(text)


def names_of(value: dict[str, Any]) -> tuple[str, ...]:
    """Return the field names of instruction, input and output in a row."""
    is_chatglm = "prompt" in value and "instruction" not in value and not _layout(value)
    return _CHATGLM if is_chatglm else _ALPACA


def _layout(value: dict[str, Any]) -> str:
    """Return the field with the turns of a conversation, or ""."""
    for name in LAYOUTS:
        if isinstance(value.get(name), list):
            return name
    return ""


def read_row(line: int, value: Mapping[str, Any], where: str) -> Loaded:
    """Return one row of any layout, parsed; `where` names it in errors."""
    if not isinstance(value, Mapping):
        raise RecordError(
            f"{where}: is a {type(value).__name__}, not a row; give mappings with instruction and output, or messages"
        )
    value = dict(value)
    if value.keys() == _OURS and all(type(value[name]) is str for name in _ALPACA):
        instruction = value["instruction"]
        return Loaded(line, value, instruction, value["input"], value["output"], language_of(value, instruction))
    context = tuple(
        text for name in _CONTEXT_COLUMNS if (text := as_text(value.get(name)).strip()) not in {"", "[]", "{}"}
    )
    if layout := _layout(value):
        return _of_turns(line, value, conversation(value[layout], layout, where), context)
    instruction, given, output = _fields(value, where)
    later = _history(value, where)
    fields = (*names_of(value), *(f"history.{number}" for number in range(len(later)) for _ in range(2)))
    language = language_of(value, instruction)
    return Loaded(line, value, instruction, given, output, language, later, others=context, fields=fields)


def _of_turns(line: int, value: dict[str, Any], turns: Conversation, context: tuple[str, ...]) -> Loaded:
    """Return a conversation; its first pair becomes instruction and output."""
    (instruction, output), *later = turns.pairs or (("", ""),)
    asked, *answered = turns.fields or ("", "")
    return Loaded(
        line,
        value,
        instruction,
        "",
        output,
        language_of(value, instruction),
        tuple(later),
        turns.defect,
        (*context, *turns.others),
        turns.unanswered,
        (asked, "", *answered),
    )


def _history(value: dict[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    """Return the optional earlier (user, assistant) pairs of an Alpaca-like row."""
    history = value.get("history")
    if not history:
        return ()
    pairs = history if isinstance(history, list) else [history]
    for number, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(text, str) for text in pair):
            raise RecordError(f"{where}: field `history.{number}` must be a pair of texts, [user, assistant]")
    return tuple((asked, answered) for asked, answered in pairs)


def _fields(value: dict[str, Any], where: str) -> tuple[str, str, str]:
    """Return (instruction, input, output) of an Alpaca-like row, or (prompt, input, response) of a ChatGLM row."""
    names = names_of(value)
    fields = [value.get(name, None if name == names[0] else "") for name in names]
    for name, field in zip(names, fields, strict=True):
        if not isinstance(field, str | None) or (name == names[0] and field is None):
            raise RecordError(
                f"{where}: field `{name}` must be a text; a row has instruction, input, output or messages"
            )
    return fields[0] or "", fields[1] or "", fields[2] or ""
