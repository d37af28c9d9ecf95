"""All that the verdicts and files of a run depend on, as fingerprints: whoever kept something under one may use it while that is the same."""

import hashlib
import json
import platform
import sys
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import MANIFEST
from selfinstruct.runs.directory import RunDirectory

_PACKAGES: Final = ("numpy", "numba", "pydantic", "rapidfuzz", "opencc", "regex", "sympy")
"""Packages whose version may matter to a rule or a score."""
_UNHASHED: Final = {"lock", "reserve"}
"""Files in a journal's folder that say nothing of a run."""


def inputs_of(directory: RunDirectory, config: Config, sources: Mapping[str, str]) -> str:
    """Return the fingerprint of all that the verdicts and files of a run depend on, what a person decided apart."""
    journal = {path.name: _sha256(path) for path in _files(directory.journal) if path.name not in _UNHASHED}
    parts = {
        "program": program(),
        "config": config.model_dump(mode="json", exclude={"limits"}),
        "rate": str(config.limits.cny_per_usd),
        "sources": dict(sources),
        "journal": journal,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def outputs_of(directory: RunDirectory) -> str:
    """Return the fingerprint of all files that an emission writes or looks at, the resolved configuration apart."""
    names = [directory.path / MANIFEST, directory.provenance, directory.rejected]
    files = (*names, *_files(directory.dataset))
    sums = {str(path.relative_to(directory.path)): _sha256(path) for path in files if path.is_file()}
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()


@cache
def program() -> str:
    """Return the fingerprint of this program, its data and what it runs on, as it was at the first call."""
    package = Path(__file__).parent.parent
    files = (
        path for path in sorted(package.rglob("*")) if path.is_file() and path.suffix not in {".pyc", ".nbi", ".nbc"}
    )
    parts = [(str(path.relative_to(package)), _sha256(path)) for path in files]
    machine = [sys.version, platform.machine(), unicodedata.unidata_version, *map(_version, _PACKAGES)]
    return hashlib.sha256(json.dumps([parts, machine]).encode()).hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _files(folder: Path) -> list[Path]:
    """Return the files below a folder; what a link leads to is none of them."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
