"""The places of candidates that no verdict is about: their replies came beyond the target, and a higher one judges them.

Found without judging anything again: what was judged stands in provenance and rejections, and what comes after it is read from its replies.
"""

from collections.abc import Iterator

from selfinstruct.dataset.release.lines import read_any_provenance
from selfinstruct.errors import SelfInstructError
from selfinstruct.journal import Journal
from selfinstruct.records import FIRST_STEPS
from selfinstruct.requests import read
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.files import read_jsonl
from selfinstruct.teacher import read_reply


def unread_places(directory: RunDirectory, journal: Journal, count: int) -> dict[str, list[str]]:
    """Return {"unread": places such as `en/12.0`} of the `count` candidates that were not judged; nothing where others are found, as in a run that goes on."""
    if not count:
        return {}
    try:
        last = _last_judged(directory)
    except SelfInstructError:
        return {}  # a record that cannot be read is named elsewhere
    found = {
        candidate.key: (candidate.language, candidate.index, candidate.position)
        for one in journal.recorded()
        if one.request.step in FIRST_STEPS and one.kind != "held"
        if one.request.index > last.get(one.request.language, -1)
        for candidate in read(one.request, read_reply(one.status, one.body))
    }
    return {"unread": sorted(found, key=lambda key: found[key])} if len(found) == count else {}


def _last_judged(directory: RunDirectory) -> dict[str, int]:
    """Return {language: the last request of which a candidate was judged}."""
    last: dict[str, int] = {}
    for language, index in _judged(directory):
        last[language] = max(last.get(language, -1), index)
    return last


def _judged(directory: RunDirectory) -> Iterator[tuple[str, int]]:
    for line in read_any_provenance(directory.provenance)[0].values():
        if line.request is not None and line.language:
            yield line.language, line.request
    if directory.rejected.is_file():
        for _, value in read_jsonl(directory.rejected):
            if isinstance(value.get("language"), str) and isinstance(value.get("request"), int):
                yield value["language"], value["request"]
