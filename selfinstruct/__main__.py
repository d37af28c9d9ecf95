"""The command `selfinstruct`, which is `python -m selfinstruct` too: Ctrl-C has its answer also while the command line is loaded."""

from typing import NoReturn


def main() -> NoReturn:
    """Load the command line, and run it."""
    try:
        from selfinstruct.cli import main as run
    except KeyboardInterrupt:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough: what says so is loaded now
        from selfinstruct.cli import end_interrupted

        end_interrupted()
    run()


if __name__ == "__main__":
    main()
