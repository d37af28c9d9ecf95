"""`selfinstruct teacher check`, `teacher serve` and `teacher pull`."""

import os
from collections.abc import Iterator
from typing import Any

import click

from selfinstruct.api.settings import load_config
from selfinstruct.api.teacher import ServedTeacher, pull_weights, serve_teacher
from selfinstruct.api.teacher_check import TeacherCheck, check_teacher
from selfinstruct.cli.console import Screen, print_json, write
from selfinstruct.cli.messages import spoken, spoken_word
from selfinstruct.cli.options import asking, common, option, overrides
from selfinstruct.errors import ConfigError
from selfinstruct.system.aside import Aside
from selfinstruct.system.currency import cost_in_words

_ANSWER = "answer"
_WIDE = 12
"""Cells of a name."""


@click.group("teacher")
def command() -> None:
    """Ask the teacher one tiny question; serve the embedded one, or fetch its weights."""


@command.command("check")
@common
@asking
@option("--yes", is_flag=True, help="Send the key to a new server that the configuration names, without asking.")
def check(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, yes: bool, **options: Any) -> None:
    """Ask one tiny question, and say in which dialect it is answered, how fast, after a thought or not, and what a thousand rows cost.

    The dialect is what the provider wants left out or spelt otherwise; a run learns it by itself. Exit 4 with the provider's words when
    it refuses.
    """
    screen = Screen(quiet)
    with screen.open():
        found = check_teacher(
            load_config(config_path, overrides(options)),
            say=screen.say,
            confirm=screen.confirm,
            trust_endpoint=yes or options["base_url"] is not None,
        )
    if as_json:
        print_json(found.document())
    elif not quiet:
        _print(_lines(found))


def _print(lines: Iterator[tuple[str, str]]) -> None:
    from rich.cells import cell_len

    for name, value in lines:
        head = spoken_word(name)
        shown = value if name == _ANSWER else spoken_word(value)  # its words are the teacher's own
        write(f"{head}{' ' * (_WIDE - cell_len(head))} {shown}", row=name == _ANSWER)


def _lines(check: TeacherCheck) -> Iterator[tuple[str, str]]:
    """Yield what a check found as (name, value)."""
    found, cost, rate = check.found, check.cost_per_1000_rows_usd, check.cny_per_usd
    yield "endpoint", found.base_url
    yield (
        "model",
        found.model + (f", answered by {found.answered_by}" if found.answered_by not in {"", found.model} else ""),
    )
    yield _ANSWER, found.answer or spoken(f"none: {found.fault}")
    yield "dialect", found.dialect or "plain"
    speed = [f"{check.tokens_per_second:.1f} tokens a second"] if check.tokens_per_second else []
    yield "speed", ", ".join([f"{found.seconds:.1f} s", *speed])
    thought = f", {found.thought_tokens:,} tokens of thought on this question" if found.thought_tokens else ""
    yield "thinks", ("yes" if found.thinks else "no") + thought
    if found.cost_usd is None:
        yield "price", "not known; set [teacher] price"
    else:
        yield "price", f"this question {cost_in_words(found.cost_usd, rate)}"
    if cost:
        yield "1,000 rows", f"about {cost_in_words(cost, rate)}"


@command.command("pull")
@common
@option("--model", help="Which weights.  [default: those of the configuration]")
def pull(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, model: str | None) -> None:
    """Fetch the weights of the embedded teacher and verify their sha256."""
    from selfinstruct.weights import known

    config = load_config(config_path)
    name = model or config.teacher.model
    screen = Screen(quiet)
    with screen.open():
        path = pull_weights(name, config=config, say=screen.say, progress=screen.download)
    weights = known(name)
    if as_json:
        print_json(
            {
                "model": name,
                "path": str(path),
                "sha256": weights.sha256,
                "licence": weights.licence,
                "origin": weights.origin,
            }
        )
    elif not quiet:
        write(
            f"{path}: {weights.size / 1e6:,.0f} MB, sha256 {weights.sha256}, {weights.licence}, from {weights.origin}"
        )


@command.command("serve")
@common
@option("--model", help="Which weights.  [default: those of the configuration]")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8089,
    show_default=True,
    help="Port on loopback; 0 takes a free one.",
)
@option("--key-env", metavar="NAME", help="Environment variable with your own key.  [default: a random key each time]")
def serve(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    model: str | None,
    port: int,
    key_env: str | None,
) -> None:
    """Serve the embedded teacher on loopback, OpenAI-compatible, until Ctrl-C.

    Prints the URL to stdout and the key, which every client has to send, to stderr; with --json both are in the document.
    """
    import signal

    key = _own_key(key_env)
    config, screen = load_config(config_path), Screen(quiet)
    with screen.open():
        pull_weights(model, config=config, say=screen.say, progress=screen.download)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with serve_teacher(model, port=port, api_key=key, config=config, say=screen.say) as served:
            _show(served, key_env, as_json)
            screen.say(Aside("Serving; Ctrl-C ends it."))
            served.process.wait()
    except KeyboardInterrupt:
        screen.say(Aside("Ended."))


def _own_key(name: str | None) -> str | None:
    """Return the user's own key, None without one; it comes by the environment, since other processes see arguments."""
    if name is None:
        return None
    if not (key := os.environ.get(name, "").strip()):
        raise ConfigError(f"--key-env: the environment variable {name} is not set; export {name}=... or leave it out")
    return key


def _show(served: ServedTeacher, key_env: str | None, as_json: bool) -> None:
    """Print where the teacher is and its key; a key that the user gave is not printed back."""
    if as_json:
        print_json(
            {"base_url": served.base_url, "api_key": None if key_env else served.api_key, "api_key_env": key_env}
        )
        return
    write(served.base_url)
    write(f"API key: that in {key_env}" if key_env else f"API key: {served.api_key}", err=True)
