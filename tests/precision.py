"""How right the rules are on a file of your own, judged by a person who does not see what they said.

    python -m tests.precision FILE [--language en|zh] [--rejected 200] [--accepted 300] [--seed 0] [--to SAMPLE]
    python -m tests.precision FILE --count [--to SAMPLE]

The first call draws rejected rows, about equally over the rules, and accepted rows at random, shuffles them and writes `FILE.sample.jsonl`
without saying which is which. Write into each row's `verdict` either `good`, or `defective: WORD` with a word for the defect. The second
call runs the rules again and prints, per rule, how many of its rows were judged defective; the good rows lost per 1,000; and the share of
the defective rows that the rules found. Each row counts for as many as it was drawn from. The sample holds your rows: keep it out of the
repository.
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.tools.validate import checked
from selfinstruct.errors import InputError, SelfInstructError
from selfinstruct.quality.findings import findings
from selfinstruct.records.place import place
from selfinstruct.system.faces import terminal_lines
from selfinstruct.system.files import PACKAGE

ACCEPTED = "accepted"


class Drawn(NamedTuple):
    """A row of the sample."""

    row: Loaded
    stratum: str
    """The rule that it was drawn for, the first that rejects it; or ACCEPTED."""


def strata(file: Path, language: str | None) -> dict[str, list[Loaded]]:
    """Return {rule, or ACCEPTED: rows}; each row stands once, under the first error that it has."""
    rows = [row for row in load(file) if language in {None, row.language}]
    first: dict[int, str] = {}
    for one in findings(map(checked, rows)):
        if one.severity == "error":
            first.setdefault(one.line, one.rule)
    found: dict[str, list[Loaded]] = defaultdict(list)
    for row in rows:
        found[first.get(row.line, ACCEPTED)].append(row)
    return found


def draw(found: dict[str, list[Loaded]], rejected: int, accepted: int, seed: int) -> list[Drawn]:
    """Return rows at random in random order: rejected ones about equally over the rules, as far as each has rows."""
    rng = random.Random(seed)
    left = {name: rng.sample(rows, len(rows)) for name, rows in sorted(found.items())}
    drawn = [Drawn(row, ACCEPTED) for row in left.pop(ACCEPTED, [])[:accepted]]
    while rejected and (rules := [name for name, rows in left.items() if rows]):
        for name in rules[:rejected]:
            drawn.append(Drawn(left[name].pop(), name))
            rejected -= 1
    rng.shuffle(drawn)
    return drawn


def write_sample(drawn: Sequence[Drawn], to: Path) -> None:
    """Write the rows for a person, without what the rules said. Raises InputError in the repository, or over a sample."""
    if to.resolve().is_relative_to(PACKAGE.parent.resolve()):
        raise InputError(f"{to}: is inside the repository, where no row of yours belongs; name another place with --to")
    if to.exists():
        raise InputError(f"{to}: exists, and may hold verdicts; remove it, or name another file with --to")
    lines = [
        json.dumps({"line": one.row.line, "verdict": "", "row": one.row.value}, ensure_ascii=False) for one in drawn
    ]
    to.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def read_verdicts(sample: Path) -> dict[int, bool]:
    """Return {line of the row in its file: whether it was judged defective}. Raises InputError for what is no verdict."""
    found = {}
    for number, text in enumerate(sample.read_text(encoding="utf-8").split("\n"), 1):
        if not text.strip():
            continue
        try:
            value = json.loads(text)
            verdict, line = str(value["verdict"]).strip().lower(), int(value["line"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{sample}:{number}: is no row of a sample; draw it anew") from error
        if verdict != "good" and not verdict.startswith("defective"):
            raise InputError(f"{place(sample, number)}: field `verdict`: write `good`, or `defective: WORD`")
        found[line] = verdict != "good"
    return found


def table(found: dict[str, list[Loaded]], verdicts: dict[int, bool]) -> str:
    """Return the precision of each rule, and the two figures over all rows, weighted by how they were drawn."""
    lines = ["| rule | rejected | judged | defective | precision |", "|---|---|---|---|---|"]
    good, bad = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}
    """Whether the rules reject -> how many rows of the file the judged ones stand for."""
    for name, rows in sorted(found.items(), key=lambda item: (item[0] == ACCEPTED, item[0])):
        judged = [verdicts[row.line] for row in rows if row.line in verdicts]
        if not judged:
            lines.append(f"| {name} | {len(rows)} | 0 | | |")
            continue
        share = sum(judged) / len(judged)
        bad[name != ACCEPTED] += share * len(rows)
        good[name != ACCEPTED] += (1 - share) * len(rows)
        precision = "" if name == ACCEPTED else f"{share:.0%}"
        lines.append(f"| {name} | {len(rows)} | {len(judged)} | {sum(judged)} | {precision} |")
    lost = f"{1000 * good[True] / sum(good.values()):.1f}" if sum(good.values()) else "no good row judged"
    share_found = f"{bad[True] / sum(bad.values()):.0%}" if sum(bad.values()) else "no defective row judged"
    return "\n".join([*lines, "", f"Good rows lost per 1,000: {lost}", f"Defective rows found: {share_found}"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw a sample, or count its verdicts."""
    parser = argparse.ArgumentParser("python -m tests.precision", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--language", choices=["en", "zh"])
    parser.add_argument("--rejected", type=int, default=200)
    parser.add_argument("--accepted", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--to", type=Path, help="the sample; FILE.sample.jsonl unless told otherwise")
    parser.add_argument("--count", action="store_true", help="join the verdicts in the sample with the rules")
    given = parser.parse_args(arguments)
    sample = given.to or given.file.with_name(given.file.name + ".sample.jsonl")
    found = strata(given.file, given.language)
    if given.count:
        sys.stdout.write(table(found, read_verdicts(sample)) + "\n")
        return
    drawn = draw(found, given.rejected, given.accepted, given.seed)
    write_sample(drawn, sample)
    sys.stdout.write(f"{sample}: {len(drawn)} rows; fill in `verdict`, then call again with --count\n")


if __name__ == "__main__":
    try:
        main()
    except SelfInstructError as error:
        sys.exit(terminal_lines(str(error)))
