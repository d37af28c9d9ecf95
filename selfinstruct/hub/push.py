"""A dataset as one commit of a repository: what differs, a race lost and tried again, a commit whose answer was lost."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from selfinstruct.errors import FindingsError, InputError, SelfInstructError
from selfinstruct.hub.card import merged_card
from selfinstruct.hub.client import check_answers, reachable, token
from selfinstruct.hub.refusals import FailedError, MovedError, absent
from selfinstruct.hub.repository import (
    Branch,
    Made,
    Message,
    State,
    Step,
    commit,
    create,
    holds,
    look,
    open_pull_requests,
)
from selfinstruct.hub.wanted import CARD

Say = Callable[[str], None]
TITLE = "selfinstruct:"
"""What the title of each of our pull requests begins with."""
_OUR_FILES = re.compile(r"(train|held_out)/(en|zh)(-[01]{1,64})?\.jsonl")
_SHOWN = 5


class Publication(NamedTuple):
    """A dataset that is to be published, and how."""

    branch: Branch
    files: Mapping[str, bytes]
    """Path in the repository -> content, the card aside."""
    card: str
    features: Sequence[Mapping[str, Any]]
    message: Callable[[State | None], Message]
    """What the commit says, by what it is made on top of."""
    pull_request: bool
    private: bool = True


class Pushed(NamedTuple):
    """What was published, or would be."""

    name: str
    revision: str
    steps: tuple[Step, ...]
    parent: str = ""
    """Commit that it stands on; empty for a repository that is made."""
    made: Made | None = None
    as_pull_request: bool = False
    is_new: bool = False
    private: bool | None = None

    def document(self) -> dict[str, Any]:
        """Return it for `--json`."""
        request = self.made.pull_request if self.made else None
        return {
            "repository": self.name,
            "revision": self.revision,
            "parent": self.parent,
            "commit": self.made.commit if self.made else None,
            "pull_request": request,
            "as_pull_request": self.as_pull_request,
            "url": self.made.url if self.made else None,
            "new": self.is_new,
            "private": self.private,
            "bytes": sum(len(step.data) for step in self.steps),
            "files": [step.document() for step in self.steps],
        }


def publish(wanted: Publication, say: Say, *, dry_run: bool = False) -> Pushed:
    """Make one commit of what differs; returns without one where nothing does, or with `dry_run`, for which no hub is needed.

    Raises FindingsError where somebody else changed the same files meanwhile, FailedError where the hub failed, HubRefusedError for a token
    without rights, InputError for all else; nothing is then published.
    """
    if dry_run and not reachable(wanted.branch.api):
        say(f"hub:{wanted.branch.name}: the hub was not asked; listed is what an empty repository would get")
        return _planned(wanted, None, is_new=False)
    check_answers(wanted.branch.api, f"hub:{wanted.branch.name}")
    state = look(wanted.branch)
    if state is None and not dry_run:
        state = _made_anew(wanted)
        is_new = True
    else:
        is_new = state is None
    pushed = _planned(wanted, state, is_new=is_new)
    if dry_run or not pushed.steps or state is None:
        return pushed
    try:
        return _committed(wanted, state, pushed, say)
    except MovedError:
        state = _newer(wanted, state, pushed.steps)
        say(
            f"{wanted.branch}: has moved to {state.commit[:12]}, in other files than these; it is tried again on top of that"
        )
    pushed = _planned(wanted, state, is_new=False)
    if not pushed.steps:
        return pushed
    try:
        return _committed(wanted, state, pushed, say)
    except MovedError as error:
        raise _moved(wanted, "again while this was tried a second time") from error


def _made_anew(wanted: Publication) -> State:
    if not token():
        raise absent(f"hub:{wanted.branch.name}", None)
    create(wanted.branch, private=wanted.private)
    state = look(wanted.branch)
    if state is None:
        raise FailedError(f"hub:{wanted.branch.name}: was made, and is not to be read yet; push again")
    return state


def _planned(wanted: Publication, state: State | None, *, is_new: bool) -> Pushed:
    steps = tuple(_steps(wanted, state))
    as_request = wanted.pull_request and state is not None and not state.is_bare
    return Pushed(
        wanted.branch.name,
        wanted.branch.revision,
        steps,
        parent="" if state is None or is_new else state.commit,
        as_pull_request=as_request,
        is_new=is_new,
        private=wanted.private if state is None else state.private,
    )


def _steps(wanted: Publication, state: State | None) -> list[Step]:
    """Return what differs between a dataset and a repository; files that are not ours are left alone."""
    there = state.files if state else {}
    where = f"hub:{wanted.branch.name}@{state.commit[:12] if state else wanted.branch.revision}: {CARD}"
    card = merged_card(state.card if state else None, wanted.card, wanted.features, where)
    files = {**wanted.files, CARD: card.encode("utf-8")}
    changed = [
        Step(path, "changed" if path in there else "added", data)
        for path, data in sorted(files.items())
        if path not in there or not there[path].holds(data)
    ]
    return changed + [
        Step(path, "removed") for path in sorted(there) if _OUR_FILES.fullmatch(path) and path not in files
    ]


def _committed(wanted: Publication, state: State, pushed: Pushed, say: Say) -> Pushed:
    """Make the commit, and read it back; where its answer was lost, look for it."""
    message = wanted.message(None if state.is_bare else state)
    if pushed.as_pull_request:
        _tell_open(wanted, say)
    try:
        made = commit(wanted.branch, state, pushed.steps, message, pull_request=pushed.as_pull_request)
    except FailedError as error:
        found = _landed(wanted, state, pushed, message)
        if found is None:
            raise FailedError(f"{error}; {wanted.branch} is as it was, and nothing was published") from error
        say(f"hub:{wanted.branch.name}: the hub failed after it had taken the commit {found.commit[:12]}, which stands")
        made = found
    _check(wanted, pushed, made)
    return pushed._replace(made=made)


def _tell_open(wanted: Publication, say: Say) -> None:
    """Say which pull requests of ours are open already: another one would be reviewed beside them."""
    with suppress(SelfInstructError):  # a repository may have discussions switched off
        for number, _ in open_pull_requests(wanted.branch, TITLE):
            say(
                f"hub:{wanted.branch.name}: pull request {number} is open already; --revision refs/pr/{number} adds to it, this push opens another"
            )


def _landed(wanted: Publication, state: State, pushed: Pushed, message: Message) -> Made | None:
    """Return the commit that was made although the hub's answer was an error, None where there is none."""
    try:
        if not pushed.as_pull_request:
            now = look(wanted.branch)
            return Made(now.commit) if now and now.commit != state.commit and holds(now, pushed.steps) else None
        for number, url in open_pull_requests(wanted.branch, message.title):
            now = look(wanted.branch.at(f"refs/pr/{number}"))
            if now and holds(now, pushed.steps):
                return Made(now.commit, number, url)
    except InputError:
        pass  # who failed once may fail again: then nothing is known of a commit
    return None


