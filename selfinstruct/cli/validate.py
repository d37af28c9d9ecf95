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
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, input_path: str) -> None:
    """Check any instruction file, or all of a run, against all rules; exit 1 if there is a finding."""
    from selfinstruct.dataset.load import dataset_files, load
    from selfinstruct.validate import Checked, findings

    config = load_config(config_path)
    path = existing(input_path)
    rows, found = 0, []
    for file in dataset_files(path) if path.is_dir() else [path]:
        checked = [Checked(one.line, one.language, one.instruction, one.input, one.output) for one in load(file)]
        rows += len(checked)
        found += [(file, finding) for finding in findings(checked, config.validate_.disable)]
    if as_json:
        print_json({"rows": rows, "findings": [finding._asdict() | {"file": str(file)} for file, finding in found]})
    elif not quiet:
        for file, finding in found[:_SHOWN]:
            click.echo(f"{file}:{finding.line}: {finding.rule}: {harmless(finding.detail)}")
        if len(found) > _SHOWN:
            click.echo(f"... and {len(found) - _SHOWN} more; --json prints all")
        counts = Counter(finding.rule for _, finding in found)
        if counts:
            print_table(("rule", "findings"), counts.most_common())
        click.echo(f"{rows} rows, {len(found)} findings")
    if found:
        raise FindingsError(f"{input_path}: {len(found)} findings")
