"""The command line: one file per verb, loaded only when it is called, so that `--help` answers at once."""

import importlib
import sys
from typing import NoReturn

import click

from selfinstruct.errors import SelfInstructError
from selfinstruct.system.text import visible

VERBS = {
    "init": "Start a project: configuration, own copies of seeds and prompts.",
    "seeds": "Check seed files and print their figures.",
    "estimate": "What is still missing in requests, tokens, money and minutes.",
    "generate": "Ask the teacher until the target stands, then filter.",
    "filter": "Filter a run again from its journal, or any instruction file.",
    "validate": "Check any instruction file against all rules.",
    "diff": "What changed between two datasets, why, and what to read first.",
    "git": "Readable diffs and row-wise merges of datasets in this repository.",
    "export": "Write the dataset in the layout of another tool.",
    "explain": "Why one candidate is a row or not: prompt, reply, rules, nearest neighbour.",
    "report": "Write one offline page of a run or dataset.",
    "status": "Where a run stands: rows, rejections, money, what is missing.",
    "finetune": "Train an adapter on the dataset.",
    "evaluate": "Compare base and tuned model on rows that were not learned.",
    "teacher": "Serve the embedded teacher, or fetch its weights.",
}
"""Verb -> what it does; the order is that of a project's life."""


DEFECT = 70
"""Exit code of an error that nobody foresaw, EX_SOFTWARE of sysexits.h: 1 would say that a check found something."""


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"selfinstruct.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

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
@click.version_option(package_name="selfinstruct", message="%(prog)s %(version)s")
def cli() -> None:
    """Turn seed tasks into an instruction dataset you can trust, and fine-tune a model on it.

    Data goes to stdout or files, progress to stderr. Each option can be set as SELFINSTRUCT_<OPTION>.
    """


def main() -> NoReturn:
    """Run the command line; the exit code is the contract's."""
    try:
        cli.main(standalone_mode=False)
        sys.exit(0)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("Interrupted.\n")
        sys.exit(130)
    except SelfInstructError as error:
        sys.stderr.write(f"selfinstruct: {visible(str(error))}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception:  # noqa: BLE001 - the top of the command line
        _tell_of_defect()
        sys.exit(DEFECT)


def _tell_of_defect() -> None:
    """Print the traceback and what to do with it."""
    import traceback

    traceback.print_exc()
    sys.stderr.write("selfinstruct: this is a defect of selfinstruct; please report it with the lines above\n")
