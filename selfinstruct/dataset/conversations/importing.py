"""The import: read, clean, split, compare, write. One pass over the file; what it holds goes through a spool on the disk, not through memory."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.conversations.clean import clean
from selfinstruct.dataset.conversations.duplicates import Near, Thresholds, Wholes, near_openings
from selfinstruct.dataset.conversations.ledger import Ledger
from selfinstruct.dataset.conversations.read import read, values_in
from selfinstruct.dataset.conversations.records import Cut, Read
from selfinstruct.dataset.conversations.rows import SortedRows
from selfinstruct.dataset.conversations.split import OVER_BUDGET, Budget, split
from selfinstruct.dataset.conversations.spool import Spool, Spooled, dumped, spooled
from selfinstruct.dataset.conversations.verdicts import Disabled
from selfinstruct.dataset.io.parse import read_row
from selfinstruct.dataset.io.rows import as_row
from selfinstruct.dataset.io.write import saving
from selfinstruct.language.guess import guess_language
from selfinstruct.quality.rules import RULE_NAMES
from selfinstruct.records import LanguageCode, Row
from selfinstruct.records.place import place, unit_of
from selfinstruct.system.children import in_children
from selfinstruct.system.files import to_line
from selfinstruct.system.writing import remove, write_text

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

    path: Path
    output: Path
    thresholds: Thresholds
    disabled: Disabled
    budget: Budget = Budget()
    workers: int = 1


def import_file(job: ImportJob, progress: Progress = lambda _read, _written: None) -> dict[str, Any]:
    """Write dataset, provenance, rejected conversations and ledger; return the ledger. Raises InputError for a file that cannot be read."""
    job.output.mkdir(parents=True, exist_ok=True)
    with closing(Spool(job.output)) as spool, closing(SortedRows(job.output)) as rows:
        for number, data in enumerate(in_children(partial(_cleaned, job), values_in(job.path), job.workers), 1):
            spool.add(data)
            if not number % _EVERY:
                progress(number, 0)
        dropped = near_openings(spool, job.thresholds, job.workers)
        ledger = Ledger()
        _write(job, spool, rows, dropped, ledger, progress)
        entries = ledger.entries
        rows.write_provenance(job.output / PROVENANCE)
        written = {DATASETS[one]: rows.write(one, job.output / DATASETS[one]) for one in rows.languages}
    for name in DATASETS.values():
        if name not in written:
            remove(job.output / name)
    document = {"schema": 1, "import": _settings(job), "ledger": entries, "datasets": written}
    write_text(job.output / LEDGER, to_line(document) + "\n")
    return document


def _settings(job: ImportJob) -> dict[str, Any]:
    digest = hashlib.sha256()
    with job.path.open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
    return {
        "file": job.path.name,
        "sha256": digest.hexdigest(),
        "threshold": dict(job.thresholds),
        "max_tokens": job.budget.tokens or None,
        "disabled": {
            language: [name for name in RULE_NAMES if name in job.disabled.get(language, ())] for language in LANGUAGES
        },
    }


def _cleaned(job: ImportJob, values: list[tuple[int, Any]]) -> list[bytes]:
    """Return some conversations of the file, each judged by itself, as the spool takes them."""
    found = (read(line, value, job.path) for line, value in values)
    return [dumped(_no_conversation(one) if one.unreadable[0] else _one(one, job)) for one in found]


def _no_conversation(found: Read) -> Spooled:
    language = guess_language(str(found.value)[:_EVERY])
    return Spooled(found.line, found.name, language, [], [], [], [], Cut(*found.unreadable, 0), 0, 0, value=found.value)


def _one(found: Read, job: ImportJob) -> Spooled:
    cleaned = clean(found, job.disabled)
    parts, lost = split(cleaned, found.told, job.budget)
    if lost and not cleaned.cut:
        detail = f"question and answer are longer than {job.budget.tokens} tokens by themselves"
        cleaned = cleaned._replace(cut=Cut(OVER_BUDGET, detail, lost[0].said.number))
    return spooled(found, cleaned, parts, lost)


def _write(  # noqa: PLR0913, PLR0917 - all that one pass goes by
    job: ImportJob, spool: Spool, rows: SortedRows, dropped: Mapping[int, Near], ledger: Ledger, progress: Progress
) -> None:
    """Write what is rejected or cut to its file, rows to the store, and count both."""
    wholes = Wholes(spool, job.thresholds)
    with saving(job.output / REJECTED) as reject:
        for number, one in enumerate(spool):
            near = dropped.get(number) or (wholes.near(number, one) if one.parts else None)
            told = _dropped(near, spool[near.nearest]) if near else _kept(one, job, rows, ledger)
            _count(one, told, ledger)
            if told or one.lost:
                reject(_line(one, told))
            if not (number + 1) % _EVERY:
                progress(len(spool), number + 1)


def _dropped(near: Near, other: Spooled) -> dict[str, Any]:
    nearest = {"line": other.line, "text": other.opening[:_SHOWN]}
    return {"rule": near.rule, "detail": f"ROUGE-L {near.score:.3f}", "nearest": nearest, "score": near.score}


def _kept(one: Spooled, job: ImportJob, rows: SortedRows, ledger: Ledger) -> dict[str, Any]:
    """Put the parts of a conversation into the store; return why it is rejected, nothing for one that is kept."""
    if not one.parts:
        return {"rule": one.cut.rule, "detail": one.cut.detail} if one.cut else {"rule": "no_turns", "detail": ""}
    counts = ledger.of(one.language)
    taken, parts = 0, list(one.parts)
    for number, part in enumerate(parts, 1):
        row = _row(one, part, place(job.path, one.line))
        if rows.add(row, _provenance(one, part, row.id, (number, len(parts)))):
            taken += 1
            counts.turns_kept += len(part)
            counts.languages.update(message["language"] for message in part)
            counts.mended.update(name for message in part for name in message.get("mended", ()))
        else:
            one.lost.extend((message["number"], DUPLICATE, _plain(message)) for message in part)
            one.parts.remove(part)
    counts.rows += taken
    return {} if taken else {"rule": DUPLICATE, "detail": "an earlier conversation has the same questions"}


def _plain(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message without what was noted about it."""
    return {key: held for key, held in message.items() if key not in {"number", "language", "mended"}}


