"""The rows that all trainers learn: eight, two steps of four; and one to measure."""

from collections.abc import Iterator
from pathlib import Path

from selfinstruct.records import Row
from selfinstruct.system.files import to_line
from tests.support.models import make_row

_ANSWERED = (("Name a river of Italy.", "The Po."), ("And one of Spain?", "The Ebro."))
ROWS = {
    "plain": make_row("en", "Name the river in this city.", "The Seine.", "Paris"),
    "plain, Chinese": make_row("zh", "把这个城市的河流写出来。", "黄浦江。", "上海"),
    "lines": make_row("en", "Write a loop in Python.", "for n in range(3):\n    print(n)\n\n# done"),
    "system": make_row("en", "What is the tallest tree?", "The redwood.").model_copy(update={"system": "Be brief."}),
    "system, Chinese": make_row("zh", "最高的树是什么？", "红杉。").model_copy(update={"system": "请简短回答。"}),
    "conversation": make_row("en", "Which is longer?", "The Ebro, by far.").model_copy(update={"history": _ANSWERED}),
    "conversation, system": make_row("zh", "那么北京呢？", "永定河。").model_copy(
        update={"history": (("武汉有哪条河？", "长江。"),), "system": "只写名字。"}
    ),
    "thought": make_row("en", "What is seven times eight?", "56").model_copy(update={"reasoning": "7 * 8 = 56."}),
}
"""What a row shows -> the row."""
_MEASURED = make_row("en", "Name an insect.", "The bee.")


def rows_for(*, thinks: bool) -> dict[str, Row]:
    """Return the rows; of a model that does not think without the thought, for which its template has no place."""
    return {kind: row if thinks else row.model_copy(update={"reasoning": ""}) for kind, row in ROWS.items()}


def write(rows: dict[str, Row], folder: Path) -> None:
    """Write a dataset that says which row is measured."""
    for place, some in (("train.jsonl", rows.values()), ("held_out/train.jsonl", [_MEASURED])):
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(to_line(row.model_dump()) + "\n" for row in some), "utf-8")


def kinds_in(text: str, rows: dict[str, Row]) -> Iterator[str]:
    """Yield which rows a text shows: the last question of each is in no other."""
    return (kind for kind, row in rows.items() if row.instruction in text)
