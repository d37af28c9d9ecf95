"""What the verdicts of reviewers make of the rows: the decisions that hold, and the file that says so.

A text that anybody edited is replaced; one that anybody rejected, and nobody edited, is out; the others stay. A verdict speaks about the text
that was read: one about a text that a later edit replaced is kept and does nothing. Of two edits of one text that of the reviewer whose name
sorts first stands, the other one as `overruled`, as after a merge.
"""

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.review.decisions import (
    Decision,
    Decisions,
    Recorded,
    check_tasks,
    document,
    in_order,
    read_recorded,
)
from selfinstruct.dataset.review.file import held
from selfinstruct.records import Row, text_hash
from selfinstruct.system.writing import remove, write_jsonl

_ROUNDS = 20
"""Most edits of edits that are followed back, before all verdicts that change a row give way to what stands in the files."""
Text = tuple[str, str]
"""(id, hash) of what was read."""


class Outcome(NamedTuple):
    """What the verdicts on a text lead to."""

    row: Row | None
    """What it became; None where it is out."""
    overruled: tuple[Row, ...]
    verdicts: tuple[str, ...]
    """Keys of those that led there."""


class Verdicts:
    """The verdicts of all reviewers, by the text that they are about."""

    def __init__(self, verdicts: Iterable[Decision]) -> None:
        """Sort them by text."""
        self.by_text: dict[Text, list[Decision]] = {}
        for one in in_order(verdicts):
            self.by_text.setdefault((one.id, one.before), []).append(one)

    def of(self, row: Row) -> Outcome | None:
        """Return what becomes of a row; None where it stays as it is."""
        return self.at(text_of(row), frozenset())

    def at(self, text: Text, seen: frozenset[Text] = frozenset()) -> Outcome | None:
        """Return what becomes of a text, through further edits of it too."""
        said = self.by_text.get(text, ())
        edits = [one for one in said if one.row and text_of(one.row) not in seen | {text}]
        if edits:
            row = edits[0].row
            others = tuple(dict.fromkeys(one.row for one in edits if one.row and one.row != row))
            keys = tuple(one.key for one in edits)
            after = self.at(text_of(row), seen | {text}) if row else None
            return after._replace(verdicts=keys + after.verdicts) if after else Outcome(row, others, keys)
        rejections = tuple(one.key for one in said if one.decision == "rejected")
        return Outcome(None, (), rejections) if rejections else None

    def beginnings(self) -> Iterable[tuple[Text, str]]:
        """Yield each text that no reviewer made, with its language."""
        made = {text_of(one.row) for said in self.by_text.values() for one in said if one.row}
        yield from ((text, said[0].language) for text, said in self.by_text.items() if text not in made)


class Standing(NamedTuple):
    """The decisions that hold, and what each comes from."""

    decisions: dict[str, Decision]
    verdicts: dict[str, tuple[str, ...]]
    """Key of a decision -> keys of the verdicts that led to it."""
    by_hand: dict[str, str]
    """Key of a decision -> key of the decision that was taken in the files before."""


def text_of(row: Row | None) -> Text:
    """Return what a verdict on a row states of it."""
    assert row is not None  # noqa: S101 - asked of edits alone
    return row.id, text_hash(row.instruction, row.input, row.output)


def about(verdicts: Mapping[str, Decision], texts: Container[Text]) -> dict[str, Decision]:
    """Return the verdicts about some texts, and those that made them."""
    return {
        key: one
        for key, one in verdicts.items()
        if (one.id, one.before) in texts or (one.row and text_of(one.row) in texts)
    }


def said_of(verdicts: Iterable[Decision]) -> str:
    """Return who rejected or edited a row, and why, on one line."""
    return "; ".join(map(_said_of, verdicts))


def _said_of(one: Decision) -> str:
    why = ", ".join(part for part in (one.reason, one.note) if part)
    if one.decision == "rejected":
        return f"rejected by {one.reviewer}: {why}" if why else f"rejected by {one.reviewer}"
    return f"edited by {one.reviewer}: {why}" if why else f"edited by {one.reviewer}"


