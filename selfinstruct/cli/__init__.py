"""The command line: one file per verb, loaded only when it is called, so that `--help` answers at once."""

import errno
import importlib
import os
import sys
import warnings
from contextlib import suppress
from typing import NoReturn

import click

from selfinstruct.cli.messages import choose_language, choose_typed, spoken, unknown_language
from selfinstruct.errors import InputError, InterruptedRunError, SelfInstructError
from selfinstruct.system.locale_language import LANGUAGES
from selfinstruct.system.streams import show_any_character

VERBS = {
    "init": "Start a project: configuration, own copies of seeds and prompts.",
    "seeds": "Check seed files and print their figures.",
    "estimate": "What is still missing in requests, tokens, money and minutes.",
    "generate": "Ask the teacher until the target stands, then filter.",
    "join": "Unite runs that each asked a slice of one run.",
    "filter": "Filter a run again from its journal, or any instruction file.",
    "import": "Clean conversations of other people turn by turn into a dataset.",
    "translate": "Carry a dataset into the other language, checked by code.",
    "validate": "Check any instruction file against all rules.",
    "diff": "What changed between two datasets, why, and what to read first.",
    "git": "Readable diffs and row-wise merges of datasets in git.",
    "export": "Write the dataset in the layout of another tool.",
    "push": "Publish the dataset on the hub: one commit or pull request.",
    "derive": "Other views of a journal, for free: conversations, pairs.",
    "explain": "Why one candidate is a row or not: prompt, reply, rules.",
    "report": "Write one offline page of a run or dataset.",
    "review": "Accept, reject or edit rows, one at a time, in a local page.",
    "status": "Where a run stands: rows, rejections, money, what is missing.",
    "finetune": "Train an adapter on the dataset.",
    "evaluate": "Compare base and tuned model on rows that were not learned.",
    "compare": "Which of two models or answer files is better, with an interval.",
    "doctor": "What is installed and reachable, for a report; no secrets.",
    "teacher": "Ask the teacher one tiny question; serve or fetch your own.",
}
"""Verb -> what it does; the order is that of a project's life."""


_GO_ON = ("generate", "translate")
"""Verbs that the same command goes on with."""
PREFIX = "SELFINSTRUCT_"
"""Of the variables that set an option."""
DEFECT = 70
"""Exit code of an error that nobody foresaw, EX_SOFTWARE of sysexits.h: 1 would say that a check found something."""


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"selfinstruct.cli.{cmd_name}").command
        from selfinstruct.cli.help_page import with_page

        return with_page(command)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from selfinstruct.cli.overview import write_overview

        write_overview(self, ctx, formatter, VERBS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f" Did you mean `{near[0]}`?" if near else f" Verbs: {', '.join(VERBS)}."
            raise click.UsageError(f"No such verb: {args[0]}.{hint}", ctx) from error


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="selfinstruct", message="%(prog)s %(version)s", help="Show the version.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=choose_language,
    help="Language of all that a person reads; that of the locale.",
)
@click.help_option("-h", "--help", help="Show this page.")
def cli() -> None:
    """Turn seed tasks into an instruction dataset you can trust, and fine-tune a model on it."""
    if given := [name for name in os.environ if name.startswith(PREFIX)]:
        _tell_unknown(given)


def _tell_unknown(names: list[str]) -> None:
    """Name the settings of the environment that no verb has: what is mistyped would be ignored without a word."""
    from selfinstruct.cli.environment import unknown_settings
    from selfinstruct.system.faces import to_stderr

    for line in (*unknown_settings(cli, names), *unknown_language()):
        to_stderr(spoken(f"Warning: {line}"))


def main() -> NoReturn:
    """Run the command line; the exit code is the contract's."""
    try:
        show_any_character()
        warnings.showwarning = _warn
        _call()
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _show(error)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        end_interrupted()
    except SelfInstructError as error:
        _fail(str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the top of the command line
        _fail_unforeseen(error)
    sys.exit(0)


def end_interrupted() -> NoReturn:
    """Say that the command was interrupted, and end it."""
    show_any_character()
    choose_typed(sys.argv[1:])
    typed = sys.argv[1:]
    goes_on = "--fresh" not in typed and next((one for one in typed if one in VERBS), "") in _GO_ON
    sys.stderr.write(spoken("Interrupted; the same command goes on." if goes_on else "Interrupted.") + "\n")
    sys.exit(InterruptedRunError.exit_code)


def _call() -> None:
    try:
        cli.main(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        _end_of_pipe()
    except SystemExit as error:
        if error.code != 1:  # nothing of ours raises it: click and rich do, where nobody reads the output any more
            raise
        _end_of_pipe()


def _end_of_pipe() -> NoReturn:
    """End quietly: whoever read the output, such as `head`, has enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())  # what is still buffered is written at exit
    sys.exit(0)


def _warn(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    """Print a warning of a library on one line: it may quote a file."""
    from selfinstruct.system.faces import to_stderr

    to_stderr(spoken(f"{category.__name__}: {message}"))


def _fail(text: str, code: int) -> NoReturn:
    from selfinstruct.system.faces import terminal_lines  # not before: `--help` has nothing foreign to show

    sys.stderr.write(f"selfinstruct: {terminal_lines(spoken(text))}\n")
    sys.exit(code)


def _show(error: click.ClickException) -> None:
    """Print wrong usage as click does; what was typed, perhaps by a script, begins no line of its own."""
    import io

    from selfinstruct.cli.help_page import in_usage
    from selfinstruct.system.faces import terminal, terminal_lines

    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # the page of help, which is in the reader's language
        sys.stderr.write(f"{error.format_message()}\n")
        return
    choose_typed(sys.argv[1:])
    file = io.StringIO()
    error.show(file)
    said = error.format_message()
    shown = file.getvalue().replace(said, terminal_lines(spoken(said)))
    sys.stderr.write("\n".join(terminal(in_usage(spoken(line))) for line in shown.split("\n")))


def _fail_unforeseen(error: Exception) -> NoReturn:
    """Print what an error of no class of ours means."""
    if isinstance(error, RecursionError):
        said = "a value is nested too deeply to be read; repair the file that holds it (`jq .` shows it)"
        _fail(said, InputError.exit_code)
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        said = f"{str(error.filename)[:200]} ...: is too long for the name of a file; choose another"
        _fail(said, InputError.exit_code)
    import traceback

    from selfinstruct.system.faces import terminal_lines

    sys.stderr.write(f"{terminal_lines(traceback.format_exc())}\n")
    defect = "this is a defect of selfinstruct; please report it with the lines above"
    sys.stderr.write(f"selfinstruct: {spoken(defect)}\n")
    sys.exit(DEFECT)
