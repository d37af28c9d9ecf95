"""The judge's word on two answers of a run: what it is asked, and how it is read in its order."""

import pytest

from selfinstruct.bootstrap.choice import compose_word, read_word
from selfinstruct.records import LanguageCode, Reply
from selfinstruct.requests.another import PREFERRED
from tests.support.stories import ASKED, plan_for, story

both = pytest.mark.parametrize("language", ["en", "zh"])
ANSWERS = ("first of all", "second of all")


@both
def test_two_answers_are_shown_in_both_orders(language: LanguageCode) -> None:
    candidate = story(language, history=(("a?", "b."),)).candidate
    assert candidate
    requests = [
        compose_word(plan_for(language), candidate, ANSWERS, step, candidate.key) for step in PREFERRED["again"]
    ]
    shown = [one.messages[-1].content for one in requests]
    assert shown[0].index(ANSWERS[0]) < shown[0].index(ANSWERS[1])
    assert shown[1].index(ANSWERS[1]) < shown[1].index(ANSWERS[0])
    assert all("a?" in one and "b." in one and ASKED[language][0] in one for one in shown)
    assert {(one.sampling.temperature, one.sampling.top_p) for one in requests} == {(0.0, 1.0)}


def test_a_word_on_another_candidate_lies_in_the_slot_of_that() -> None:
    candidate = story("en").candidate
    assert candidate
    assert compose_word(plan_for("en"), candidate, ANSWERS, "prefer.5", "en/17.2").slot == "en/17.2/prefer.5"


@pytest.mark.parametrize(
    ("language", "text", "odd", "even"),
    [
        ("en", '{"reason": "true", "better": "1"}', "row", "other"),
        ("en", 'So: {"reason": "true", "better": 2}', "other", "row"),
        ("zh", '{"理由": "属实", "更好": "2"}', "other", "row"),
        ("zh", '{"理由": "差不多", "更好": "平"}', "tie", "tie"),
        ("en", "Both are fine.", "", ""),
        ("en", "", "", ""),
    ],
)
def test_a_word_is_read_in_its_order(language: LanguageCode, text: str, odd: str, even: str) -> None:
    assert read_word(Reply(text=text), "prefer.1", language) == odd
    assert read_word(Reply(text=text), "prefer.2", language) == even


def test_a_reply_that_cannot_be_used_is_no_word() -> None:
    assert read_word(Reply(text='{"better": "1"}', fault="content_filtered"), "prefer.1", "en") == ""
