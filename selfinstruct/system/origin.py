"""Where this installation of the package came from: a repository and a commit (PEP 610), so that others can install the same."""

import json
import re
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from selfinstruct.system.git import git

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SSH = re.compile(r"(?:ssh://)?git@([\w.-]+)[:/]([\w./-]+)")
_PUBLIC = re.compile(r"https://[\w.-]+(?::\d+)?/[\w./~-]+")


class Origin(NamedTuple):
    """A repository, as an https address without user or password, and a commit of it."""

    repository: str
    commit: str


def installed_from(stated: str | None = None) -> Origin | None:
    """Return repository and commit that this package was installed from; None when they are not known.

    `stated` is the content of `direct_url.json`, which pip writes; by default that of this installation.

    >>> installed_from('{"url": "https://example.org/o/r.git", "vcs_info": {"vcs": "git", "commit_id": "' + "a" * 40 + '"}}')
    Origin(repository='https://example.org/o/r.git', commit='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')
    """
    our_distribution = distribution("selfinstruct")
    text = stated if stated is not None else our_distribution.read_text("direct_url.json")
    value = json.loads(text) if text else {}
    url = str(value.get("url", ""))
    if "vcs_info" in value:
        return _origin(url, str(value["vcs_info"].get("commit_id", "")))
    if "dir_info" not in value or not url.startswith("file:"):
        return None
    folder = Path(unquote(urlsplit(url).path))
    remote = git("remote", "get-url", "origin", folder=folder)
    head = git("rev-parse", "HEAD", folder=folder)
    if not git("for-each-ref", "--contains", "HEAD", "--count=1", "refs/remotes/origin", folder=folder):
        return None  # not pushed: nobody else could install it
    return _origin((remote or b"").decode().strip(), (head or b"").decode().strip())


def _origin(url: str, commit: str) -> Origin | None:
    """Return an origin that a workflow may write down, or None: no local path, no secret in the address, a whole commit."""
    ssh = _SSH.fullmatch(url)
    public = f"https://{ssh[1]}/{ssh[2]}" if ssh else url
    whole = _PUBLIC.fullmatch(public) and _COMMIT.fullmatch(commit)
    return Origin(public, commit) if whole else None
