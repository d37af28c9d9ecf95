"""`selfinstruct compare`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.comparison import compare
from selfinstruct.api.settings import load_config
from selfinstruct.cli.console import Screen, print_json, print_table, write
from selfinstruct.cli.messages import language
from selfinstruct.cli.options import common, option
from selfinstruct.errors import FindingsError
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.comparison.asking import Observer
    from selfinstruct.comparison.result import Comparison, Rate


@click.command("compare")
@common
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@option(
    "--questions",
    default="shipped",
    show_default=True,
    metavar="FILE",
    help="A file, a dataset or run (its validation split), or `shipped`.",
)
@option("--judge", metavar="WHO", help="As A and B; `none`: checks alone.  [default: [judge], else [teacher]]")
@option("--force", is_flag=True, help="Take the word of a judge that is below the bar.")
@option("--output", metavar="DIR", help="Journals and results.  [default: outputs/compare/<A>-vs-<B>]")
@option(
    "--per-language",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="At most so many questions of each language.  [default: all]",
)
@option("--max-answer-tokens", type=click.IntRange(1), default=1024, show_default=True, help="Longest answer.")
@option(
    "--batch-size",
    type=click.IntRange(1),
    default=8,
    show_default=True,
    help="Questions at once, of a model on this machine.",
)
@option(
    "--sides",
    type=click.Choice(["shown", "blind"]),
    default="shown",
    show_default=True,
    help="blind: a page in which a person votes without knowing the sides.",
)
@option("--votes", metavar="FILE", help="What a person voted in that page: agreement with the judge.")
@option("--api-key-env-a", metavar="NAME", help="Environment variable with the key of A.")
@option("--api-key-env-b", metavar="NAME", help="Environment variable with the key of B.")
@option("--judge-api-key-env", metavar="NAME", help="Environment variable with the key of the judge.")
@option("--price-a", metavar="IN,OUT", help="Price of A, an address, in USD per million tokens.")
@option("--price-b", metavar="IN,OUT", help="Price of B, an address, in USD per million tokens.")
@option("--judge-price", metavar="IN,OUT", help="Price of a judge that is an address.")
@option("--concurrency", type=int, help="Requests in flight at once.")
@option("--budget-usd", metavar="X", help="Send nothing that, at its worst, takes the whole comparison above this.")
@option("--max-minutes", type=float, help="Stop this command after so many minutes.")
@option(
    "--yes",
    is_flag=True,
    help="Send a key to a new server that the configuration names, and fetch weights, without asking.",
)
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    a: str,
    b: str,
    yes: bool,
    **options: Any,
) -> None:
    """Say which of two models or files of answers is better, with an interval, by checks and a judge with a certificate.

    A and B: `teacher` (the [teacher] of the configuration), `embedded` or `embedded:MODEL`, an endpoint as https://HOST/v1#MODEL, the folder of a
    model or of what `finetune` wrote, a hub id OWNER/NAME, or a file of answers (JSON lines with `id` or `instruction`, and `answer`).

    Checks in code decide where they can. The judge decides the rest, in both orders; before its first verdict it is tried on pairs whose better
    answer is known, and below the bar it is refused (exit 1). No winner is declared while the interval holds 50 %. Goes on where it was stopped.
    """
    limits = {f"limits.{name}": options.pop(name) for name in ("concurrency", "budget_usd", "max_minutes")}
    keys = {
        "a": options.pop("api_key_env_a"),
        "b": options.pop("api_key_env_b"),
        "judge": options.pop("judge_api_key_env"),
    }
    prices = {"a": options.pop("price_a"), "b": options.pop("price_b"), "judge": options.pop("judge_price")}
    config, screen = load_config(config_path, limits), Screen(quiet)
    with screen.open():
        found = compare(
            a,
            b,
            blind=options.pop("sides") == "blind",
            api_key_env=keys,
            prices=prices,
            config=config,
            observer=_observer(screen, yes),
            language=language(),
            **options,
        )
    show(found, as_json=as_json, quiet=quiet)
    if found.certificate and not (found.certificate.passed or found.certificate.forced):
        raise FindingsError(
            f"the judge {found.judge} is refused: {'; '.join(found.certificate.faults)}; name another with --judge, or take its word with --force"
        )


def _observer(screen: Screen, yes: bool) -> "Observer":
    from selfinstruct.comparison.asking import Observer

    def agree(question: str) -> bool:
        screen.say(Aside(f"{question} Yes, says --yes."))
        return True

    return Observer(screen.say, screen.comparison, screen.download, agree if yes else screen.confirm)


def show(found: "Comparison", *, as_json: bool, quiet: bool) -> None:
    """Show a comparison: its JSON, or the certificate, the figures and the remarks."""
    if as_json:
        print_json(found.document())
        return
    if quiet:
        return
    if found.certificate:
        write(f"Judge {found.judge}:")
        for line in found.certificate.sentences():
            write(f"  {line}")
    groups = {"all": found.total, **found.languages, **(found.kinds if len(found.kinds) > 1 else {})}
    print_table(
        ("questions", "", "A", "B", "tie", "A wins", "95 % interval"),
        [_row(name, rate) for name, rate in groups.items()],
    )
    for line in (*verdict(found), *found.remarks):
        write(line)


def _row(name: str, rate: "Rate") -> tuple[object, ...]:
    share = "" if rate.win_rate is None else f"{rate.win_rate:.1%}"
    interval = "" if rate.interval is None else f"{rate.interval[0]:.1%} to {rate.interval[1]:.1%}"
    return (name, rate.questions, rate.a, rate.b, rate.tie, share, interval)


def verdict(found: "Comparison") -> Iterator[str]:
    """Yield the verdict in words, and what stands beside it."""
    from selfinstruct.comparison.verdict import at_equal_length, no_winner

    names = {"A": found.sides[0].name, "B": found.sides[1].name}
    for label, side in zip(names, found.sides, strict=True):
        checks = [f"passes {side.passed} of {side.checked} checked questions"] if side.checked else []
        facts = [amount(side.answered, "answer"), *checks, f"{side.mean_length:.0f} characters on average"]
        yield f"{label}: {side.name}: {', '.join(facts)}"
    if found.winner in names:
        yield f"{found.winner} is better: {names[found.winner]}"
    elif found.winner == "tie":
        yield no_winner(found)
    if found.total.win_rate is not None:
        yield at_equal_length(found)
    if found.agreement and found.agreement["questions"]:
        kappa = found.agreement["kappa"]
        yield (
            f"A person and the judge agree on {found.agreement['agree']} of {found.agreement['questions']} questions"
            + ("" if kappa is None else f", kappa {kappa:.2f}")
        )
