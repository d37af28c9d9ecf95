"""Reading instruction files with rows in any layout that the field uses: each row, parsed."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from selfinstruct.dataset.io.context import checks_of, own_calls, source_of, tools_of
from selfinstruct.dataset.io.conversations import Conversation, Pair, conversation
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.names import names_of, refuse_what_no_row_holds, system_in, thought_in
from selfinstruct.dataset.io.preferences import as_list, preference, turns_in
from selfinstruct.dataset.io.tables import BrokenCells
from selfinstruct.dataset.io.thoughts import split_thought, split_written, with_thought
from selfinstruct.dataset.io.tool_calls import calls_in
from selfinstruct.dataset.io.turns import is_turn_list, turns_of
from selfinstruct.dataset.io.values import BrokenLine, values_of
from selfinstruct.errors import RecordError
from selfinstruct.language.guess import guess_language
from selfinstruct.records import LanguageCode
from selfinstruct.records.place import place

_PLAIN = {"id", "language", "instruction", "input", "output"}
"""Keys of a row that is a question and its answer alone, the most frequent case."""


def load(path: Path, *, needs_answer: bool = True, marked: set[int] | None = None) -> Iterator[Loaded]:
    """Yield the rows of an instruction file; raises RecordError with line, field and remedy for an invalid one.

    A row without any known answer is one unless it `needs_answer`; its output is then empty. `marked` is as in `values_of`.
    """
    for line, value in values_of(path, marked=marked):
        if type(value) is dict and value.keys() <= _PLAIN and (plain := _plain(line, value)):
            yield plain
            continue
        yield _row_of(line, value, place(path, line), needs_answer=needs_answer)


class Unreadable(NamedTuple):
    """What stands in a file of rows and is none."""

    line: int
    rule: Literal["not_json", "not_a_row", "too_large"]
    detail: str
    value: Any
    """As it stands: the text of a line that is not JSON, the beginning of one that is too large, the cells of a table's row, else the JSON value."""


def load_each(
    path: Path, marked: set[int] | None = None, *, needs_answer: bool = False
) -> Iterator[Loaded | Unreadable]:
    """Yield what `load` does of rows, and what is no row in its place.

    Raises RecordError where nothing in the file is a row: then it is another file than was meant, or its fields have other names.
    """
    first, rows = "", 0
    for line, value in values_of(path, keeps_broken=True, marked=marked):
        where = place(path, line)
        if isinstance(value, BrokenLine):
            found: Loaded | Unreadable = Unreadable(line, value.rule, value.reason, value.text)
        elif isinstance(value, BrokenCells):
            found = Unreadable(line, "not_a_row", value.reason, value.held)
        else:
            try:
                found = _row_of(line, value, where, needs_answer=needs_answer)
            except RecordError as error:
                found = Unreadable(line, "not_a_row", str(error).removeprefix(f"{where}: "), value)
        if isinstance(found, Unreadable):
            first = first or f"{where}: {found.detail}"
        else:
            rows += 1
        yield found
    if first and not rows:
        raise RecordError(f"{first}; nothing else in the file is a row either")


def language_of(value: dict[str, Any], text: str) -> LanguageCode:
    """Return the language stated in a row, else that of its text."""
    named = value.get("language")
    return named if named == "en" or named == "zh" else guess_language(text)  # noqa: PLR1714 - it may be a list


def read_row(line: int, value: Mapping[str, Any], where: str, *, needs_answer: bool = True) -> Loaded:
    """Return one row of any layout, parsed; `where` names it in errors."""
    if not isinstance(value, Mapping):
        raise RecordError(
            f"{where}: is a {type(value).__name__}, not a row; give mappings with instruction and output, or messages"
        )
    value = dict(value)
    try:
        return _of_any_layout(line, value, where, needs_answer)
    except RecursionError as error:
        raise RecordError(f"{where}: a value is nested too deeply; repair or remove the row") from error
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(map(str, first["loc"]))
        raise RecordError(f"{where}: field `{named}`: {first['msg']}; repair or remove it") from error


def _row_of(line: int, value: Any, where: str, *, needs_answer: bool = False) -> Loaded:
    row = {"messages": value} if is_turn_list(value) else value
    if not isinstance(row, dict):
        raise RecordError(f"{where}: not a JSON object; write one object for each row")
    return read_row(line, row, where, needs_answer=needs_answer)


def _plain(line: int, value: dict[str, Any]) -> Loaded | None:
    """Return a row that is a question and its answer alone; None for one that must be looked at."""
    instruction, output, given = value.get("instruction"), value.get("output"), value.get("input", "")
    if type(instruction) is not str or type(output) is not str or type(given) is not str or "</" in output:
        return None
    return Loaded(line, value, instruction, given, output, language_of(value, instruction))


