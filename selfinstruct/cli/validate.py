"""`selfinstruct validate`."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.datasets import explain_row, repair, validate
from selfinstruct.api.settings import load_config, run_path
from selfinstruct.cli.console import Screen, print_json, print_table, tell_empty, write
from selfinstruct.cli.messages import said, spoken, spoken_word
from selfinstruct.cli.options import common, option
from selfinstruct.cli.repaired import nan_as_null, without_width
from selfinstruct.errors import ConfigError, FindingsError, InputError
from selfinstruct.records.place import place
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.dataset.tools.explain import RowExplanation
    from selfinstruct.dataset.tools.validate import Repairs, Validation
    from selfinstruct.quality.findings import Finding

_LINES = 5
"""Lines named for each rule in the table."""
_EXAMPLE = 60
"""Most characters of an example in it."""
_LAST_WORD = re.compile(r"[A-Za-z0-9_]+\Z")


@click.command("validate")
@common
@click.argument("input_path", metavar="[INPUT]", required=False)
@option(
    "--fix", is_flag=True, help="Repair what is safe to repair and write the rows to --output; INPUT stays as it is."
)
@option("--output", metavar="FILE", help="Where --fix writes: .jsonl, .json or .parquet, gzipped with .gz.")
@option("--strict", is_flag=True, help="Warnings count as well: exit 1 if there is any finding.")
@option(
    "--explain",
    type=click.IntRange(1),
    metavar="LINE",
    envvar=None,
    help="Show one row alone: its fields, each rule that speaks and what it is, and the scores of the learned rules.",
)
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    input_path: str | None,
    fix: bool,
    output: str | None,
    strict: bool,
    explain: int | None,
) -> None:
    """Check any instruction file, or the dataset of a run, against all rules; exit 1 if one is broken.

    INPUT is the run directory when it is left out. It holds Alpaca-like, messages or ShareGPT rows as .jsonl, .json array or .parquet, each may be gzipped, or is hub:OWNER/NAME@REVISION. Warnings cannot be
    sure of what they say, so by themselves they leave the exit code at 0, unless --strict. --fix repairs wrong encodings, composed
    characters (NFC), line ends and blanks around a text, and inputs that say that there is none; the findings are then what is left.
    --explain LINE says all of one row, by its line, or its position where rows have none; the exit code is then that row's.
    """
    source = click.get_current_context().get_parameter_source("output")
    if fix != bool(output) and (
        fix or source is click.core.ParameterSource.COMMANDLINE
    ):  # SELFINSTRUCT_OUTPUT is of other verbs too
        raise ConfigError("--fix and --output FILE go together: what is repaired is written to a new file")
    if fix and explain:
        raise ConfigError("--explain and --fix do not go together: explain a row first, then repair the file")
    config = load_config(config_path)
    input_path = input_path or _own_run(run_path(config, run_dir))
    if explain:
        _explain(explain_row(input_path, explain, config=config), as_json=as_json, quiet=quiet, strict=strict)
        return
    fixed = repair(input_path, output or "") if fix else None
    found = validate(fixed.output if fixed else input_path, config=config, say=Screen(quiet).say)
    if as_json:
        print_json(found.document() | (_document(fixed) if fixed else {}))
    elif not quiet:
        _print(found, fixed)
        tell_empty(found.rows, input_path)
    if found.errors or (strict and found.findings):
        errors, warnings = amount(found.errors, "error"), amount(found.warnings, "warning")
        if fixed:
            raise FindingsError(f"{input_path}: {errors} and {warnings} left")
        raise FindingsError(f"{input_path}: {errors} and {warnings}")


def _own_run(path: Path) -> str:
    """Return the run directory as INPUT; raises InputError where there is none."""
    if not path.is_dir():
        raise InputError(
            f"{path}: holds no run; `selfinstruct generate` makes one, or name a file: `selfinstruct validate FILE`"
        )
    return str(path)


def _explain(found: "RowExplanation", *, as_json: bool, quiet: bool, strict: bool) -> None:
    """Show one row; raises FindingsError as the whole file would."""
    if as_json:
        print_json(found.document())
    elif not quiet:
        _print_row(found)
    if found.errors or (strict and found.rules):
        raise FindingsError(
            f"{place(found.file, found.line)}: {amount(found.errors, 'error')} and {amount(len(found.rules) - found.errors, 'warning')}"
        )


def _print_row(found: "RowExplanation") -> None:
    where = spoken(place(found.file, found.line))
    write(said("{place} (zh)", place=where) if found.language == "zh" else said("{place} (en)", place=where))
    colon = said(": ")
    for field in found.fields:
        more = (
            said(" ({count} characters)", count=f"{field.characters:,}") if field.characters > len(field.text) else ""
        )
        write(f"  {field.name}: {field.text}{more}", row=True)
    for rule in found.rules:
        write()
        write(colon.join([spoken_word(rule.severity), rule.rule, spoken_word(rule.detail)]), row=True)
        if rule.defect:
            write(f"  {spoken(rule.defect)} {said('Source: {source}.', source=spoken(rule.source))}", row=True)
    write()
    if not found.rules:
        write("no findings: no rule speaks of this row")
    print_table(
        ("learned rule", "score", "threshold", "", "rule"),
        [
            (
                *(one.rule, one.score, one.threshold, "reached" if one.score >= one.threshold else "below"),
                "speaks" if one.speaks else "is silent",
            )
            for one in found.scores
        ],
    )


def _document(fixed: "Repairs") -> dict[str, Any]:
    return {
        "output": str(fixed.output),
        "fixed": dict(sorted(fixed.rules.items())),
        "taken_out": dict(fixed.taken_out),
        "soft_hyphens": fixed.soft_hyphens,
        "nan": fixed.nan,
        "changes": list(fixed.changes),
    } | ({"notes": list(fixed.notes)} if fixed.notes else {})


def _print_fixed(fixed: "Repairs") -> None:
    for change in fixed.changes:
        if detail := change.get("detail"):
            where = f"field `{change['field']}`" if change["field"] else "the beginning of the line"
            write(f"{place(change['file'], change['line'])}: repaired: {change['rule']}: {where}: {detail}")
    what = ", ".join(f"{rule} {count}" for rule, count in fixed.rules.most_common())
    rows = amount(fixed.rows, "row")
    if fixed.changed:
        write(f"{fixed.output}: {rows} written, {fixed.changed} of them repaired ({what})")
    else:
        write(f"{fixed.output}: {rows} written, none of which needed a repair")
    for line in (*without_width(fixed.taken_out, fixed.soft_hyphens), *nan_as_null(fixed.nan), *fixed.notes):
        write(line)


def _print(found: "Validation", fixed: "Repairs | None") -> None:
    findings = [one.finding for one in found.findings]
    colon = said(": ")
    for file, one in found.findings:
        where = spoken(place(file, one.line))
        write(colon.join([where, spoken_word(one.severity), one.rule, spoken_word(one.detail)]), row=True)
    if findings:
        print_table(("rule", "severity", "findings", "where", "for example"), _table(findings))
    if fixed:
        _print_fixed(fixed)
    for note in found.notes:
        write(note)
    hint = "; --fix repairs some of them" if not fixed and any(one.fixable for one in findings) else ""
    rows, errors = amount(found.rows, "row"), amount(found.errors, "error")
    warnings = amount(found.warnings, "warning")
    write(f"{rows}, {errors}, {warnings} left" if fixed else f"{rows}, {errors}, {warnings}{hint}")


def _table(found: Sequence["Finding"]) -> list[tuple[object, ...]]:
    """Return (rule, severity, findings, first lines, an example), errors first, then most first."""
    counts = Counter((one.severity, one.rule) for one in found)
    table: list[tuple[object, ...]] = []
    for (severity, rule), count in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1])):
        own = [one for one in found if (one.severity, one.rule) == (severity, rule)]
        lines = list(dict.fromkeys(one.line for one in own))
        more = ", ..." if len(lines) > _LINES else ""
        table.append(
            (rule, severity, count, ", ".join(map(str, lines[:_LINES])) + more, _short(spoken_word(own[0].detail)))
        )
    return table


def _short(detail: str) -> str:
    """Return the beginning of a text, not cut inside a word or number.

    >>> _short("12 different questions have this answer (lines 23, 24, 25, 26)")
    '12 different questions have this answer (lines 23, 24, 25…'
    """
    if len(detail) <= _EXAMPLE:
        return detail
    whole = (
        _LAST_WORD.sub("", detail[:_EXAMPLE]) if _LAST_WORD.search(detail[: _EXAMPLE + 1][-1]) else detail[:_EXAMPLE]
    )
    return (whole if 2 * len(whole) > _EXAMPLE else detail[:_EXAMPLE]).rstrip(" ,，、") + "…"
