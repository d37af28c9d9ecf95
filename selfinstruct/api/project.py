"""A new project, and what a clone needs so that git reads datasets by row."""

import os
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

from selfinstruct.api.settings import PathLike
from selfinstruct.errors import InputError, StorageError
from selfinstruct.records import LanguageCode

ATTRIBUTES = (
    "outputs/*/dataset/**/*.jsonl text eol=lf diff=selfinstruct merge=selfinstruct",
    "outputs/*/provenance.jsonl text eol=lf merge=selfinstruct",
    "outputs/*/review.jsonl text eol=lf diff=selfinstruct merge=selfinstruct",
    "outputs/*/manifest.json merge=selfinstruct-derived",
    "outputs/*/config.lock.toml merge=selfinstruct-derived",
    "outputs/*/dataset/README.md merge=selfinstruct-derived",
)
"""Lines of `.gitattributes`; where the drivers are not installed git falls back to its own."""
_IGNORED = (
    "journal/",
    "rejected.jsonl",
    "report.html",
    "finetune/",
    "dataset.before-*/",
    ".*.????????",
)
"""Of each run, comparison, derived dataset ..., however deep it lies."""
_THIS_MACHINE = (".venv/", "local.mk")


class GitDrivers(NamedTuple):
    """What `install_git_drivers` set up."""

    settings: dict[str, str]
    """Of `.git/config`."""
    attributes: list[str]
    """Lines that `.gitattributes` lacked and has now."""
    attributes_file: str
    """That file, from the top of the repository."""
    paths: list[str]
    """Patterns of the files that are covered, from the top of the repository."""


def init(folder: PathLike, *, teacher: str = "embedded", language: LanguageCode = "en") -> Path:
    """Start a project: selfinstruct.toml, own copies of seeds and prompts to edit, a Makefile, git attributes, a workflow.

    `teacher` is the embedded one or a provider such as `deepseek`, whose block and recipe the configuration then has. `language` is
    that of the comments in the files, and of what the workflow writes. Returns the folder.
    Raises InputError for a file and for a folder that holds more than a repository without a commit, ConfigError for an unknown teacher.

    >>> import tempfile
    >>> sorted(path.name for path in init(tempfile.mkdtemp()).iterdir())
    ['.gitattributes', '.github', '.gitignore', 'Makefile', 'local.mk', 'prompts', 'seed_tasks', 'selfinstruct.toml']
    """
    from selfinstruct.api.comments import in_language
    from selfinstruct.api.templates import configuration, local_makefile, makefile, with_pages
    from selfinstruct.reports.diff.pull_request import workflow
    from selfinstruct.system.files import bundled
    from selfinstruct.system.origin import installed_from
    from selfinstruct.system.writing import write_text

    target, config = Path(folder), configuration(teacher)
    _refuse_occupied(target)
    try:
        for name in ("seed_tasks", "prompts"):
            shutil.copytree(bundled(name), target / name)
    except OSError as error:
        raise StorageError(f"{target}: cannot be written ({error.strerror}); choose another folder") from error
    origin = installed_from()
    told = {
        "selfinstruct.toml": with_pages(config, origin),
        "Makefile": makefile(teacher, origin),
        "local.mk": local_makefile(),
        ".github/workflows/dataset-diff.yml": workflow(origin, language),
    }
    for name, text in told.items():
        write_text(target / name, in_language(text, language))
    write_text(target / ".gitattributes", "\n".join(("*.jsonl text eol=lf", *ATTRIBUTES)) + "\n")
    ignored = (*(f"outputs/*/**/{name}" for name in _IGNORED), *_THIS_MACHINE)
    write_text(target / ".gitignore", "".join(f"{line}\n" for line in ignored))
    return target


def install_git_drivers() -> GitDrivers:
    """Set up this clone: `git diff` shows rows by field, `git merge` conflicts only where both sides edited the same row.

    Of a run's other files this branch's stay until `filter` writes them anew. Writes three sections of .git/config and, where they are
    missing, six lines of .gitattributes in the current folder.
    """
    from selfinstruct.system.git import git
    from selfinstruct.system.interpreter import python

    prefix = git("rev-parse", "--show-prefix")
    if prefix is None:
        raise InputError("not inside a git repository; change into one, or begin with `git init`")
    selfinstruct = shlex.join(python("-m", "selfinstruct"))
    settings = {
        "diff.selfinstruct.textconv": f"{selfinstruct} git textconv",
        "diff.selfinstruct.xfuncname": "^id: (.*)$",
        "merge.selfinstruct.name": "rows of a dataset",
        "merge.selfinstruct.driver": f"{selfinstruct} git merge-file %O %A %B %P",
        "merge.selfinstruct-derived.name": "files that `selfinstruct filter` writes anew",
        "merge.selfinstruct-derived.driver": f"{selfinstruct} git keep-ours %P",
    }
    for key, value in settings.items():
        if git("config", "--local", key, value) is None:
            raise InputError(f".git/config: `{key}` cannot be set; see `git config --local --list`")
    below = os.fsdecode(prefix).rstrip("\n")
    added = _add_attributes(Path(".gitattributes"))
    return GitDrivers(settings, added, f"{below}.gitattributes", [below + line.split()[0] for line in ATTRIBUTES])


def _refuse_occupied(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise InputError(f"{target}: is a file; name a new or empty folder")
    if target.exists() and any(one.name != ".git" for one in target.iterdir()):
        raise InputError(f"{target}: is not empty; name a new or empty folder")


def _add_attributes(path: Path) -> list[str]:
    """Add the lines that a file lacks and return them."""
    from selfinstruct.system.files import read_text
    from selfinstruct.system.plain import refuse_links
    from selfinstruct.system.writing import write_text

    refuse_links(path.parent, (path.name,))
    text = read_text(path) if path.exists() else ""
    missing = [line for line in ATTRIBUTES if line not in text.split("\n")]
    if missing:
        separator = "" if not text or text.endswith("\n") else "\n"
        write_text(path, text + separator + "".join(f"{line}\n" for line in missing))
    return missing
