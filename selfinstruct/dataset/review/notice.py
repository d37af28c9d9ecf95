"""What was changed by hand in a dataset since it was written: told apart from what was written by the hashes of its provenance.

Each row that stands claims at most one row that was written, first by the id of its text, then by the id that its line states; what is left
over on the one side was added, on the other removed.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from selfinstruct.dataset.release.files import line_of
from selfinstruct.dataset.release.lines import Provenance
from selfinstruct.dataset.review.decisions import Decision, Decisions
from selfinstruct.dataset.review.standing import Stood
from selfinstruct.records import LanguageCode, Row, text_hash

Changes = dict[str, Decision | None]
"""Key of a decision -> the decision that was taken; None: the one that was recorded is taken back."""


class Known(NamedTuple):
    """What is known of a language's rows beside what stands in the files."""

    language: LanguageCode
    emitted: Mapping[str, Provenance]
    """Id -> row of the last emission."""
    decisions: Decisions
    heard: Mapping[str, frozenset[bytes]]
    """Id -> lines of the rows that replies in the journal give, accepted or not."""
    accepted: frozenset[bytes]
    """Lines that the journal gives under the settings of now: what an interrupted emission may have written already."""
    rejected: frozenset[tuple[str, str]] = frozenset()
    """(id, hash) of texts that reviewers rejected since the last emission: one that still stands was not put back by hand."""

    def is_by_hand(self, name: str) -> bool:
        """Return whether the row that was written under an id was made by hand."""
        return name in self.emitted and bool(self.emitted[name].by_hand)

    @property
    def pending(self) -> set[str]:
        """Keys of decisions that no emission has written yet: the whole file may say them already, the split files do not."""
        return {key for key, one in self.decisions.items() if not self._is_written(one)}

    def _is_written(self, one: Decision) -> bool:
        if one.row is None:
            return one.id not in self.emitted
        written = self.emitted.get(one.row.id)
        return written is not None and bool(written.by_hand) and written.text_hash == _hash(one.row)

    def owner(self, name: str) -> Decision | None:
        """Return the decision that an emitted row was written by; one whose line is gone from `review.jsonl` without its row."""
        written = self.emitted[name]
        if not written.by_hand:
            return None
        found = next((one for one in self.decisions.values() if one.row and one.row.id == name), None)
        if found:
            return found
        kind: Literal["added", "edited"] = "added" if written.by_hand == "added" else "edited"
        return Decision.model_construct(
            id=written.was or name, language=self.language, decision=kind, before="", row=None
        )

    def written(self) -> dict[str, set[str]]:
        """Return the ids under which each decision was emitted, by its key."""
        found: dict[str, set[str]] = {}
        for name in self.emitted:
            if owner := self.owner(name):
                found.setdefault(owner.key, set()).add(name)
        return found


def changes_in(rows: Iterable[Stood], known: Known, *, is_complete: bool = True) -> Changes:
    """Return what was changed in the rows of a language: one that is not among them was removed, if they are complete."""
    changes: Changes = {}
    left, claimed = [], set[str]()
    written = known.written()
    decided = {line_of(one.row): one for one in known.decisions.values() if one.row}
    for stood in rows:
        if (one := decided.get(stood.line)) and not known.is_by_hand(stood.row.id):  # its emission was interrupted
            claimed |= {name for name in (stood.row.id, one.id) if not known.is_by_hand(name)}
            claimed |= written.get(one.key, set())
        elif stood.row.id in known.emitted and not _is_back(stood, known):
            claimed.add(stood.row.id)
            changes |= _of_written(stood, stood.row.id, known)
        else:
            left.append(stood)
    new = []
    for stood in left:
        if stood.stated in known.emitted and stood.stated not in claimed and not _is_back(stood, known):
            claimed.add(stood.stated)
            changes |= _of_written(stood, stood.stated, known)
        else:
            new.append(stood)
    for stood in new:
        changes |= _of_new(stood, known, claimed)
    for name in known.emitted.keys() - claimed if is_complete else ():
        changes |= _of_gone(name, known, changes)
    return changes


def _is_back(stood: Stood, known: Known) -> bool:
    """Return whether a row stands as the run gives it, though something is decided about it or in its place."""
    if stood.line not in known.heard.get(stood.row.id, ()):
        return False
    owner = known.owner(stood.row.id) if stood.row.id in known.emitted else None
    in_its_place = (
        owner is not None and owner.id != stood.row.id and (owner.row is None or line_of(owner.row) != stood.line)
    )
    return in_its_place or (stood.row.id not in known.emitted and stood.row.id in known.decisions)


