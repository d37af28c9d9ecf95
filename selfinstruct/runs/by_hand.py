"""What people changed in the dataset of a run becomes a recorded decision before the dataset is written anew.

Decisions are written first: a process that ends between that and the last file has lost none, and the next one finds the same. A file whose
hash is that of the manifest, or of what is about to be written, was not touched, and nothing is looked for in it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.backup import set_aside
from selfinstruct.dataset.release.files import LanguageFiles, files_of, line_of
from selfinstruct.dataset.release.lines import Provenance, read_any_provenance
from selfinstruct.dataset.release.split import links_of, split_links
from selfinstruct.dataset.review.apply import Applied, apply
from selfinstruct.dataset.review.decisions import Decisions, read_decisions, write_decisions
from selfinstruct.dataset.review.notice import Changes, Known, applied_to, changes_in, merged
from selfinstruct.dataset.review.standing import rows_in, split_files, whole_file
from selfinstruct.errors import SelfInstructError
from selfinstruct.records import Row, row_of
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.writing import remove
from selfinstruct.weights import Say

Bootstraps = Mapping[str, Bootstrap]
_SHOWN = 5


class Emission(NamedTuple):
    """What is written of one language."""

    applied: Applied
    files: LanguageFiles


def emissions_of(
    directory: RunDirectory, config: Config, bootstraps: Bootstraps, say: Say, *, discards: bool = False
) -> dict[str, Emission]:
    """Return what each language's files will hold, with all that was changed by hand, which is recorded first.

    `discards`: what was changed is not looked for, and decisions are given up. Raises InputError for a dataset file or `review.jsonl` that
    cannot be read; nothing has been written then.
    """
    if discards:
        _discard(directory, say)
        return {language: _emission(one, {}, config) for language, one in bootstraps.items()}
    decisions = read_decisions(directory.review)
    emissions = {language: _emission(one, decisions, config) for language, one in bootstraps.items()}
    if changes := _changes(directory, bootstraps, emissions, decisions, say):
        decisions = applied_to(decisions, changes)
        emissions = {language: _emission(one, decisions, config) for language, one in bootstraps.items()}
        write_decisions(directory.review, decisions.values())
        say(f"{directory.dataset}: {_counted(changes)}; recorded in {directory.review.name}, and applied from now on")
    for emission in emissions.values():
        for text in emission.applied.said:
            say(f"{directory.review}: {text}")
    return emissions


def _discard(directory: RunDirectory, say: Say) -> None:
    """Give up what was decided and changed by hand; a copy is kept, which git ignores."""
    copy = set_aside(directory.dataset, directory.review)
    remove(directory.review)
    if copy:
        say(f"{directory.dataset}: what was changed by hand is given up; dataset and decisions are set aside as {copy}")


def record_changes(directory: RunDirectory, config: Config, bootstraps: Bootstraps, say: Say) -> None:
    """Record what was changed by hand before anything is asked: what cannot be read is refused while it costs nothing."""
    manifest = directory.manifest()
    stated = manifest.datasets | manifest.splits if manifest else {}
    if any((path := directory.path / name).is_file() and _sum(path) != one.sha256 for name, one in stated.items()):
        emissions_of(directory, config, bootstraps, say)
    read_decisions(directory.review)


def applied(directory: RunDirectory, config: Config, bootstraps: Bootstraps) -> dict[str, Applied]:
    """Return each language's rows with the decisions that are recorded."""
    decisions = read_decisions(directory.review)
    return {language: _applied(one, decisions, config) for language, one in bootstraps.items()}


def _applied(bootstrap: Bootstrap, decisions: Decisions, config: Config) -> Applied:
    share, language = config.finetune.held_out, bootstrap.plan.language
    flags = split_links(list(links_of(bootstrap.verdicts)), share)
    own = [one for one in decisions.values() if one.language == language]
    return apply(bootstrap.verdicts, bootstrap.rows, flags, own, share)


