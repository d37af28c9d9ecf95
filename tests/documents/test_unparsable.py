"""What a reply of the recipe `documents` lacks is said, in the verdict and where it is read."""

import pytest

from selfinstruct.records import LanguageCode, Reply
from selfinstruct.requests import compose, read
from selfinstruct.requests.plan import Visible
from tests.support.mixes import mixed_plan


@pytest.mark.parametrize(
    ("language", "reply", "fault", "lacks"),
    [
        ("en", "Question: When was it built?", "unparsable", "the reply has no line for answer, quote"),
        ("zh", "这段文字讲了一家茶馆。", "unparsable", "the reply has no line for question, answer, quote"),
        (
            "en",
            "Question: When?\nAnswer: In 1920.\nQuote: built in the moon",
            "quote_not_found",
            "the passage does not hold `built in the moon`",
        ),
        ("zh", "问题：何时？\n答案：去年。\n原文：去年建成", "quote_not_found", "the passage does not hold `去年建成`"),
    ],
)
def test_what_a_reply_lacks_is_said(language: LanguageCode, reply: str, fault: str, lacks: str) -> None:
    request = compose(mixed_plan(language, {"documents": 1.0}), 0, "documents", Visible())
    (candidate,) = read(request, Reply(text=reply))
    assert (candidate.fault, candidate.lacks) == (fault, lacks)
