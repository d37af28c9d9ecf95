"""Which rows a dataset on disk loses and gains when it is written anew: by another threshold, rule, evaluation set or target."""

import shlex
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.review.standing import rows_in, whole_file
from selfinstruct.errors import InputError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.git import files_at


class Coming(NamedTuple):
    """What is about to be written of one language."""

    data: bytes
    ids: Collection[str]


def turnover(directory: RunDirectory, coming: Mapping[str, Coming], *, asked: bool) -> Iterator[str]:
    """Yield how many rows leave the dataset that stands and how many come, by language; nothing where none do, or there is none.

    Where the teacher was `asked` since, rows that come are no news. To be called before the files are written.
    """
    counts = {}
    for language, one in coming.items():
        path = whole_file(directory.dataset, language)
        if path and path.read_bytes() != one.data:
            stood, new = _ids(path, language), set(one.ids)
            counts[path] = (language, len(stood - new), len(new - stood))
    told = {path: one for path, one in counts.items() if one[1] or (one[2] and not asked)}
    if told:
        left = ", ".join(f"{language} {gone}" for language, gone, _ in told.values() if gone)
        came = ", ".join(f"{language} {new}" for language, _, new in told.values() if new)
        where = shlex.quote(str(directory.path))
        shown = f"; `selfinstruct diff git:HEAD:{where} {where}` shows them" if all(map(_is_committed, told)) else ""
        if left and came:
            yield f"{directory.dataset}: rows that left: {left}; rows that came: {came}{shown}"
        else:
            yield (
                f"{directory.dataset}: rows that left: {left}{shown}"
                if left
                else f"{directory.dataset}: rows that came: {came}{shown}"
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
