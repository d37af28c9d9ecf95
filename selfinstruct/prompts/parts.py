"""The parts that each prompt file has, and the placeholders of each part."""

from selfinstruct.records import Step

PARTS: dict[Step, dict[str, frozenset[str]]] = {
    "batch": {"system": frozenset(), "user": frozenset({"tasks", "count", "first", "last"})},
    "instruction": {
        "system": frozenset(),
        "user": frozenset({"topic", "verb"}),
        "assistant": frozenset({"instruction"}),
    },
    "input": {"system": frozenset(), "user": frozenset({"instruction"}), "assistant": frozenset({"input"})},
    "answer": {
        "system": frozenset(),
        "user": frozenset({"instruction"}),
        "user with input": frozenset({"instruction", "input"}),
    },
    "label": {"system": frozenset(), "user": frozenset({"instruction"}), "assistant": frozenset({"label", "input"})},
}
JUDGE: dict[str, frozenset[str]] = {
    "system": frozenset(),
    "criteria": frozenset(),
    "user": frozenset({"criteria", "instruction", "input", "output", "shape"}),
}
"""Parts of `judge.txt`, read only with the judge; each line of its criteria is `name: description`."""
LATER: dict[str, dict[str, frozenset[str]]] = {
    "plain": {
        "system": frozenset(),
        "kinds": frozenset(),
        "user": frozenset({"topic", "kind"}),
        "assistant": frozenset({"instruction"}),
    },
    "exercise": {
        "system": frozenset(),
        "kinds": frozenset(),
        "user": frozenset({"topic", "kind"}),
        "assistant": frozenset({"instruction", "input"}),
    },
    "confirm": {"system": frozenset(), "examples": frozenset(), "user": frozenset({"instruction", "answer"})},
    "wording": {
        "system": frozenset(),
        "examples": frozenset(),
        "user": frozenset({"instruction"}),
        "assistant": frozenset({"instruction"}),
    },
    "passage": {"system": frozenset(), "user": frozenset({"what", "details"}), "assistant": frozenset({"text"})},
    "meet": {"system": frozenset(), "user": frozenset({"instruction"})},
    "question": {"system": frozenset(), "user": frozenset({"passage"})},
    "reread": {"system": frozenset(), "user": frozenset({"passage", "question"})},
    "closed": {"system": frozenset(), "user": frozenset({"question"})},
    "evolve": {
        "system": frozenset(),
        "user": frozenset({"operation", "task"}),
        **{name: frozenset() for name in ("constraint", "reasoning", "concrete", "input", "rarer", "breadth")},
    },
    "answerable": {"system": frozenset(), "examples": frozenset(), "user": frozenset({"instruction"})},
    "follow": {
        "system": frozenset({"persona", "move"}),
        "user": frozenset({"talk"}),
        "user asked": frozenset({"text"}),
        "user was told": frozenset({"text"}),
        **{name: frozenset() for name in ("follow up", "correction", "constraint", "next step")},
    },
    "compare": {
        "system": frozenset(),
        "user": frozenset({"criteria", "question", "first", "second", "reference", "shape"}),
        "reference": frozenset({"reference"}),
        "user asked": frozenset({"text"}),
        "user was told": frozenset({"text"}),
    },
    "judge_rows": {
        "user": frozenset({"criteria", "rows", "shape"}),
        "row": frozenset({"number", "instruction", "input", "output"}),
    },
    "translate": {
        "system": frozenset(),
        "user": frozenset({"row"}),
        "user with terms": frozenset({"row", "terms"}),
    },
    "translate_part": {
        "first": frozenset({"count", "row"}),
        "further": frozenset({"number", "count", "task", "row"}),
    },
    "back": {"system": frozenset(), "user": frozenset({"row"})},
}
"""Parts of the files that some recipes read besides; where a folder lacks one, the one that ships is read."""
