"""`selfinstruct review`."""

import sys
from typing import TYPE_CHECKING

import click

from selfinstruct.api.review import How, merge_review, review_figures, review_page, reviewing, write_reviewed
from selfinstruct.api.settings import load_config, run_path
from selfinstruct.cli.console import Screen, print_json, write
from selfinstruct.cli.messages import language, language_named, spoken_word
from selfinstruct.cli.options import common, option
from selfinstruct.errors import ConfigError
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.review.server import ReviewServer


@click.command("review")
@common
@click.argument("dataset", metavar="[RUN|FILE]", required=False)
@option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port on 127.0.0.1.  [default: a free one]"
)
@option("--browser/--no-browser", "browser", default=True, help="Open the page in the browser.  [default: yes]")
@option(
    "--sample",
    type=click.IntRange(1),
    metavar="N",
    help="Read N rows drawn at random, the same for everybody, in place of the order by risk.",
)
@option(
    "--base", metavar="REVISION", help="Rows that are not so at this git revision come earlier, such as origin/main."
)
@option("--reviewer", metavar="NAME", help="Who reviews.  [default: user.name of git]")
@option("--time", "times", is_flag=True, help="Write down when each decision was taken.")
@option(
    "--page", metavar="FILE", help="Write one HTML file in which a person without Python reviews, and serve nothing."
)
@option("--merge", "merged", metavar="FILE", help="Take over the decisions that such a page, or another review, gave.")
@option(
    "--output",
    metavar="FILE",
    help="Write the rows of a file as the decisions leave them; of a run, `filter` does that.",
)
@option("--figures", is_flag=True, help="Print what the reading says so far, and serve nothing.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    dataset: str | None,
    port: int,
    browser: bool,
    sample: int | None,
    base: str | None,
    reviewer: str | None,
    times: bool,
    page: str | None,
    merged: str | None,
    output: str | None,
    figures: bool,
) -> None:
    """Read rows one at a time in a local page, with everything that is known beside each, and accept, reject or edit them by single keys.

    Rows come by risk: broken and flagged rules, the judge against itself, nearness, rows that are new. With --sample N they are drawn at
    random, and the page says what bound that gives. Decisions go to review.jsonl of the run, or beside a file, each on the disk before the
    next row is shown; `selfinstruct filter` applies those of a run. Ctrl-C ends it.
    """
    if sum(map(bool, (page, merged, output, figures))) > 1:
        raise ConfigError("--page, --merge, --output and --figures: one at a time")
    config, screen = load_config(config_path), Screen(quiet)
    place = dataset or str(run_path(config, run_dir))
    how = How(reviewer or "", sample or 0, base or "", times, language_named() or "")
    if figures:
        _print_figures(place, screen, as_json=as_json)
    elif merged:
        _print_merged(place, merged, screen, as_json=as_json)
    elif output:
        kept = write_reviewed(place, output, say=screen.say)
        line = f"{amount(kept.rows, 'row')}, {kept.edited:,} of them edited, {kept.rejected:,} rejected ones left out: {output}"
        print_json(kept._asdict()) if as_json else write(line)
    elif page:
        path, rows = review_page(place, page, how._replace(reviewer="", times=False), config=config, say=screen.say)
        told = {"page": str(path), "rows": rows}
        print_json(told) if as_json else write(f"{amount(rows, 'row')}: {path}")
    else:
        with reviewing(place, how, port=port, config=config, say=screen.say) as server:
            _serve(server, screen, browser=browser, as_json=as_json)


def _serve(server: "ReviewServer", screen: Screen, *, browser: bool, as_json: bool) -> None:
    material = server.session.material
    if as_json:
        print_json({"url": server.url, "rows": len(material.rows), "decisions": str(material.review)})
    else:
        write(server.url)
    sys.stdout.flush()
    if browser:
        click.launch(server.url_once)
    _until_interrupted(server)
    if not screen.quiet:
        write(f"{amount(server.session.progress()['read'], 'row')} read; decisions: {material.review}", err=True)


def _until_interrupted(server: "ReviewServer") -> None:
    """Serve until Ctrl-C or a signal to end, which is how a review ends."""
    import signal
    import threading

    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    ended.wait()
    server.shutdown()


def _print_merged(place: str, file: str, screen: Screen, *, as_json: bool) -> None:
    found = merge_review(place, file, say=screen.say)
    if as_json:
        print_json(found._asdict())
    elif not screen.quiet:
        write(
            f"{amount(found.taken, 'decision')} taken over, {found.replaced} put in place of earlier ones, {found.known} already there"
        )


def _print_figures(place: str, screen: Screen, *, as_json: bool) -> None:
    from selfinstruct.dataset.release.reviewed import TOTAL, agreement_in_words, sentence

    found = review_figures(place, say=screen.say)
    if as_json:
        print_json({name: one.model_dump(mode="json") for name, one in found.items()})
        return
    for name, one in found.items():
        write(f"{_group(name)}: {sentence(one)}")
    if TOTAL in found and (told := agreement_in_words(found[TOTAL])):
        write(told)
    if not found:
        write("Nothing is decided yet.")


def _group(name: str) -> str:
    """Return what a group of rows is called: in Chinese the total as the page has it."""
    from selfinstruct.dataset.release.reviewed import TOTAL

    return spoken_word("all") if name == TOTAL and language() == "zh" else name