def _of_any_layout(line: int, value: dict[str, Any], where: str, needs_answer: bool) -> Loaded:
    if needs_answer:
        refuse_what_no_row_holds(value, where)
    if (pair := preference(value, where)) is not None:
        return _of_turns(line, value, pair.conversation, where)._replace(rejected=pair.rejected)
    layout, turns = turns_in(value)
    if layout:
        return _of_turns(line, value, conversation(turns_of(turns, layout, where)), where)
    return _of_fields(line, value, where, needs_answer)


def _of_turns(line: int, value: dict[str, Any], found: Conversation, where: str) -> Loaded:
    """Return a conversation; its first pair becomes instruction and output."""
    pairs = found.pairs
    first, *later = pairs or (None,)
    tools, left = tools_of(value, *found.told)
    told = "\n\n".join(filter(None, (system_in(value, where), found.system)))
    asked, answered = first.fields if first else ("", "")
    return Loaded(
        line,
        value,
        first.asked if first else "",
        "",
        first.answered if first else "",
        language_of(value, first.asked if first else ""),
        tuple((pair.asked, pair.answered) for pair in later if pair),
        found.defect,
        (*left, *found.left_out),
        bool(pairs) and not pairs[-1].is_answered,
        (asked, "", answered, *(field for pair in later if pair for field in pair.fields)),
        is_conversation=True,
        system=told,
        thoughts=_thoughts(pairs, value),
        tools=tools,
        calls=tuple((number, message) for number, pair in enumerate(pairs) for message in pair.calls),
        unlearned=tuple(number for number, pair in enumerate(pairs) if not pair.learned),
        source=source_of(value),
        checks=checks_of(value),
    )


def _thoughts(pairs: tuple[Any, ...], value: dict[str, Any]) -> Mapping[int, str]:
    """Return the thought before each answer; a field of the row has that of the last."""
    found = {number: pair.thought for number, pair in enumerate(pairs) if pair.thought}
    if pairs and (stated := thought_in(value)):
        found.setdefault(len(pairs) - 1, stated)
    return found


def _of_fields(line: int, value: dict[str, Any], where: str, needs_answer: bool) -> Loaded:
    """Return an Alpaca-like row, whatever its fields are called."""
    tools, left = tools_of(value)
    answers = calls_in(value["answers"]) if tools and value.get("answers") else None
    names = names_of(value, where, needs_answer=needs_answer and not answers)
    instruction, given, answer = (_text(value, name, where) for name in (names.question, names.input, names.answer))
    earlier = _history(value, where)
    last = len(earlier.pairs)
    stated = thought_in(value)
    inline, output = split_thought(answer, half=False) if stated else split_written(answer)
    thought = inline or stated
    own, unlearned = own_calls(value, last, where)
    calls = [(number, one) for number, pair in enumerate(earlier.pairs) for one in pair.calls]
    calls += [(last, answers)] if answers else own
    return Loaded(
        line,
        value,
        instruction,
        given,
        output,
        language_of(value, instruction),
        tuple((pair.asked, with_thought(pair.thought, pair.answered)) for pair in earlier.pairs),
        others=(*left, *earlier.left_out),
        fields=(names.question, names.input or "input", names.answer, *_places(earlier)),
        system="\n\n".join(filter(None, (system_in(value, where), earlier.system))),
        thoughts={last: thought} if thought else MappingProxyType({}),
        tools=tools,
        calls=tuple(calls),
        unlearned=unlearned,
        source=source_of(value),
        checks=checks_of(value),
        rejected=_text(value, names.rejected, where),
    )


def _places(earlier: Conversation) -> Iterator[str]:
    return (field for pair in earlier.pairs for field in pair.fields)


def _text(value: dict[str, Any], name: str, where: str) -> str:
    if not name:
        return ""
    text = value.get(name)
    if not isinstance(text, str | None):
        raise RecordError(f"{where}: field `{name}` must be a text; a row has instruction, input, output or messages")
    return text or ""


def _history(value: dict[str, Any], where: str) -> Conversation:
    """Return the optional earlier turns of an Alpaca-like row: pairs of texts, or turns."""
    history = as_list(value.get("history"))
    if not history or history == "[]":
        return Conversation((), "", "", ())
    pairs = history if isinstance(history, list) else [history]
    if all(isinstance(one, dict) for one in pairs):
        told = conversation(turns_of(pairs, "history", where))
        defect = told.defect or ("" if told.pairs[-1].is_answered else "ends in a question without an answer")
        if defect:
            raise RecordError(f"{where}: field `history`: {defect}; repair or remove the row")
        return told
    for number, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(text, str) for text in pair):
            raise RecordError(
                f"{where}: field `history.{number}` must be a pair of texts, [user, assistant], or all be turns"
            )
    places = ((f"history.{number}", f"history.{number}") for number in range(len(pairs)))
    found = tuple(Pair(asked, answered, fields=place) for (asked, answered), place in zip(pairs, places, strict=True))
    return Conversation(found, "", "", ())
