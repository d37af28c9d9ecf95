"""Branches of a run merged by git itself, and resolved as README says."""

from subprocess import CalledProcessError

from tests.support.branches import Branches, chosen_lines
from tests.support.repository import git

_RECORDS = ("manifest.json", "provenance.jsonl", "dataset/README.md")


def merge_by_git(branches: Branches, chosen: str) -> None:
    """Merge theirs into ours; in conflicts of the whole file and of the decisions the `chosen` side's lines are kept."""
    case, folder = branches.case, branches.folder
    git(folder, "checkout", "--quiet", "ours")
    try:
        git(folder, "merge", "--quiet", "--no-commit", "--no-ff", "theirs")
    except CalledProcessError:
        in_conflict = git(case.path, "diff", "--name-only", "--relative", "--diff-filter=U").split()
        for name in in_conflict:
            if name == "review.jsonl" or (
                name.startswith("dataset/") and name.count("/") == 1 and name.endswith(".jsonl")
            ):
                path = case.path / name
                path.write_text(chosen_lines(path.read_text(encoding="utf-8"), chosen), encoding="utf-8")
            elif name in _RECORDS or name.startswith("dataset/"):
                git(case.path, "checkout", "--ours", "--", name)
        git(folder, "add", "--all")
