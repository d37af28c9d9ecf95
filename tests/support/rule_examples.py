"""Examples of what each rule finds, only flags, and keeps: `rule_examples.txt`, read by the tests and the page of the rules."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from selfinstruct.records import Candidate, LanguageCode

_FILE = Path(__file__).with_suffix(".txt")
NO_ANSWER = "Fine, as asked."
"""The answer of an example that states none."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([ntr\\]))")
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


class RuleExample(NamedTuple):
    """An example of a rule: a row that it finds or flags, or one that it keeps."""

    language: LanguageCode
    instruction: str
    input: str
    output: str

    def candidate(self) -> Candidate:
        """Return the example as a candidate."""
        return Candidate(index=0, position=0, **self._asdict())


@cache
def examples(kind: str) -> dict[str, list[RuleExample]]:
    """Return {rule: its examples} of a kind: finds, flags or keeps."""
    found: dict[str, list[RuleExample]] = {}
    for rule, line in _lines():
        one, _, text = line.partition(" ")
        if one == kind:
            found.setdefault(rule, []).append(_example(text))
    return found


def cell(text: str) -> str:
    """Return a text as it can stand in a Markdown table: marks escaped, what cannot be seen as its escape."""
    seen = "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text)
    return "".join("\\" + mark if mark in "\\`*_{}[]<>|#&~$" else mark for mark in seen)


def _lines() -> Iterator[tuple[str, str]]:
    rule = ""
    for line in _FILE.read_text(encoding="utf-8").split("\n"):
        if line.startswith("["):
            rule = line.strip("[]")
        elif line and not line.startswith("# "):
            yield rule, line


def _example(line: str) -> RuleExample:
    given = re.match(r"\((en|zh)\) ", line)
    asked, arrow, output = (line[given.end() :] if given else line).partition(" → ")
    instruction, _, text = asked.partition(" ‖ ")
    code: LanguageCode = "zh" if (given[1] == "zh" if given else re.search(r"[\u3400-\u9fff]", instruction)) else "en"
    return RuleExample(code, _meant(instruction), _meant(text), _meant(output) if arrow else NO_ANSWER)


def _meant(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _MEANT[found[2]], text)
