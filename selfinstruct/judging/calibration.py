"""Pairs of answers whose better one is known by construction.

    number      the right number against a wrong one            constraint  a condition that is kept against one that is broken
    fluent      a plain right answer against a fluent wrong one  padded      an answer against itself, padded to double length
    equal       one answer against the same in other words: nothing but its place tells them apart

The texts are in `comparison_tasks/calibration`, padding is laid on here. Source: JudgeBench (2410.12784) takes pairs with an objectively
right side as well; the taste for length is that of AlpacaEval's length control (2404.04475).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args

from pydantic import ValidationError

from selfinstruct.errors import RecordError
from selfinstruct.judging.pair import Pair
from selfinstruct.records import Check, LanguageCode, Record

Kind = Literal["number", "constraint", "fluent", "padded", "equal"]
KINDS: tuple[Kind, ...] = get_args(Kind)
GRADED: tuple[Kind, ...] = ("number", "constraint", "fluent")
"""Kinds in which one answer is right and the other wrong."""
PADDING: dict[LanguageCode, tuple[str, ...]] = {
    "en": (
        "That is a very good question, and it deserves a careful and complete answer.",
        "There are several things that one could say about this, and it is worth taking a moment to consider them.",
        "It is important to keep the question in mind while reading the answer, since the answer refers to the question.",
        "As has been said above, this is the answer to the question that was asked.",
        "Of course, there is always more that could be added to a topic such as this one.",
        "In short, and to sum up everything that has been said so far, the answer is the one that was given above.",
        "I hope that this answer is helpful, clear and complete, and that it covers what you wanted to know.",
        "Please do not hesitate to ask if there is anything else that you would like to know about this or another topic.",
    ),
    "zh": (
        "这是一个非常好的问题，值得我们认真对待、仔细回答。",
        "关于这个问题，可以说的方面其实有很多，不妨先静下心来想一想。",
        "阅读下面的回答时，请始终记住所提的问题，因为回答正是针对问题作出的。",
        "正如上文所说，以上内容就是对所提问题的回答。",
        "当然，像这样的话题，总还有更多的内容可以继续补充。",
        "总而言之，综合以上所说的全部内容，答案就是上文给出的那一个。",
        "希望这份回答清楚、完整，能够帮到您，也涵盖了您想了解的内容。",
        "如果您对这个话题或者其他话题还有任何疑问，欢迎随时继续提问。",
    ),
}
"""Sentences that say nothing; the first half goes before the answer, the other behind."""


class Calibration(Record):
    """A pair, the better answer first; of the kinds `padded` and `equal` there is none that is right alone."""

    id: str
    language: LanguageCode
    kind: Kind
    question: str
    better: str
    worse: str = ""
    """Empty in the file for `padded`."""
    checks: tuple[Check, ...] = ()
    """What code can see of the difference: the better answer passes, the worse one does not."""

    def pair(self) -> Pair:
        """Return the pair as it is judged."""
        return Pair(
            language=self.language,
            question=self.question,
            first=self.better,
            second=self.worse,
            name=f"calibration/{self.language}/{self.id}",
        )


def read_calibration(
    lines: Iterable[tuple[int, Mapping[str, Any]]], language: LanguageCode, where: str
) -> list[Calibration]:
    """Return the pairs of a file of JSON lines, (line from 1, object); raises RecordError for one that is none."""
    return list(_read(lines, language, where))


def _read(lines: Iterable[tuple[int, Mapping[str, Any]]], language: LanguageCode, where: str) -> Iterator[Calibration]:
    for line, value in lines:
        try:
            one = Calibration.model_validate({**value, "language": language})
        except ValidationError as error:
            raise RecordError(
                f"{where}:{line}: {_wrong(error)}; a pair has id, kind, question, better and worse"
            ) from error
        if one.kind == "padded":
            one = one.model_copy(update={"worse": padded(one.better, language)})
        yield one


def _wrong(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"field {'.'.join(map(str, first['loc']))!r}: {first['msg']}"


def padded(answer: str, language: LanguageCode) -> str:
    """Return an answer at double its length at least, with sentences around it that say nothing.

    >>> len(padded("Paris.", "en")) >= 12
    True
    """
    gap = " " if language == "en" else ""
    sentences = PADDING[language]
    half = len(sentences) // 2
    for each in range(1, half + 1):
        text = gap.join((*sentences[:each], answer, *sentences[half : half + each]))
        if len(text) >= 2 * len(answer):
            return text
    return gap.join((*sentences[:half], answer, *sentences[half:], answer))
