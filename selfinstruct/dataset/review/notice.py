"""What was changed by hand in a dataset since it was written: told apart from what the run wrote by the hashes of its provenance."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from selfinstruct.dataset.release.files import line_of
from selfinstruct.dataset.release.lines import Provenance
from selfinstruct.dataset.review.decisions import Decision, Decisions
from selfinstruct.dataset.review.standing import Stood
from selfinstruct.records import LanguageCode, text_hash

Changes = dict[str, Decision | None]
"""Id of a decision -> the decision that was taken; None: the one that was recorded is taken back."""


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


def changes_in(rows: Iterable[Stood], known: Known) -> Changes:
    """Return what was changed in all the rows of a language: a row that is not among them was removed."""
    changes: Changes = {}
    edited = {name: one for name, one in known.decisions.items() if one.decision == "edited"}
    by_row = edited | {one.row.id: one for one in known.decisions.values() if one.row}
    seen: set[str] = set()
    # a row that is itself comes before one that was copied from it with its id
    for stood in sorted(rows, key=lambda one: one.row.id not in by_row and one.row.id not in known.emitted):
        names = [name for name in (stood.row.id, stood.stated) if name not in seen]
        recorded = next((by_row[name] for name in names if name in by_row), None)
        emitted = next((name for name in names if name in known.emitted), "")
        if recorded and recorded.row:
            seen |= {recorded.row.id, recorded.id}
            changes |= _of_recorded(stood, recorded, known)
        elif emitted:
            seen.add(emitted)
            changes |= _of_emitted(stood, emitted, known)
        else:
            changes |= _of_new(stood, known)
    for name in known.emitted.keys() - seen:
        changes |= _of_gone(name, by_row.get(name), known)
    return changes


def _of_recorded(stood: Stood, recorded: Decision, known: Known) -> Changes:
    """Return the change of a row about which something is decided already."""
    if recorded.row is None or stood.line == line_of(recorded.row):
        return {}
    if stood.line in known.heard.get(recorded.id, ()):
        written = known.emitted.get(recorded.row.id)
        return {recorded.id: None} if written and written.by_hand else {}  # taken back, or not yet written
    return {recorded.id: recorded.model_copy(update={"row": stood.row})}


def _of_emitted(stood: Stood, name: str, known: Known) -> Changes:
    """Return the change of a row that the run wrote."""
    if stood.line in known.heard.get(name, ()) or stood.line in known.accepted:
        return {}
    before = known.emitted[name].text_hash
    same = before == text_hash(stood.row.instruction, stood.row.input, stood.row.output)
    if same and name not in known.heard:  # the row of another journal, such as that of a merged branch
        ours = any(one in known.heard for one in known.emitted)
        return {name: _added(stood)} if ours else {}
    edited = Decision(id=name, language=known.language, decision="edited", before=before, row=stood.row)
    return {name: edited}


def _of_new(stood: Stood, known: Known) -> Changes:
    """Return the change of a row that the last emission does not have."""
    removed = known.decisions.get(stood.row.id)
    if stood.line in known.accepted:  # an emission that was interrupted, or a removed row that was put back
        return {stood.row.id: None} if removed and removed.decision == "removed" else {}
    if removed:
        return {removed.id: removed.model_copy(update={"decision": "edited", "row": stood.row})}
    return {stood.row.id: _added(stood)}


def _of_gone(name: str, recorded: Decision | None, known: Known) -> Changes:
    """Return the change of an emitted row that is no longer there."""
    if recorded and recorded.decision == "added":
        return {recorded.id: None}
    original, before = (recorded.id, recorded.before) if recorded else (name, known.emitted[name].text_hash)
    return {original: Decision(id=original, language=known.language, decision="removed", before=before)}


def _added(stood: Stood) -> Decision:
    return Decision(id=stood.row.id, language=stood.row.language, decision="added", row=stood.row)


def merged(of_splits: Changes, of_whole: Changes) -> tuple[Changes, list[str]]:
    """Return (changes of both, ids that were changed in both differently: the whole file wins)."""
    conflicts = sorted(name for name in of_splits.keys() & of_whole.keys() if of_splits[name] != of_whole[name])
    return of_splits | of_whole, conflicts


def applied_to(decisions: Decisions, changes: Changes) -> dict[str, Decision]:
    """Return decisions with changes."""
    after: dict[str, Decision | None] = {**decisions, **changes}
    return {name: one for name, one in after.items() if one}
