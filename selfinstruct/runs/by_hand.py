"""What people changed in the dataset of a run becomes a recorded decision before the dataset is written anew.

Decisions are written first: a process that ends between that and the last file has lost none, and the next one finds the same. A file whose
hash is that of the manifest, or of what is about to be written, was not touched, and nothing is looked for in it.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.io.own_files import is_blank
from selfinstruct.dataset.release.backup import set_aside, set_aside_as_it_was
from selfinstruct.dataset.release.files import SPLITS, LanguageFiles, files_of, line_of
from selfinstruct.dataset.release.split import links_of, split_links
from selfinstruct.dataset.review.apply import Applied, apply, some
from selfinstruct.dataset.review.decisions import Decision, Decisions
from selfinstruct.dataset.review.notice import Changes, applied_to
from selfinstruct.dataset.review.standing import lines_in, rows_in, split_files
from selfinstruct.dataset.review.verdicts import read_decisions, write_decisions
from selfinstruct.records import Row
from selfinstruct.runs.compared import emptied, sha256_of, written_sums
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.earlier import tell_earlier
from selfinstruct.runs.edits import edits_of
from selfinstruct.runs.merges import merge_of
from selfinstruct.system.numbers import amount
from selfinstruct.system.writing import remove
from selfinstruct.weights import Say

_ID = len('{"id": "0123456789abcdef"')
"""Bytes of a row's line that have its id."""
Bootstraps = Mapping[str, Bootstrap]


class Emission(NamedTuple):
    """What is written of one language."""

    applied: Applied
    files: LanguageFiles
    superseded: tuple[Row, ...] = ()
    """Texts that a person has put another one in the place of."""


Purpose = Literal["emit", "record", "look", "discard"]
"""Write the files with what was changed by hand; only record that for now, and tell what becomes of it when they are written; only look, and
write nothing; or give it up."""


def emissions_of(
    directory: RunDirectory, config: Config, bootstraps: Bootstraps, say: Say, purpose: Purpose = "emit"
) -> dict[str, Emission]:
    """Return what each language's files will hold, with all that was changed by hand, which is recorded first.

    Raises InputError for a dataset file or `review.jsonl` that cannot be read; nothing has been written then.
    """
    if purpose == "discard":
        _discard(directory, say)
        return {language: _emission(one, {}, config) for language, one in bootstraps.items()}
    directory.check_merged()
    decisions = read_decisions(directory.review)
    emissions = {language: _emission(one, decisions, config) for language, one in bootstraps.items()}
    if changes := edits_of(
        directory, config, bootstraps, {language: one.files for language, one in emissions.items()}, decisions, say
    ):
        superseded = tuple(row for name in changes if name in decisions and (row := decisions[name].row))
        superseded += tuple(row for one in changes.values() if one for row in one.overruled)
        before = emissions
        decisions = applied_to(decisions, changes)
        emissions = {
            language: _emission(one, decisions, config)._replace(superseded=superseded)
            for language, one in bootstraps.items()
        }
        if purpose != "look":
            _record(directory, changes, decisions, before, say)
    for language, emission in emissions.items() if purpose == "emit" else ():
        for text in (*_emptied(directory, language, emission), *_gone(directory, language)):
            say(text)
        for text in (*emission.applied.said, *_applied_now(directory, language, emission, decisions, changes)):
            say(f"{directory.review}: {text}")
        for text in _moved(directory, language, emission):
            say(f"{directory.dataset}: {text}")
    return emissions


def _record(
    directory: RunDirectory, changes: Changes, decisions: Decisions, emissions: Mapping[str, Emission], say: Say
) -> None:
    """Write down what was changed by hand; `emissions` are those without it."""
    _keep_many_removed(directory, changes, emissions, say)
    for text in tell_earlier(directory):
        say(f"{directory.dataset}: {text}")
    write_decisions(directory.review, decisions)
    say(f"{directory.dataset}: {_counted(changes)}; recorded in {directory.review.name}, and applied from now on")


def _keep_many_removed(directory: RunDirectory, changes: Changes, emissions: Mapping[str, Emission], say: Say) -> None:
    """Keep a copy of the dataset as it was where half of the rows of a language or more were removed at once: a tool may have cut the file."""
    told = []
    for language, one in emissions.items():
        names = {row.id for row in one.applied.texts}
        gone = sum(
            change is not None and change.decision == "removed" and change.language == language
            for change in changes.values()
        )
        gone += sum(change is None and key.startswith("+") and key[1:] in names for key, change in changes.items())
        if gone and 2 * gone >= len(names):
            told.append(f"{gone} of {amount(len(names), 'row')} of {language}")
    if told:
        files = {language: one.files for language, one in emissions.items()}
        copy = set_aside_as_it_was(directory.dataset, files, directory.review)
        say(
            f"{directory.dataset}: {' and '.join(told)} were removed by hand at once; the dataset with them is kept as {copy}: copy a file from "
            "there and run `selfinstruct filter` to have its rows back"
        )


def _emptied(directory: RunDirectory, language: str, emission: Emission) -> Iterator[str]:
    """Yield which files of a language hold nothing, and that their rows come back."""
    paths = emptied(language, written_sums(directory, emission.files))
    rows = len(emission.applied.rows)
    remedy = f"which is taken for an accident: the {rows} rows of {language} are written again; leave one row to remove the others"
    if len(paths) == 1:
        yield f"{paths[0]}: is empty, {remedy}"
    elif paths:
        named = ", ".join(path.relative_to(directory.dataset).as_posix() for path in paths)
        yield f"{directory.dataset}: {named} are empty, {remedy}"


