"""`selfinstruct git`: readable diffs and row-wise merges of dataset files, by git's own drivers."""

import sys
from pathlib import Path

import click

from selfinstruct.api.project import install_git_drivers
from selfinstruct.cli.console import print_json, write
from selfinstruct.cli.messages import spoken
from selfinstruct.cli.options import common
from selfinstruct.errors import FindingsError, InputError
from selfinstruct.system.faces import to_stderr
from selfinstruct.system.numbers import amount

_DERIVED = "provenance.jsonl"
"""Lines by row that `filter` writes anew: a row that both sides edited conflicts in the dataset, and need not do so here."""


@click.group("git")
def command() -> None:
    """Readable diffs and row-wise merges of datasets in this repository."""


@command.command("install")
@common
def install(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool) -> None:
    """Set up this clone: `git diff` shows rows by field, `git merge` conflicts only where both sides edited the same row.

    Manifest, lock file and card of a run are written anew by `filter`, so a merge leaves this branch's and says so.

    Writes three sections of .git/config and, where they are missing, six lines of .gitattributes in the current folder, which is to be
    committed: they cover the runs in `outputs/` of this folder. Each clone needs it once, because git takes no command from a
    repository. `git config --remove-section diff.selfinstruct` (and `merge.selfinstruct`, `merge.selfinstruct-derived`) takes it back.
    """
    done = install_git_drivers()
    if as_json:
        print_json(done._asdict())
    elif not quiet:
        write(f"git diff and git merge now read datasets by row in this clone: {', '.join(done.paths)}")
        if done.attributes:
            write(f"{done.attributes_file}: {amount(len(done.attributes), 'line')} added; commit it")


@command.command("textconv", hidden=True)
@click.argument("path")
def textconv(path: str) -> None:
    """Write the rows of a file as `git diff` shows them; a file that holds no rows as it is, one that is half merged with its markers."""
    from selfinstruct.dataset.git.merge import NotRowsError, readable
    from selfinstruct.system.conflicts import marker_line
    from selfinstruct.system.files import check_rows, read_text
    from selfinstruct.system.text import visible

    check_rows(Path(path))
    line = 0
    try:
        text = read_text(Path(path))
        line = marker_line(text.encode("utf-8", "surrogatepass"))
        shown = readable(text, half_merged=line > 0)
    except (NotRowsError, InputError):  # git diff must show a broken file too
        shown = _as_it_is(Path(path))
    if line:
        _tell(f"{path}:{line}: a git merge was left unfinished here; rows are shown between its markers")
    sys.stdout.buffer.write(visible(shown).encode("utf-8"))


def _tell(text: str) -> None:
    """Say something in the midst of what git says."""
    to_stderr(f"selfinstruct: {spoken(text)}")


def _as_it_is(path: Path) -> str:
    """Return the text of a file, bytes that are no UTF-8 as escapes; raises InputError for one that cannot be read."""
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


@command.command("keep-ours", hidden=True)
@click.argument("name")
def keep_ours(name: str) -> None:
    """Leave this branch's version of a file that `filter` writes anew, as git asks of a merge driver."""
    _tell(f"{name}: both sides wrote it; this branch's stays until `selfinstruct filter` writes it anew")


@command.command("merge-file", hidden=True)
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.argument("name")
def merge_file(base: str, ours: str, theirs: str, name: str) -> None:
    """Merge three versions of a dataset into OURS, as git asks of a merge driver; exit 1 when rows are in conflict."""
    from selfinstruct.dataset.git.merge import NotRowsError, merge
    from selfinstruct.system.files import check_rows, read_text
    from selfinstruct.system.writing import write_text

    for path in (base, ours, theirs):
        check_rows(Path(path))
    try:
        before, mine, other = (read_text(Path(path)) for path in (base, ours, theirs))
        merged = merge(before, mine, other, prefers_ours=Path(name).name == _DERIVED)
    except (NotRowsError, InputError) as error:
        reason = str(error).removeprefix(next((f"{path}: " for path in (base, ours, theirs) if path in str(error)), ""))
        _tell(f"{name}: {reason}; merged line by line instead")
        _merge_lines(base, ours, theirs, name)
        return
    write_text(Path(ours), merged.text)
    if merged.conflicts:
        raise FindingsError(
            f"{name}: {amount(len(merged.conflicts), 'row')} edited on both sides: {', '.join(merged.conflicts[:5])}"
        )


def _merge_lines(base: str, ours: str, theirs: str, name: str) -> None:
    """Merge as git does without a driver, so that a broken file is no worse off."""
    import subprocess

    labels = [part for label in ("ours", "base", "theirs") for part in ("-L", label)]
    done = subprocess.run(["git", "merge-file", *labels, ours, base, theirs], check=False)  # noqa: S603, S607 - git asks us to
    if done.returncode:
        raise FindingsError(f"{name}: lines are in conflict")
