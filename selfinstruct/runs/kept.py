"""The verdicts of a run, kept beside it: what was judged once is read, and `filter` of a run in which nothing changed has nothing to do.

The file stands under the fingerprint of all that its verdicts depend on: this program and its language, configuration, seeds, prompts, evaluation
sets and journal; and of the files that were written. It is no source of anything: one that is missing, stale, damaged or was not written in
its place on this machine (a copy, what git brought) is of no effect, and the journal is replayed. Runs with decisions by hand, with damage or
exclusions keep none. Why: docs/decisions/0010-kept-verdicts.md.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.emitted import compare_files
from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal
from selfinstruct.records import Candidate, Verdict, row_of
from selfinstruct.runs.dependencies import inputs_of, outputs_of
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.resume import lacking_replies
from selfinstruct.system.aside import Aside
from selfinstruct.system.writing import atomic_file, write_text

FOLDER: Final = ".verdict_cache"
_FILE = "verdicts.jsonl"
_VERSION = 1
_SHA256 = 64
_HEAD = re.compile(rb'\n\{"key":"(?P<key>[^"]+)","id":"(?P<id>[0-9a-f]*)","accepted":(?P<accepted>\d),')
"""How the line of a candidate begins."""
_ACCEPTED = b'","accepted":1,'
"""Between the row id of an accepted candidate and its verdict; no text holds it, for a quotation mark in one is escaped."""


class Kept(NamedTuple):
    """The verdicts of a run as they are kept, still as bytes: of fifty thousand, mostly one is wanted."""

    inputs: str
    """Fingerprint of all that the verdicts depend on."""
    outputs: str
    """Fingerprint of the files that were written with them."""
    lines: bytes
    """One JSON line for each candidate, in the order of judgement, each after a line end."""

    def at(self, key: str) -> tuple[Verdict | None, int] | None:
        """Return (verdict, rows of its language accepted before it) of a place such as `en/12.0`; None where none is kept.

        A candidate beyond the target was read and has no verdict.
        """
        start = self.lines.find(b'\n{"key":"%s",' % key.encode())
        if start < 0:
            return None
        verdict = self._line(start).get("verdict")
        before = self.lines.count(_ACCEPTED, self._first(key.partition("/")[0]), start)
        return Verdict.model_validate(verdict) if verdict else None, before

    def places(self, row: str) -> dict[str, str]:
        """Return {row id: place} of the rows whose id begins so; of several candidates with one id the accepted one, else the first judged."""
        found: dict[str, tuple[bytes, str]] = {}
        place, begin = -1, b'","id":"%s' % row.encode()  # looked for first: a pattern is ten times slower
        while (place := self.lines.find(begin, place + 1)) >= 0:
            start = self.lines.rfind(b"\n", 0, place)
            if head := _HEAD.match(self.lines, start):
                name = head["id"].decode()
                if head.end("key") == place and (name not in found or found[name][0] < head["accepted"]):
                    found[name] = (head["accepted"], head["key"].decode())
        return {name: key for name, (_, key) in found.items()}

    def accepted(self, language: str, before: int) -> Iterator[Candidate]:
        """Yield the first `before` accepted candidates of a language, in order."""
        place = self._first(language)
        for _ in range(before):
            place = self.lines.find(_ACCEPTED, place) + len(_ACCEPTED)
            yield self._candidate(place)

    def row(self, language: str, identifier: str, before: int | None = None) -> Candidate | None:
        """Return the accepted candidate of a language with this row id; with `before`, only one of so many first."""
        first = self._first(language)
        found = self.lines.find(b'"id":"%s%s' % (identifier.encode(), _ACCEPTED), first)
        if found < 0 or (before is not None and self.lines.count(_ACCEPTED, first, found) >= before):
            return None
        return self._candidate(found)

    def _first(self, language: str) -> int:
        """Return where the lines of a language begin."""
        return max(self.lines.find(b'\n{"key":"%s/' % language.encode()), 0)

    def _candidate(self, place: int) -> Candidate:
        return Candidate.model_validate(self._line(self.lines.rfind(b"\n", 0, place))["verdict"]["candidate"])

    def _line(self, start: int) -> dict[str, Any]:
        """Return the line after the line end at `start`."""
        line: dict[str, Any] = json.loads(self.lines[start + 1 : self.lines.find(b"\n", start + 1)])
        return line

    def compared(self, bootstraps: Mapping[str, Bootstrap]) -> str:
        """Return what is to be said of a replay after these verdicts."""
        if b"".join((*_lines(bootstraps), b"\n")) == self.lines:
            return Aside("Verified: a replay of the journal gives the verdicts that were kept")
        return "the verdicts that were kept are not those of a replay, which stand; this is a bug of selfinstruct, please report it"


def keep(
    directory: RunDirectory,
    config: Config,
    sources: Mapping[str, str],
    bootstraps: Mapping[str, Bootstrap],
    journal: Journal,
) -> None:
    """Keep the verdicts of a run that was just emitted, or remove what is kept where they would not do.

    It changes nothing of a run: a disk that has no room for it is no failure.
    """
    path = directory.path / FOLDER / _FILE
    try:
        if not _is_plain(directory, config, bootstraps) or not _is_whole(directory, journal):
            path.unlink(missing_ok=True)
            return
        write_text(path.parent / ".gitignore", "*\n")
        head = {"inputs": inputs_of(directory, config, sources), "outputs": outputs_of(directory)}
        with atomic_file(path, private=True) as file:
            digest = hashlib.sha256()
            first = {"version": _VERSION, "place": _place_of(os.fstat(file.fileno()))} | head
            for data in (json.dumps(first).encode(), *_lines(bootstraps)):
                digest.update(data)
                file.write(data)
            file.write(b"\n" + digest.hexdigest().encode() + b"\n")
    except (OSError, StorageError, ValueError):  # the last of a text that is no Unicode
        with suppress(OSError):
            path.unlink(missing_ok=True)


def read_kept(directory: RunDirectory, config: Config, sources: Mapping[str, str]) -> Kept | None:
    """Return the verdicts that are kept of a run as it stands; None where there are none that hold."""
    kept = _read(directory.path / FOLDER / _FILE)
    with suppress(OSError):  # of a file that cannot be read whoever needs it says what is wrong
        return kept if kept and kept.inputs == inputs_of(directory, config, sources) else None
    return None


def stands(directory: RunDirectory, config: Config, sources: Mapping[str, str]) -> bool:
    """Return whether an emission would write what is there: nothing that it depends on has changed, and none of its files.

    But for the resolved configuration, in which limits may be others.
    """
    manifest = directory.manifest()
    if (
        manifest is None
        or directory.review.exists()
        or any(manifest.given.get(name) != value for name, value in directory.given.items())
    ):
        return False
    if any(config.setting(name) != value for name, value in manifest.given.items()):
        return False
    kept = read_kept(directory, config, sources)
    with suppress(OSError):
        return kept is not None and kept.outputs == outputs_of(directory)
    return False


def _place_of(found: os.stat_result) -> str:
    """Return which file this is on this machine: a copy is another."""
    return f"{found.st_dev}:{found.st_ino}:{found.st_uid}"


def _is_plain(directory: RunDirectory, config: Config, bootstraps: Mapping[str, Bootstrap]) -> bool:
    """Return whether nothing but the journal decides: no person, no exclusion, no rows of another run or language."""
    by_hand = directory.review.exists() or config.validate_.exclude
    recipes = {recipe for bootstrap in bootstraps.values() for recipe in bootstrap.plan.config.recipes}
    return not by_hand and "translate" not in recipes


def _is_whole(directory: RunDirectory, journal: Journal) -> bool:
    """Return whether the journal lacks nothing, and the files are those that were written from it."""
    manifest = directory.manifest()
    if manifest is None or journal.damaged or journal.torn or journal.shards or lacking_replies(journal, manifest):
        return False
    states = compare_files(directory.path, manifest, manifest.datasets | manifest.splits)
    return all(one.state == "emitted" for one in states.values())


def _lines(bootstraps: Mapping[str, Bootstrap]) -> Iterator[bytes]:
    """Yield a line for each candidate, after a line end."""
    for bootstrap in bootstraps.values():
        rows = iter(bootstrap.rows)
        for verdict in bootstrap.verdicts:
            row = next(rows).id if verdict.accepted else _id_of(verdict.candidate)
            yield _line(
                verdict.candidate.key, row, verdict.accepted, "verdict", verdict.model_dump_json(exclude_defaults=True)
            )
        for candidate in _distinct(bootstrap.unread_rows()):
            yield _line(
                candidate.key, _id_of(candidate), False, "unread", candidate.model_dump_json(exclude_defaults=True)
            )


def _distinct(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    return iter({one.key: one for one in candidates}.values())


def _line(key: str, row: str, accepted: bool, name: str, value: str) -> bytes:
    return f'\n{{"key":"{key}","id":"{row}","accepted":{accepted:d},"{name}":{value}}}'.encode("utf-8", "surrogatepass")


def _id_of(candidate: Candidate) -> str:
    return row_of(candidate).id if candidate.instruction else ""


def _read(path: Path) -> Kept | None:
    """Return what a file holds, None for one that is not whole, of another version, or not the one that was written here."""
    try:
        if path.is_symlink() or path.parent.is_symlink():
            return None
        with path.open("rb") as file:
            place, data = _place_of(os.fstat(file.fileno())), file.read()
        body, _, digest = data[:-1].rpartition(b"\n")
        if len(digest) != _SHA256 or hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        head, lines = body.partition(b"\n")[::2]
        first: Any = json.loads(head)
        if first.get("version") != _VERSION or first.get("place") != place:
            return None
        return Kept(first["inputs"], first["outputs"], b"\n" + lines + b"\n")
    except (OSError, ValueError, KeyError, AttributeError):
        return None
