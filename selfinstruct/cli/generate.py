"""`selfinstruct generate`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.given import given_keys, given_to_run, load_for_run
from selfinstruct.api.settings import DEFAULT_CONFIG, is_unconfigured, keep_targets, tell_fresh_targets
from selfinstruct.cli.console import Screen, print_json
from selfinstruct.cli.estimate import print_estimate, print_requests
from selfinstruct.cli.options import asking, common, option, overrides, parse_target, run_of
from selfinstruct.cli.status import print_summary
from selfinstruct.system.aside import Aside

if TYPE_CHECKING:
    from selfinstruct.api.run import Run
    from selfinstruct.runs.run import Observer


@click.command("generate")
@common
@asking
@option("--weights", metavar="FILE", help="GGUF file of the embedded teacher, instead of fetching it.")
@option("--max-candidates", type=int, help="Stop after this many candidates.")
@option("--max-total-tokens", type=int, help="Stop when the whole run has used this many tokens.")
@option("--max-minutes", type=float, help="Stop this command after so many minutes.")
@option(
    "--uncertain",
    type=click.Choice(["resend", "hold", "reconcile"]),
    help="Requests that may have been billed without a reply: send again, leave out, or ask the provider first.",
)
@option(
    "--slice",
    "slice_",
    metavar="I/N",
    help="Ask only each N-th request, from the I-th on, with an N-th of targets, budget and caps; `join` unites all N.",
)
@option("--abandon-batches", is_flag=True, help="Give up batches that are out: counted as lost, asked for again.")
@option("--fresh", is_flag=True, help="Set an existing run aside and start anew; its journal is kept.")
@option("--verify", is_flag=True, help="Replay the journal in the end and compare the verdicts.")
@option(
    "--yes",
    is_flag=True,
    help="Send a key to a new server that the configuration names, and fetch weights, without asking.",
)
@option("--replay", is_flag=True, help="Use the journal alone; opens no socket.")
@option(
    "--dry-run", is_flag=True, help="Print the estimate and the next prompt of each language; sends and writes nothing."
)
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    abandon_batches: bool,
    fresh: bool,
    replay: bool,
    dry_run: bool,
    yes: bool,
    verify: bool,
    **options: Any,
) -> None:
    """Ask the teacher until the target of accepted rows stands in each language, then filter and emit.

    Continues an existing run by default: nothing in its journal is asked again.
    """
    if replay and (fresh or dry_run or abandon_batches):
        raise click.UsageError("--replay goes with none of --fresh, --dry-run and --abandon-batches")
    screen = Screen(quiet)
    flags, named = overrides(options), parse_target(options["target"]) or {}
    config = load_for_run(config_path, run_dir, flags, screen.say, fresh=fresh)
    if fresh:
        tell_fresh_targets(config, run_dir, screen.say, named=named)
    else:
        config = keep_targets(config, run_dir, screen.say, named=named, asks=not replay)
    run = run_of(config, run_dir, screen, trust_endpoint=options["base_url"] is not None)
    run.remember(given_to_run(config_path, flags, config), named=given_keys(flags))
    if is_unconfigured(config_path) and not replay:
        _tell_demo(run, screen, agree_of(screen, yes), asks=not dry_run)
    if dry_run:
        _dry_run(run, as_json, quiet, fresh)
        return
    if replay:
        run.filter()
    else:
        with screen.open():
            observer = observer_of(screen, yes)
            run.generate(fresh=fresh, abandon_batches=abandon_batches, verify=verify, observer=observer)
    show(run, as_json, quiet)


def show(run: "Run", as_json: bool, quiet: bool) -> None:
    """Show what was emitted."""
    from selfinstruct.runs.status import with_cny

    if as_json:
        print_json(run.manifest)
    else:
        print_summary(run.path, with_cny(run.manifest, run.config), quiet)


def observer_of(screen: Screen, yes: bool) -> "Observer":
    """Return who is told of a run on the screen, and asked; `yes` answers for him."""
    from selfinstruct.runs.run import Observer

    return Observer(screen.say, screen.run, screen.download, agree_of(screen, yes))


def agree_of(screen: Screen, yes: bool) -> Callable[[str], bool]:
    """Return what asks a person; `yes` answers for him."""

    def agree(question: str) -> bool:
        screen.say(Aside(f"{question} Yes, says --yes."))
        return True

    return agree if yes else screen.confirm


def _tell_demo(run: "Run", screen: Screen, agree: Callable[[str], bool], *, asks: bool) -> None:
    """Say that a new run without a configuration is the demo, and ask before its teacher is downloaded."""
    from selfinstruct.weights import agree_to_fetch

    teacher = run.config.teacher
    if teacher.kind != "embedded" or (run.path / "config.lock.toml").is_file():
        return
    screen.say(
        Aside(
            f"No {DEFAULT_CONFIG} here: this is the demo with the embedded teacher; `selfinstruct init DIR` makes a project"
        )
    )
    if asks:
        agree_to_fetch(teacher.model, agree, path=teacher.weights)


def _dry_run(run: "Run", as_json: bool, quiet: bool, fresh: bool) -> None:
    requests = run.first_requests(fresh=fresh)
    found = run.estimate(fresh=fresh)
    if as_json:
        prompts = {language: request.model_dump(mode="json") for language, request in requests.items()}
        print_json(found.document() | {"first_requests": prompts})
    elif not quiet:
        print_estimate(found)
        print_requests(requests)
