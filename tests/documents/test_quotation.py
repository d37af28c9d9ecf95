"""A quotation is found where its words stand, and the row quotes what stands there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(st.text(max_size=80), st.data())
def test_what_is_found_reads_like_the_quotation(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text)))
    quote = text[first : data.draw(st.integers(first, len(text)))]
    place = place_of(quote, text)
    if place is not None:
        assert place_of(text[slice(*place)], quote) is not None
        assert 0 <= place[0] < place[1] <= len(text)
