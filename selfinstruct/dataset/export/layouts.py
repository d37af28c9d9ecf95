"""Export layouts: dataset rows as other tools read them. `load` reads each of them back.

A layout of chat turns joins instruction and input into one user turn, so reading it back does not separate them; the others lose only id
and language, which are computed again, and what `holds` does not name.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, get_args

from selfinstruct.dataset.export.calls import as_learned, can_be_objects, ends_each_turn, has_objects, has_plain_calls
from selfinstruct.dataset.export.order import fullest_first
from selfinstruct.dataset.export.told import Thoughts, has_thought, told
from selfinstruct.dataset.export.turns import (
    asked_of,
    messages_of,
    preference_of,
    sharegpt_turns,
    system_in_user_turn,
    user_turn,
    with_contents,
    with_objects,
)
from selfinstruct.errors import ConfigError
from selfinstruct.records import Row
from selfinstruct.system.files import to_line

Held = Literal["tools", "calls", "unlearned", "rejected"]
"""Fields that a layout may not hold; system text and history each one does, reasoning is written as told, source and checks are in complete rows only."""
_TAKEN_OUT: tuple[Held, ...] = ("calls", "tools", "unlearned")
"""Fields without which a row would teach something else: a row that has them is left out where they cannot be held."""


class Layout(NamedTuple):
    """A file layout: how a row is written, and the file's name."""

    write: Callable[[Row], dict[str, Any]]
    stem: str
    """File name without suffix, for a file with all rows."""
    ending: str
    thoughts: Thoughts
    """How thoughts are written unless it is said otherwise."""
    holds: frozenset[Held]
    can_hold: Callable[[Row], bool] = lambda _: True
    """Whether it can hold the calls of a row that has some."""
    has_field: bool = False
    """Whether what reads it knows a field of thoughts."""


class Fitted(NamedTuple):
    """Rows as far as a layout can hold them, and what it cannot."""

    rows: list[Row]
    notes: tuple[str, ...]


def alpaca(row: Row) -> dict[str, Any]:
    """Return instruction, input and output in this order, then `system`, `tools` and `history` where there are any.

    LLaMA-Factory reads this; its tools are a text of JSON.
    """
    value: dict[str, Any] = {"instruction": row.instruction, "input": row.input}
    if row.rejected:
        value |= {"chosen": row.output, "rejected": row.rejected}
    else:
        value["output"] = row.output
    value |= {"system": row.system} if row.system else {}
    value |= {"tools": to_line(list(row.tools))} if row.tools else {}
    return value | ({"history": [list(pair) for pair in row.history]} if row.history else {})


def messages(row: Row) -> dict[str, Any]:
    """Return `messages`, and `tools` where there are any, as OpenAI and TRL read them; of a preference pair prompt, chosen and rejected."""
    value = preference_of(row) if row.rejected else {"messages": messages_of(row)}
    return value | ({"tools": list(row.tools)} if row.tools else {})


def sharegpt(row: Row) -> dict[str, Any]:
    """Return `id` and `conversations`, as FastChat reads it, with `system`, `tools`, `chosen` and `rejected` as LLaMA-Factory reads them."""
    turns = sharegpt_turns(row)
    value: dict[str, Any] = {"id": row.id, "conversations": turns[:-1] if row.rejected else turns}
    if row.rejected:
        value |= {"chosen": turns[-1], "rejected": {"from": "gpt", "value": row.rejected}}
    value |= {"system": row.system} if row.system else {}
    return value | ({"tools": to_line(list(row.tools))} if row.tools else {})


def chatglm(row: Row) -> dict[str, Any]:
    """Return prompt, response and history, as ChatGLM's trainers read them; they know no system text, so it opens the first question."""
    row = system_in_user_turn(row)
    history = [list(pair) for pair in row.history]
    return {"prompt": user_turn(row), "response": row.output, "history": history}


def complete(row: Row) -> dict[str, Any]:
    """Return all keys of a row; objects as texts of JSON, since a column of a table has one shape."""
    value = row.model_dump(mode="json")
    nested = {name: to_line(value[name]) for name in ("tools", "calls", "source", "checks") if name in value}
    return value | nested


def trl(row: Row) -> dict[str, Any]:
    """Return `messages` as TRL hands them to a chat template: arguments as objects, tools as a text of JSON."""
    value: dict[str, Any] = preference_of(row) if row.rejected else {"messages": messages_of(row)}
    value = {name: with_objects(held) for name, held in value.items()}
    return value | ({"tools": to_line(list(row.tools))} if row.tools else {})


def swift(row: Row) -> dict[str, Any]:
    """Return `messages` as ms-swift reads them: tools as a text of JSON, the worse answer of a pair as `rejected_response`."""
    value: dict[str, Any] = {"messages": messages_of(row, ("loss", False))}
    value |= {"rejected_response": row.rejected} if row.rejected else {}
    return value | ({"tools": to_line(list(row.tools))} if row.tools else {})


def axolotl(row: Row) -> dict[str, Any]:
    """Return `messages` as axolotl reads them: tools as a text of JSON, `train` false on answers that are context.

    Of a pair the answers are texts: its strategy for pairs reads roles and contents alone.
    """
    if row.rejected:
        asked = asked_of(row.model_copy(update={"unlearned": ()}))
        return {"messages": asked, "chosen": row.output.strip(), "rejected": row.rejected.strip()}
    value: dict[str, Any] = {"messages": with_contents(messages_of(row, ("train", False)))}
    return value | ({"tools": to_line(list(row.tools))} if row.tools else {})