def _emission(bootstrap: Bootstrap, decisions: Decisions, config: Config) -> Emission:
    found = _applied(bootstrap, decisions, config)
    return Emission(found, files_of(bootstrap.plan.language, found.texts, [one.validation for one in found.rows]))


def _changes(
    directory: RunDirectory,
    bootstraps: Bootstraps,
    emissions: Mapping[str, Emission],
    decisions: Decisions,
    say: Say,
) -> Changes:
    """Return what was changed by hand in the files of all languages."""
    changes: Changes = {}
    for language, bootstrap in bootstraps.items():
        known_sums = _known_sums(directory, emissions[language].files)
        whole = whole_file(directory.dataset, language)
        parts = split_files(directory.dataset, language, known_sums)
        touched = [path for path in (whole, *parts) if path and _sum(path) not in known_sums.get(path, ())]
        if not touched:
            continue
        known = _known(directory, bootstrap, decisions, say)
        of_splits: Changes = {}
        if any(path in parts for path in touched):
            of_splits = changes_in([row for path in parts for row in rows_in(path, language)], known)
        of_whole = changes_in(rows_in(whole, language), known) if whole and whole in touched else {}
        both, conflicts = merged(of_splits, of_whole)
        changes |= both
        if conflicts:
            say(
                f"{directory.dataset}: {len(conflicts)} rows were changed in {language}.jsonl and otherwise in its split files; those of "
                f"{language}.jsonl are taken: {', '.join(conflicts[:_SHOWN])}{', ...' if len(conflicts) > _SHOWN else ''}"
            )
    return changes


def _known_sums(directory: RunDirectory, files: LanguageFiles) -> dict[Path, set[str]]:
    """Return {file: hashes of what a run wrote or is about to write there}."""
    manifest = directory.manifest()
    sums: dict[Path, set[str]] = {}
    for name, digest in (manifest.datasets | manifest.splits if manifest else {}).items():
        sums.setdefault(directory.path / name, set()).add(digest.sha256)
    for name, file in (files.whole | files.by_split).items():
        sums.setdefault(directory.dataset / name, set()).add(hashlib.sha256(file.data).hexdigest())
    return sums


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _known(directory: RunDirectory, bootstrap: Bootstrap, decisions: Decisions, say: Say) -> Known:
    language = bootstrap.plan.language
    heard: dict[str, set[bytes]] = {}
    for row in _heard(bootstrap):
        heard.setdefault(row.id, set()).add(line_of(row))
    provenance = _provenance(directory, say)
    return Known(
        language=language,
        emitted={
            name: one
            for name, one in provenance.items()
            if one.language == language or (not one.language and name in heard)
        },
        decisions={name: one for name, one in decisions.items() if one.language == language},
        heard={name: frozenset(lines) for name, lines in heard.items()},
        accepted=frozenset(line_of(row) for row in bootstrap.rows),
    )


def _provenance(directory: RunDirectory, say: Say) -> dict[str, Provenance]:
    """Return the rows of the last emission; none when that cannot be read, since `filter` is what writes it again."""
    try:
        return read_any_provenance(directory.provenance)[0]
    except SelfInstructError as error:
        say(f"{error}; until then rows that were removed by hand come back")
        return {}


def _heard(bootstrap: Bootstrap) -> Iterator[Row]:
    """Yield every candidate of the replies as the row that it is or would be, with its thought and without."""
    judged = (verdict.candidate for verdict in bootstrap.verdicts)
    for candidate in (*judged, *bootstrap.unread()):
        whole = bootstrap.acceptance.complete(candidate)[0]
        row = row_of(whole)
        yield row
        if whole.reasoning:
            yield row.model_copy(update={"reasoning": whole.reasoning})


def _counted(changes: Changes) -> str:
    words = [f"{one.decision} by hand" if one else "put back as the run wrote them" for one in changes.values()]
    counts = {word: words.count(word) for word in dict.fromkeys(words)}
    return "rows " + ", ".join(f"{word}: {count}" for word, count in sorted(counts.items()))
