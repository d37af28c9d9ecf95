"""The run directory: what lies where, and how a finished or interrupted run is written down.

Dataset, provenance, rejected rows and manifest are rebuilt whole from the journal each time; the manifest is written last.
"""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config, to_toml
from selfinstruct.dataset.release.backup import set_aside, tell_what_returns
from selfinstruct.dataset.release.card import card
from selfinstruct.dataset.release.files import ATTRIBUTES, File, files_of, ignored, stale
from selfinstruct.dataset.release.funnel import funnel
from selfinstruct.dataset.release.manifest import MANIFEST, read_manifest
from selfinstruct.dataset.release.split import links_of, sides
from selfinstruct.errors import CapReachedError, InputError, InterruptedRunError, SelfInstructError, StorageError
from selfinstruct.journal import Journal
from selfinstruct.runs.ledger import flags, judge_summary, ledger
from selfinstruct.runs.provenance import heard_rows, provenance, rejections
from selfinstruct.system.files import read_jsonl, remove, to_line, write_bytes, write_text
from selfinstruct.teacher import bill_of, price_of, read_reply
from selfinstruct.weights import WEIGHTS, Say

SCHEMA = 1


class RunDirectory:
    """One run directory."""

    def __init__(self, path: Path) -> None:
        """Name it; nothing is created yet."""
        self.path = path
        self.journal = path / "journal"

    def manifest(self) -> dict[str, Any] | None:
        """Return the manifest of the last emission, or None when there was none."""
        path = self.path / MANIFEST
        return read_manifest(path) if path.exists() else None

    def has_requests(self) -> bool:
        """Return whether the journal is here and anything was asked: a run that was refused at once leaves an empty one."""
        return any(path.stat().st_size for path in self.journal.glob("*.jsonl"))

    def set_aside(self, say: Say) -> None:
        """Rename the directory to the next free `<name>.N`; a journal is never deleted."""
        if not self.path.exists():
            return
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.{number}")).exists():
            number += 1
        try:
            self.path.rename(aside)
        except OSError as error:
            raise StorageError(f"{self.path}: cannot be set aside ({error.strerror}); choose another --run") from error
        say(f"The old run is set aside as {aside}")

    def check_same_asking(self, config: Config, sources: Mapping[str, str] | None) -> None:
        """Raise InputError when the journal was asked under another configuration (or, if given, other seeds or prompts)."""
        manifest = self.manifest()
        if manifest is None or not self.has_requests():
            return  # nothing was asked yet, or the dataset came by git without its journal: nothing to continue
        changed = _differences(manifest["asking"], config.asking())
        if sources is not None:
            recorded = {name: sha256 for name, sha256 in _asked(manifest["sources"]).items() if name in sources}
            changed += sorted(name for name, sha256 in recorded.items() if sources[name] != sha256)
        if changed:
            raise InputError(
                f"{self.path}: this run was made with another configuration; changed: {', '.join(changed)}. "
                "Use --run for a new directory, --fresh to set this run aside, or undo the change"
            )

    def begin(self, config: Config, sources: Mapping[str, str]) -> None:
        """Write down what is asked before the first request is sent."""
        old = self.manifest() or {}
        manifest = old | self._identity(config, sources) | {"stop": "running"}
        write_text(self.path / "config.lock.toml", to_toml(config))
        self._write_manifest(manifest)

    def emit(  # noqa: PLR0913, PLR0917 -- all that an emission is made of
        self,
        config: Config,
        sources: Mapping[str, str],
        bootstraps: Mapping[str, Bootstrap],
        journal: Journal,
        stopped_by: SelfInstructError | None,
        say: Say,
    ) -> dict[str, Any]:
        """Write dataset, provenance, rejected rows and manifest; returns the manifest.

        The ledger is counted before a byte is written: a run that does not add up leaves the last emission alone. Rows that stand in the
        dataset and in no reply are set aside first, and `say` hears of it.
        """
        counted = ledger(bootstraps)
        old = self.manifest() or {}
        written = self._write_dataset(config, bootstraps, say)
        models = _models(journal)
        self._write_lines("provenance.jsonl", provenance(bootstraps, models))
        self._write_lines("rejected.jsonl", rejections(bootstraps))
        write_text(self.path / "config.lock.toml", to_toml(config))
        manifest = (
            self._identity(config, _asked(old.get("sources") or sources) | _kept(sources))
            | {
                "fingerprint": config.fingerprint(sources),
                "stop": _stop(bootstraps, stopped_by, str(old.get("stop", ""))),
                "ledger": counted,
                "funnel": {language: funnel(bootstrap.verdicts) for language, bootstrap in bootstraps.items()},
                "flags": {language: flags(bootstrap) for language, bootstrap in bootstraps.items()},
                "requests": {
                    "answered": len(journal.answered),
                    "uncertain": len(journal.uncertain),
                    "spare": _spare(bootstraps),
                },
            }
            | written
        )
        manifest |= judge_summary(bootstraps)
        manifest |= bill_of(journal, price_of(config)).summary()
        prompts = {language: bootstrap.plan.prompts for language, bootstrap in bootstraps.items()}
        write_text(self.path / "dataset" / "README.md", card(manifest, prompts, config.run.licence))
        self._write_manifest(manifest)
        return manifest

    def _write_dataset(self, config: Config, bootstraps: Mapping[str, Bootstrap], say: Say) -> dict[str, Any]:
        """Write the files of all languages, remove shards that are none any more, and return what the manifest says of them."""
        folder = self.path / "dataset"
        files = {
            language: files_of(
                language, bootstrap.rows, sides(list(links_of(bootstrap.verdicts)), config.finetune.held_out)
            )
            for language, bootstrap in bootstraps.items()
        }
        set_aside(folder, files, lambda: heard_rows(bootstraps), say)
        tell_what_returns(folder, files, self._emitted, say)
        for language, one in files.items():
            for name, file in (one.whole | one.by_split).items():
                write_bytes(folder / name, file.data)
            for path in stale(folder, language, one):
                remove(path)
        write_text(folder / ".gitattributes", ATTRIBUTES)
        if left_out := ignored(files):
            write_text(folder / ".gitignore", left_out)
        else:
            remove(folder / ".gitignore")
        return {
            "datasets": {
                f"dataset/{name}": _digest(file) for one in files.values() for name, file in one.whole.items()
            },
            "splits": {
                f"dataset/{name}": _digest(file) for one in files.values() for name, file in one.by_split.items()
            },
        }

    def _emitted(self) -> set[str]:
        """Return the ids of the rows of the last emission; none when its provenance is gone or in conflict."""
        try:
            return {str(origin.get("id")) for _, origin in read_jsonl(self.path / "provenance.jsonl")}
        except SelfInstructError:
            return set()

    def _identity(self, config: Config, sources: Mapping[str, str]) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "selfinstruct": version("selfinstruct"),
            "name": config.run.name,
            "fingerprint": config.fingerprint(sources),
            "asking": config.asking(),
            "keeping": config.keeping(),
            "sources": dict(sorted(sources.items())),
            "weights": _weights(config),
        }

    def _write_manifest(self, manifest: Mapping[str, Any]) -> None:
        write_text(self.path / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")

    def _write_lines(self, name: str, values: list[dict[str, Any]]) -> None:
        write_text(self.path / name, "".join(to_line(value) + "\n" for value in values))


def _asked(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the seeds and prompts among the sources: what decides the requests."""
    return {name: sha256 for name, sha256 in sources.items() if not name.startswith("held_out/")}


def _kept(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the held-out files among the sources: what only decides which candidates become rows, and may change within a run."""
    return {name: sha256 for name, sha256 in sources.items() if name.startswith("held_out/")}


def _digest(file: File) -> dict[str, Any]:
    return {"rows": file.rows, "sha256": hashlib.sha256(file.data).hexdigest()}


def _stop(bootstraps: Mapping[str, Bootstrap], stopped_by: SelfInstructError | None, before: str) -> str:
    if all(bootstrap.full for bootstrap in bootstraps.values()):
        return "target reached"
    if stopped_by is None:
        return before if before not in {"", "running", "target reached"} else "not finished"
    if isinstance(stopped_by, InterruptedRunError):
        return "interrupted"
    return ("cap: " if isinstance(stopped_by, CapReachedError) else "refused: ") + str(stopped_by)


def _spare(bootstraps: Mapping[str, Bootstrap]) -> int:
    return sum(bootstrap.spare for bootstrap in bootstraps.values())


def _models(journal: Journal) -> dict[str, str]:
    """Return {slot: model that answered}."""
    return {recorded.request.slot: read_reply(recorded.status, recorded.body).model for recorded in journal.recorded()}


def _weights(config: Config) -> dict[str, str] | None:
    weights = WEIGHTS.get(config.teacher.model) if config.teacher.kind == "embedded" else None
    return weights and {"origin": weights.origin, "licence": weights.licence, "sha256": weights.sha256}


def _differences(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[str]:
    names = []
    for key in sorted({*before, *now}):
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            names += _differences(old, new, f"{prefix}{key}.")
        elif old != new:
            names.append(f"{prefix}{key}")
    return names
