"""`selfinstruct init`."""

import shutil
from pathlib import Path

import click

from selfinstruct.cli.console import print_json
from selfinstruct.cli.git import ATTRIBUTES
from selfinstruct.cli.options import common
from selfinstruct.errors import InputError, StorageError

_IGNORED = ("journal/", "rejected.jsonl", "report.html", "finetune/", "dataset.before-*/")
"""Of each run."""
_OWN = ('# seeds = "seed_tasks"', '# prompts = "prompts"')


@click.command("init")
@common
@click.argument("folder", metavar="DIR")
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, folder: str) -> None:
    """Start a project in DIR: selfinstruct.toml, own copies of seeds and prompts to edit, and a workflow for pull requests.

    The workflow comments on each pull request what it changes in a dataset, and keeps the whole diff as a page.
    """
    from selfinstruct.reports.diff.pull_request import workflow
    from selfinstruct.system.files import bundled, read_text, write_text

    target = Path(folder)
    _refuse_occupied(target)
    config = read_text(bundled("selfinstruct.toml"))
    for line in _OWN:
        config = config.replace(line, line.removeprefix("# "))
    try:
        for name in ("seed_tasks", "prompts"):
            shutil.copytree(bundled(name), target / name)
    except OSError as error:
        raise StorageError(f"{target}: cannot be written ({error.strerror}); choose another folder") from error
    write_text(target / "selfinstruct.toml", config)
    write_text(target / ".gitattributes", "\n".join(("*.jsonl text eol=lf", *ATTRIBUTES)) + "\n")
    write_text(target / ".github" / "workflows" / "dataset-diff.yml", workflow())
    write_text(target / ".gitignore", "".join(f"outputs/*/{name}\n" for name in _IGNORED))
    if as_json:
        print_json({"folder": str(target)})
    elif not quiet:
        enter = "" if target.resolve() == Path.cwd() else f"cd {target} && "
        click.echo(
            f"{target}: selfinstruct.toml, seed_tasks/, prompts/, a workflow. Next: {enter}selfinstruct generate"
        )


def _refuse_occupied(target: Path) -> None:
    """Raise InputError for a file, or a folder that holds more than a repository without a commit."""
    if target.exists() and not target.is_dir():
        raise InputError(f"{target}: is a file; name a new or empty folder")
    if target.exists() and any(one.name != ".git" for one in target.iterdir()):
        raise InputError(f"{target}: is not empty; name a new or empty folder")
