"""Slices of one run, each asked by a generator of its own, united: their journals become that of a new run, which is emitted from it.

Slice I of N asks the requests I - 1, I - 1 + N, ... and composes each from the rows of its own earlier ones, so what it asks depends on nothing
that another slice does. The united run judges all replies in the order of their requests, so the order of the directories changes no byte. A row
that two slices found counts once; what is then short of the target can be asked for by `generate` on the united run.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.config import Config, part_of
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.errors import InputError, StorageError
from selfinstruct.journal import Journal, hold
from selfinstruct.journal.lines import frame
from selfinstruct.journal.segments import segment_name, segment_paths
from selfinstruct.runs.directory import RunDirectory, differences
from selfinstruct.runs.emission import begin
from selfinstruct.runs.gone import united
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.resume import lacking_replies
from selfinstruct.system.numbers import amount
from selfinstruct.teacher.speech import FILE as DIALECT
from selfinstruct.weights import Say

_UNFINISHED = ".joining"
"""Suffix of the directory of a run that is being united; left behind by a kill, and begun anew."""


class Slice(NamedTuple):
    """One slice of a run, as its directory has it."""

    directory: RunDirectory
    manifest: Manifest
    number: int
    """From 1."""
    of: int

    @property
    def name(self) -> str:
        """The slice as `--slice` names it."""
        return f"{self.number}/{self.of}"


def join(paths: Sequence[Path], config: Config, directory: RunDirectory, say: Say = lambda _: None) -> dict[str, Any]:
    """Unite slices to a new run, emit it, and return its manifest; `config` is theirs without the slice.

    Raises InputError, writing nothing, for slices that are not all those of one run, and StorageError for a disk that fails or a slice that
    another process writes.
    """
    slices = read_slices(paths)
    target = directory.path
    if target.exists():
        raise InputError(
            f"{target}: exists already; name a new directory with --run, or remove it to unite the slices again"
        )
    inputs = load_inputs(config)
    if changed := _changed(slices[0].manifest, config, inputs.sha256):
        raise InputError(
            f"{slices[0].directory.path}: was asked under another configuration than the one that the united run would have; changed: "
            f"{', '.join(changed)}; put them back, or name the right file with --config"
        )
    unfinished = RunDirectory(target.with_name(target.name + _UNFINISHED))
    try:
        shutil.rmtree(unfinished.path, ignore_errors=True)
        with ExitStack() as stack:
            for one in slices:
                stack.enter_context(hold(one.directory.journal))
                _check_whole(one)
            _unite(slices, unfinished.journal, config)
        begin(unfinished, config, inputs.sha256)
        begun = unfinished.manifest()
        unfinished.write_manifest((begun.document() if begun else {}) | {"joined": len(slices)})
        manifest = refilter(config, unfinished, say)
        unfinished.path.rename(target)
    except OSError as error:
        raise StorageError(
            f"{target}: cannot be written ({error.strerror or error}); free the disk, or choose another --run, and run the same command again"
        ) from error
    _tell_short(slices, manifest, config, target, say)
    return manifest


def read_slices(paths: Sequence[Path]) -> list[Slice]:
    """Return the slices in directories, in their order; raises InputError unless they are all those of one run."""
    slices = sorted((_slice(RunDirectory(path)) for path in paths), key=lambda one: one.number)
    first, seen = slices[0], dict[int, Slice]()
    for one in slices:
        where = one.directory.path
        if one.of != first.of:
            raise InputError(
                f"{where}: is slice {one.name}, and {first.directory.path} is slice {first.name}: of another slicing; name the slices of one"
            )
        if other := seen.get(one.number):
            raise InputError(f"{where}: is slice {one.name}, as is {other.directory.path}; name each slice once")
        seen[one.number] = one
        if unlike := list(_unlike(first.manifest, one.manifest)):
            raise InputError(
                f"{where}: differs from {first.directory.path} in {', '.join(unlike)}; slices of one run differ in nothing but their number: "
                "make this one again with the configuration, seeds, prompts and version of the others"
            )
    if missing := [f"{number}/{first.of}" for number in range(1, first.of + 1) if number not in seen]:
        raise InputError(
            f"slice {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; name the directory too, or make it with "
            f"`selfinstruct generate --slice {missing[0]} --run DIR`"
        )
    return slices


def _slice(directory: RunDirectory) -> Slice:
    manifest = directory.manifest()
    if manifest is None:
        raise InputError(f"{directory.path}: holds no run; name the directories that `generate --slice I/N` made")
    part = part_of(manifest.asking.generate.slice)
    if not manifest.asking.generate.slice:
        raise InputError(f"{directory.path}: is no slice but a whole run; name those that `generate --slice I/N` made")
    if directory.review.is_file() and directory.review.stat().st_size:
        raise InputError(
            f"{directory.review}: people decided on rows of this slice, and decisions belong to the united run; "
            f"`selfinstruct filter --run {directory.path} --discard-edits` gives them up, then unite and review"
        )
    return Slice(directory, manifest, part.number + 1, part.of)


def _unlike(first: Manifest, other: Manifest) -> Iterator[str]:
    """Yield what two slices differ in, with both values of a version."""
    if first.selfinstruct != other.selfinstruct:
        yield f"the version of selfinstruct ({other.selfinstruct}, not {first.selfinstruct})"
    asked = differences(first.asking.document(), other.asking.document())
    yield from (name for name in asked if name != "generate.slice")
    yield from differences(
        (first.made_under or first.keeping).document(), (other.made_under or other.keeping).document()
    )
    yield from sorted(
        name for name in {*first.sources, *other.sources} if first.sources.get(name) != other.sources.get(name)
    )


def _changed(manifest: Manifest, config: Config, sources: Mapping[str, str]) -> list[str]:
    """Return which settings and files are not those that the slices were asked with."""
    changed = [
        name for name in differences(manifest.asking.document(), config.request_settings()) if name != "generate.slice"
    ]
    return changed + sorted(name for name, sha256 in manifest.sources.items() if sources.get(name, sha256) != sha256)


def _check_whole(one: Slice) -> None:
    """Raise InputError where a journal is damaged or waits for replies."""
    again = f"`selfinstruct generate --slice {one.name} --run {one.directory.path}`"
    with Journal(one.directory.journal, read_only=True) as journal:
        if journal.damaged or journal.torn:
            file, line = journal.torn or journal.damaged[0]
            raise InputError(
                f"{one.directory.journal / file}:{line}: is damaged; {again} asks for what is lost, then unite again"
            )
        if lacking := lacking_replies(journal, one.manifest):
            raise InputError(
                f"{one.directory.journal}: lacks {amount(lacking, 'reply')} of those that its slice was made of; put its files back from a copy, or "
                f"{again} asks for what is lost, then unite again"
            )
        if journal.shards:
            raise InputError(
                f"{one.directory.journal}: {len(journal.shards)} of its batches are out at the provider; {again} collects them, then unite again"
            )


def _unite(slices: Sequence[Slice], journal: Path, config: Config) -> None:
    """Copy the segments of all slices, byte for byte, under consecutive numbers; behind them, what was paid for where replies are gone."""
    journal.mkdir(parents=True)
    number = 0
    for one in slices:
        for path in segment_paths(one.directory.journal):
            if path.stat().st_size:
                number += 1
                shutil.copyfile(path, journal / segment_name(number))
    if paid := united([Journal(one.directory.journal, read_only=True) for one in slices], config):
        (journal / segment_name(number + 1)).write_bytes(frame(paid))
    dialect = slices[0].directory.journal / DIALECT
    if dialect.is_file():
        shutil.copyfile(dialect, journal / DIALECT)
    for path in journal.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _tell_short(slices: Sequence[Slice], manifest: Mapping[str, Any], config: Config, target: Path, say: Say) -> None:
    """Say of each language how many rows the slices had, and how many are short of the target."""
    for language, wanted in sorted(config.target.items()):
        found = sum(one.manifest.ledger[language].accepted for one in slices if language in one.manifest.ledger)
        accepted = manifest["ledger"].get(language, {}).get("accepted", 0)
        twice = f", {found - accepted} of which several slices found or need another reply" if found > accepted else ""
        short = f"; `selfinstruct generate --run {target}` asks for the {wanted - accepted} that are missing"
        say(
            f"{language}: {found} rows of {len(slices)} slices{twice}: {accepted} of {wanted}{short if accepted < wanted else ''}"
        )
