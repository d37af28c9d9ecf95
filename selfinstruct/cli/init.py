"""`selfinstruct init`."""

import shlex
from pathlib import Path

import click

from selfinstruct.api.project import init
from selfinstruct.cli.console import print_json, write
from selfinstruct.cli.options import common


@click.command("init")
@common
@click.argument("folder", metavar="DIR")
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, folder: str) -> None:
    """Start a project in DIR: selfinstruct.toml, own copies of seeds and prompts to edit, and a workflow for pull requests.

    The workflow comments on each pull request what it changes in a dataset, and keeps the whole diff as a page. It installs the commit
    of selfinstruct that you use, where that is known; otherwise REPOSITORY and COMMIT in it are to be filled in.
    """
    target = init(folder)
    if as_json:
        print_json({"folder": str(target)})
    elif not quiet:
        enter = "" if target.resolve() == Path.cwd() else f"cd {shlex.quote(str(target))} && "
        write(f"{target}: selfinstruct.toml, seed_tasks/, prompts/, a workflow. Next: {enter}selfinstruct generate")
