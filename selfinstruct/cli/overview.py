"""The page of `selfinstruct --help`: the verbs by stage, one line each, in the reader's language."""

from collections.abc import Mapping

import click

from selfinstruct.cli.help_page import Page
from selfinstruct.cli.messages import said

STAGES = {
    "Make": ("init", "seeds", "estimate", "generate", "join", "import", "translate", "derive", "teacher"),
    "Check": ("status", "filter", "validate", "explain", "report", "doctor"),
    "Review": ("review", "diff", "git"),
    "Train": ("finetune", "evaluate", "compare"),
    "Publish": ("export", "push"),
}
"""Stage -> its verbs, in the order of a project's life; those that this version has."""


def write_overview(
    command: click.Command, context: click.Context, formatter: click.HelpFormatter, verbs: Mapping[str, str]
) -> None:
    """Write the whole page; `verbs` maps each verb to what it does."""
    page = Page("", "", context.terminal_width, context.max_content_width)
    _write(page, command, context, verbs)
    formatter.write(page.getvalue())


def _write(
    formatter: click.HelpFormatter, command: click.Command, context: click.Context, verbs: Mapping[str, str]
) -> None:
    pieces = " ".join(command.collect_usage_pieces(context))
    formatter.write_usage(context.command_path, pieces, prefix=said("Usage: "))
    opening = said("Turn seed tasks into an instruction dataset you can trust, and fine-tune a model on it.")
    streams = said("Data goes to stdout or files, progress to stderr.")
    settings = said("Each option can be set as SELFINSTRUCT_<OPTION>; `VERB --help` has them.")
    formatter.write_paragraph()
    with formatter.indentation():
        for text in (opening, streams, settings):
            formatter.write_text(text)
    for stage, names in STAGES.items():
        if there := [(name, said(verbs[name])) for name in names if name in verbs]:
            with formatter.section(said(stage)):
                formatter.write_dl(there)
    with formatter.section(said("Options")):
        records = filter(None, (one.get_help_record(context) for one in command.get_params(context)))
        formatter.write_dl([(names, said(text)) for names, text in records])
