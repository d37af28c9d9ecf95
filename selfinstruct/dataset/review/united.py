"""The decisions of a language in a git merge that is not emitted yet: what either side decided about each row, and which of two was chosen.

Decisions are merged and not files: a merge leaves each file of a run as one side had it, as the other had it, or with both. What one side alone
decided holds, whatever file was taken. The files that stand tell two things more: what was changed while the merge was resolved, and which of
two decisions about one row was chosen; the other one stays in the decision, as `overruled`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from selfinstruct.dataset.review.claimed import GIVEN, GONE, Claims, Text, Texts, text_of
from selfinstruct.dataset.review.decisions import Decision, Decisions
from selfinstruct.dataset.review.notice import Changes, Known
from selfinstruct.dataset.review.standing import Stood

Pair = tuple[Decision | None, Decision | None]


class Side(NamedTuple):
    """A commit: what was decided there, recorded or not, and the rows that stood."""

    decisions: Decisions
    whole: Mapping[str, bytes]
    """Id -> line of the whole file."""
    lines: frozenset[bytes]
    """Of the whole file and the split files."""
    recorded: Decisions
    """Those of `review.jsonl`; what was done since is in none of them."""


class Sides(NamedTuple):
    """What both sides of a merge began with, and the sides."""

    base: Side
    ours: Side
    theirs: Side


class Tree(NamedTuple):
    """What stands after the merge."""

    whole: Sequence[Stood] | None
    splits: Sequence[Stood]
    decisions: Decisions


class United(NamedTuple):
    """The decisions of both sides."""

    decisions: dict[str, Decision]
    changes: Changes
    """What of them is not in the decisions that stand."""
    rest: list[Stood]
    """Rows that stand and about which neither side decided anything."""
    kept: list[str]
    """Ids of rows that the whole file has otherwise only because it is older."""
    conflicts: list[Pair]
    """(taken, left), never both None, where both sides decided differently about a row, and the decisions that stand do not say all of it."""
    decided: frozenset[str]
    """Keys that any side decided about."""
    common: frozenset[str]
    """Ids of the rows that stood on both sides."""

    def is_open(self, key: str, change: Decision | None) -> bool:
        """Return whether a change of the rest is one: neither decided by a side, nor a removal of a row that only one side had."""
        is_removal = change is None or change.decision == "removed"
        return key not in self.decided and (key.removeprefix("+") in self.common or not is_removal)


def united(sides: Sides, tree: Tree, known: Known) -> United:
    """Return the decisions of both sides with what was chosen between them, and with what was changed while they were merged."""
    keys = frozenset[str]().union(*(side.decisions for side in sides))
    given = [{key: line for key, line in side.whole.items() if key not in side.decisions} for side in sides]
    claims = Claims([side.decisions for side in sides], given, known.heard)
    whole, rest = claims.of(tree.whole or ())
    splits, other = claims.of(tree.splits)
    after: dict[str, Decision | None] = {**tree.decisions}
    kept, conflicts = [], []
    for key in sorted(keys):
        new = _new(key, sides, tree, whole if tree.whole is not None else {key: {}}, splits, known)
        if new is None:
            taken, left = _chosen(key, sides, tree, whole, claims)
            new = {key: _overruling(taken, left)}
            conflicts += [(taken, left)] if text_of(taken) != text_of(left) else []
            kept += [key] if tree.whole is not None and text_of(taken) not in whole[key] else []
        after |= new
    decisions = {key: one for key, one in after.items() if one}
    conflicts += _one_text_a_task(decisions, {one.line for one in tree.whole or ()})
    changes = {
        key: decisions.get(key)
        for key in {*keys, *decisions, *tree.decisions}
        if decisions.get(key) != tree.decisions.get(key)
    }
    told = [(taken, left) for taken, left in conflicts if {one.key for one in (taken, left) if one} & changes.keys()]
    return United(
        decisions,
        changes,
        _rest(rest, other, sides) if tree.whole is not None else other,
        sorted(key.removeprefix("+") for key in kept),
        told,
        keys,
        frozenset(sides.ours.whole.keys() & sides.theirs.whole.keys()),
    )


def _new(  # noqa: PLR0913, PLR0917 -- a row in each of the files
    key: str, sides: Sides, tree: Tree, whole: Texts, splits: Texts, known: Known
) -> Changes | None:
    """Return what was done to a row while the merge was resolved: what neither side had, nor both began with; None without that."""
    old = {text_of(side.decisions.get(key)) for side in sides}
    if any(key not in side.decisions and key not in side.whole for side in (sides.ours, sides.theirs)):
        old.add(GONE)
    lines = frozenset[bytes]().union(*(side.lines for side in sides))
    before = next((one.before for side in sides if (one := side.decisions.get(key))), "")
    for text, stood in whole[key].items():
        if text not in old and (stood is None or stood.line not in lines):
            return _decided(key, text, stood, before, known)
    recorded = [side.recorded.get(key) for side in sides]
    if (one := tree.decisions.get(key)) and text_of(one) not in old and one not in recorded:
        return {key: one}
    for text, stood in splits[key].items():
        if stood and text not in {*old, GIVEN} and stood.line not in lines:
            return _decided(key, text, stood, before, known)
    return None


def _decided(key: str, text: Text, stood: Stood | None, before: str, known: Known) -> Changes:
    """Return a decision with a new text."""
    if text is GIVEN:
        return {key: None}
    if not stood:
        return {key: Decision(id=key, language=known.language, decision="removed", before=before)}
    if key.startswith("+"):
        added = Decision(id=stood.row.id, language=known.language, decision="added", row=stood.row)
        return {key: None, added.key: added}
    return {key: Decision(id=key, language=known.language, decision="edited", before=before, row=stood.row)}


def _chosen(key: str, sides: Sides, tree: Tree, whole: Texts, claims: Claims) -> Pair:
    """Return what becomes of a row, and the decision that it was chosen over; twice the same where there was no choice.

    Where both sides decided, the whole file tells, if it has one of the two and has it by choice: a row whose question both sides changed
    stands there twice without a conflict. Else `review.jsonl` tells.
    """
    base, ours, theirs = (side.decisions.get(key) for side in sides)
    if text_of(ours) == text_of(theirs):
        return ours, theirs
    if text_of(theirs) == text_of(base):
        return ours, ours
    if text_of(ours) == text_of(base):
        return theirs, theirs
    pairs = [(ours, theirs), (theirs, ours)]
    standing = set(whole[key]) if tree.whole is not None else set()
    stand = [pair for pair in pairs if text_of(pair[0]) in standing]
    if len(stand) == 1 and standing != claims.merged(key, [side.whole for side in sides]):
        return stand[0]
    reviewed = text_of(tree.decisions.get(key))
    return next((pair for pair in pairs if text_of(pair[0]) == reviewed), stand[0] if stand else pairs[0])


def _overruling(taken: Decision | None, left: Decision | None) -> Decision | None:
    """Return a decision that keeps what the other one made of the row, and what either was chosen over before."""
    if taken is None or left is None:
        return taken
    rows = list(taken.overruled)
    for row in (left.row, *left.overruled):
        if row and row not in [taken.row, *rows]:
            rows.append(row)
    return taken.model_copy(update={"overruled": tuple(rows)})


def _one_text_a_task(decisions: dict[str, Decision], lines: set[bytes]) -> list[Pair]:
    """Give rows that both sides made the same task of one text, that of the whole file; returns (taken, left) of each."""
    tasks: dict[str, str] = {}
    found: list[Pair] = []
    for key in sorted(decisions):
        row = decisions[key].row
        other = tasks.setdefault(row.id, key) if row else key
        if decisions[other].row != row:
            taken, left = sorted((decisions[other], decisions[key]), key=lambda one: text_of(one) not in lines)
            decisions |= {
                left.key: left.model_copy(update={"row": taken.row}),
                taken.key: _overruling(taken, left) or taken,
            }
            found.append((taken, left))
    return found


def _rest(whole: Sequence[Stood], splits: Sequence[Stood], sides: Sides) -> list[Stood]:
    """Return rows of the whole file, with those that were changed in the split files alone while the merge was resolved."""
    rows = {one.row.id: one for one in whole}
    lines = frozenset[bytes]().union(*(side.lines for side in sides))
    for one in splits:
        name = one.row.id if one.row.id in rows else one.stated
        if one.line not in lines and (name not in rows or rows[name].line in lines):
            rows.pop(name, None)
            rows[one.row.id] = one
    return list(rows.values())
