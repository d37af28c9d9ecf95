"""One person's review: the order of reading, decisions that are on the disk before they count, undo.

Nothing here knows of a browser. All calls are made under one lock by whoever serves several tabs.
"""

from collections.abc import Mapping
from typing import Any

from selfinstruct.dataset.release.reviewed import TOTAL, agreement_in_words, sentence
from selfinstruct.dataset.review.decisions import Decision, document
from selfinstruct.dataset.review.file import append
from selfinstruct.dataset.review.statistics import statistics
from selfinstruct.dataset.review.verdicts import Text
from selfinstruct.errors import InputError
from selfinstruct.records import Row, plain_text, with_own_id
from selfinstruct.review.marks import Marking
from selfinstruct.review.material import Material
from selfinstruct.review.origins import Origins
from selfinstruct.review.risk import Risk, risks
from selfinstruct.review.shown import beside, row_shown, verdict_shown
from selfinstruct.review.wish import REASONS, OvertakenError, Reader, Wish
from selfinstruct.system.files import to_line


class Session:
    """The review of one material by one person."""

    def __init__(
        self, material: Material, reader: Reader, marking: Marking, origins: Origins, new: frozenset[str]
    ) -> None:
        """Begin; `new` are the ids of rows that the base of a pull request does not have as they are."""
        self.material, self.reader, self._marking, self._origins, self._new = material, reader, marking, origins, new
        self._mine = {(one.id, one.before): one for one in material.verdicts.values() if one.reviewer == reader.name}
        self._others: dict[tuple[str, str], list[Decision]] = {}
        for one in material.verdicts.values():
            if one.reviewer != reader.name:
                self._others.setdefault((one.id, one.before), []).append(one)
        self._groups: dict[Text, tuple[str, ...]] = {}
        self._skipped: dict[int, None] = {}
        self._done: list[tuple[int, Decision | None]] = []
        self._first, self._sorted_with_marks = 0, marking.is_ready
        self.order = self._sorted()

    def begin(self) -> None:
        """Write down that a sample is read where its first row had been read before: all that follow it without a gap are then counted."""
        first = self.order[0] if self.reader.sample else None
        mine = None if first is None else self._mine.get(self.material.texts[first])
        if first is not None and mine and not mine.sample:
            self._save(first, mine.model_copy(update={"sample": len(self._drawn), "file": self.material.file}))

    @property
    def is_marked(self) -> bool:
        """Whether rules and neighbours of all rows are known."""
        return self._marking.is_ready

    def coming(self, number: int, language: str = "") -> list[int]:
        """Return the next rows to read: those that nobody skipped first."""
        if self._marking.is_ready and not self._sorted_with_marks:
            self.order, self._first, self._sorted_with_marks = self._sorted(), 0, True
        found: list[int] = []
        while self._first < len(self.order) and self._is_mine(self.order[self._first]):
            self._first += 1
        for at in self.order[self._first :]:
            if len(found) == number:
                return found
            if not self._is_mine(at) and at not in self._skipped and self._is_of(at, language):
                found.append(at)
        skipped = (at for at in self._skipped if not self._is_mine(at) and self._is_of(at, language))
        return found + [at for at, _ in zip(skipped, range(number - len(found)), strict=False)]

    def riskiest(self, language: str = "") -> int | None:
        """Return the row that is most likely wrong of those that are not decided; None without one."""
        order = self._by_risk() if self.reader.sample else self.order
        return next((at for at in order if not self._is_mine(at) and self._is_of(at, language)), None)

    def decide(self, at: int, wish: Wish) -> None:
        """Take a decision about a row; it is on the disk when this returns.

        Raises InputError for one that cannot be, OvertakenError, and StorageError, after which nothing has changed.
        """
        text, row = self.material.texts[at], self.material.rows[at]
        before = self._mine.get(text)
        if (before.decision if before else "") != wish.was:
            raise OvertakenError
        is_rejection = wish.decision == "rejected"
        if is_rejection and wish.reason not in REASONS:
            raise InputError("a rejection needs a reason of the list")
        new = self._edited(at, wish.texts) if wish.decision == "edited" else None
        self._save(
            at,
            Decision(
                id=text[0],
                language=row.language,
                decision=wish.decision,
                before=text[1],
                row=new,
                reviewer=self.reader.name,
                reason=wish.reason if is_rejection else "",
                note=plain_text(wish.note).strip(),
                sample=len(self._drawn) if at in self._drawn else 0,
                file=self.material.file if at in self._drawn else "",
                stratum=self.material.stratum(at),
                read=None if wish.decision == "accepted" else row,
                time=self.reader.clock() if self.reader.clock else "",
            ),
        )
        self._done.append((at, before))

    def skip(self, at: int) -> None:
        """Leave a row for the end; nothing is written down."""
        self._skipped.pop(at, None)
        self._skipped[at] = None

    def undo(self) -> int | None:
        """Take the last decision back, as it was before; returns its row, None where this session took none."""
        if not self._done:
            return None
        at, before = self._done[-1]
        now = self._mine[self.material.texts[at]]
        gone = now.model_copy(update={"decision": "withdrawn", "row": None, "read": None, "reason": "", "note": ""})
        self._save(at, before or gone)
        self._done.pop()
        self._skipped.pop(at, None)
        self._first = 0
        return at

    def shown(self, at: int) -> dict[str, Any]:
        """Return a row with everything beside it, and what was said of it: by others only where this person has decided."""
        material, row, text = self.material, self.material.rows[at], self.material.texts[at]
        mine, others = self._mine.get(text), self._others.get(text, [])
        known = material.provenance.get(row.id)
        seeds = {name: self._text_of(name) for name in (known.seeds if known else ())}
        rules = self._marking.marks.rules.get(at, ())
        found = beside(known, rules, self._near(at), list(self._risks(at)), seeds)
        return (
            {"n": at, "gone": text not in material.standing, "sample": at in self._drawn}
            | row_shown(row, text[1])
            | found
            | {"from": self._origins.of(row, material.row)}
            | {"mine": verdict_shown(mine) if mine else None}
            | {"others": [verdict_shown(one) for one in others] if mine else []}
        )

    def progress(self) -> dict[str, Any]:
        """Return how far this person is."""
        wanted = self.reader.sample and len(self.order)
        read = sum(self._is_mine(at) for at in self.order) if wanted else len(self._mine)
        return {
            "read": read,
            "rows": wanted or len(self.order),
            "skipped": len(self._skipped),
            "marked": self._marking.is_ready,
            "undo": len(self._done),
        }

    def figures(self) -> dict[str, Any]:
        """Return what was read so far, by all people, in words of both languages."""
        verdicts = [*self._mine.values(), *(one for others in self._others.values() for one in others)]
        self._groups = self._groups or self.material.groups()
        found = statistics(verdicts, self._groups, self.material.file, self.material.recipes)
        total = found.get(TOTAL)
        return {
            "groups": [[name, sentence(one), sentence(one, "zh")] for name, one in found.items()],
            "agreement": [agreement_in_words(total), agreement_in_words(total, "zh")] if total and total.both else [],
        }

    def _save(self, at: int, decision: Decision) -> None:
        append(self.material.review, to_line(document(decision)))
        text = self.material.texts[at]
        if decision.decision == "withdrawn":
            self._mine.pop(text, None)
        else:
            self._mine[text] = decision

    def _edited(self, at: int, texts: Mapping[str, str]) -> Row:
        """Return a row with other texts; raises InputError for one that cannot stand."""
        row = self.material.rows[at]
        new = with_own_id(row.model_copy(update={name: plain_text(text) for name, text in texts.items()}))
        if not new.instruction.strip():
            raise InputError("an edited row needs an instruction")
        if new == row:
            raise InputError("nothing was changed: accept the row")
        other = self.material.by_id.get(new.id)
        taken = {one.row.id: text for text, one in self._mine.items() if one.row and text != self.material.texts[at]}
        if (other is not None and new.id != row.id) or new.id in taken:
            raise InputError(f"this is the same task as row {new.id}: reject one of the two, or ask something else")
        return new

    def _sorted(self) -> list[int]:
        self._drawn = frozenset(self.material.draw(self.reader.sample)) if self.reader.sample else frozenset[int]()
        return sorted(self._drawn, key=self.material.place_of) if self.reader.sample else self._by_risk()

    def _by_risk(self) -> list[int]:
        material = self.material
        weights = [sum(weight for weight, _, _ in self._risks(at)) for at in range(len(material.rows))]
        return sorted(range(len(material.rows)), key=lambda at: (-weights[at], material.place_of(at)))

    def _risks(self, at: int) -> "list[Risk]":
        row, near = self.material.rows[at], self._near(at)
        said = [*self._others.get(self.material.texts[at], ())]
        known = self.material.provenance.get(row.id)
        rules = self._marking.marks.rules.get(at, ())
        return list(risks(rules, near[1] if near else 0.0, known, said, is_new=row.id in self._new))

    def _near(self, at: int) -> tuple[str, float, str] | None:
        """Return (id, score, text) of the nearest neighbour: as the run found it among seeds too, else among the rows."""
        known = self.material.provenance.get(self.material.rows[at].id)
        if known and known.nearest:
            return known.nearest, known.score or 0.0, self._text_of(known.nearest)
        if near := self._marking.marks.nearest.get(at):
            other = self.material.rows[near[0]]
            return other.id, near[1], f"{other.instruction}\n\n{other.output}"
        return None

    def _text_of(self, name: str) -> str:
        at = self.material.by_id.get(name)
        return self.material.rows[at].instruction if at is not None else self._origins.seeds.get(name, "")

    def _is_mine(self, at: int) -> bool:
        return self.material.texts[at] in self._mine

    def _is_of(self, at: int, language: str) -> bool:
        return not language or self.material.rows[at].language == language
