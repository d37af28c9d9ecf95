"""`selfinstruct validate`."""

from collections import Counter

import click

from selfinstruct.cli.options import common, existing, load_config
from selfinstruct.cli.screen import harmless, print_json, print_table
from selfinstruct.errors import FindingsError

_SHOWN = 50


@click.command("validate")
@common
@click.argument("input_path", metavar="INPUT")
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, input_path: str) -> None:  # noqa: ARG001
    """Check any instruction file against all rules and print every finding; exit 1 if there is one."""
    from selfinstruct.dataset.load import load
    from selfinstruct.validate import Checked, findings

    config = load_config(config_path)
    rows = [Checked(one.line, one.language, one.instruction, one.input, one.output) for one in load(existing(input_path))]
    found = list(findings(rows, config.validate_.disable))
    if as_json:
        print_json({"rows": len(rows), "findings": [finding._asdict() for finding in found]})
    elif not quiet:
        for finding in found[:_SHOWN]:
            click.echo(f"{input_path}:{finding.line}: {finding.rule}: {harmless(finding.detail)}")
        if len(found) > _SHOWN:
            click.echo(f"... and {len(found) - _SHOWN} more; --json prints all")
        counts = Counter(finding.rule for finding in found)
        if counts:
            print_table(("rule", "findings"), counts.most_common())
        click.echo(f"{len(rows)} rows, {len(found)} findings")
    if found:
        raise FindingsError(f"{input_path}: {len(found)} findings")
