"""`selfinstruct export`."""

from pathlib import Path

import click

from selfinstruct.cli.options import common, existing, load_config, option, run_path
from selfinstruct.cli.screen import print_json


@click.command("export")
@common
@option("--format", "format_name", required=True, metavar="FORMAT", help="alpaca or messages.")
@option("--output", required=True, metavar="DIR", help="Folder that the files are written to.")
@option("--dataset", metavar="PATH", help="File or folder to export.  [default: the run's dataset]")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    format_name: str,
    output: str,
    dataset: str | None,
) -> None:
    """Write the dataset in the layout of another tool."""
    from selfinstruct.dataset.export import FORMATS
    from selfinstruct.dataset.load import load_rows
    from selfinstruct.errors import ConfigError
    from selfinstruct.files import write_text

    if format_name not in FORMATS:
        raise ConfigError(f"--format: `{format_name}` is not known; choose {' or '.join(FORMATS)}")
    source = existing(dataset) if dataset else existing(str(run_path(load_config(config_path), run_dir)))
    rows = load_rows(source)
    written = []
    for name, text in FORMATS[format_name](rows).items():
        write_text(Path(output) / name, text)
        written.append(str(Path(output) / name))
    if as_json:
        print_json({"rows": len(rows), "files": written})
    elif not quiet:
        click.echo(f"{len(rows)} rows: {', '.join(written)}")
