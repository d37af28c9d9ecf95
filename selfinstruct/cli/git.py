"""`selfinstruct git`: readable diffs and row-wise merges of dataset files, by git's own drivers."""

import shlex
import sys
from pathlib import Path

import click

from selfinstruct.cli.console import print_json
from selfinstruct.cli.options import common
from selfinstruct.errors import FindingsError, InputError

ATTRIBUTES = (
    "outputs/*/dataset/**/*.jsonl text eol=lf diff=selfinstruct merge=selfinstruct",
    "outputs/*/provenance.jsonl text eol=lf merge=selfinstruct",
)
"""Lines of `.gitattributes`; where the drivers are not installed git falls back to its own."""


@click.group("git")
def command() -> None:
    """Readable diffs and row-wise merges of datasets in this repository."""


@command.command("install")
@common
def install(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool) -> None:
    """Set up this clone: `git diff` shows rows by field, `git merge` conflicts only where both sides edited the same row.

    Writes two sections of .git/config and, where they are missing, two lines of .gitattributes in the current folder, which is to be
    committed: they cover the runs in `outputs/` of this folder. Each clone needs it once, because git takes no command from a
    repository. `git config --remove-section diff.selfinstruct` takes it back.
    """
    from selfinstruct.system.git import git

    prefix = git("rev-parse", "--show-prefix")
    if prefix is None:
        raise InputError("not inside a git repository; change into one, or begin with `git init`")
    selfinstruct = f"{shlex.quote(sys.executable)} -m selfinstruct"
    settings = {
        "diff.selfinstruct.textconv": f"{selfinstruct} git textconv",
        "diff.selfinstruct.xfuncname": "^id: (.*)$",
        "merge.selfinstruct.name": "rows of a dataset",
        "merge.selfinstruct.driver": f"{selfinstruct} git merge-file %O %A %B %P",
    }
    for key, value in settings.items():
        if git("config", "--local", key, value) is None:
            raise InputError(f".git/config: `{key}` cannot be set; see `git config --local --list`")
    added = _add_attributes(Path(".gitattributes"))
    below = prefix.decode("utf-8", "surrogateescape").rstrip("\n")
    covered = [below + line.split()[0] for line in ATTRIBUTES]
    if as_json:
        print_json({"settings": settings, "attributes": added, "paths": covered})
    elif not quiet:
        click.echo(f"git diff and git merge now read datasets by row in this clone: {', '.join(covered)}")
        if added:
            click.echo(f"{below}.gitattributes: {len(added)} lines added; commit it")


def _add_attributes(path: Path) -> list[str]:
    """Add the lines that a file lacks and return them."""
    from selfinstruct.system.files import read_text, write_text

    text = read_text(path) if path.exists() else ""
    missing = [line for line in ATTRIBUTES if line not in text.split("\n")]
    if missing:
        separator = "" if not text or text.endswith("\n") else "\n"
        write_text(path, text + separator + "".join(f"{line}\n" for line in missing))
    return missing


@command.command("textconv", hidden=True)
@click.argument("path")
def textconv(path: str) -> None:
    """Write the rows of a file as `git diff` shows them; a file that holds no rows as it is."""
    from selfinstruct.dataset.git.merge import NotRowsError, readable
    from selfinstruct.system.files import read_text

    try:
        shown = readable(read_text(Path(path))).encode("utf-8", "surrogatepass")
    except (NotRowsError, InputError):  # git diff must show a broken file too
        shown = Path(path).read_bytes()
    sys.stdout.buffer.write(shown)


@command.command("merge-file", hidden=True)
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.argument("name")
def merge_file(base: str, ours: str, theirs: str, name: str) -> None:
    """Merge three versions of a dataset into OURS, as git asks of a merge driver; exit 1 when rows are in conflict."""
    from selfinstruct.dataset.git.merge import NotRowsError, merge
    from selfinstruct.system.files import read_text, write_text

    try:
        before, mine, other = (read_text(Path(path)) for path in (base, ours, theirs))
        merged = merge(before, mine, other)
    except (NotRowsError, InputError) as error:
        reason = str(error).removeprefix(next((f"{path}: " for path in (base, ours, theirs) if path in str(error)), ""))
        click.echo(f"selfinstruct: {name}: {reason}; merged line by line instead", err=True)
        _merge_lines(base, ours, theirs, name)
        return
    write_text(Path(ours), merged.text)
    if merged.conflicts:
        raise FindingsError(
            f"{name}: {len(merged.conflicts)} rows were edited on both sides: {', '.join(merged.conflicts[:5])}"
        )


def _merge_lines(base: str, ours: str, theirs: str, name: str) -> None:
    """Merge as git does without a driver, so that a broken file is no worse off."""
    import subprocess

    labels = [part for label in ("ours", "base", "theirs") for part in ("-L", label)]
    done = subprocess.run(["git", "merge-file", *labels, ours, base, theirs], check=False)  # noqa: S603, S607 - git asks us to
    if done.returncode:
        raise FindingsError(f"{name}: lines are in conflict")
