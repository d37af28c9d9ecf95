"""`selfinstruct init`."""

import shutil
from pathlib import Path

import click

from selfinstruct.cli.options import common
from selfinstruct.cli.screen import print_json
from selfinstruct.errors import InputError, StorageError

_ATTRIBUTES = "*.jsonl text eol=lf\n"
_IGNORE = "outputs/*/journal/\noutputs/*/rejected.jsonl\noutputs/*/report.html\noutputs/*/finetune/\n"
_OWN = ('# seeds = "seed_tasks"', '# prompts = "prompts"')


@click.command("init")
@common
@click.argument("folder", metavar="DIR")
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, folder: str) -> None:
    """Start a project in DIR: selfinstruct.toml and own copies of seeds and prompts to edit."""
    from selfinstruct.files import bundled, read_text, write_text

    target = Path(folder)
    if target.exists() and any(target.iterdir()):
        raise InputError(f"{target}: is not empty; name a new or empty folder")
    config = read_text(bundled("selfinstruct.toml"))
    for line in _OWN:
        config = config.replace(line, line.removeprefix("# "))
    try:
        for name in ("seed_tasks", "prompts"):
            shutil.copytree(bundled(name), target / name)
    except OSError as error:
        raise StorageError(f"{target}: cannot be written ({error.strerror}); choose another folder") from error
    write_text(target / "selfinstruct.toml", config)
    write_text(target / ".gitattributes", _ATTRIBUTES)
    write_text(target / ".gitignore", _IGNORE)
    if as_json:
        print_json({"folder": str(target)})
    elif not quiet:
        click.echo(f"{target}: selfinstruct.toml, seed_tasks/, prompts/. Next: cd {target} && selfinstruct generate")
