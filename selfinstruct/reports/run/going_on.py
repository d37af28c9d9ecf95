"""What survives of the rows that were evolved, by operation and round, and of those that went on, by what was asked next and by turns. Pure."""

from collections import Counter
from typing import NamedTuple

from selfinstruct.reports.run.gather import Material
from selfinstruct.requests.conversation import MOVES
from selfinstruct.requests.evolve import OPERATIONS, evolutions


class Survival(NamedTuple):
    """What one operation in one round, or one way to go on, brought in one language."""

    language: str
    recipe: str
    kind: str
    """Operation, or what the user does next."""
    round: int
    """How many times the task was evolved with it; 0 in a conversation."""
    asked: int
    rows: int


class TurnShare(NamedTuple):
    """Conversations of a number of turns in one language."""

    language: str
    turns: int
    """Questions, that of the row that it goes on from among them."""
    rows: int
    ended: tuple[tuple[str, int], ...]
    """(rule that a further turn broke, rows), most first; empty where the provenance is elsewhere."""


def survivals_of(material: Material) -> tuple[Survival, ...]:
    """Return what became of every first request of `evolve` and `conversation`, as the manifest counts them."""
    if material.manifest is None:
        return ()
    moves = {move.replace(" ", "_") for move in MOVES}
    found = [
        Survival(
            language,
            "conversation" if kind in moves else "evolve",
            kind.partition(".")[0],
            evolutions(kind),
            one.requests,
            one.rows,
        )
        for language, kinds in material.manifest.kinds.items()
        for kind, one in kinds.items()
        if kind in moves or evolutions(kind)
    ]
    order = {name: place for place, name in enumerate((*OPERATIONS, *sorted(moves)))}
    return tuple(sorted(found, key=lambda one: (one.language, one.recipe, order.get(one.kind, 0), one.round)))


def turns_of(material: Material) -> tuple[TurnShare, ...]:
    """Return how many turns the conversations that go on from a row have, and what ended those that were to have more."""
    origins = material.provenance or {}
    talks = [row for row in material.rows if row.history and row.source and row.source.parent]
    counts = Counter((row.language, len(row.history) + 1) for row in talks)
    ended = Counter(
        (row.language, len(row.history) + 1, origins[row.id].ended_by)
        for row in talks
        if row.id in origins and origins[row.id].ended_by
    )
    return tuple(
        TurnShare(
            language,
            turns,
            rows,
            tuple((rule, count) for (*at, rule), count in ended.most_common() if at == [language, turns]),
        )
        for (language, turns), rows in sorted(counts.items())
    )
