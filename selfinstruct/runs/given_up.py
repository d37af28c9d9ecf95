"""What a new run that sets the old one aside gives up of what people changed there, and how it goes on after a stop."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from selfinstruct.dataset.release.emitted import compare_files
from selfinstruct.dataset.review.verdicts import read_decisions
from selfinstruct.errors import CapReachedError, InputError, InterruptedRunError, StorageError, TeacherRefusedError
from selfinstruct.runs.caps import INTERRUPTED
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.weights import Say

_SPENT = re.compile(r"interrupted: (?P<spent>.*); run the same command again to go on", re.DOTALL)


@contextmanager
def told_without_fresh(*, fresh: bool) -> Iterator[None]:
    """Name the command that goes on where a new run is stopped: the same one would begin anew, and pay again."""
    try:
        yield
    except (CapReachedError, TeacherRefusedError, StorageError, InterruptedRunError) as error:
        if fresh:
            error.args = (_without_fresh(str(error)),)
        raise


def _without_fresh(text: str) -> str:
    if text == INTERRUPTED:
        return "interrupted; run the command again without --fresh to go on"
    if found := _SPENT.fullmatch(text):
        return f"interrupted: {found['spent']}; run the command again without --fresh to go on"
    return f"{text}\nRun it without --fresh then, which would set this run aside too and ask for everything again"


def start_fresh(directory: RunDirectory, say: Say) -> None:
    """Rename the directory of a run as `RunDirectory.set_aside` does, and say what stays in the copy only."""
    told = [*_by_hand(directory)]
    aside = directory.set_aside(say)
    if aside and told:
        say(
            f"{aside}: what was changed by hand stays there, and the new run begins without it: {'; '.join(told)}. To take the decisions over, "
            f"run `selfinstruct filter --run {shlex.quote(str(aside))}`, copy {aside / directory.review.name} into the new run and run `selfinstruct filter`"
        )


def _by_hand(directory: RunDirectory) -> Iterator[str]:
    """Yield what was decided, and which files were changed since the last emission; a run that cannot be read is set aside all the same."""
    try:
        counts = Counter(one.decision for one in read_decisions(directory.review).values())
        if counts:
            yield "rows " + ", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items()))
        manifest = directory.manifest()
        states = compare_files(directory.path, manifest, manifest.datasets | manifest.splits) if manifest else {}
        if changed := sorted(name for name, one in states.items() if one.state in {"differs", "conflict"}):
            yield f"files changed and not recorded yet: {', '.join(changed)}"
    except InputError as error:
        yield f"unread ({error})"
