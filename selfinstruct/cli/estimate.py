"""`selfinstruct estimate`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.given import load_for_run
from selfinstruct.api.settings import keep_targets
from selfinstruct.cli.console import Screen, print_json, print_table, write
from selfinstruct.cli.options import asking, common, overrides, parse_target, run_of
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.numbers import amount, number_range

if TYPE_CHECKING:
    from selfinstruct.records import Request
    from selfinstruct.runs.estimate import Estimate
    from selfinstruct.runs.estimate.span import Span


@click.command("estimate")
@common
@asking
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, **options: Any) -> None:
    """Say what is still missing in requests, tokens, money and minutes, as a range; sends nothing, writes nothing.

    From the run's own yield once eight requests of a language are settled and a row stands, else from its prompts, its seeds and stated assumptions.
    """
    named = parse_target(options["target"]) or {}
    say = Screen(quiet).say
    config = load_for_run(config_path, run_dir, overrides(options), say)
    config = keep_targets(config, run_dir, say, named=named, asks=True)
    found = run_of(config, run_dir).estimate()
    if as_json:
        print_json(found.document())
    elif not quiet:
        print_estimate(found)


def print_estimate(found: "Estimate") -> None:
    """Write an estimate for a reader."""
    write(f"Teacher: {found.teacher}")
    from selfinstruct.runs.documents import in_words

    for line in found.warnings:
        write(f"Warning: {line}")
    if documents := in_words(found.documents):
        write(documents)
    headers = ("language", "missing", "requests", "prompt tokens", "reply tokens", "from")
    rows = [
        (language, need.missing, *map(_range, (need.requests, need.prompt, need.completion)), _from(need.basis))
        for language, need in found.languages.items()
    ]
    missing = sum(need.missing for need in found.languages.values())
    shown = found.document()
    sums = (shown["requests"], shown["tokens"]["prompt"], shown["tokens"]["completion"])
    total = ("total", missing, *(number_range(one["low"], one["high"]) for one in sums), _from(found.basis))
    print_table(headers, [*rows, total])
    cost = found.cost_usd
    money = "not known" if cost is None else cost_in_words((cost.low, cost.high), found.cny_per_usd)
    write(f"Cost: {money}. Price: {found.price}")
    write(f"Time: {_range(found.minutes, 1)} minutes")
    _print_end(found)


def _print_end(found: "Estimate") -> None:
    if found.spent_usd or (found.uncertain and found.uncertain_usd != 0):
        write(f"Spent so far: {_spent(found)}")
    if found.in_flight:
        write(f"In flight: {amount(found.in_flight, 'send')}, {_most(found.in_flight_usd, found)}")
    spent = (found.spent_usd or 0) + (found.uncertain_usd or 0) + (found.in_flight_usd or 0)
    if found.cost_usd and found.budget_usd is not None and found.budget_usd < found.cost_usd.high + spent:
        budget = cost_in_words(f"{found.budget_usd:g}", found.cny_per_usd)
        write(f"The budget of {budget} may end first; the run stops there and can go on with a higher one")
    for line in found.assumptions:
        write(f"Assumed: {line}")
    for line in found.notes:
        write(f"Note: {line}")


def _spent(found: "Estimate") -> str:
    """Return what was spent, in words: an upper bound where replies came without `usage`, and beside it what nobody knows."""
    known = "unknown" if found.spent_usd is None else cost_in_words(f"{found.spent_usd:.6f}", found.cny_per_usd)
    if (bare := found.without_usage) and found.spent_usd is not None:
        known = f"at most {known}, {amount(bare, 'reply')} without `usage` at the worst case"
    if not found.uncertain:
        return known
    return f"{known}; {amount(found.uncertain, 'send')} uncertain, {_most(found.uncertain_usd, found)}"


def _most(worst: float | None, found: "Estimate") -> str:
    return "cost unknown" if worst is None else f"at most {cost_in_words(f'{worst:.6f}', found.cny_per_usd)}"


def print_requests(requests: Mapping[str, "Request"]) -> None:
    """Write the next prompt of each language in full."""
    for request in requests.values():
        sampling = request.sampling
        write()
        write(
            f"=== {request.slot}: {sampling.model}, temperature {sampling.temperature:g}, "
            f"at most {sampling.max_tokens} tokens, seed {sampling.seed} ==="
        )
        for message in request.messages:
            write(f"[{message.role}]")
            for line in message.content.split("\n"):
                write(f"  {line}", row=True)


def _from(basis: str) -> str:
    return basis.replace("assumptions", "assumed").replace("nothing", "-")


def _range(one: "Span", digits: int = 0) -> str:
    return number_range(one.low, one.high, digits)
