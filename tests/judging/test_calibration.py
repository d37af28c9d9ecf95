"""The pairs that a judge is tried on: their better answer is the better one by code, wherever code can say so."""

from collections import Counter

import pytest

from selfinstruct.comparison.checkers import fault
from selfinstruct.comparison.question import Question
from selfinstruct.errors import RecordError
from selfinstruct.judging.calibration import Calibration, read_calibration
from selfinstruct.language.guess import guess_language
from selfinstruct.records import LanguageCode
from selfinstruct.runs.certification import calibration_pairs

LANGUAGES: tuple[LanguageCode, ...] = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_sixty_pairs_and_more_of_each_language_in_five_kinds(language: LanguageCode) -> None:
    pairs = calibration_pairs([language])
    counts = Counter(one.kind for one in pairs)
    assert sum(counts.values()) >= 60
    assert set(counts) == {"number", "constraint", "fluent", "padded", "equal"}
    assert len({one.id for one in pairs}) == len({one.question for one in pairs}) == len(pairs)


@pytest.mark.parametrize(
    "one", [one for one in calibration_pairs(LANGUAGES) if one.checks], ids=lambda one: f"{one.language}-{one.id}"
)
def test_the_better_answer_passes_its_check_and_the_worse_one_does_not(one: Calibration) -> None:
    question = Question(id=one.id, language=one.language, instruction=one.question, checks=one.checks)
    assert fault(question, one.better) == ""
    assert fault(question, one.worse) != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_padded_answer_is_twice_as_long_and_holds_the_answer(language: LanguageCode) -> None:
    for one in calibration_pairs([language]):
        if one.kind == "padded":
            assert len(one.worse) >= 2 * len(one.better)
            assert one.better in one.worse


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_are_in_their_language(language: LanguageCode) -> None:
    assert {guess_language(one.question) for one in calibration_pairs([language])} == {language}


@pytest.mark.parametrize("language", LANGUAGES)
def test_length_does_not_tell_which_answer_is_right(language: LanguageCode) -> None:
    """A judge that takes the longer answer is no better than a coin, so that it cannot pass."""
    graded = [one for one in calibration_pairs([language]) if one.kind in {"number", "constraint", "fluent"}]
    assert sum(len(one.better) > len(one.worse) for one in graded) < len(graded) / 2


def test_a_pair_that_is_none_is_named_by_file_and_line() -> None:
    with pytest.raises(RecordError, match=r"pairs\.jsonl:3: field 'kind'"):
        read_calibration([(3, {"id": "x", "kind": "odd", "question": "?", "better": "a"})], "en", "pairs.jsonl")