def _gone(directory: RunDirectory, language: str) -> Iterator[str]:
    """Yield that the whole file of a language was written and is not there, and that it comes back."""
    manifest, path = directory.manifest(), directory.dataset / f"{language}.jsonl"
    named = path.relative_to(directory.path).as_posix()
    is_left_out = (directory.dataset / ".gitignore").is_file()  # too large for git, which has its shards
    if manifest and named in manifest.datasets and not path.exists() and not is_left_out:
        yield f"{path}: is not there, which is taken for an accident: it is written again; delete rows in it to remove them"


def _applied_now(
    directory: RunDirectory, language: str, emission: Emission, decisions: Decisions, changes: Changes
) -> Iterator[str]:
    """Yield what is in no file yet and will be: decisions of somebody else, or of one side of a merge."""
    path = directory.dataset / f"{language}.jsonl"
    new = emission.files.whole[path.name].data
    own = [one for one in decisions.values() if one.language == language and one.key not in changes]
    if not own or not path.is_file() or is_blank(path) or path.read_bytes() == new:
        return
    whole, parts = lines_in(path), [lines_in(one) for one in split_files(directory.dataset, language)]
    standing, coming = whole.union(*parts), set(new.split(b"\n"))
    everywhere = whole & set[bytes]().union(*parts) if parts else whole
    texts = {line_of(one.row).rstrip(b"\n"): one.id for one in own if one.row}
    named = {texts[line] for line in coming - standing if line in texts}
    ids = {line[:_ID] for line in everywhere}
    named |= {one.id for one in own if not one.row and f'{{"id": "{one.id}"'.encode() in ids}
    if named:
        yield f"applied to rows that stood otherwise in {path.name}: {some(sorted(named))}"


def _moved(directory: RunDirectory, language: str, emission: Emission) -> Iterator[str]:
    """Yield what is said of rows that somebody put into the other split: nothing records that, so they go back."""
    sums = written_sums(directory, emission.files)
    parts = [path for path in split_files(directory.dataset, language) if sha256_of(path) not in sums.get(path, ())]
    sides = {one.row.id: SPLITS[one.validation] for one in emission.applied.rows}
    moved = {
        stood.row.id: sides[stood.row.id]
        for path in parts
        for stood in rows_in([path], language)
        if sides.get(stood.row.id, path.parent.name) != path.parent.name
    }
    for side in sorted(set(moved.values())):
        names = sorted(name for name, own in moved.items() if own == side)
        yield (
            f"{len(names)} row{'s' if len(names) > 1 else ''} of {language} stood in the other split and go{'' if len(names) > 1 else 'es'} to {side}/: "
            f"{some(names)}. The split is computed from each instruction, near-duplicates together, and a move by hand is not kept; [finetune] held_out "
            "changes the share, and rows to test on that you choose go into a file of [filter] held_out"
        )


def _discard(directory: RunDirectory, say: Say) -> None:
    """Give up what was decided and changed by hand; a copy is kept, which git ignores."""
    copy = set_aside(directory.dataset, directory.review)
    remove(directory.review)
    if copy:
        say(f"{directory.dataset}: what was changed by hand is given up; dataset and decisions are set aside as {copy}")


def record_changes(directory: RunDirectory, config: Config, bootstraps: Bootstraps, say: Say) -> None:
    """Record what was changed by hand before anything is asked: what cannot be read is refused while it costs nothing."""
    directory.check_merged()
    manifest = directory.manifest()
    stated = manifest.datasets | manifest.splits if manifest else {}
    reviewed = manifest is not None and manifest.review != directory.review_sha256()
    if (
        reviewed
        or merge_of(directory)
        or any(
            (path := directory.path / name).is_file() and sha256_of(path) != one.sha256 for name, one in stated.items()
        )
    ):
        emissions_of(directory, config, bootstraps, say, "record")
    read_decisions(directory.review)


def applied(directory: RunDirectory, config: Config, bootstraps: Bootstraps) -> dict[str, Applied]:
    """Return each language's rows with the decisions that are recorded."""
    decisions = read_decisions(directory.review)
    return {language: _applied(one, decisions, config) for language, one in bootstraps.items()}


def _applied(bootstrap: Bootstrap, decisions: Decisions, config: Config) -> Applied:
    share, language = config.finetune.held_out, bootstrap.plan.language
    flags = split_links(list(links_of(bootstrap.verdicts, bootstrap.rows)), share)
    excluded = set(config.validate_.exclude)
    own = [one for one in decisions.values() if one.language == language and not excluded & _ids(one)]
    return apply(bootstrap.verdicts, bootstrap.rows, flags, own, share)


def _ids(decision: Decision) -> set[str]:
    return {decision.id, decision.row.id} if decision.row else {decision.id}


def _emission(bootstrap: Bootstrap, decisions: Decisions, config: Config) -> Emission:
    found = _applied(bootstrap, decisions, config)
    return Emission(found, files_of(bootstrap.plan.language, found.texts, [one.validation for one in found.rows]))


def _counted(changes: Changes) -> str:
    back = {True: "added by hand taken out again", False: "put back as the run wrote them"}
    words = [f"{one.decision} by hand" if one else back[key.startswith("+")] for key, one in changes.items()]
    taken_back = {
        word: [key.lstrip("+") for key, one in changes.items() if not one and back[key.startswith("+")] == word]
        for word in back.values()
    }
    counts = {word: words.count(word) for word in dict.fromkeys(words)}
    told = {word: f" ({some(sorted(names))})" for word, names in taken_back.items() if names}
    return "rows " + ", ".join(f"{word}: {count}{told.get(word, '')}" for word, count in sorted(counts.items()))
