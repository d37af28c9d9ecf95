"""Code that stands in a text without a fence: lines that can be nothing else, and those that belong to them.

Prose that begins with `for`, `if` or `return` is none, and neither is a formula in words (`Speed = distance / time`): a line by itself counts only
where its form leaves no doubt; beside such a line, indented lines, comments and closing brackets count too. HTML is not code here, as its text is translated.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_LONGEST: Final = 400
"""Characters of a line of code."""
_NAME: Final = r"[A-Za-z_$][\w$]{0,60}"
_SURE: Final = re.compile(
    rf"(?:async )?(?:def|class) {_NAME} ?(?:\([^\n]*)?:(?: *#.*)?"  # noqa: S608 - a pattern
    rf"|(?:export |default |async )*function\*? ?(?:{_NAME})? ?\([^\n]*\)? ?\{{.*"
    rf"|(?:(?:public|private|protected|static|final|abstract|inline|const|unsigned) )*(?:class|struct|enum|interface|void|int|float|double|char|bool|boolean|String|long|auto|fn|func) {_NAME}(?:\[\])?[^\n]*[;{{]"
    rf"|(?:public|private|protected) [^\n]*[;{{]"
    rf"|(?:var|let|const) [^\n=]{{1,80}}=[^\n]*"
    r"|#include ?[<\"].*|#define \w+ .*|using namespace \w+;|package [\w.]+;|<\?php.*"
    rf"|from [\w.]+ import [\w*, ()]+|import [\w.]+ as \w+|import [\w.]+\.[\w.*]+;?|import [\w*{{}}, ]+ from [\"'].*"
    r"|(?:SELECT|DELETE)\b[^\n]* FROM [^\n]*|INSERT INTO [^\n]*|UPDATE \w+ SET [^\n]*|(?:CREATE|ALTER|DROP) (?:TABLE|DATABASE|INDEX|VIEW)\b[^\n]*"
    rf"|(?:else )?(?:{_NAME} ?)?\([^\n]*\) ?\{{|(?:\}} )?else ?\{{|(?:try|do|finally) ?\{{"
    rf"|[\w.$\[\]>-]+ ?(?:[-+*/%]?=|\+\+|--)[^\n]*;|{_NAME}(?:(?:\.|->|::){_NAME})*\([^\n]*\);"
    rf"|(?:{_NAME}\.)*(?:print|println|printf|echo|log|len|range|input|append|format|join|sum|main)\([^\n]*\)"
    r"|[^\n]*(?:::|->|\+\+|==|!=)[^\n]*;|>>> .*|\$ (?:pip|git|npm|cd|ls|python3?|curl|sudo|docker|make|mkdir) .*"
    r"|[.#]?[\w-]+(?:[ ,]+[.#]?[\w-]+){0,3} ?\{"
)
"""A line that is code by itself."""
_LIKELY: Final = re.compile(
    rf"for {_NAME}(?:, ?{_NAME}){{0,3}} in [^\n]+:|(?:while|if|elif|with|except)\b[^\n]*(?:[()=<>\[\]._]| is | in | not )[^\n]*:|(?:else|try|finally|except) ?:"
    r"|else|(?:else )?(?:if|for|while) ?\([^\n]*\)|\"\"\"|'''"
    rf"|(?:return|raise|yield|await|assert|del)\b[^\n]*|break;?|continue;?|pass|import [\w., ]+;?"
    rf"|{_NAME}(?:\.{_NAME}|\[[^\n\]]*\])*(?:, ?{_NAME})* ?(?:[-+*/%|&]|\*\*|//)?= ?[^=\s][^\n]*"
    rf"|{_NAME}(?:\.{_NAME})*\([^\n]*\)[;:]?|@{_NAME}[^\n]*"
    r"|(?:FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|VALUES|SET|ON|AND|OR|(?:LEFT |RIGHT |INNER |OUTER |FULL )*JOIN)\b[^\n]*|SELECT\b[^\n]*"
    r"|[\[\](){};,]+|(?:#|//|--|/\*|\*)[^\n]*"
)
"""A line that is code beside one that is."""
_QUERY: Final = re.compile(
    r"(?:SELECT|UPDATE|FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|VALUES|SET|(?:LEFT |RIGHT |INNER |OUTER |FULL )*JOIN)\b.*"
)
_REMARK: Final = re.compile(r"\s{1,40}(?://|#) .*")
"""What stands behind code on its line."""
_OPENS: Final = re.compile(r"[:{(\[,\\]\s*\Z")
_BEFORE: Final = re.compile(
    r"[=(){}\[\];]|SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|import |class |def |>>> |\$ |#include"
)
"""What one line of any code has."""


class _Line(NamedTuple):
    start: int
    end: int
    text: str

    @property
    def indented(self) -> bool:
        return self.text[:1].isspace()

    @property
    def said(self) -> str:
        """The line without what stands around its code."""
        return _REMARK.sub("", self.text).strip() or self.text.strip()


def unfenced(text: str) -> list[tuple[int, int]]:
    r"""Return (first character, one after the last) of each block of code without a fence, in order.

    >>> text = "Write a function.\ndef add(a, b):\n    return a + b\nReturn the sum."
    >>> [text[start:end] for start, end in unfenced(text)]
    ['def add(a, b):\n    return a + b']
    >>> unfenced("Speed = distance / time\nFor example:\n  5 = 10 / 2")
    []
    """
    if not _BEFORE.search(text):
        return []
    return [(run[0].start, run[-1].end) for run in _runs(_lines(text)) if _has_sure(run)]


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(_Line(start, start + len(line.rstrip()), line.rstrip()))
        start += len(line) + 1
    return lines


def _runs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield lines that may be code, together with the blank ones between them."""
    run: list[_Line] = []
    blank: list[_Line] = []
    for line in lines:
        if not line.text:
            blank.append(line)
        elif _may_follow(line, run, bool(blank)):
            run += [*(blank if run else []), line]
            blank = []
        else:
            yield from _whole(run)
            run, blank = ([line] if _may_begin(line) else []), []
    yield from _whole(run)


def _whole(run: list[_Line]) -> Iterator[list[_Line]]:
    if run:
        yield run


def _may_begin(line: _Line) -> bool:
    said = line.said if len(line.text) <= _LONGEST else ""
    return bool(_SURE.fullmatch(said) or (_LIKELY.fullmatch(said) and said[0] not in "*-"))


def _may_follow(line: _Line, run: Sequence[_Line], apart: bool) -> bool:
    """Return whether a line goes on with a run of code; behind a blank one, only where it is code itself, or indented."""
    if not run or len(line.text) > _LONGEST:
        return _may_begin(line)
    before = run[-1]
    if line.indented and (before.indented or _OPENS.search(before.text)):
        return True
    if apart and line.text.lstrip().startswith(("#", "*", "-")):
        return False
    return _may_begin(line)


def _has_sure(run: Sequence[_Line]) -> bool:
    said = [line.said for line in run]
    return any(map(_SURE.fullmatch, said)) or sum(bool(_QUERY.fullmatch(line)) for line in said) > 1
