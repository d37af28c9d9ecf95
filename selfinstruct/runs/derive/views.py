"""The table of views: what each needs of a row, and the layout in which it is written."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from selfinstruct.dataset.export.layouts import AXOLOTL_PAIRS, LAYOUTS, Layout
from selfinstruct.dataset.export.told import Thoughts
from selfinstruct.errors import ConfigError

Needs = Literal["row", "thought", "pair", "several"]
"""What a row must have to be in a view: nothing more; what was thought before its answer; a better and a worse answer; several answers."""


class View(NamedTuple):
    """One view of a run: one file."""

    name: str
    needs: Needs
    layout: Layout
    thoughts: Thoughts
    about: str

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}{self.layout.ending}"

    @property
    def buys(self) -> bool:
        """Whether another answer can add rows to it."""
        return self.needs in {"pair", "several"}


VIEWS: Final[Mapping[str, View]] = {
    view.name: view
    for view in (
        View("alpaca", "row", LAYOUTS["alpaca"], "drop", "instruction, input, output"),
        View("conversations", "row", LAYOUTS["messages"], "drop", "messages, without thoughts"),
        View("sharegpt", "row", LAYOUTS["sharegpt"], "drop", "conversations of FastChat, without thoughts"),
        View("thoughts", "thought", LAYOUTS["messages"], "field", "messages with `reasoning_content`"),
        View("think", "thought", LAYOUTS["messages"], "tags", "messages with <think> before the answer"),
        View("pairs", "pair", LAYOUTS["trl"], "drop", "prompt, chosen, rejected as messages: TRL"),
        View("pairs-sharegpt", "pair", LAYOUTS["sharegpt"], "drop", "conversations, chosen, rejected: LLaMA-Factory"),
        View("pairs-axolotl", "pair", AXOLOTL_PAIRS, "drop", "messages, chosen, rejected: axolotl"),
        View("best", "several", LAYOUTS["alpaca"], "drop", "the best of several answers, as alpaca"),
    )
}
"""{name: view}, in the order in which they are shown."""


def views_named(names: Iterable[str]) -> list[View]:
    """Return the views with these names, each once; raises ConfigError with the nearest name for one that is not known."""
    wanted = [name.strip() for name in names]
    for name in wanted:
        if name not in VIEWS:
            near = difflib.get_close_matches(name, VIEWS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(VIEWS)}"
            raise ConfigError(f"--view {name!r}: is no view; {hint}")
    if not wanted:
        raise ConfigError(f"--view: names no view; known: {', '.join(VIEWS)}")
    return [VIEWS[name] for name in dict.fromkeys(wanted)]