def _check(wanted: Publication, pushed: Pushed, made: Made) -> None:
    """Raise InputError where the commit does not hold what was sent: a hub leaves out what the repository's .gitignore names."""
    state = look(wanted.branch.at(made.commit))
    left = [step.path for step in pushed.steps if not holds(state, [step])]
    if left:
        raise InputError(
            f"hub:{wanted.branch.name}@{made.commit[:12]}: does not hold {_listed(left)} as it was sent; does the repository's .gitignore name it? The commit stands: look at {made.url}"
        )


def _newer(wanted: Publication, old: State, steps: Sequence[Step]) -> State:
    """Return the branch as it stands now; raises FindingsError where what changed meanwhile would be overwritten."""
    now = look(wanted.branch)
    if now is None:
        raise _moved(wanted, "and is gone")
    if now.commit == old.commit:
        raise _moved(wanted, "and the hub does not name the new commit yet")
    ours = {step.path for step in steps} - {CARD}  # the card is merged anew
    changed = {path for path in {*old.files, *now.files} if old.files.get(path) != now.files.get(path)}
    if both := sorted(path for path in changed & (ours | {one for one in changed if _OUR_FILES.fullmatch(one)})):
        raise _moved(wanted, f"to {now.commit[:12]}, and changed {_listed(both)}")
    return now


def _moved(wanted: Publication, how: str) -> FindingsError:
    return FindingsError(
        f"{wanted.branch}: moved meanwhile {how}; nothing was published. See what is there now with `selfinstruct diff {wanted.branch}`, "
        "then push again"
    )


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "")
