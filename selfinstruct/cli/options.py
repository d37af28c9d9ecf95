"""Options that verbs share, each also an environment variable, and how they become a configuration."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.errors import ConfigError, InputError
from selfinstruct.system.files import read_text

if TYPE_CHECKING:
    from selfinstruct.config import Config

DEFAULT_CONFIG = "selfinstruct.toml"
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def option(*names: str, **attributes: Any) -> Decorator:
    """Return a click option that can also be set as SELFINSTRUCT_<OPTION>."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    attributes.setdefault("envvar", "SELFINSTRUCT_" + long.removeprefix("--").replace("-", "_").upper())
    return click.option(*names, **attributes)


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every verb."""
    for decorate in (
        option("-q", "--quiet", is_flag=True, help="No progress, only errors."),
        option("--json", "as_json", is_flag=True, help="One JSON document on stdout, nothing else there."),
        option("--run", "run_dir", metavar="DIR", help="Run directory.  [default: outputs/<run.name>]"),
        option("--config", "config_path", metavar="FILE", help=f"Configuration.  [default: {DEFAULT_CONFIG}]"),
    ):
        function = decorate(function)
    return function


def asking(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the verbs that ask the teacher, or say what asking it will take; `overrides` reads them."""
    for decorate in reversed(
        (
            option("--target", metavar="en=N,zh=N", help="Accepted rows wanted per language."),
            option("--model", help="Model of the teacher."),
            option("--base-url", help="An OpenAI-compatible endpoint; sets the teacher's kind to openai."),
            option("--api-key-env", metavar="NAME", help="Environment variable that holds the key."),
            option("--recipe", type=click.Choice(["auto", "batch", "steered"]), help="How tasks are asked for."),
            option("--seeds", "seeds_dir", metavar="DIR", help="Folder with own seeds, <language>.jsonl."),
            option("--prompts", "prompts_dir", metavar="DIR", help="Folder with own prompts, <language>/*.txt."),
            option(
                "--transport",
                type=click.Choice(["direct", "batch_api"]),
                help="batch_api: the provider's Batch API, half the price at OpenAI, replies within 24 hours.",
            ),
            option("--concurrency", type=int, help="Requests in flight at once."),
            option("--budget-usd", metavar="X", help="Never spend more than this on the whole run."),
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
    kind = "openai" if options.get("base_url") else None
    return found | {"target": parse_target(options.get("target")), "teacher.kind": kind}


def load_config(path: str | None, given: Mapping[str, Any] | None = None) -> "Config":
    """Return the configuration of a file, or the defaults when the default file does not exist; `given` beats it, None aside."""
    from selfinstruct.config import parse_config
    from selfinstruct.quality.rules import RULE_NAMES

    given = {key: value for key, value in (given or {}).items() if value is not None}
    file = Path(path or DEFAULT_CONFIG)
    if not path and not file.exists():
        return parse_config("", "defaults", given, RULE_NAMES)
    return parse_config(read_text(file), str(file), given, RULE_NAMES)


def run_path(config: "Config", run_dir: str | None) -> Path:
    """Return the run directory that a verb works on."""
    return Path(run_dir) if run_dir else Path("outputs") / config.run.name


def parse_target(text: str | None) -> dict[str, int] | None:
    """Return {language: rows} of `en=100,zh=100`."""
    if text is None:
        return None
    try:
        pairs = [part.split("=") for part in text.split(",") if part.strip()]
        target = {language.strip(): int(count) for language, count in pairs}
    except ValueError as error:
        raise ConfigError(f"--target: `{text}` is not understood; write for example en=100,zh=100") from error
    if unknown := sorted(set(target) - {"en", "zh"}):
        raise ConfigError(f"--target: no such language: {unknown[0]}; known: en, zh")
    return target


def existing(path: str) -> Path:
    """Return a path that must exist."""
    found = Path(path)
    if not found.exists():
        raise InputError(f"{path}: no such file or directory{_hint(found)}")
    return found


def _hint(path: Path) -> str:
    import difflib

    siblings = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, siblings, n=1)
    return f"; did you mean {path.parent / near[0]}?" if near else ""