_ALL: frozenset[Held] = frozenset(get_args(Held))
LAYOUTS = {
    "alpaca": Layout(alpaca, "alpaca", ".json", "tags", frozenset({"tools", "rejected"})),
    "messages": Layout(messages, "messages", ".jsonl", "field", _ALL, has_field=True),
    "trl": Layout(trl, "trl", ".jsonl", "field", _ALL - {"unlearned"}, can_be_objects, has_field=True),
    "sharegpt": Layout(sharegpt, "sharegpt", ".json", "tags", _ALL - {"unlearned"}, has_plain_calls),
    "parquet": Layout(complete, "dataset", ".parquet", "field", _ALL, has_field=True),
    "chatglm": Layout(chatglm, "chatglm", ".jsonl", "tags", frozenset()),
}
"""Format name -> layout; a `.json` array looks like Stanford's `alpaca_data.json`: one key per line, indented."""


SWIFT = Layout(swift, "swift", ".jsonl", "tags", _ALL, ends_each_turn)
AXOLOTL = Layout(axolotl, "axolotl", ".jsonl", "field", _ALL, has_objects, has_field=True)
AXOLOTL_PAIRS = Layout(axolotl, "axolotl", ".jsonl", "drop", frozenset({"unlearned", "rejected"}))
"""Layouts of trainers' folders."""


def without_system(layout: Layout) -> Layout:
    """Return a layout that writes the system text into the first user turn."""
    return layout._replace(write=lambda row: layout.write(system_in_user_turn(row)))


def is_preference(rows: Sequence[Row]) -> bool:
    """Return whether all rows are preference pairs."""
    return bool(rows) and all(row.rejected for row in rows)


def fitting(rows: Sequence[Row], layout: Layout, thoughts: Thoughts | None = None, name: str = "") -> Fitted:
    """Return the rows that a layout can hold; raises ConfigError, with `name`, for preference pairs, or thoughts in a field, that it cannot."""
    pairs, name = is_preference(rows), name or layout.stem
    if thoughts == "field" and not layout.has_field:
        raise ConfigError(f"--reasoning field: {name} has no field that is read; take tags, empty or drop")
    if pairs and "rejected" not in layout.holds:
        fitted = ", ".join(name for name, one in LAYOUTS.items() if "rejected" in one.holds)
        raise ConfigError(f"--format {name}: cannot hold preference pairs; take {fitted} or the folder of a trainer")
    way = thoughts or layout.thoughts
    lost: Counter[str] = Counter()
    kept = [one for row in rows if (one := _fitting(row, layout, way, pairs, lost))]
    lost["reasoning" if thoughts else "thoughts"] = sum(map(has_thought, kept)) if way == "drop" else 0
    return Fitted(kept, tuple(_note(name, count) for name, count in lost.items() if count))


def values(rows: Sequence[Row], layout: Layout, thoughts: Thoughts | None = None) -> list[dict[str, Any]]:
    """Return rows that a layout can hold as its JSON objects; in JSON lines the fullest rows come first."""
    return [value for _, value in placed_values(rows, layout, thoughts)]


def placed_values(
    rows: Sequence[Row], layout: Layout, thoughts: Thoughts | None = None
) -> list[tuple[int, dict[str, Any]]]:
    """Return (position of its row, JSON object) in the order of the file."""
    found = [layout.write(told(row, thoughts or layout.thoughts)) for row in rows]
    if layout.ending == ".json":  # LLaMA-Factory takes the type of a column from the first thousand rows
        columns = [name for name in ("system", "tools") if any(name in one for one in found)]
        found = [one | {name: one.get(name, "") for name in columns} for one in found]
    if not any(row.history for row in rows):
        found = [{name: held for name, held in one.items() if name != "history"} for one in found]
    order = fullest_first(found) if layout.ending == ".jsonl" else range(len(found))
    return [(number, found[number]) for number in order]


def _fitting(row: Row, layout: Layout, thoughts: Thoughts, pairs: bool, lost: Counter[str]) -> Row | None:
    """Return a row as far as a layout holds it, None where it would then teach something else; count what is lost."""
    changes: dict[str, Any] = {}
    if pairs and "unlearned" not in layout.holds:  # of a pair nothing but the two answers is learned
        row = row.model_copy(update={"unlearned": (), "calls": tuple(map(as_learned, row.calls))})
    for name in _TAKEN_OUT:
        can = name in layout.holds and (name != "calls" or layout.can_hold(told(row, thoughts)))
        if getattr(row, name) and not can:
            lost[f"-{name}"] += 1
            return None
    if layout.write is not complete:
        lost["source"] += bool(row.source or row.checks)
    if row.rejected and not pairs and layout.write is not complete:
        lost["rejected"] += 1
        changes["rejected"] = ""
    return row.model_copy(update=changes) if changes else row


def _note(name: str, count: int) -> str:
    rows = f"{count} row{'s' * (count != 1)}"
    if name.startswith("-"):
        return f"{rows} left out: this layout cannot hold {_NAMED[name[1:]]}, and without it a row would teach something else"
    return f"{_NAMED[name]} of {rows} left out: {_WHY.get(name, 'this layout cannot hold it')}"


_NAMED = {
    "calls": "its tool calls and results",
    "tools": "its tools",
    "unlearned": "which of its earlier answers are context only",
    "reasoning": "reasoning",
    "thoughts": "reasoning",
    "source": "source and checks",
    "rejected": "worse answer",
}
_WHY = {
    "source": "they are about the row, and only parquet has them",
    "reasoning": "--reasoning drop",
    "thoughts": "some chat templates rewrite thoughts, and then axolotl does not find the answer; with others take --reasoning tags",
    "rejected": "other rows have none, so this is no set of preference pairs",
}
