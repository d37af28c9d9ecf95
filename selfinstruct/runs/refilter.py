"""A run parsed, filtered, validated and emitted again from its journal: offline, free, the same bytes."""

import json
from collections.abc import Iterator
from typing import Any

from selfinstruct.config import Config, to_toml
from selfinstruct.dataset.io.folders import tell_strangers
from selfinstruct.dataset.release.manifest import MANIFEST, Manifest
from selfinstruct.dataset.review.verdicts import read_decisions
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal, hold
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.documents import changed_documents, tell_changed
from selfinstruct.runs.emission import emit
from selfinstruct.runs.gone import keep_in_bill
from selfinstruct.runs.inputs import Inputs, load_inputs
from selfinstruct.runs.kept import keep, read_kept, stands
from selfinstruct.runs.languages import with_every_language
from selfinstruct.runs.merges import last_emission, made_of_journal, merge_of
from selfinstruct.runs.replay import replay
from selfinstruct.runs.resume import journal_faults, warn
from selfinstruct.runs.targets import lower_targets
from selfinstruct.runs.unused import unused_exclusions
from selfinstruct.system.aside import Aside
from selfinstruct.system.writing import write_text
from selfinstruct.weights import Say


def refilter(
    config: Config,
    directory: RunDirectory,
    say: Say = lambda _: None,
    *,
    discard_edits: bool = False,
    verify: bool = False,
) -> dict[str, Any]:
    """Parse, filter, validate and emit a run again from its journal, offline, and return its manifest.

    A run in which nothing changed since it was written stands, and is not replayed unless to `verify` that. What was changed by hand in the
    dataset stays, as a decision in `review.jsonl`, unless `discard_edits`. `say` hears of both.
    """
    manifest = directory.manifest()
    nothing_answered = manifest is not None and manifest.requests is not None and not manifest.requests.answered
    if not directory.has_requests() and not nothing_answered:
        if manifest:
            raise InputError(f"{directory.path}: {directory.no_journal('filter again')}")
        raise InputError(
            f"{directory.path}: holds no run; `selfinstruct generate` makes one, `selfinstruct translate` one of translations; or name another with --run"
        )
    before = last_emission(directory)
    config, lines = with_every_language(before, config, asks=False)
    inputs = load_inputs(config)
    directory.check_owner()
    directory.check_same_asking(config, sources=None)
    changed = changed_documents(manifest, inputs.sha256, directory.dataset)
    for line in tell_strangers(directory.dataset):
        say(f"{directory.dataset}: {line}")
    warn((*lines, *_changed_since(directory, config, inputs), *tell_changed(changed)), say)
    if not discard_edits and not verify and _stands(directory, config, inputs):
        say(Aside(f"{directory.path}: nothing is new, and the dataset stands as it was written"))
        write_text(directory.config_lock, to_toml(config))  # limits may be others
        emitted: dict[str, Any] = json.loads((directory.path / MANIFEST).read_bytes())
    else:
        emitted = _emit_anew(directory, config, inputs, before, say, discard_edits=discard_edits, verify=verify)
    warn(lower_targets(before, config, directory.path, directory.flags), say)
    return emitted


def _stands(directory: RunDirectory, config: Config, inputs: Inputs) -> bool:
    """Return whether an emission would write what is there; raises StorageError where another process works on the run."""
    if not directory.journal.is_dir() or merge_of(directory) is not None:
        return False
    with hold(directory.journal):
        return stands(directory, config, inputs.sha256)


def _emit_anew(  # noqa: PLR0913 -- a run, what it is made of, and how
    directory: RunDirectory,
    config: Config,
    inputs: Inputs,
    before: Manifest | None,
    say: Say,
    *,
    discard_edits: bool,
    verify: bool,
) -> dict[str, Any]:
    """Replay the journal and write the run down; with `verify` say whether the verdicts are those that were kept."""
    with Journal(directory.journal) as journal:
        made = made_of_journal(directory, before)
        for line in journal_faults(journal, made):
            say(line)
        keep_in_bill(directory, journal, made, config, say)
        bootstraps = replay(inputs.plans, journal)
        if verify and (kept := read_kept(directory, config, inputs.sha256)):
            say(kept.compared(bootstraps))
        emitted = emit(directory, config, inputs.sha256, bootstraps, journal, None, say, discards_edits=discard_edits)
        keep(directory, config, inputs.sha256, bootstraps, journal)
    warn(unused_exclusions(config, bootstraps, read_decisions(directory.review).values()), say)
    return emitted


def _changed_since(directory: RunDirectory, config: Config, inputs: Inputs) -> Iterator[str]:
    """Yield which seeds and prompts are not those that the teacher was asked with."""
    if changed := directory.changed_asking(config, inputs.sha256):
        yield (
            f"{directory.path}: changed since the first request: {', '.join(changed)}; the rows that stand were asked for with what was there then, "
            "whose sha256 manifest and card keep"
        )
