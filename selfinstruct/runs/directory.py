"""The run directory: what lies where, the manifest, and whether a journal may go on under a configuration.

What is written into it is decided in `emission`.
"""

import hashlib
import json
import os
import pwd
import stat
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from selfinstruct.config import Config
from selfinstruct.dataset.release.files import SPLITS
from selfinstruct.dataset.release.lines import PROVENANCE, REJECTED, REVIEW
from selfinstruct.dataset.release.manifest import MANIFEST, Manifest, read_manifest
from selfinstruct.errors import InputError, StorageError
from selfinstruct.system.conflicts import refuse_markers
from selfinstruct.system.numbers import told_key
from selfinstruct.system.plain import refuse_links
from selfinstruct.system.writing import free_name, write_text
from selfinstruct.weights import Say

MAY_CHANGE = ("held_out/", "translated/")
"""Of the names of sources that may change within a run: evaluation sets, which only decide what becomes a row, and rows to translate."""
_SHOWN = 60
"""Most characters of a setting in a message."""
_FILES = (MANIFEST, PROVENANCE, REJECTED, "config.lock.toml", REVIEW)


class RunDirectory:
    """One run directory."""

    def __init__(self, path: Path) -> None:
        """Name it; nothing is created yet."""
        self.path = path
        self.journal = path / "journal"
        self.dataset = path / "dataset"
        self.provenance = path / PROVENANCE
        self.rejected = path / REJECTED
        self.review = path / REVIEW
        self.config_lock = path / "config.lock.toml"
        self.given: Mapping[str, Any] = {}
        """{dotted key: value} that flags, or keywords of the library, give this command; recorded with the run."""
        self.flags: Collection[str] = ()
        """Those of them that are flags."""

    @property
    def emitted(self) -> tuple[Path, ...]:
        """Files beside the dataset that an emission writes."""
        return self.path / MANIFEST, self.provenance, self.rejected, self.config_lock

    def check_plain(self) -> None:
        """Raise InputError when anything that a run reads or writes in its directory is a link, a pipe or a device; the directory itself may be a link."""
        refuse_links(
            self.path,
            ("journal", "dataset", *_FILES),
        )

    def check_no_file(self) -> None:
        """Raise InputError when the path is that of a file."""
        if self.path.is_file():
            raise InputError(f"{self.path}: is a file; name the directory of a run, or one to be made")

    def check_owner(self) -> None:
        """Raise InputError when the run, its journal or its dataset is somebody else's; called before anything is written."""
        for path in (self.path, self.journal, self.dataset):
            _check_owner(path)

    def manifest(self) -> Manifest | None:
        """Return the manifest of the last emission, or None when there was none."""
        self.check_plain()
        path = self.path / MANIFEST
        return read_manifest(path) if path.is_file() else None

    def check_merged(self) -> None:
        """Raise InputError with each file and line where a git merge left dataset, decisions or provenance unfinished."""
        folders = (self.dataset, *(self.dataset / split for split in SPLITS))
        files = [path for folder in folders for path in sorted(folder.glob("*.jsonl"))]
        refuse_markers(files, by_id=(self.review, self.provenance))

    def check_journal(self, *, costs: bool, say: Say) -> None:
        """Raise InputError where everything would be paid for again, since the journal of what was answered is elsewhere; say so where it is free."""
        if not self.lost_journal():
            return
        if costs:
            raise InputError(f"{self.path}: {self.no_journal('go on with')}")
        say(f"{self.path}: has no journal, as it is not in git: the embedded teacher is asked everything anew")

    def lost_journal(self) -> bool:
        """Return whether replies were given to a run that has none of them here: its journal is elsewhere, or its files are gone."""
        manifest = self.manifest()
        return bool(manifest and manifest.requests and manifest.requests.answered) and not self.has_requests()

    @staticmethod
    def no_journal(verb: str) -> str:
        """Return that a run has no journal, and where to get it."""
        return (
            f"has no journal to {verb}, as it is not in git; get the folder `journal` from whoever made the run, or from a copy, or name another run "
            "with --run (`selfinstruct generate --fresh` sets the dataset aside, and asks for everything anew)"
        )

    def review_sha256(self) -> str:
        """Return the hash of the decisions as they stand; empty without any."""
        return hashlib.sha256(self.review.read_bytes()).hexdigest() if self.review.is_file() else ""

    def has_requests(self) -> bool:
        """Return whether the journal is here and anything was asked: a run that was refused at once leaves an empty one."""
        return any(path.stat().st_size for path in self.journal.glob("*.jsonl"))

    def set_aside(self, say: Say) -> Path | None:
        """Rename the directory to the next free `<name>.N`, and return that; a journal is never deleted."""
        from selfinstruct.journal import hold  # not for who only asks what a run is

        if not self.path.exists():
            return None
        aside = free_name(self.path)
        try:
            with (
                hold(self.journal) if self.journal.is_dir() else nullcontext()
            ):  # a process at work would go on in both
                self.path.rename(aside)
        except OSError as error:
            raise StorageError(f"{self.path}: cannot be set aside ({error.strerror}); choose another --run") from error
        say(f"The old run is set aside as {aside}")
        return aside

    def changed_asking(self, config: Config, sources: Mapping[str, str] | None) -> list[str]:
        """Return which settings (and, if given, seeds and prompts) are not those that the journal was asked under."""
        manifest = self.manifest()
        if manifest is None or not self.has_requests():
            return []  # nothing was asked yet, or the dataset came by git without its journal: nothing to continue
        changed = differences(manifest.asking.document(), config.request_settings())
        if sources is not None:
            recorded = {name: sha256 for name, sha256 in asked_of(manifest.sources).items() if name in sources}
            from selfinstruct.seeds.read import is_as_recorded  # not for who only asks what a run is

            others = {name: sha256 for name, sha256 in recorded.items() if sources[name] != sha256}
            changed += sorted(name for name in others if not is_as_recorded(config.run.seeds, name, others[name]))
        return changed if changed and self._is_bound(manifest) else []

    def _is_bound(self, manifest: Manifest) -> bool:
        """Return whether anything asked has an outcome, or may still have one: a run whose server was never reached is free."""
        if manifest.requests and manifest.requests.answered:
            return True
        from selfinstruct.journal import Journal  # not for who only asks what a run is

        with Journal(self.journal, read_only=True) as journal:
            outcomes = (journal.answered, journal.withheld, journal.uncertain, journal.shards)
            return bool(journal.damaged or any(outcomes))

    def check_same_asking(self, config: Config, sources: Mapping[str, str] | None) -> None:
        """Raise InputError when the journal was asked under another configuration (or, if given, other seeds or prompts)."""
        changed = self.changed_asking(config, sources)
        manifest = self.manifest()
        if changed and manifest:
            told = told_differences(manifest.asking.document(), config.request_settings(), changed)
            raise InputError(
                f"{self.path}: this run was made with another configuration; changed: {', '.join(told)}. "
                "Use --run for a new directory, --fresh to set this run aside, or undo the change"
            )

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest: last of all files, so that what it says is there."""
        write_text(self.path / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")


def _check_owner(folder: Path) -> None:
    """Raise InputError when a folder that is to be written into belongs to somebody else."""
    try:
        found = folder.stat()
    except OSError:
        return  # not there yet, or whoever opens it says what is wrong
    if is_foreign(found.st_uid, found.st_mode, os.geteuid()):
        raise InputError(
            f"{folder}: belongs to {_user_name(found.st_uid)}, who could change what is written there; "
            f"`chown -R {_user_name(os.geteuid())} {folder}` as root makes it yours, or choose another --run"
        )


def is_foreign(owner: int, mode: int, user: int) -> bool:
    """Return whether a user must not write into a folder, as it belongs to another who could swap files under his hands.

    A folder of root is no foreign one: root can do anything anyway, and volumes are often mounted so. Root itself writes into the folder
    of another user while only that user may, as in a container with a mounted home; where a group or all may, it could be anybody's trap.
    """
    return owner not in {user, 0} and (user != 0 or bool(mode & (stat.S_IWGRP | stat.S_IWOTH)))


def _user_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def run_around(path: Path) -> Path | None:
    """Return the run directory that a file is a part of: its journal, its dataset, or one of the files that a run writes."""
    path = path.resolve()
    for folder in path.parents:
        if (folder / MANIFEST).is_file() or (folder / "journal").is_dir():
            first = path.relative_to(folder).parts[0]
            if first in {"journal", "dataset", *_FILES}:
                return folder
    return None


def asked_of(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the seeds and prompts among the sources: what decides the requests."""
    return {name: sha256 for name, sha256 in sources.items() if not name.startswith(MAY_CHANGE)}


def told_differences(before: Mapping[str, Any], now: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Return dotted keys, each with what it was and is where both are set; a name that is no key, such as a file, stays as it is."""
    old, new = ({"generate.slice": ""} | _flat(one) for one in (before, now))  # a whole run states none
    return [
        f"{told_key(name)} (was {_shown(name, old[name])}, is {_shown(name, new[name])})"
        if name in old and name in new
        else name
        for name in names
    ]


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return {dotted key: value} of nested sections."""
    found: dict[str, Any] = {}
    for key, one in value.items():
        found |= _flat(one, f"{prefix}{key}.") if isinstance(one, dict) else {f"{prefix}{key}": one}
    return found


def _shown(name: str, value: Any) -> str:
    empty = "the whole run" if told_key(name) == "--slice" else "empty"
    text = "not set" if value is None else str(value) if value != "" else empty
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def differences(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Return the dotted keys whose values differ."""
    names = []
    for key in sorted({*before, *now}):
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            names += differences(old, new, f"{prefix}{key}.")
        elif old != new:
            names.append(f"{prefix}{key}")
    return names