def _of_written(stood: Stood, name: str, known: Known) -> Changes:
    """Return the change of a row that was written under an id."""
    owner = known.owner(name)
    if owner is None:
        return _of_model(stood, name, known)
    if (owner.row and stood.line == line_of(owner.row)) or (stood.row.id, _hash(stood.row)) in known.rejected:
        return {}
    if owner.key in known.pending and known.emitted[name].text_hash == _hash(stood.row):
        return {}  # as it was written, before the decision that was taken since
    if owner.decision == "edited" and stood.row.id == owner.id and stood.line in known.heard.get(owner.id, ()):
        return {owner.key: None}
    if owner.decision == "added":
        return {owner.key: None, **_added(stood)}
    return {
        owner.key: Decision(id=owner.id, language=known.language, decision="edited", before=owner.before, row=stood.row)
    }


def _of_model(stood: Stood, name: str, known: Known) -> Changes:
    """Return the change of a row that was written as the model gave it."""
    if stood.line in known.heard.get(name, ()):
        return {}
    before = known.emitted[name].text_hash
    same = before == _hash(stood.row)
    if same and name not in known.heard:  # the row of another journal, such as that of a merged branch
        ours = any(one in known.heard for one in known.emitted)
        return _added(stood) if ours else {}
    return {name: Decision(id=name, language=known.language, decision="edited", before=before, row=stood.row)}


def _of_new(stood: Stood, known: Known, claimed: set[str]) -> Changes:
    """Return the change of a row that claims none of those that were written."""
    if (stood.row.id, _hash(stood.row)) in known.rejected:
        return {}
    decided = known.decisions.get(stood.row.id)
    is_back = stood.line in known.heard.get(stood.row.id, ())
    if decided and decided.decision == "removed":
        return {decided.key: None if is_back else decided.model_copy(update={"decision": "edited", "row": stood.row})}
    if decided and decided.row and decided.row.id not in claimed and decided.row.id in known.emitted:
        claimed.add(decided.row.id)
        return {decided.key: None if is_back else decided.model_copy(update={"row": stood.row})}
    if owner := next((one for one in known.decisions.values() if one.row and one.row.id == stood.row.id), None):
        return {owner.key: owner.model_copy(update={"row": stood.row})}  # two decisions cannot make one task
    if stood.line in known.accepted and not decided:
        return {}  # written by an emission that was interrupted, or given again once nothing else is in its place
    return _added(stood)


def _of_gone(name: str, known: Known, changes: Changes) -> Changes:
    """Return the change of a written row that no row claims."""
    owner = known.owner(name)
    if owner is None:
        if name in changes:
            return {}
        before = known.emitted[name].text_hash
        return {name: Decision(id=name, language=known.language, decision="removed", before=before)}
    if owner.key in changes:
        return {}
    if owner.decision == "added":
        return {owner.key: None}
    return {owner.id: Decision(id=owner.id, language=known.language, decision="removed", before=owner.before)}


def _hash(row: Row) -> str:
    return text_hash(row.instruction, row.input, row.output)


def _added(stood: Stood) -> Changes:
    added = Decision(id=stood.row.id, language=stood.row.language, decision="added", row=stood.row)
    return {added.key: added}


def without_older(
    of_splits: Changes, of_whole: Changes, rows: Iterable[Stood], known: Known
) -> tuple[Changes, list[str]]:
    """Return the changes of the split files that are not merely older than a decision which the whole file agrees with, and the ids of the others.

    A row that stands there as the run gave it, or one that was added and does not stand there, is what was written before the decision.
    """
    stated = {stood.stated for stood in rows if stood.stated != stood.row.id}
    older = sorted(
        key
        for key, one in of_splits.items()
        if one is None and key in known.decisions and key not in of_whole and key.removeprefix("+") not in stated
    )
    return {key: one for key, one in of_splits.items() if key not in older}, [key.removeprefix("+") for key in older]


def merged(of_splits: Changes, of_whole: Changes) -> tuple[Changes, list[str]]:
    """Return (changes of both, keys that were changed in both differently: the whole file wins)."""
    conflicts = sorted(name for name in of_splits.keys() & of_whole.keys() if of_splits[name] != of_whole[name])
    return of_splits | of_whole, conflicts


def applied_to(decisions: Decisions, changes: Changes) -> dict[str, Decision]:
    """Return decisions with changes."""
    after: dict[str, Decision | None] = {**decisions, **changes}
    return {name: one for name, one in after.items() if one}
