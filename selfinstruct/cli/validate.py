"""`selfinstruct validate`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from selfinstruct.cli.console import harmless, print_json, print_table
from selfinstruct.cli.options import common, existing, load_config, option
from selfinstruct.errors import ConfigError, FindingsError, InputError

if TYPE_CHECKING:
    from selfinstruct.config import Config
    from selfinstruct.dataset.io.rows import Loaded
    from selfinstruct.quality.findings import Finding

_LINES = 5
"""Lines named for each rule in the table."""


class _Fixed(NamedTuple):
    rules: Counter[str]
    """Rows in which something was repaired, by what."""
    lines: list[dict[str, Any]]


@click.command("validate")
@common
@click.argument("input_path", metavar="INPUT")
@option("--fix", is_flag=True, help="Mend what is safe to mend and write the rows to --output; INPUT stays as it is.")
@option("--output", metavar="FILE", help="Where --fix writes: .jsonl, .json or .parquet, gzipped with .gz.")
@option("--strict", is_flag=True, help="Warnings count as well: exit 1 if there is any finding.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    input_path: str,
    fix: bool,
    output: str | None,
    strict: bool,
) -> None:
    """Check any instruction file, or the dataset of a run, against all rules; exit 1 if one is broken.

    INPUT holds Alpaca-like, messages or ShareGPT rows as .jsonl, .json array or .parquet, each may be gzipped. Warnings cannot be
    sure of what they say, so by themselves they leave the exit code at 0, unless --strict. --fix mends wrong encodings, composed
    characters (NFC), line ends and blanks around a text, and inputs that say that there is none; the findings are then what is left.
    """
    config = load_config(config_path)
    path = existing(input_path)
    source = click.get_current_context().get_parameter_source("output")
    if fix != bool(output) and (
        fix or source is click.core.ParameterSource.COMMANDLINE
    ):  # SELFINSTRUCT_OUTPUT is of other verbs too
        raise ConfigError("--fix and --output FILE go together: what is repaired is written to a new file")
    loaded = _load(path)
    fixed = _fix(path, Path(output or ""), loaded) if fix else None
    found = _check(config, _load(Path(output)) if fixed and output else loaded)
    if as_json:
        print_json(_document(loaded, found, fixed, output))
    elif not quiet:
        _print(len(loaded), found, fixed, output)
    errors = sum(one.severity == "error" for _, one in found)
    if errors or (strict and found):
        left = " left" if fixed else ""
        raise FindingsError(f"{input_path}: {errors} errors and {len(found) - errors} warnings{left}")


def _load(path: Path) -> list[tuple[Path, "Loaded"]]:
    from selfinstruct.dataset.io.rows import dataset_files, load

    found = [(file, row) for file in (dataset_files(path) if path.is_dir() else [path]) for row in load(file)]
    for file, row in found:
        if "instances" in row.value and "output" not in row.value:
            raise InputError(
                f"{file}:{row.line}: has `instances`: a seed task, not a row; `selfinstruct seeds {file}` checks seeds"
            )
    return found


def _check(config: "Config", loaded: Sequence[tuple[Path, "Loaded"]]) -> list[tuple[Path, "Finding"]]:
    from itertools import groupby

    from selfinstruct.quality.findings import Checked, findings

    found = []
    for file, rows in groupby(loaded, key=lambda one: one[0]):
        checked = [
            Checked(
                one.line,
                one.language,
                one.instruction,
                one.input,
                one.output,
                one.later,
                one.defect,
                one.others,
                one.fields,
            )
            for _, one in rows
        ]
        found += [(file, finding) for finding in findings(checked, config.validate_.disable)]
    return found


def _fix(path: Path, output: Path, loaded: Sequence[tuple[Path, "Loaded"]]) -> _Fixed:
    from selfinstruct.dataset.io.write import save
    from selfinstruct.dataset.tools.repair import repaired

    if any(output.exists() and output.samefile(file) for file in (path, *(file for file, _ in loaded))):
        raise ConfigError(f"--output {output}: is the file that is read; name another one, INPUT is never written to")
    fixed = _Fixed(Counter(), [])
    values = []
    for file, row in loaded:
        value, done = repaired(row.value)
        values.append(value)
        fixed.rules.update({rule for _, rule in done})
        fixed.lines.extend({"file": str(file), "line": row.line, "field": field, "rule": rule} for field, rule in done)
    save(output, values)
    return fixed


def _document(
    loaded: Sequence[tuple[Path, "Loaded"]],
    found: Sequence[tuple[Path, "Finding"]],
    fixed: _Fixed | None,
    output: str | None,
) -> dict[str, Any]:
    findings = [one._asdict() | {"fixable": one.fixable, "file": str(file)} for file, one in found]
    document: dict[str, Any] = {"rows": len(loaded), "findings": findings}
    if fixed:
        document |= {"output": output, "fixed": dict(sorted(fixed.rules.items())), "changes": fixed.lines}
    return document


def _print(rows: int, found: Sequence[tuple[Path, "Finding"]], fixed: _Fixed | None, output: str | None) -> None:
    for file, one in found:
        click.echo(f"{file}:{one.line}: {one.severity}: {one.rule}: {harmless(one.detail)}")
    if found:
        print_table(("rule", "severity", "findings", "lines", "for example"), _table([one for _, one in found]))
    if fixed:
        changed = len({(line["file"], line["line"]) for line in fixed.lines})
        what = ", ".join(f"{rule} {count}" for rule, count in fixed.rules.most_common()) or "nothing"
        click.echo(f"{output}: {rows} rows written, {changed} of them repaired ({what})")
    errors = sum(one.severity == "error" for _, one in found)
    hint = "; --fix mends some of them" if not fixed and any(one.fixable for _, one in found) else ""
    click.echo(f"{rows} rows, {errors} errors, {len(found) - errors} warnings{' left' if fixed else ''}{hint}")


def _table(found: Sequence["Finding"]) -> list[tuple[object, ...]]:
    """Return (rule, severity, findings, first lines, an example), errors first, then most first."""
    counts = Counter((one.severity, one.rule) for one in found)
    table: list[tuple[object, ...]] = []
    for (severity, rule), count in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1])):
        own = [one for one in found if (one.severity, one.rule) == (severity, rule)]
        lines = list(dict.fromkeys(one.line for one in own))
        more = ", ..." if len(lines) > _LINES else ""
        table.append((rule, severity, count, ", ".join(map(str, lines[:_LINES])) + more, own[0].detail[:60]))
    return table
