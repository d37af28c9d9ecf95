"""`selfinstruct report`."""

from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.given import load_for_run
from selfinstruct.api.reports import report
from selfinstruct.api.settings import existing, load_config, run_path
from selfinstruct.cli.console import Screen, print_json, tell_empty, write
from selfinstruct.cli.messages import language
from selfinstruct.cli.options import common, option
from selfinstruct.hub.operand import is_on_hub
from selfinstruct.system.garbage import uncollected
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.reports.run import Figures


@click.command("report")
@common
@option("--dataset", metavar="PATH", help="File or folder to report on, instead of the run.")
@option(
    "--perplexity",
    is_flag=True,
    help="Also measure how surprising the embedded teacher finds some answers: takes minutes.",
)
@option("--output", metavar="FILE", help="Where the page goes.  [default: report.html in the run, or beside the file]")
@uncollected()
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    dataset: str | None,
    perplexity: bool,
    output: str | None,
) -> None:
    """Write one offline HTML page of a run or dataset.

    Funnel, rejections, recipes, documents, quality beside a control, verbs, lengths, nearest neighbours, cost over time, and a sample to
    read. The page asks for nothing when it is opened.
    """
    say = Screen(quiet).say
    config = load_config(config_path) if dataset else load_for_run(config_path, run_dir, {}, say, asks=False)
    named = dataset if not dataset or is_on_hub(dataset) else existing(dataset)
    source = named or run_path(config, run_dir)
    done = report(source, output, perplexity=perplexity, language=language(), config=config, say=say)
    if as_json:
        print_json({"report": str(done.path), "rows": done.rows} | _document(done.figures))
    elif not quiet:
        write(f"{amount(done.rows, 'row')}: {done.path}")
        tell_empty(done.rows, source)


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
        "recipes": [one._asdict() for one in figures.recipes],
        "documents": [one._asdict() for one in figures.documents],
        "survivals": [one._asdict() for one in figures.survivals],
        "turns": [one._asdict() | {"ended": dict(one.ended)} for one in figures.turns],
        "quality": {language: [one._asdict() for one in sides] for language, sides in figures.quality.items()},
    }
