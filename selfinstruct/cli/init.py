"""`selfinstruct init`."""

import shlex
import shutil
from pathlib import Path

import click

from selfinstruct.api.project import init
from selfinstruct.api.templates import EMBEDDED, key_of, teachers
from selfinstruct.cli.console import Screen, print_json, write
from selfinstruct.cli.messages import language
from selfinstruct.cli.options import common, option
from selfinstruct.system.git import git

_QUESTION = (
    "Which teacher? The embedded one needs no key and shows the pipeline; a dataset to train on needs a strong one"
)


@click.command("init")
@common
@option(
    "--teacher",
    type=click.Choice(teachers()),
    help=f"Who is asked; `init` at a terminal asks which.  [default elsewhere: {EMBEDDED}]",
)
@click.argument("folder", metavar="DIR")
def command(
    config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, teacher: str | None, folder: str
) -> None:
    """Start a project in DIR: selfinstruct.toml for a teacher, own copies of seeds and prompts to edit, a Makefile, and a workflow.

    The workflow comments on each pull request what it changes in a dataset, and keeps the whole diff as a page. It and the Makefile
    install the commit of selfinstruct that you use, where others can have it; otherwise REPOSITORY and COMMIT are to be filled in.
    """
    chosen = teacher or (EMBEDDED if as_json or quiet else Screen(quiet).choose(_QUESTION, teachers()))
    target = init(folder, teacher=chosen, language=language())
    if as_json:
        print_json({"folder": str(target), "teacher": chosen})
    elif not quiet:
        _print_next(target, chosen)


for _one in command.params:
    if isinstance(_one, click.Option) and _one.name in {"config_path", "run_dir", "max_row_bytes"}:
        _one.hidden = True  # every verb takes them, and this one has no use for them


def _print_next(target: Path, teacher: str) -> None:
    write(f"{target}: selfinstruct.toml for the teacher {teacher}, seed_tasks/, prompts/, Makefile, a workflow")
    if "COMMIT :=\n" in (target / "Makefile").read_text(encoding="utf-8"):
        write(
            "Before others use it: fill in REPOSITORY and COMMIT in Makefile and .github/workflows/dataset-diff.yml; this selfinstruct comes "
            "from no commit that they could install"
        )
    if shutil.which("git") is None or git("rev-parse", "--is-inside-work-tree", folder=target) is None:
        write(
            "Diffs, pull requests and merges need git: `git init` in the folder, then commit; `selfinstruct git install` makes diffs readable and "
            "merges go by rows"
        )
    steps = [] if target.resolve() == Path.cwd() else [f"cd {shlex.quote(str(target))}"]
    if key := key_of(teacher):
        steps += [f"export {key}=..."]
    if teacher != EMBEDDED:
        steps += ["make check", "make estimate"]
    else:
        write("Another teacher: --teacher, or [teacher] in selfinstruct.toml")
    write(f"Next: {' && '.join([*steps, 'make generate'])}")
