"""`selfinstruct explain`."""

from typing import TYPE_CHECKING

import click

from selfinstruct.api.given import load_for_run
from selfinstruct.api.settings import keep_targets
from selfinstruct.cli.console import Screen, print_json
from selfinstruct.cli.explained_requests import print_requests, write_head, write_line
from selfinstruct.cli.messages import said, spoken, spoken_word
from selfinstruct.cli.options import common, option, run_of
from selfinstruct.cli.recipes import origin_lines
from selfinstruct.dataset.review.apply import RULE as REMOVED
from selfinstruct.system.faces import terminal
from selfinstruct.system.numbers import amount
from selfinstruct.system.wrapping import cells

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from selfinstruct.runs.explanation import Explanation
    from selfinstruct.runs.explanation.checks import CheckResult

_LABEL = 13
"""Cells of the name of a field, and the blanks behind it."""
_COLOUR = {
    "accepted": "green",
    "passed": "green",
    "rejected": "red",
    "removed by hand": "red",
    "broken": "red",
    "lost": "red",
    "gone": "red",
    "held": "red",
}


@click.command("explain")
@common
@click.argument("identifier", metavar="ID")
@option("--threshold", type=click.FloatRange(0, 1), help="Suppose this threshold: replay the run and say what changes.")
@option("--disable", multiple=True, metavar="RULE", help="Suppose that this rule is off; repeatable.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    identifier: str,
    threshold: float | None,
    disable: tuple[str, ...],
) -> None:
    """Say everything known of one candidate: why it is a row or not, and what would change that; sends nothing.

    ID is a row's id or the start of it, or a candidate's place as in rejected.jsonl, for example zh/12.0.
    """
    config = load_for_run(config_path, run_dir, {}, Screen(quiet).say, asks=False)
    run = run_of(keep_targets(config, run_dir, lambda _: None, named=(), asks=False), run_dir)
    found = run.explain(identifier, threshold=threshold, disable=disable)
    if as_json:
        print_json(found.model_dump(mode="json"))
    elif not quiet:
        _print(found, run.config.limits.cny_per_usd)


def _print(found: "Explanation", rate: str | None) -> None:
    from rich.console import Console

    console = Console(highlight=False, emoji=False, markup=False)
    state = "removed by hand" if found.by_hand and found.by_hand.decision == "removed" else found.state
    flagged = said(", kept by hand and flagged") if found.broken_by_hand else ""
    verdict = f"{found.candidate}{said(': ')}{spoken_word(state)}{_why(found)}{flagged}"
    write_line(console, verdict, f"bold {_COLOUR.get(state, 'yellow')}")
    if found.of_request > 1:
        shown = amount(found.of_request, "candidate")
        write_line(
            console,
            spoken(
                f"its request brought {shown}; this is {found.candidate}, the others have other numbers behind the point"
            ),
        )
    _print_supposed(console, found)
    if found.id:
        write_line(console, said("row id {id}", id=found.id))
    _print_by_hand(console, found, state)
    _print_candidate(console, found)
    _print_nearest(console, found)
    _print_checks(console, found)
    _print_origin(console, found)
    print_requests(console, found, rate)


def _print_by_hand(console: "Console", found: "Explanation", state: str) -> None:
    """Write what people did to a row."""
    if not found.by_hand:
        return
    row = found.by_hand.row
    became = f"{said(': ')}{row.output}" if row else ""
    if row and row.id != found.id:
        became = said("; it is now {id}: {instruction}", id=row.id, instruction=row.instruction)
    was = said("accepted by the rules, ") if state != found.state else ""
    done = said("{decision} by hand (review.jsonl)", decision=spoken_word(found.by_hand.decision))
    write_line(console, f"{was}{done}{became}", row=True)
    if found.reviewed:
        write_line(console, said("in review: {reviewed}", reviewed=spoken(found.reviewed)), row=True)
    for broken in found.broken_by_hand:
        detail = spoken(broken.detail)
        write_line(
            console, said("breaks a rule and is kept: {rule} ({detail})", rule=broken.rule, detail=detail), row=True
        )
    for other in found.by_hand.overruled:
        write_line(console, f"{said('overruled in a merge')}{said(': ')}{other.instruction} → {other.output}", row=True)


