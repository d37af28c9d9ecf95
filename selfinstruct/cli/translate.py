"""`selfinstruct translate`."""

from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.settings import load_config
from selfinstruct.api.translation import LANGUAGES, translate
from selfinstruct.cli.console import Screen, print_json, write
from selfinstruct.cli.options import common, option, overrides
from selfinstruct.errors import ConfigError
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.api.translation import Translation
    from selfinstruct.runs.run import Observer


@click.command("translate")
@common
@click.argument("input_path", metavar="INPUT")
@option("--to", required=True, metavar="zh|en", help="Language that the rows are carried into.")
@option("--output", required=True, metavar="DIR", help="Run directory that is made, or gone on with.")
@option("--glossary", metavar="FILE", help="Terms to keep to: `term<TAB>translation` lines.")
@option(
    "--back-translate", metavar="N|all", help="Translate so many translations back, and measure them.  [default: none]"
)
@option("--comments", is_flag=True, help="Translate comments and strings of fenced code too.")
@option("--model", metavar="NAME", help="Model of the teacher.")
@option("--base-url", metavar="URL", help="OpenAI-compatible endpoint.  [default: the teacher of the configuration]")
@option("--api-key-env", metavar="NAME", help="Environment variable that holds the key.")
@option("--transport", type=click.Choice(["direct", "batch_api"]), help="batch_api: the provider's Batch API.")
@option("--concurrency", type=int, help="Requests in flight at once.")
@option("--budget-usd", metavar="X", help="Send nothing that, at its worst, takes the whole translation above this.")
@option("--max-total-tokens", type=int, help="Stop when the whole translation has used this many tokens.")
@option("--max-minutes", type=float, help="Stop this command after so many minutes.")
@option("--yes", is_flag=True, help="Send the key to a new server that the configuration names, without asking.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    input_path: str,
    to: str,
    output: str,
    glossary: str | None,
    back_translate: str | None,
    comments: bool,
    yes: bool,
    **options: Any,
) -> None:
    """Carry a file, a dataset or a run into the other language, without losing what its rows teach.

    Each row is one request, and first the teacher says what becomes of it: translated, adapted (names, units, institutions), kept (in no language), or
    dropped (rhyme, spelling, grammar, word play, translation). Code, links, placeholders and formulas are taken over byte for byte; numbers,
    units, options, labels, lists and lines are checked by code, and a translation that breaks one is rejected by its rule.

    Who is asked is [teacher] of the configuration, the embedded teacher where it names none; --base-url and --model beat it.

    DIR is a run: `explain`, `report`, `status` and `diff` read it, and the same command goes on after a stop. Called again after INPUT was edited,
    it asks only for what changed.
    """
    if (
        run_dir is not None
        and click.get_current_context().get_parameter_source("run_dir") is click.core.ParameterSource.COMMANDLINE
    ):
        raise ConfigError("--run: translate makes a run of its own, in --output DIR")
    screen = Screen(quiet)
    config = load_config(config_path, overrides(options))
    with screen.open():
        done = translate(
            input_path,
            _known(to),
            output,
            glossary=glossary,
            back_translate=back_translate or 0,
            comments=comments,
            config=config,
            say=screen.say,
            observer=_observer(screen, yes),
            trust_endpoint=options["base_url"] is not None,
        )
    if as_json:
        print_json(done.document())
    elif not quiet:
        for line in _told(done, to):
            write(line)


def _known(to: str) -> str:
    if to not in LANGUAGES:
        raise ConfigError(f"--to {to}: no such language; known: {', '.join(LANGUAGES)}")
    return to


def _observer(screen: Screen, yes: bool) -> "Observer":
    from selfinstruct.runs.run import Observer

    def agree(question: str) -> bool:
        screen.say(Aside(f"{question} Yes, says --yes."))
        return True

    return Observer(screen.say, screen.run, screen.download, agree if yes else screen.confirm)


def _told(done: "Translation", to: str) -> list[str]:
    rejected = sum(done.rejected.values())
    parts = f"{done.translated} translated, {done.adapted} adapted, {done.kept} kept, {done.dropped} dropped, {rejected} rejected"
    lines = [f"{amount(done.rows, 'row')}: {parts}"]
    if done.rejected:
        lines.append("Rejected: " + ", ".join(f"{rule} {count}" for rule, count in done.rejected.items()))
    if done.back:
        lines.append(
            f"Translated back: {amount(done.back['measured'], 'row')}, median ROUGE-L {done.back['median']:.2f} to their source"
        )
    return [
        *lines,
        f"{done.path / 'dataset' / f'{to}.jsonl'}; why a row is not there: selfinstruct explain --run {done.path} ID",
    ]
