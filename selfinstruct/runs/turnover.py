"""Which rows a dataset on disk loses and gains when it is written anew: by another threshold, rule, evaluation set or target."""

import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.review.standing import rows_in, whole_file
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal
from selfinstruct.records import row_of
from selfinstruct.runs.by_hand import Emission
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.git import files_at

_UNREAD, _PENDING = "over_target", "pending"
"""Why a candidate stands no more, beside the names of rules."""


def turnover(
    directory: RunDirectory, emissions: Mapping[str, Emission], bootstraps: Mapping[str, Bootstrap], journal: Journal
) -> Iterator[str]:
    """Yield how many rows leave the dataset that stands, by language and why, and how many come; nothing where none do, or there is none.

    Where the teacher was asked since, rows that come are no news. To be called before the files are written.
    """
    old = directory.manifest()
    asked = not old or not old.requests or old.requests.answered != len(journal.answered)
    left, came = dict[str, set[str]](), dict[str, int]()
    paths = list[Path]()
    for language, one in emissions.items():
        path = whole_file(directory.dataset, language)
        if path and path.read_bytes() != one.files.whole[f"{language}.jsonl"].data:
            stood, new = _ids(path, language), {row.id for row in one.applied.texts}
            if stood - new or (new - stood and not asked):
                left[language], came[language] = stood - new, len(new - stood)
                paths.append(path)
    if paths:
        gone = ", ".join(f"{language} {len(ids)}" for language, ids in left.items() if ids)
        coming = ", ".join(f"{language} {new}" for language, new in came.items() if new)
        yield f"{directory.dataset}: {_told(gone, coming)}{_shown(directory, paths)}"
        yield from _why(directory, _fates(emissions, bootstraps, left), asked=asked)


def _told(left: str, came: str) -> str:
    if left and came:
        return f"rows that left: {left}; rows that came: {came}"
    return f"rows that left: {left}" if left else f"rows that came: {came}"


def _shown(directory: RunDirectory, paths: Collection[Path]) -> str:
    where = shlex.quote(str(directory.path))
    return f"; `selfinstruct diff git:HEAD:{where} {where}` shows them" if all(map(_is_committed, paths)) else ""


def _fates(
    emissions: Mapping[str, Emission], bootstraps: Mapping[str, Bootstrap], left: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Return {place: why its candidate is no row} of the rows that left, as far as a reply has them."""
    found: dict[str, str] = {}
    for language, ids in left.items():
        if not ids:
            continue
        fates = [(one, _UNREAD) for one in bootstraps[language].unread_rows()]
        judged = emissions[language].applied.verdicts
        fates += [(one.candidate, one.rule or _PENDING) for one in judged if not one.accepted]
        found |= {one.key: why for one, why in fates if one.instruction and row_of(one).id in ids}
    return found


def _why(directory: RunDirectory, fates: Mapping[str, str], *, asked: bool) -> Iterator[str]:
    """Yield by which step rows left, where they are, and the command that says more."""
    if fates:
        steps = ", ".join(f"{why} {count}" for why, count in Counter(fates.values()).most_common())
        run = shlex.quote(str(directory.path))
        order = (
            " (replies came that go before theirs: candidates are judged in the order of the requests)" if asked else ""
        )
        yield (
            f"{directory.dataset}: why they left: {steps}{order}; they stay in the journal, and `selfinstruct explain --run {run} {next(iter(fates))}` "
            "says more"
        )


def _ids(path: Path, language: str) -> set[str]:
    """Return the ids of the rows of a file, each by its text; none where the file cannot be read."""
    try:
        return {stood.row.id for stood in rows_in([path], language)}
    except InputError:
        return set()


def _is_committed(path: Path) -> bool:
    """Return whether a file is in the last commit as it stands."""
    try:
        return (files_at("HEAD", str(path)) or {}).get("") == path.read_bytes()
    except InputError:
        return False  # no repository, no commit, or no git