def _print_supposed(console: "Console", found: "Explanation") -> None:
    """Write what was asked with --threshold or --disable, before all that would be said without them."""
    if found.supposed:
        write_head(console, f"The whole run again with {found.supposed.settings}")
        write_line(console, spoken(f"  this one: {found.supposed.verdict}"))
        write_line(
            console, spoken(f"  rows of its language: {found.supposed.gained} come in, {found.supposed.lost} go")
        )
        console.print()


def _why(found: "Explanation") -> str:
    by = said(" by {rule}", rule=found.rule) if found.rule not in {"", found.state, REMOVED} else ""
    notes = {
        "lost": "its reply never came; `selfinstruct generate` asks again",
        "gone": "its reply was paid for, and the journal has it no more",
        "unread": "its reply came after the target was reached; a higher target reads it",
        "held": "its request is left out for good",
    }
    detail = spoken(found.detail or notes.get(found.state, ""))
    return f"{by}{said(' ({detail})', detail=detail) if detail else ''}"


def _print_origin(console: "Console", found: "Explanation") -> None:
    """Write what a candidate was made from, and what each later step decided."""
    for title, lines in origin_lines(found):
        write_head(console, title)
        for line in lines:
            write_line(console, f"  {line}", row=True)


def _print_candidate(console: "Console", found: "Explanation") -> None:
    if found.text is None:
        return
    is_edited = found.by_hand is not None and found.by_hand.row is not None
    write_head(console, "Candidate as read; the text of the row is another now" if is_edited else "Candidate as read")
    names = {"instruction": said("instruction:"), "input": said("input:"), "output": said("output:")}
    for name, label in names.items():
        for number, text in enumerate(getattr(found.text, name).split("\n")):
            head = "" if number else label
            write_line(console, f"  {head}{' ' * (_LABEL - cells(head))}{text}", row=True)


def _print_nearest(console: "Console", found: "Explanation") -> None:
    if found.nearest and found.text:
        write_head(console, f"Nearest neighbour: {found.nearest.id}, ROUGE-L {found.nearest.score:.4f}")
        write_line(console, f"{said('  this:      ')}{found.text.instruction}", row=True)
        write_line(console, f"{said('  neighbour: ')}{found.nearest.text}", row=True)
    if found.held_out:
        match = found.held_out
        write_head(console, f"Evaluation set, {match.field}: {match.place}, {match.how} {match.score:.4f}")
        for line in match.text.split("\n"):
            write_line(console, f"  {line}", row=True)


def _print_checks(console: "Console", found: "Explanation") -> None:
    if found.checks:
        write_head(console, "Rules, in the order of judgement")
        _print_rules(console, found.checks)
    if found.what_if:
        write_head(console, "What would change it")
        for one in found.what_if:
            write_line(console, spoken(f"  {one.change}: {one.verdict}"))


def _print_rules(console: "Console", checks: "tuple[CheckResult, ...]") -> None:
    """Write a table of the rules that have something to say, the number of those that passed, and the names of those that are open."""
    silent = [check for check in checks if not check.detail and check.state in {"passed", "open"}]
    if speaking := tuple(check for check in checks if check not in silent):
        console.print(_table(speaking))
    passed = {check.rule for check in silent if check.state == "passed"}
    if passed:
        write_line(console, spoken(f"  passed: {amount(len(passed), 'rule')} (--json names them)"), _COLOUR["passed"])
    if names := list(dict.fromkeys(check.rule for check in silent if check.state == "open")):
        meaning = spoken_word("open, since what they look at was never bought")
        write_line(console, f"  {meaning}{said(': ')}{said(', ').join(names)}", "dim")


def _table(checks: "tuple[CheckResult, ...]") -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in ("stage", "rule", "found"):
        table.add_column(spoken_word(header), no_wrap=header == "rule")
    table.add_column(spoken_word("detail"), overflow="fold")
    for check in checks:
        style = _COLOUR.get(check.state, "yellow" if check.state == "off" else "dim")
        state, detail = Text(spoken_word(check.state), style), Text(terminal(spoken(check.detail), row=True))
        table.add_row(spoken_word(check.stage), check.rule, state, detail)
    return table
