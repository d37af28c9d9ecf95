"""`selfinstruct derive`."""

from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.settings import load_config, project_of, run_path
from selfinstruct.cli.console import Screen, print_json, write
from selfinstruct.cli.messages import spoken_word
from selfinstruct.cli.options import common, option
from selfinstruct.errors import ConfigError

if TYPE_CHECKING:
    from selfinstruct.runs.derive.price import Price
    from selfinstruct.runs.derive.run import Derived


@click.command("derive")
@common
@click.argument("run", metavar="[RUN]", required=False)
@option("--view", required=True, metavar="NAME[,NAME]...", help="Views to write, with commas between them.")
@option("--output", required=True, metavar="DIR", help="Folder of the views; new, empty, or with views of this run.")
@option("--buy", is_flag=True, help="Ask the teacher for what the views lack; else it is only said what that costs.")
@option(
    "--answers",
    type=click.IntRange(2, 4),
    default=2,
    show_default=True,
    help="Answers to one question at most, with --buy, the row's own among them.",
)
@option("--budget-usd", metavar="X", help="Send nothing that, at its worst, takes the whole run above this.")
@option("--concurrency", type=int, help="Requests in flight at once.")
@option("--yes", is_flag=True, help="Send the key to a new server that the configuration names, without asking.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    run: str | None,
    view: str,
    output: str,
    buy: bool,
    answers: int,
    budget_usd: str | None,
    concurrency: int | None,
    yes: bool,
) -> None:
    """Write other views of a run from its journal, a file each, without a request.

    Views: alpaca; conversations and sharegpt, without thoughts; thoughts and think, of rows whose thought is known, as a field or in tags; pairs
    (TRL), pairs-sharegpt (LLaMA-Factory) and pairs-axolotl: a better and a worse answer; best: the best of several answers, as alpaca.

    A pair needs a second answer, and a word on which is better: of a person who edited one, a check, a rule, or the teacher, the same in both
    orders; a tie is no pair. What lacks is said with its price; --buy buys it under the run's own journal and budget, each once.
    RUN's own configuration counts unless --config names one; its paths start at the project that holds RUN. DIR/derived.json has a ledger of each
    view, DIR/provenance the requests of each line.
    """
    from selfinstruct.api.opening import open_run

    if run and run_dir:
        raise ConfigError(f"--run {run_dir}: {run} is named as the run too; name one")
    screen, path = Screen(quiet), run_path(load_config(config_path), run or run_dir)
    given = {"limits.budget_usd": budget_usd, "limits.concurrency": concurrency}
    lock = path / "config.lock.toml"
    owns = config_path is None and lock.is_file()
    config = load_config(str(lock) if owns else config_path, given)
    project = project_of(path, config) if owns else Path.cwd()
    if project != Path.cwd():
        path, output = path.absolute(), str(Path(output).absolute())
    with screen.open(), chdir(project):  # the paths that the run's own configuration names start there
        opened = open_run(path, config=config, say=screen.say)
        done = opened.derive(view, output, buy=buy, answers=answers, observer=_observer(screen, yes))
    if as_json:
        print_json(document(done))
        return
    for note in done.notes:
        screen.say(f"Warning: {note}")
    if not quiet:
        for line in _told(done, config.limits.cny_per_usd):
            write(line)


def _observer(screen: Screen, yes: bool) -> Any:
    from selfinstruct.cli.generate import observer_of

    return observer_of(screen, yes)._replace(asked=screen.purchase)


def document(done: "Derived") -> dict[str, Any]:
    """Return what `--json` prints."""
    return {
        "views": done.views,
        "files": [str(path) for path in done.files],
        "requests": done.bought,
        "to_buy": done.to_buy.document() if done.to_buy else None,
        "notes": list(done.notes),
    }


def _told(done: "Derived", cny_per_usd: str | None) -> Iterator[str]:
    """Yield what each view holds, and what it would take to hold more."""
    for name, one in done.views.items():
        yield f"`{name}`: {one['emitted']} of {one['rows']} rows: {done.folder / one['file']}"
        for head, counts in (("decided by", _worded(one.get("by", {}))), ("left out", one["left_out"])):
            if counts:
                yield f"  {head}: {_listed(counts)}"
        for language, length in one.get("lengths", {}).items():
            unit = "words" if language == "en" else "characters"
            yield (
                f"  {language}: chosen {length['chosen']:g}, rejected {length['rejected']:g} {unit} on average; the longer one is chosen in "
                f"{length['longer_chosen']:.0%} of pairs"
            )
        if one["edited"]:
            yield f"  edited or added by hand: {one['edited']}"
    yield f"Requests sent: {done.bought}"
    if done.to_buy:
        yield _offer(done.to_buy, cny_per_usd)


def _offer(price: "Price", cny_per_usd: str | None) -> str:
    from selfinstruct.system.currency import cost_in_words
    from selfinstruct.system.numbers import amount, number_range

    cost = price.cost_usd
    money = "a cost that is not known" if cost is None else cost_in_words((cost.low, cost.high), cny_per_usd)
    requests = number_range(price.requests.low, price.requests.high, 0)
    tokens = number_range(price.prompt.low + price.completion.low, price.prompt.high + price.completion.high, 0)
    lack = "lacks" if price.rows == 1 else "lack"
    return (
        f"{amount(price.rows, 'row')} {lack} an answer or a word on one: {requests} requests, {tokens} tokens, {money} ({price.price}); "
        "--buy buys them, --budget-usd X limits what the whole run may cost"
    )


def _worded(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by the reader's words for what decided."""
    return {spoken_word(name): count for name, count in counts.items()}


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
