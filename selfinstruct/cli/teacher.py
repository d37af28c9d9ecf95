"""`selfinstruct teacher serve` and `selfinstruct teacher pull`."""

import click

from selfinstruct.cli.console import Screen, print_json
from selfinstruct.cli.options import common, load_config, option


@click.group("teacher")
def command() -> None:
    """Serve the embedded teacher, or fetch its weights."""


@command.command("pull")
@common
@option("--model", help="Which weights.  [default: those of the configuration]")
def pull(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, model: str | None) -> None:
    """Fetch the weights of the embedded teacher and verify their sha256."""
    from selfinstruct.weights import fetch, known

    config = load_config(config_path)
    name = model or config.teacher.model
    screen = Screen(quiet)
    with screen.open():
        path = fetch(name, path=config.teacher.weights, say=screen.say, progress=screen.download)
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
    import subprocess

    from selfinstruct.teacher.embedded.launch import idle_cores, require_engine, server_command
    from selfinstruct.weights import fetch

    require_engine()
    config = load_config(config_path)
    screen = Screen(quiet)
    with screen.open():
        path = fetch(
            model or config.teacher.model, path=config.teacher.weights, say=screen.say, progress=screen.download
        )
    threads = config.teacher.threads or idle_cores()
    command = server_command(path, slots=config.limits.concurrency, context=4096, threads=threads, port=port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603 - ours
    try:
        _announce(child.stdout.readline().strip() if child.stdout else "", as_json, screen)
        child.wait()
    except KeyboardInterrupt:
        screen.say("Ended.")
    finally:
        child.kill()


def _announce(address: str, as_json: bool, screen: Screen) -> None:
    from selfinstruct.errors import TeacherRefusedError

    if not address:
        raise TeacherRefusedError("the embedded teacher did not start; another program may hold the port, try --port 0")
    if as_json:
        print_json({"base_url": f"{address}/v1"})
    else:
        click.echo(f"{address}/v1")
    screen.say("Serving; Ctrl-C ends it.")