def read_decisions(path: Path) -> dict[str, Decision]:
    """Return the decisions that hold in a run, by key; empty without the file.

    Raises InputError for conflict markers, a line that does not fit, two different decisions about one row, and two texts of one task.
    """
    found = standing(read_recorded(path)).decisions
    check_tasks(path, found.values())
    return found


def standing(recorded: Recorded) -> Standing:
    """Return what holds: what was done in the files, and then what reviewers say of these texts and of all others."""
    verdicts = Verdicts(recorded.verdicts.values())
    found = Standing({}, {}, {})
    made = set[Text]()
    for key, one in recorded.by_hand.items():
        outcome = verdicts.of(one.row) if one.row else None
        made |= {text_of(one.row)} if one.row else set()
        _add(found, key, one, outcome)
    decided = {key.removeprefix("+") for key in recorded.by_hand}
    for text, language in verdicts.beginnings():
        name, before = text
        outcome = verdicts.at(text) if text not in made and name not in decided else None
        if outcome:
            one = Decision(
                id=name,
                language=language,
                decision="edited" if outcome.row else "removed",
                before=before,
                row=outcome.row,
                overruled=outcome.overruled,
            )
            found.decisions[name], found.verdicts[name] = one, outcome.verdicts
    return found


def _add(found: Standing, key: str, one: Decision, outcome: Outcome | None) -> None:
    """Add a decision that was taken in the files, with what reviewers say of its row."""
    after: Decision | None = one
    if outcome and outcome.row:
        change = {"row": outcome.row, "overruled": (*one.overruled, *outcome.overruled)}
        after = one.model_copy(update=change | ({"id": outcome.row.id} if one.decision == "added" else {}))
    elif outcome:
        gone = {"decision": "removed", "row": None}
        after = None if one.decision == "added" else one.model_copy(update=gone)
    for name in {key, after.key} if after else {key}:
        found.by_hand[name] = key
        if outcome:
            found.verdicts[name] = outcome.verdicts
    if after:
        found.decisions[after.key] = after


def rejected_texts(recorded: Recorded) -> frozenset[Text]:
    """Return the texts that reviewers reject, whoever wrote them."""
    verdicts = Verdicts(recorded.verdicts.values())
    return frozenset(text for text in verdicts.by_text if (one := verdicts.at(text)) and one.row is None)


def unapplied(recorded: Recorded, rows: Iterable[Row]) -> int:
    """Return how many rows stand as they were before reviewers rejected or edited them."""
    found = standing(recorded)
    led = [key for key in found.verdicts if key in found.decisions]
    before = {(found.decisions[key].id, found.decisions[key].before) for key in led}
    by_hand = (recorded.by_hand.get(found.by_hand.get(key, "")) for key in found.verdicts)
    before |= {text_of(one.row) for one in by_hand if one and one.row}
    return len(before & {text_of(row) for row in rows})


def write_decisions(path: Path, decisions: Decisions) -> None:
    """Write the decisions that hold from now on; a verdict stays unless one of them says otherwise. Without any, remove the file."""
    with held(path):
        write_recorded(path, recorded_as(read_recorded(path), decisions))


def write_recorded(path: Path, recorded: Recorded) -> None:
    """Write lines in their order; without any, remove the file."""
    lines = [document(one) for one in in_order([*recorded.by_hand.values(), *recorded.verdicts.values()])]
    if lines:
        write_jsonl(path, lines)
    else:
        remove(path)


def recorded_as(recorded: Recorded, wanted: Mapping[str, Decision]) -> Recorded:
    """Return what has to be recorded so that the wanted decisions hold, with all of what was that does not stand against them."""
    by_hand, verdicts = dict(recorded.by_hand), dict(recorded.verdicts)
    for _ in range(_ROUNDS):
        now = standing(Recorded(by_hand, verdicts))
        wrong = {key for key in {*now.decisions, *wanted} if now.decisions.get(key) != wanted.get(key)}
        if not wrong:
            return Recorded(by_hand, verdicts)
        for key in wrong:
            by_hand.pop(now.by_hand.get(key, key), None)
            for name in now.verdicts.get(key, ()):
                verdicts.pop(name, None)
        for key in wrong & wanted.keys():
            by_hand[key] = wanted[key]
    accepting = {key: one for key, one in recorded.verdicts.items() if one.decision == "accepted"}
    return Recorded(dict(wanted), accepting)
