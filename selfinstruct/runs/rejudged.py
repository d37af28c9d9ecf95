"""Settings and files that decide which candidates become rows, changed since a dataset was written: what they do to the rows that stand."""

import json
from collections.abc import Iterator, Mapping

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.asked import Keeping
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.runs.by_hand import applied
from selfinstruct.runs.directory import RunDirectory, asked_of, differences, told_differences
from selfinstruct.system.numbers import amount


def changed_keeping(before: Manifest, made: Keeping, config: Config, sources: Mapping[str, str]) -> list[str]:
    """Return the dotted names of settings, and the files, by which candidates become rows, that are not those of `made` and `before`."""
    keeping = differences(made.document(), config.acceptance_settings())
    files = {name for name in {*before.sources, *sources} if before.sources.get(name) != sources.get(name)}
    return keeping + sorted(files - asked_of(dict.fromkeys(files, "")).keys())


def tell_rejudged(
    directory: RunDirectory,
    before: Manifest | None,
    config: Config,
    sources: Mapping[str, str],
    bootstraps: Mapping[str, Bootstrap],
) -> Iterator[str]:
    """Yield what has changed since the dataset was written, but for targets, and how many of its rows stand under that."""
    if before is None or not before.ledger:
        return
    made = before.made_under or before.keeping
    changed = [name for name in changed_keeping(before, made, config, sources) if not name.startswith("target.")]
    if not changed:
        return
    told = ", ".join(told_differences(made.document(), config.acceptance_settings(), changed))
    stood = _ids(directory)
    now = {row.row.id for one in applied(directory, config, bootstraps).values() for row in one.rows}
    yield (
        f"{directory.path}: changed since the dataset was written: {told}; of {amount(len(stood), 'row')} {len(stood & now)} "
        f"{'stands' if len(stood & now) == 1 else 'stand'} under that, and what is missing is asked for (`selfinstruct filter` applies it for free)"
    )


def _ids(directory: RunDirectory) -> set[str]:
    """Return the ids of the rows that the last emission wrote; none where they cannot be read."""
    try:
        data = directory.provenance.read_bytes()
        return {json.loads(line)["id"] for line in data.splitlines()}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
