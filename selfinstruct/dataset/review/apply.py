"""The rows that a replay gives, with what people decided: edited rows in their new text, removed ones out, added ones in.

No other verdict moves: a removed row makes no room for a near-duplicate of it or for the next candidate, so that a diff shows what was
decided and nothing else.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from selfinstruct.config import THRESHOLD
from selfinstruct.dataset.release.split import fraction, instruction_key
from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.records import Row, Verdict, text_hash
from selfinstruct.rouge import Index, tokens

RULE = "removed_by_hand"


class Made(NamedTuple):
    """A row of the dataset, and where it comes from."""

    row: Row
    validation: bool
    verdict: Verdict | None
    """None for an added row."""
    by_hand: Literal["", "edited", "added"] = ""
    was: str = ""
    """Id before the edit."""


class Applied(NamedTuple):
    """The rows of one language, and every candidate's verdict."""

    rows: tuple[Made, ...]
    verdicts: tuple[Verdict, ...]
    said: tuple[str, ...] = ()

    @property
    def texts(self) -> list[Row]:
        """The rows alone."""
        return [one.row for one in self.rows]

    def count(self, by_hand: Literal["edited", "added"]) -> int:
        """Return how many rows were `edited`, or `added`."""
        return sum(one.by_hand == by_hand for one in self.rows)


def apply(
    verdicts: Sequence[Verdict],
    rows: Sequence[Row],
    validation: Sequence[bool],
    decisions: Iterable[Decision],
    share: float,
) -> Applied:
    """Return the rows of one language; `rows` and `validation` belong to the accepted verdicts, in order; `share` is that of validation rows."""
    decided = list(decisions)
    if not decided:
        accepted = (verdict for verdict in verdicts if verdict.accepted)
        made = map(Made, rows, validation, accepted)
        return Applied(tuple(made), tuple(verdicts))
    return _applied(verdicts, rows, validation, decided, share)


def _applied(
    verdicts: Sequence[Verdict],
    rows: Sequence[Row],
    validation: Sequence[bool],
    decided: Sequence[Decision],
    share: float,
) -> Applied:
    standing = {row.id for row in rows}
    wanted = {one.id: one for one in decided if one.decision != "added"}
    edits = {one.id: one.row for one in wanted.values() if one.row and one.id in standing}
    others = {one.row.id: one for one in decided if one.row and (one.decision == "added" or one.id not in edits)}
    taken = {row.id for row in edits.values()}
    said = [*_lost_candidates(wanted.values(), standing), *_moved(wanted, rows)]
    places = iter(zip(rows, validation, strict=True))
    made: dict[str, Made] = {}
    judged: list[Verdict] = []
    for verdict in verdicts:
        if verdict.accepted:
            row, flag = next(places)
            decision, new = wanted.get(row.id), edits.get(row.id)
            if decision and decision.decision == "removed":
                verdict = _removed(verdict, "")  # noqa: PLW2901
            elif new is None and row.id in taken:
                verdict = _removed(verdict, "another row was edited into this task")  # noqa: PLW2901
            else:
                one = _made(row, flag, verdict, new or (others.pop(row.id).row if row.id in others else None))
                if made.setdefault(one.row.id, one) is not one:
                    said.append(
                        f"{row.id} and {made[one.row.id].was} were edited into the same task; the first one is kept"
                    )
                    verdict = _removed(verdict, "another row was edited into this task")  # noqa: PLW2901
        judged.append(verdict)
    for row, flag in _placed([one.row for one in others.values() if one.row], list(made.values()), share):
        made.setdefault(row.id, Made(row, flag, None, "added"))
    return Applied(tuple(made.values()), tuple(judged), tuple(said))


def _made(row: Row, flag: bool, verdict: Verdict, new: Row | None) -> Made:
    if new is None or new == row:
        return Made(row, flag, verdict)
    return Made(new, flag, verdict, "edited", row.id)


def _removed(verdict: Verdict, detail: str) -> Verdict:
    return verdict.model_copy(update={"stage": "review", "rule": RULE, "detail": detail})


def _lost_candidates(decisions: Iterable[Decision], standing: set[str]) -> list[str]:
    lost = sorted(one.id for one in decisions if one.decision == "edited" and one.id not in standing)
    if not lost:
        return []
    return [
        f"{len(lost)} edited rows are kept as added by hand, since the run no longer accepts what they were made of: {some(lost)}"
    ]


def _moved(wanted: dict[str, Decision], rows: Sequence[Row]) -> list[str]:
    """Return a message about rows that the run now gives in another text than the one that was edited."""
    moved = sorted(
        row.id
        for row in rows
        if (decision := wanted.get(row.id))
        and decision.decision == "edited"
        and decision.before not in {"", text_hash(row.instruction, row.input, row.output)}
    )
    if not moved:
        return []
    return [
        f"{len(moved)} edited rows have another text in the run now than when they were edited; the edit is kept: {some(moved)}"
    ]


def some(ids: Sequence[str]) -> str:
    """Return the first ids of a list, for a message."""
    return ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")


def _placed(added: Sequence[Row], made: Sequence[Made], share: float) -> list[tuple[Row, bool]]:
    """Return added rows with their split: that of the row they are near to, else drawn by their instruction."""
    if not added:
        return []
    index, sides = Index(), [one.validation for one in made]
    for one in made:
        index.add(tokens(one.row.instruction))
    found = []
    for row in sorted(added, key=lambda row: row.id):
        query = tokens(row.instruction)
        near = index.nearest(query, above=THRESHOLD)
        side = sides[near.position] if near else fraction(instruction_key(row.instruction)) < share
        index.add(query)
        sides.append(side)
        found.append((row, side))
    return found
