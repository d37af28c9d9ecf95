"""`selfinstruct join`."""

import click

from selfinstruct.api.joined import join
from selfinstruct.cli.console import Screen
from selfinstruct.cli.generate import show
from selfinstruct.cli.options import common
from selfinstruct.errors import ConfigError


@click.command("join")
@common
@click.argument("runs", metavar="RUN...", nargs=-1)
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, runs: tuple[str, ...]) -> None:
    """Unite the slices of a run, RUN..., to a new run, --run NEW, and emit it: offline, free, and the same bytes in any order of RUN.

    `generate --slice 3/8 --run DIR` asks the third of eight slices: on a machine of its own, with its own journal and an eighth of targets,
    budget and caps. A row that two slices found counts once; `generate --run NEW` asks for what is then short of the target.
    Slices that were made under other settings, files or versions are refused, as are one that is missing and one that is named twice.
    """
    if not run_dir:
        raise ConfigError("join RUN... needs --run NEW, the directory of the united run")
    screen = Screen(quiet)
    show(join(runs, run_dir, config=config_path, say=screen.say), as_json, quiet)
