"""`selfinstruct teacher serve` and `selfinstruct teacher pull`."""

import click

from selfinstruct.api.settings import load_config
from selfinstruct.api.teacher import pull_weights, serve_teacher
from selfinstruct.cli.console import Screen, print_json
from selfinstruct.cli.options import common, option


@click.group("teacher")
def command() -> None:
    """Serve the embedded teacher, or fetch its weights."""


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
        click.echo(
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
def serve(
    config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, model: str | None, port: int
) -> None:
    """Serve the embedded teacher on loopback, OpenAI-compatible, until Ctrl-C."""
    import signal

    config, screen = load_config(config_path), Screen(quiet)
    with screen.open():
        pull_weights(model, config=config, say=screen.say, progress=screen.download)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with serve_teacher(model, port=port, config=config, say=screen.say) as served:
            if as_json:
                print_json({"base_url": served.base_url})
            else:
                click.echo(served.base_url)
            screen.say("Serving; Ctrl-C ends it.")
            served.process.wait()
    except KeyboardInterrupt:
        screen.say("Ended.")
