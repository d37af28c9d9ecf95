"""What a row was made from, beside the row: the passage that proves its answer, the row that it goes on or translates."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.documents import Passage
from selfinstruct.errors import SelfInstructError
from selfinstruct.records import Row
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.system.text import visible, visible_name

Shown = list[list[str]]
"""[title, text before, the part that is meant, text after] each."""


class Origins(NamedTuple):
    """Texts that rows were made from."""

    passages: Mapping[str, Sequence[Passage]] = {}
    """By document."""
    seeds: Mapping[str, str] = {}
    """{id: instruction}"""

    def of(self, row: Row, find: Callable[[str], Row | None]) -> Shown:
        """Return what a row was made from; `find` gives the rows at hand by id."""
        if not row.source:
            return []
        source = row.source
        found = []
        if source.document:
            found.append(self._passage(source.document, source.span or (0, 0)))
        for kind, name in (("parent", source.parent), ("translation_of", source.translation_of)):
            if name:
                other = find(name)
                parts = (other.instruction, other.input, other.output) if other else ()
                told = "\n\n".join(part for part in parts if part)
                found.append([f"{kind} {visible_name(name)}", visible(told), "", ""])
        return found

    def _passage(self, document: str, span: tuple[int, int]) -> list[str]:
        title = f"document {visible_name(document)}"
        for passage in self.passages.get(document, ()):
            start, end = span[0] - passage.start, span[1] - passage.start
            if 0 <= start < len(passage.text):
                parts = passage.text[:start], passage.text[start:end], passage.text[end:]
                return [title, *map(visible, parts)]
        return [title, "", "", ""]


def origins_of(config: Config | None, say: Callable[[str], None]) -> Origins:
    """Return the documents and seeds of a run; without them, which is said, rows are shown without."""
    if config is None:
        return Origins()
    try:
        plans = load_inputs(config).plans
    except SelfInstructError as error:
        say(f"rows are shown without the documents and seeds that they were made from: {error}")
        return Origins()
    passages: dict[str, list[Passage]] = {}
    for plan in plans.values():
        for passage in plan.passages:
            passages.setdefault(passage.document, []).append(passage)
    return Origins(passages, {seed.id: seed.instruction for plan in plans.values() for seed in plan.seeds})
