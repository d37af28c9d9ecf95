"""What the manifest says of how a run asks: configuration, sources, flags, weights."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.runs.directory import MAY_CHANGE, RunDirectory
from selfinstruct.weights import WEIGHTS

SCHEMA = 1


def identity(config: Config, sources: Mapping[str, str]) -> dict[str, Any]:
    """Return what the manifest says of the configuration and its sources."""
    return {
        "schema": SCHEMA,
        "selfinstruct": version("selfinstruct"),
        "name": config.run.name,
        "fingerprint": config.fingerprint(sources),
        "asking": config.request_settings(),
        "keeping": config.acceptance_settings(),
        "sources": dict(sorted(sources.items())),
        "weights": _weights(config),
    }


def in_force(directory: RunDirectory, config: Config, old: Manifest | None) -> dict[str, Any]:
    """Return what flags gave the run, as far as it is in force."""
    recorded = {**(old.given if old else {}), **directory.given}
    given = {key: value for key, value in sorted(recorded.items()) if config.setting(key) == value}
    return {"given": given} if given else {}


def changeable(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the sources that may change within a run: evaluation sets, and the rows that are translated."""
    return {name: sha256 for name, sha256 in sources.items() if name.startswith(MAY_CHANGE)}


def _weights(config: Config) -> dict[str, str] | None:
    weights = WEIGHTS.get(config.teacher.model) if config.teacher.kind == "embedded" else None
    return weights and {"origin": weights.origin, "licence": weights.licence, "sha256": weights.sha256}
