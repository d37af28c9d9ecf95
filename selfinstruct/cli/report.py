"""`selfinstruct report`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.cli.console import print_json
from selfinstruct.cli.options import common, existing, load_config, option, run_path

if TYPE_CHECKING:
    from selfinstruct.reports.run import Figures


@click.command("report")
@common
@option("--dataset", metavar="PATH", help="File or folder to report on, instead of the run.")
@option("--output", metavar="FILE", help="Where the page goes.  [default: report.html in the run, or beside the file]")
def command(
    config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, dataset: str | None, output: str | None
) -> None:
    """Write one offline HTML page of a run or dataset.

    Funnel, rejections, verbs, lengths, nearest neighbours, cost over time, and a sample to read. The page asks for nothing when it is opened.
    """
    from selfinstruct.errors import InputError
    from selfinstruct.reports.run import figures_of, gather, page
    from selfinstruct.system.files import write_text

    config = load_config(config_path)
    path = existing(dataset) if dataset else run_path(config, run_dir)
    if not path.exists():
        raise InputError(f"{path}: holds no run; `selfinstruct generate` makes one, or name a file with --dataset")
    material = gather(path, config)
    figures = figures_of(material)
    target = Path(output) if output else (path if path.is_dir() else path.parent) / "report.html"
    write_text(target, page(material, figures))
    if as_json:
        print_json({"report": str(target), "rows": len(material.rows)} | _document(figures))
    elif not quiet:
        click.echo(f"{len(material.rows)} rows: {target}")


def _document(figures: "Figures") -> dict[str, Any]:
    """Return the numbers of a report for a script."""
    languages = {
        language: found._asdict()
        | {"verbs": [{"verb": verb, "rows": rows, "nouns": dict(nouns)} for verb, rows, nouns in found.verbs]}
        for language, found in figures.languages.items()
    }
    return {
        "languages": languages,
        "rejections": figures.rejections,
        "course": [one._asdict() for one in figures.course],
    }
