"""Rows to export."""

import subprocess
from collections.abc import Callable

from selfinstruct.records import row_id
from tests.support.rows import row

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


_HISTORY = (("Is it warm there?", "In summer."), ("夏天呢？", "二十度。"))
TALK = row("And how cold is the winter?", "Very cold.", "Oslo").model_copy(
    update={"history": _HISTORY, "id": row_id("en", "And how cold is the winter?", "Oslo", history=_HISTORY)}
)


ROWS = [
    row("Name a river in France.", "The Loire."),
    row("把下面的句子改成疑问句。", "你喜欢吃苹果吗？", "你喜欢吃苹果。", language="zh"),
    row('Escape this: "quotes" & <tags>, \\ and\ttabs.', "Done.\n\n---\n", "line 1\nline 2\u2028"),
    TALK,
]
