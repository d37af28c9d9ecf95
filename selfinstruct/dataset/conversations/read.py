"""Reading conversations in any layout, turn by turn: a turn that cannot be read is one by name, and takes no other with it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from selfinstruct.dataset.conversations.exports import cut_off, gathered, messages_of, name_of
from selfinstruct.dataset.conversations.marked import marked
from selfinstruct.dataset.conversations.media import with_media
from selfinstruct.dataset.conversations.records import Read, Said
from selfinstruct.dataset.io.context import tools_of
from selfinstruct.dataset.io.names import ARENA, BETTER, system_in
from selfinstruct.dataset.io.parse import read_row
from selfinstruct.dataset.io.preferences import as_list, turns_in
from selfinstruct.dataset.io.tables import BrokenCells
from selfinstruct.dataset.io.tool_calls import as_json
from selfinstruct.dataset.io.turns import LAYOUTS, Turn, is_turn_list, turns_of
from selfinstruct.dataset.io.values import BrokenLine, values_of
from selfinstruct.errors import InputError, RecordError
from selfinstruct.records.place import place

_SHOWN = 60
"""Characters of what is no tool."""


def values_in(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line, value) of each conversation of a file, as it stands there; raises InputError for a file without any value."""
    nothing = True
    for line, value in gathered(values_of(path, keeps_broken=True)):
        nothing = False
        yield line, value
    if nothing:
        raise InputError(
            f"{path}: is empty; name a file with conversations: ShareGPT, messages, or a chat service's export"
        )


def read(line: int, value: Any, path: Path) -> Read:
    """Return a value of a file as a conversation, or why it is none."""
    if isinstance(value, BrokenLine):
        return Read(line, "", unreadable=(value.rule, value.reason), value=value.text)
    if isinstance(value, BrokenCells):
        return Read(line, "", unreadable=("not_a_row", value.reason), value=value.held)
    held = {"messages": value} if is_turn_list(value) else value
    where = place(path, line)
    if not isinstance(held, dict):
        detail = "not a JSON object; a conversation is an object with `messages` or `conversations`"
        return Read(line, "", unreadable=("not_a_row", detail), value=value)
    try:
        return _of_object(line, held, where)
    except RecursionError:
        return Read(line, "", unreadable=("not_a_row", "a value is nested too deeply"), value=None)
    except RecordError as error:
        return Read(line, "", unreadable=("not_a_row", str(error).removeprefix(f"{where}: ")), value=value)


def _of_object(line: int, value: dict[str, Any], where: str) -> Read:
    if pair := next((name for name in BETTER if value.get(name) is not None), ""):
        raise RecordError(
            f"{where}: is a preference pair, by `{pair}`; import reads conversations with one answer to each question"
        )
    if all(is_turn_list(as_list(value.get(name))) for name in ARENA):
        raise RecordError(
            f"{where}: holds two conversations, `{ARENA[0]}` and `{ARENA[1]}`, to be compared; import reads one in a row: "
            "write the better one of each row to `conversation`"
        )
    messages = messages_of(value)
    layout, turns = ("messages", messages) if messages is not None else turns_in(value)
    if not layout and (within := marked(value)):
        said = tuple(_spoken(within.turns))
        return Read(line, name_of(value), said, tuple(text for text in (system_in(value, where), within.told) if text))
    if not layout:
        layout = next((name for name in LAYOUTS if name in value), "")
        if layout:
            raise RecordError(f"{where}: field `{layout}` must be a list of turns")
        return _of_row(line, value, where)
    said = with_media(value, tuple(_said(turns, layout, where)))
    told = [one.turn.message for one in said if one.turn.role == "system" and one.turn.message]
    tools, others = tools_of(value, *told)
    if others:
        raise RecordError(f"{where}: has tools that are no JSON objects: {others[0][:_SHOWN]}; repair or remove them")
    system = system_in(value, where)
    return Read(line, name_of(value), said, (system,) if system else (), tools)


def _said(turns: list[Any], layout: str, where: str) -> Iterator[Said]:
    """Yield the turns of a list, each read by itself; one element may hold a question and its answer."""
    number = 0
    for position, element in enumerate(turns):
        try:
            found = list(turns_of([element], layout, where))
            defect = ""
        except RecordError as error:
            told = str(error).removeprefix(f"{where}: ").replace(f"`{layout}.0", f"`{layout}.{position}")
            found, defect = [Turn("user", "", f"{layout}.{position}")], told
        for turn in found:
            number += 1
            yield Said(number, turn, element, cut_off(element), defect or half_character(turn))


def _spoken(turns: Iterable[Turn]) -> Iterator[Said]:
    """Yield the turns that stand in one text."""
    for number, turn in enumerate(turns, 1):
        yield Said(number, turn, {"role": turn.role, "content": turn.text}, defect=half_character(turn))


def half_character(turn: Turn) -> str:
    """Return where half of a surrogate pair stands in a turn, which no file can hold, or ""."""
    for text in (turn.text, turn.reasoning, as_json(turn.message) if turn.message else ""):
        try:
            text.isascii() or text.encode()
        except UnicodeEncodeError as error:
            return f"has half of a surrogate pair ({text[error.start]!r})"
    return ""


def _of_row(line: int, value: dict[str, Any], where: str) -> Read:
    """Return a row with a question and its answer, in any layout that the other verbs read, as turns."""
    row = read_row(line, value, where, needs_answer=False)
    said: list[Said] = []
    for asked, given, answered in row.pairs:
        question = f"{asked}\n\n{given}" if given else asked
        thought = row.thoughts.get(len(said) // 2, "")
        for turn in (Turn("user", question, "instruction"), Turn("assistant", answered, "output", thought)):
            original = {"role": turn.role, "content": turn.text}
            said.append(Said(len(said) + 1, turn, original, defect=half_character(turn)))
    return Read(line, name_of(value), with_media(value, said), (row.system,) if row.system else (), row.tools)
