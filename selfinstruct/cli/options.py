"""Options that verbs share, each also an environment variable, and how they become a configuration."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import click

from selfinstruct.api.settings import DEFAULT_CONFIG, refuse_subfolder, run_path
from selfinstruct.cli.messages import choose_language
from selfinstruct.errors import ConfigError
from selfinstruct.system.limits import MAX_ROW_BYTES, reading_limits
from selfinstruct.system.locale_language import LANGUAGES

if TYPE_CHECKING:
    from selfinstruct.api.run import Run
    from selfinstruct.cli.console import Screen
    from selfinstruct.config import Config

_NUMBERS = (type(click.INT), type(click.FLOAT))
_AMOUNTS = frozenset({"target", "budget_usd", "slice_", "fail_on"})
"""Options of text that hold numbers and ASCII signs alone."""
_OF_RUN = frozenset({"generate", "estimate", "status", "report", "explain", "teacher"})
"""Verbs that begin a run, or look for that of the configuration; the others are given files, too."""
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class _Option(click.Option):
    """An option whose amounts may be typed on a Chinese keyboard: １．５ is 1.5, and `en＝20，zh＝20` is `en=20,zh=20`."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value as the verb gets it."""
        is_amount = isinstance(self.type, _NUMBERS) or self.name in _AMOUNTS
        return super().type_cast_value(ctx, normalize("NFKC", value) if is_amount and isinstance(value, str) else value)


def option(*names: str, **attributes: Any) -> Decorator:
    """Return a click option that can also be set as SELFINSTRUCT_<OPTION>."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    attributes.setdefault("envvar", "SELFINSTRUCT_" + long.removeprefix("--").replace("-", "_").upper())
    return click.option(*names, cls=_Option, **attributes)


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every verb."""
    for decorate in (
        click.option(
            "--lang",
            type=click.Choice(LANGUAGES),
            is_eager=True,
            expose_value=False,
            callback=choose_language,
            help="Language of what a person reads, and of what `init` writes; JSON and data stay the same.  [default: SELFINSTRUCT_LANG, else that of the locale]",
        ),
        option(
            "-q",
            "--quiet",
            is_flag=True,
            help="No progress and no summary; errors, warnings and what became of rows stay.",
        ),
        option("--json", "as_json", is_flag=True, help="One JSON document on stdout, nothing else there."),
        option("--run", "run_dir", metavar="DIR", help="Run directory.  [default: outputs/<run.name>]"),
        option(
            "--config",
            "config_path",
            metavar="FILE",
            callback=_of_this_folder,
            help=f"Configuration.  [default: {DEFAULT_CONFIG}]",
        ),
        option(
            "--max-row-bytes",
            type=click.IntRange(1),
            expose_value=False,
            callback=_limit_rows,
            help=f"Refuse files with a larger row.  [default: {MAX_ROW_BYTES}]",
        ),
    ):
        function = decorate(function)
    return function


def _of_this_folder(context: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """Refuse the defaults in a subfolder of a project, for verbs that begin a run or look for one."""
    if _OF_RUN & set(context.command_path.split()):
        refuse_subfolder(value)
    return value


def _limit_rows(context: click.Context, _: click.Parameter, value: int | None) -> None:
    """Read with another limit while a verb runs."""
    context.with_resource(reading_limits(max_row_bytes=value))


def asking(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the verbs that ask the teacher, or say what asking it will take; `overrides` reads them."""
    for decorate in reversed(
        (
            option("--target", metavar="en=N,zh=N", help="Accepted rows wanted per language."),
            option("--model", help="Model of the teacher."),
            option("--base-url", help="An OpenAI-compatible endpoint; sets the teacher's kind to openai."),
            option("--api-key-env", metavar="NAME", help="Environment variable that holds the key."),
            option(
                "--recipe",
                type=click.Choice(
                    ["auto", "batch", "steered", "checked", "documents", "evolve", "conversation", "translate"]
                ),
                help="How tasks are asked for; one recipe in place of a mix.",
            ),
            option("--seeds", "seeds_dir", metavar="DIR", help="Folder with own seeds, <language>.jsonl."),
            option("--prompts", "prompts_dir", metavar="DIR", help="Folder with own prompts, <language>/*.txt."),
            option(
                "--transport",
                type=click.Choice(["direct", "batch_api"]),
                help="batch_api: the provider's Batch API, half the price at OpenAI, replies within 24 hours.",
            ),
            option("--concurrency", type=int, help="Requests in flight at once."),
            option(
                "--budget-usd", metavar="X", help="Send nothing that, at its worst, takes the whole run above this."
            ),
        )
    ):
        function = decorate(function)
    return function


_KEYS = {
    "model": "teacher.model",
    "base_url": "teacher.base_url",
    "api_key_env": "teacher.api_key_env",
    "weights": "teacher.weights",
    "transport": "teacher.transport",
    "recipe": "generate.recipe",
    "slice_": "generate.slice",
    "seeds_dir": "run.seeds",
    "prompts_dir": "run.prompts",
    "concurrency": "limits.concurrency",
    "budget_usd": "limits.budget_usd",
    "uncertain": "limits.uncertain",
    "max_candidates": "limits.max_candidates",
    "max_total_tokens": "limits.max_total_tokens",
    "max_minutes": "limits.max_minutes",
}
"""Option -> configuration key that it beats."""


def overrides(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return {configuration key: value} of the options of `asking` and of the caps."""
    found = {key: options.get(name) for name, key in _KEYS.items()}
    kind = "openai" if options.get("base_url") is not None else None
    target = {f"target.{language}": rows for language, rows in (parse_target(options.get("target")) or {}).items()}
    one: dict[str, Any] | None = (
        {} if options.get("recipe") else None
    )  # a recipe that is named here beats the mix of the file
    return found | target | {"teacher.kind": kind, "generate.mix": one}


def run_of(
    config: "Config", run_dir: str | None, screen: "Screen | None" = None, *, trust_endpoint: bool = False
) -> "Run":
    """Return the run that a verb works on; its progress goes to a screen."""
    from selfinstruct.api.opening import open_run

    say = screen.say if screen else None
    return open_run(run_path(config, run_dir), config=config, say=say, trust_endpoint=trust_endpoint)


def parse_target(text: str | None) -> dict[str, int] | None:
    """Return {language: rows} of `en=100,zh=100`."""
    if text is None:
        return None
    try:
        pairs = [part.split("=") for part in text.replace("、", ",").split(",") if part.strip()]
        target = {language.strip(): int(count) for language, count in pairs}
    except ValueError as error:
        raise ConfigError(f"--target: `{text}` is not understood; write for example en=100,zh=100") from error
    if unknown := sorted(set(target) - {"en", "zh"}):
        raise ConfigError(f"--target: no such language: {unknown[0]}; known: en, zh")
    return target
