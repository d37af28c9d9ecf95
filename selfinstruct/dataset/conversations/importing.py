"""The import: judge each conversation, compare, write. One pass over the file; what it holds goes through a spool on the disk, not through memory."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple

from selfinstruct.dataset.conversations.duplicates import OPENING, Near, Openings, Thresholds, Wholes, near_openings
from selfinstruct.dataset.conversations.judge import Settings, judge
from selfinstruct.dataset.conversations.ledger import Ledger
from selfinstruct.dataset.conversations.read import values_in
from selfinstruct.dataset.conversations.rows import SortedRows
from selfinstruct.dataset.conversations.spool import Part, Spool, Spooled
from selfinstruct.quality.rules import RULE_NAMES
from selfinstruct.records import LanguageCode
from selfinstruct.records.place import unit_of
from selfinstruct.system.children import in_children
from selfinstruct.system.files import to_line
from selfinstruct.system.writing import atomic_file, make_writable_folder, remove, write_text

Progress = Callable[[int, int], None]
"""Callback with (conversations read, conversations written) so far."""
LEDGER, REJECTED, PROVENANCE, REPORT = "ledger.json", "rejected.jsonl", "provenance.jsonl", "report.html"
LANGUAGES: tuple[LanguageCode, ...] = ("en", "zh")
DATASETS: Mapping[LanguageCode, str] = {language: f"dataset/{language}.jsonl" for language in LANGUAGES}
DUPLICATE = "duplicate"
_EVERY = 1000
"""Conversations between two progress calls."""
_SHOWN = 300
"""Characters of a nearest neighbour."""


class ImportJob(NamedTuple):
    """What is imported, to where, and how."""

    settings: Settings
    output: Path
    thresholds: Thresholds
    workers: int = 1


def import_file(job: ImportJob, progress: Progress = lambda _read, _written: None) -> dict[str, Any]:
    """Write dataset, provenance, rejected conversations and ledger; return the ledger. Raises InputError for a file that cannot be read."""
    make_writable_folder(job.output)
    with closing(Spool(job.output)) as spool, closing(SortedRows(job.output)) as rows:
        writing = _Writing(job, spool, rows, progress)
        with atomic_file(job.output / REJECTED, private=True) as writing.reject:
            for near in near_openings(_spooling(job, spool, writing), job.thresholds):
                writing.waiting.append(near)
            writing.rest()
        entries = writing.ledger.entries
        rows.write_provenance(job.output / PROVENANCE)
        written = {DATASETS[one]: rows.write(one, job.output / DATASETS[one]) for one in rows.languages}
    for name in DATASETS.values():
        if name not in written:
            remove(job.output / name)
    document = {"schema": 1, "import": _settings(job), "ledger": entries, "datasets": written}
    write_text(job.output / LEDGER, to_line(document) + "\n")
    return document


def _spooling(job: ImportJob, spool: Spool, writing: "_Writing") -> Iterator[tuple[str | None, LanguageCode]]:
    """Put the conversations of the file into the spool; yield what each is first compared by. One that is decided is written for each that is read."""
    work = partial(judge, job.settings)
    for number, one in enumerate(in_children(work, values_in(job.settings.path), job.workers), 1):
        spool.add(one.data)
        yield one.opening, one.language
        writing.next()
        if not number % _EVERY:
            writing.progress(number, 0)


def _settings(job: ImportJob) -> dict[str, Any]:
    digest = hashlib.sha256()
    with job.settings.path.open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
    return {
        "file": job.settings.path.name,
        "sha256": digest.hexdigest(),
        "threshold": dict(job.thresholds),
        "max_tokens": job.settings.budget.tokens or None,
        "disabled": {
            language: [name for name in RULE_NAMES if name in job.settings.disabled.get(language, ())]
            for language in LANGUAGES
        },
    }


class _Writing:
    """Conversations whose openings are compared, and what is written of each: while others are judged, which other processes do."""

    reject: IO[bytes]
    """The file of those that are rejected or cut."""

    def __init__(self, job: ImportJob, spool: Spool, rows: SortedRows, progress: Progress) -> None:
        self._spool, self._rows, self.progress = spool, rows, progress
        self._openings, self._wholes = Openings(spool, job.thresholds), Wholes(spool, job.thresholds)
        self.ledger = Ledger()
        self.waiting = deque[Near | None]()
        """What the openings of those say that are not written yet."""
        self._number = 0

    def next(self) -> None:
        """Write what is rejected or cut of one that waits to its file, rows to the store, and count both; nothing where none waits."""
        if not self.waiting:
            return
        one = self._spool[self._number]
        near = self._openings.near(self._number, one, self.waiting.popleft())
        near = near or (self._wholes.near(self._number, one) if one.parts else None)
        told = _dropped(near, self._spool[near.nearest]) if near else _kept(one, self._rows, self.ledger)
        _count(one, told, self.ledger)
        if told or one.lost:
            self.reject.write((to_line(_line(one, told)) + "\n").encode())
        self._number += 1

    def rest(self) -> None:
        """Write all that wait."""
        while self.waiting:
            self.next()
            if not self._number % _EVERY:
                self.progress(len(self._spool), self._number)


def _dropped(near: Near, other: Spooled) -> dict[str, Any]:
    nearest = {"line": other.line, "text": other.opening[:_SHOWN]}
    compared = "the first questions, whose answers go to one question" if near.rule == OPENING else "all that is said"
    return {
        "rule": near.rule,
        "detail": f"ROUGE-L {near.score:.3f} of {compared}",
        "nearest": nearest,
        "score": near.score,
    }


def _kept(one: Spooled, rows: SortedRows, ledger: Ledger) -> dict[str, Any]:
    """Put the parts of a conversation into the store; return why it is rejected, nothing for one that is kept."""
    if not one.parts:
        return {"rule": one.cut.rule, "detail": one.cut.detail} if one.cut else {"rule": "no_turns", "detail": ""}
    counts = ledger.of(one.language)
    taken, parts = 0, list(one.parts)
    for number, part in enumerate(parts, 1):
        if rows.add(part.id, one.language, f"{part.row}\n".encode(), _provenance(one, part, (number, len(parts)))):
            taken += 1
            counts.turns_kept += len(part.turns)
            counts.languages.update(part.languages)
            counts.mended.update(name for names in part.mended.values() for name in names)
        else:
            one.lost.extend((turn, DUPLICATE, said) for turn, said in zip(part.turns, part.said, strict=True))
            one.parts.remove(part)
    counts.rows += taken
    return {} if taken else {"rule": DUPLICATE, "detail": "an earlier conversation has the same questions"}


def _provenance(one: Spooled, part: Part, place_of: tuple[int, int]) -> bytes:
    """Return the line about a row: where it stands in the file, and what is known of its turns."""
    value = {
        "id": part.id,
        "line": one.line,
        "unit": unit_of(one.line),
        "conversation": one.name,
        "part": list(place_of),
        "turns": part.turns,
        "languages": part.languages,
        "mended": part.mended,
    }
    return (to_line({key: held for key, held in value.items() if held}) + "\n").encode()


def _count(one: Spooled, told: Mapping[str, Any], ledger: Ledger) -> None:
    """Count a conversation and its turns; those of one that is rejected as a whole are cut by that rule, unless another took them."""
    counts = ledger.of(one.language)
    counts.read += 1
    counts.turns += one.turns
    counts.lost.update(rule for _, rule, _ in one.lost)
    if told:
        counts.rejected[told["rule"]] += 1
        counts.lost[told["rule"]] += one.turns - len(one.lost)
        return
    counts.kept += 1
    counts.turns_kept += len(one.system)
    counts.cut += bool(one.lost)
    if one.lost:
        counts.cut_by[one.cut.rule if one.cut else DUPLICATE] += 1


def _line(one: Spooled, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the rejected file says of a conversation: why, where, and every turn that is not kept, as it stands in the file."""
    cut = one.cut
    reason = dict(told) or {
        "rule": cut.rule if cut else DUPLICATE,
        "detail": cut.detail if cut else "a part stands in the dataset already",
    }
    head = {"line": one.line, "unit": unit_of(one.line), "conversation": one.name, "language": one.language}
    turn = {"turn": cut.number} if cut and cut.number and reason["rule"] == cut.rule else {}
    gone = list(one.lost)
    if told:
        rest = [*one.system, *(pair for part in one.parts for pair in zip(part.turns, part.said, strict=True))]
        gone += [(number, told["rule"], said) for number, said in rest]
    turns = [
        {"turn": number, "rule": rule, "said": said} for number, rule, said in sorted(gone, key=lambda item: item[0])
    ]
    held = {"row": one.value} if one.value is not None else {}
    outcome = {"outcome": "rejected" if told else "cut"}
    return {key: value for key, value in head.items() if value} | outcome | reason | turn | {"turns": turns} | held
