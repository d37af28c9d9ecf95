"""A quotation is found where its words stand, and the row quotes what stands there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.records import Drawn, Reply, Request, Sampling, Source
from selfinstruct.requests import read
from selfinstruct.requests.quotation import place_of

PASSAGE = "“The mill’s wheel,” she said, “was of\noak—not pine.” It cost 1974 pounds, or more.\n\n旧茶馆建于１８２０年，有“三层”\n楼。"


@pytest.mark.parametrize(
    ("quote", "held"),
    [
        ("was of oak", "was of\noak"),
        ('"The mill\'s wheel"', "The mill’s wheel"),
        ("it cost 1974 pounds.", "It cost 1974 pounds"),
        ("**oak-not pine.**", "oak—not pine."),
        ("建于1820年，有「三层」楼。", "建于１８２０年，有“三层”\n楼。"),
        ("有“三层”楼，", "有“三层”\n楼"),
        ("茶馆", "茶馆"),
    ],
)
def test_marks_blanks_width_and_capitals_do_not_hide_a_quotation(quote: str, held: str) -> None:
    place = place_of(quote, PASSAGE)
    assert place is not None
    assert PASSAGE[slice(*place)] == held


@pytest.mark.parametrize(
    "quote", ["97", "1974 pound", "mill wheel", "he said", "", "“”", "...", "was of ... pine", "建于1821年"]
)
def test_other_words_and_parts_of_words_are_none(quote: str) -> None:
    assert place_of(quote, PASSAGE) is None


def test_a_part_of_one_character_is_no_quotation() -> None:
    assert place_of("1", "0:¼:01") is None
    assert place_of("¼", "0:¼:01") == (2, 3)


@given(st.text(max_size=80), st.data())
def test_what_is_found_reads_like_the_quotation(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text)))
    quote = text[first : data.draw(st.integers(first, len(text)))]
    place = place_of(quote, text)
    if place is not None:
        assert place_of(text[slice(*place)], quote) is not None
        assert 0 <= place[0] < place[1] <= len(text)


@pytest.mark.parametrize(
    ("question", "answer", "quote", "fault"),
    [
        ("What was the wheel of?", "It was of oak.", "was of oak—not pine", ""),
        ("What was the wheel of?", "Oak.", "It cost 1974 pounds", "quote_without_answer"),
        ("What was the wheel of?", "Oak.", "made of oak", "quote_not_found"),
        ("The mill's wheel", "Oak.", "was of oak", "unparsable"),
        ("What was the wheel of?", "", "was of oak", "unparsable"),
        ("茶馆有几层楼？", "三层", "有“三层”楼", ""),
        ("茶馆有几层楼？", "三层", "旧茶馆建于1820年", "quote_without_answer"),
        ("茶馆的楼。", "三层", "有“三层”楼", "unparsable"),
    ],
)
def test_a_question_has_its_mark_and_a_quotation_holds_the_answer(
    question: str, answer: str, quote: str, fault: str
) -> None:
    source = Source(document="d", span=(10, 10 + len(PASSAGE)))
    request = Request(
        language="en",
        index=0,
        step="question",
        messages=(),
        sampling=Sampling(model="m", temperature=0, top_p=1, max_tokens=1, seed=0),
        drawn=Drawn(kind="quote", passage=PASSAGE, source=source),
    )
    (found,) = read(request, Reply(text=f"Question: {question}\nAnswer: {answer}\nQuote: {quote}"))
    assert found.fault == fault
    if not fault:
        first, end = found.source.span  # type: ignore[union-attr, misc]
        assert PASSAGE[first - 10 : end - 10] == found.checks[0].arguments["quote"]