def _row(one: Spooled, part: list[dict[str, Any]], where: str) -> Row:
    system = [{"role": "system", "content": text} for text in one.system if text]
    value = {"language": one.language, "messages": [*system, *map(_plain, part)], "tools": one.tools}
    return as_row(read_row(one.line, value, where), where)


def _provenance(one: Spooled, part: list[dict[str, Any]], identifier: str, place_of: tuple[int, int]) -> bytes:
    """Return the line about a row: where it stands in the file, and what is known of its turns."""
    value = {
        "id": identifier,
        "line": one.line,
        "unit": unit_of(one.line),
        "conversation": one.name,
        "part": list(place_of),
        "turns": [message["number"] for message in part],
        "languages": [message["language"] for message in part],
        "mended": {str(message["number"]): message["mended"] for message in part if message.get("mended")},
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
    counts.turns_kept += one.told
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
    whole = [] if not told else [(m["number"], told["rule"], _plain(m)) for part in one.parts for m in part]
    gone = sorted((*one.lost, *whole), key=lambda item: item[0])
    turns = [{"turn": number, "rule": rule, "said": said} for number, rule, said in gone]
    held = {"row": one.value} if one.value is not None else {}
    outcome = {"outcome": "rejected" if told else "cut"}
    if told and one.system:
        held["system"] = one.system
    return {key: value for key, value in head.items() if value} | outcome | reason | turn | {"turns": turns} | held
