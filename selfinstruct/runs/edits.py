"""What was changed by hand in the files of a run since they were written, as decisions; in a git merge, what either side changed."""

from collections.abc import Mapping
from os.path import commonprefix

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.files import LanguageFiles
from selfinstruct.dataset.release.lines import REVIEW
from selfinstruct.dataset.review.apply import some
from selfinstruct.dataset.review.decisions import Decision, Decisions
from selfinstruct.dataset.review.notice import Changes, Known, changes_in
from selfinstruct.dataset.review.standing import rows_in, unknown_fields
from selfinstruct.dataset.review.united import Sides, Tree, united
from selfinstruct.runs.compared import Standing, Sums, compared, standing_in, written_sums
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.known import known_of
from selfinstruct.runs.merges import merge_of, sides_of, tell_put_back
from selfinstruct.system.git_merge import Merge
from selfinstruct.weights import Say

_SHOWN = 60
"""Most characters of a text in a message."""
_BEFORE = 20
"""Of these, before the place where two texts begin to differ."""


def edits_of(  # noqa: PLR0913, PLR0917 -- a run, what it holds and what was decided
    directory: RunDirectory,
    config: Config,
    bootstraps: Mapping[str, Bootstrap],
    files: Mapping[str, LanguageFiles],
    decisions: Decisions,
    say: Say,
) -> Changes:
    """Return what was changed by hand in the files of all languages, and is not decided so yet; `files` are about to be written.

    `say` hears what is done with it once nothing in any language is refused.
    """
    changes: Changes = {}
    told: list[str] = []
    merge = merge_of(directory)
    told += () if merge else tell_put_back(directory)
    for language, bootstrap in bootstraps.items():
        sums = written_sums(directory, files[language])
        changes |= _edits(directory, config, bootstrap, sums, decisions, merge, told.append)
    for text in told:
        say(text)
    return {key: one for key, one in changes.items() if one is None or decisions.get(key) != one}


def _edits(  # noqa: PLR0913, PLR0917 -- the same of one language
    directory: RunDirectory,
    config: Config,
    bootstrap: Bootstrap,
    sums: Sums,
    decisions: Decisions,
    merge: Merge | None,
    say: Say,
) -> Changes:
    standing = standing_in(directory, bootstrap.plan.language, sums)
    if not standing.touched and not merge:
        return {}
    for text in unknown_fields(standing.touched):
        say(f"{directory.dataset}: {text}")
    known = known_of(directory, config, bootstrap, decisions, say)
    if merge and (sides := sides_of(directory, merge, config, bootstrap)):
        return _merged(directory, standing, known, sides, say)
    return compared(directory, standing, known, say)


def _merged(directory: RunDirectory, standing: Standing, known: Known, sides: Sides, say: Say) -> Changes:
    """Return what either side of a git merge that is not emitted yet decided, and what was changed while it was resolved."""
    language = known.language
    whole = rows_in([standing.whole], language) if standing.whole else None
    found = united(sides, Tree(whole, rows_in(standing.parts, language), known.decisions), known)
    if found.kept:
        say(
            f"{directory.dataset}: kept from the other side of the merge, or from {REVIEW}, since {language}.jsonl has them only as they were before: "
            f"{some(found.kept)}"
        )
    for taken, left in found.conflicts:
        (name, *_) = (one.id for one in (taken, left) if one)
        kept = f"; {REVIEW} keeps that as `overruled`" if taken and left and left.row else ""
        say(
            f"{directory.dataset}: row {name} was changed by both sides of the merge: {_shown(taken, left)} is taken, and {_shown(left, taken)} is left{kept}"
        )
    rest = changes_in(found.rest, known._replace(decisions=found.decisions))
    return {key: one for key, one in rest.items() if found.is_open(key, one)} | found.changes


def _shown(decision: Decision | None, other: Decision | None) -> str:
    """Return a text that was decided, short enough for a message: from its beginning, or from where it begins to differ from the other one."""
    if decision is None:
        return "the row without a decision"
    if decision.row is None:
        return "its removal"
    text, beside = _text(decision), _text(other)
    same = len(commonprefix([text, beside]))  # noqa: RUF071 - characters are what is wanted
    start = same - _BEFORE if same > _SHOWN - _BEFORE and len(text) > _SHOWN else 0
    end = start + _SHOWN
    return f"“{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}”"


def _text(decision: Decision | None) -> str:
    row = decision.row if decision else None
    return " ".join(f"{row.instruction} → {row.output}".split()) if row else ""
