"""A dataset repository of the hub at one commit, and one atomic commit on top of it."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from selfinstruct.hub.client import token
from selfinstruct.hub.refusals import in_our_words
from selfinstruct.hub.wanted import CARD

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_BARE = {".gitattributes", CARD, "LICENSE"}
"""Files of a repository that holds no data yet."""
Change = Literal["added", "changed", "removed"]


class Branch(NamedTuple):
    """A branch of a repository: or a pull request, `refs/pr/N`, or a commit."""

    api: "HfApi"
    name: str
    """`OWNER/NAME`."""
    revision: str

    def __str__(self) -> str:
        return f"hub:{self.name}@{self.revision}"

    def at(self, revision: str) -> "Branch":
        """Return another one of the same repository."""
        return self._replace(revision=revision)


class Stored(NamedTuple):
    """A file of a repository."""

    size: int
    oid: str
    """Hash of the git blob; of a large file that of its pointer."""
    sha256: str = ""
    """Of a large file."""

    def holds(self, data: bytes) -> bool:
        """Return whether this is the content of the file."""
        return self.sha256 == hashlib.sha256(data).hexdigest() if self.sha256 else self.oid == blob_oid(data)


class State(NamedTuple):
    """A branch as it stands."""

    commit: str
    files: Mapping[str, Stored]
    card: str | None
    private: bool | None = None

    @property
    def is_bare(self) -> bool:
        """Return whether there is no data yet, so that nobody can lose any."""
        return set(self.files) <= _BARE


class Step(NamedTuple):
    """What a commit does with one file."""

    path: str
    change: Change
    data: bytes = b""

    def document(self) -> dict[str, str | int]:
        """Return it for `--json`."""
        return {"path": self.path, "change": self.change, "bytes": len(self.data)}


class Made(NamedTuple):
    """A commit that stands."""

    commit: str
    pull_request: int | None = None
    url: str = ""


class Message(NamedTuple):
    """What a commit, or a pull request, says of itself."""

    title: str
    text: str


def blob_oid(data: bytes) -> str:
    """Return the id that git gives to a content.

    >>> blob_oid(b"")
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def look(branch: Branch) -> State | None:
    """Return a branch as it stands, None where there is no such repository; raises InputError for a branch that is not there."""
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

    api, name, revision = branch
    with in_our_words(str(branch), token()):
        try:
            info = api.dataset_info(name, revision=revision)
        except GatedRepoError:
            raise
        except RepositoryNotFoundError:
            return None
        except HfHubHTTPError as error:
            if error.response.status_code == 404 and "X-Error-Code" not in error.response.headers:
                return None
            raise
        listed = api.list_repo_tree(name, recursive=True, revision=info.sha, repo_type="dataset")
        files = {
            one.path: Stored(one.size, one.blob_id, one.lfs.sha256 if one.lfs else "")
            for one in listed
            if hasattr(one, "blob_id")
        }
        card = None
        if CARD in files:
            path = api.hf_hub_download(name, CARD, revision=info.sha, repo_type="dataset")
            card = Path(path).read_bytes().decode("utf-8", "replace")
    return State(str(info.sha), files, card, info.private)


def create(branch: Branch, *, private: bool) -> None:
    """Make a repository."""
    with in_our_words(f"hub:{branch.name}", token()):
        branch.api.create_repo(branch.name, repo_type="dataset", private=private, exist_ok=True)


def commit(branch: Branch, state: State, steps: Sequence[Step], message: Message, *, pull_request: bool) -> Made:
    """Make one commit of all steps on top of a state, in the branch or as a pull request; raises MovedError when the branch has moved."""
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    operations = [
        CommitOperationDelete(step.path)
        if step.change == "removed"
        else CommitOperationAdd(path_in_repo=step.path, path_or_fileobj=step.data)
        for step in steps
    ]
    with in_our_words(str(branch), token()):
        made = branch.api.create_commit(
            branch.name,
            operations,
            commit_message=message.title,
            commit_description=message.text,
            repo_type="dataset",
            revision=branch.revision,
            parent_commit=state.commit,
            create_pr=pull_request,
        )
    return Made(made.oid, made.pr_num, made.pr_url or made.commit_url)


def open_pull_requests(branch: Branch, title: str) -> list[tuple[int, str]]:
    """Return (number, address) of the open pull requests that begin with a title, the newest first."""
    with in_our_words(f"hub:{branch.name}", token()):
        found = branch.api.get_repo_discussions(
            branch.name, repo_type="dataset", discussion_type="pull_request", discussion_status="open"
        )
        ours = [(one.num, one.url) for one in found if one.title.startswith(title)]
    return sorted(ours, reverse=True)


def holds(state: State | None, steps: Sequence[Step]) -> bool:
    """Return whether a branch has all that the steps would do."""
    if state is None:
        return False
    return all(
        step.path not in state.files
        if step.change == "removed"
        else step.path in state.files and state.files[step.path].holds(step.data)
        for step in steps
    )
