"""Where an installation came from, as far as others may know it."""

import json
from pathlib import Path

import pytest

from selfinstruct.system.origin import Origin, installed_from
from tests.support.repository import git

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def _installed(url: str, commit: str = COMMIT) -> Origin | None:
    return installed_from(json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}}))


@pytest.mark.parametrize(
    ("url", "repository"),
    [
        ("https://example.org/o/r.git", "https://example.org/o/r.git"),
        ("ssh://git@example.org/o/r.git", "https://example.org/o/r.git"),
        ("git@example.org:o/r", "https://example.org/o/r"),
    ],
)
def test_a_repository_is_an_address_that_a_runner_can_read(url: str, repository: str) -> None:
    assert _installed(url) == Origin(repository, COMMIT)


@pytest.mark.parametrize(
    "url",
    [
        "https://me:secret@example.org/o/r",
        "file:///home/me/r",
        "/home/me/r",
        'https://example.org/o"\n  x: y',
        "ext::sh -c x",
    ],
)
def test_no_secret_no_path_and_no_syntax_gets_into_a_workflow(url: str) -> None:
    assert _installed(url) is None


@pytest.mark.parametrize("commit", ["main", COMMIT[:12], COMMIT + "\n"])
def test_only_a_whole_commit_says_what_is_installed(commit: str) -> None:
    assert _installed("https://example.org/o/r", commit) is None


def test_a_checkout_comes_from_its_remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    stated = json.dumps({"url": tmp_path.as_uri(), "dir_info": {"editable": True}})
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one")
    assert installed_from(stated) is None
    git(tmp_path, "remote", "add", "origin", "git@example.org:o/r.git")
    assert installed_from(stated) is None  # nobody else has that commit
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert installed_from(stated) == Origin("https://example.org/o/r.git", git(tmp_path, "rev-parse", "HEAD").strip())


def test_an_index_says_nothing_of_a_commit() -> None:
    assert installed_from("") is None
