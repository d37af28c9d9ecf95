"""`selfinstruct generate`."""

from typing import TYPE_CHECKING, Any

import click

from selfinstruct.cli.console import Screen, print_json
from selfinstruct.cli.estimate import print_estimate, print_requests
from selfinstruct.cli.options import asking, common, load_config, option, overrides, run_path
from selfinstruct.cli.status import print_summary

if TYPE_CHECKING:
    from selfinstruct.config import Config
    from selfinstruct.runs.directory import RunDirectory


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
@option("--abandon-batches", is_flag=True, help="Give up batches that are out: counted as lost, asked for again.")
@option("--fresh", is_flag=True, help="Set an existing run aside and start anew; its journal is kept.")
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
    **options: Any,
) -> None:
    """Ask the teacher until the target of accepted rows stands in each language, then filter and emit.

    Continues an existing run by default: nothing in its journal is asked again.
    """
    from selfinstruct.runs.directory import RunDirectory
    from selfinstruct.runs.run import refilter

    if replay and (fresh or dry_run or abandon_batches):
        raise click.UsageError("--replay goes with none of --fresh, --dry-run and --abandon-batches")
    config = load_config(config_path, overrides(options))
    folder = RunDirectory(run_path(config, run_dir))
    if dry_run:
        _dry_run(config, folder, as_json, quiet, fresh)
        return
    manifest = (
        refilter(config, folder, Screen(quiet).say) if replay else _ask(config, folder, quiet, fresh, abandon_batches)
    )
    if as_json:
        print_json(manifest)
    else:
        print_summary(folder.path, manifest, quiet)


def _ask(config: "Config", folder: "RunDirectory", quiet: bool, fresh: bool, abandon: bool) -> dict[str, Any]:
    from selfinstruct.runs.run import Observer, generate
    from selfinstruct.runs.stopping import StopSignal
    from selfinstruct.teacher.batch_api import give_up
    from selfinstruct.teacher.billing.prices import describe_price, listed_price

    screen = Screen(quiet)
    with screen.open():
        if config.limits.budget_usd is not None and listed_price(config):
            screen.say(f"The budget is counted at {describe_price(config)}")
        if abandon:
            give_up(folder.journal, screen.say)
        observer = Observer(screen.say, screen.run, screen.download)
        return generate(config, folder, observer, StopSignal(), fresh=fresh)


def _dry_run(config: "Config", folder: "RunDirectory", as_json: bool, quiet: bool, fresh: bool) -> None:
    from selfinstruct.runs.estimate import estimate, first_requests
    from selfinstruct.runs.inputs import load_inputs

    if not fresh:
        folder.check_same_asking(config, load_inputs(config).sha256)
    found = estimate(config, folder, fresh=fresh)
    requests = first_requests(config, folder, fresh=fresh)
    if as_json:
        prompts = {language: request.model_dump(mode="json") for language, request in requests.items()}
        print_json(found.document() | {"first_requests": prompts})
    elif not quiet:
        print_estimate(found)
        print_requests(requests)
