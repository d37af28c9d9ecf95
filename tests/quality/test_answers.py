"""`repeated_answer`: one answer to many different questions is noticed if it is a sentence, an error if it is long, nothing if it is a label."""

from collections.abc import Sequence

import pytest

from selfinstruct.quality.findings import Checked, Finding, findings
from selfinstruct.records import LanguageCode

MANY = 10
SENTENCE: dict[LanguageCode, str] = {
    "en": "There are many ways in which this can be done.",
    "zh": "这件事情有很多种不同的做法。",
}
LABELS: dict[LanguageCode, Sequence[str]] = {
    "en": ("positive", "Yes.", "Not enough information", "B. The second one"),
    "zh": ("正面", "是的。", "信息不足，无法判断", "B、第二种说法"),
}
LONG: dict[LanguageCode, str] = {
    "en": "First look at the place itself and at what grows there. Then ask the people who have lived in it for a long time, since they know "
    "which stories are true. Old maps help as well, and so do the records of the nearest church or school.",
    "zh": "先看看那个地方本身，再看看周围长着什么。然后去问问长期住在当地的人，他们知道哪些传说可信。旧地图也很有用，附近学校和寺庙保存的记录"
    "同样值得查阅，最后把各种材料放在一起比较。",
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


def rows(language: LanguageCode, answer: str, count: int = MANY, given: Sequence[str] = ()) -> list[Checked]:
    asked = "Describe the history of town number {} in detail." if language == "en" else "详细介绍第{}座小城的历史。"
    return [
        Checked(line, language, asked.format(0 if given else line), given[line - 1] if given else "", answer)
        for line in range(1, count + 1)
    ]


def repeated(checked: list[Checked], **more: tuple[str, ...]) -> list[Finding]:
    return [one for one in findings(checked, more.get("off", {})) if one.rule == "repeated_answer"]  # type: ignore[arg-type]


@LANGUAGES
def test_a_sentence_that_many_questions_share_is_one_warning_with_their_number(language: LanguageCode) -> None:
    (found,) = repeated(rows(language, SENTENCE[language], 200))
    assert (found.line, found.severity) == (1, "warning")
    assert found.detail == (
        f"200 different questions have this answer (lines 1, 2, 3, 4, 5, ...): {SENTENCE[language]}"
    )


@LANGUAGES
def test_a_few_questions_may_share_a_sentence(language: LanguageCode) -> None:
    assert not repeated(rows(language, SENTENCE[language], MANY - 1))


@LANGUAGES
@pytest.mark.bounds
def test_thousands_of_questions_may_share_a_label(language: LanguageCode) -> None:
    for label in LABELS[language]:
        assert not repeated(rows(language, label, 2_000))


@LANGUAGES
def test_one_instruction_on_many_inputs_may_be_answered_by_one_sentence(language: LanguageCode) -> None:
    given = [f"{number} {'apples' if language == 'en' else '个苹果'}" for number in range(50)]
    assert not repeated(rows(language, SENTENCE[language], 50, given))


@LANGUAGES
@pytest.mark.parametrize("on_inputs", [False, True])
def test_a_long_answer_to_many_questions_is_an_error_on_every_row_but_the_first(
    language: LanguageCode, on_inputs: bool
) -> None:
    given = [f"{number} {'apples' if language == 'en' else '个苹果'}" for number in range(12)] if on_inputs else []
    found = repeated(rows(language, LONG[language], 12, given))
    assert [(one.line, one.severity) for one in found] == [(line, "error") for line in range(2, 13)]
    assert {one.detail for one in found} == {
        "line 1 has the same long answer to another question; 12 questions have it"
    }


@LANGUAGES
def test_blanks_make_no_other_answer_and_a_second_copy_no_other_question(language: LanguageCode) -> None:
    spaced = [row._replace(output=f"\n{row.output} ") for row in rows(language, SENTENCE[language])[5:]]
    assert len(repeated([*rows(language, SENTENCE[language])[:5], *spaced])) == 1
    copies = [row._replace(line=row.line + 100) for row in rows(language, SENTENCE[language], MANY - 1)]
    assert not repeated([*rows(language, SENTENCE[language], MANY - 1), *copies])


@LANGUAGES
def test_rows_with_an_error_of_their_own_are_not_counted(language: LanguageCode) -> None:
    broken = [row._replace(instruction=row.instruction + "\ufffd") for row in rows(language, SENTENCE[language])]
    assert not repeated(broken)


def test_it_is_switched_off_in_one_language_alone() -> None:
    both = [*rows("en", SENTENCE["en"]), *(row._replace(line=row.line + 50) for row in rows("zh", SENTENCE["zh"]))]
    assert [one.line for one in findings(both, {"zh": ("repeated_answer",)}) if one.rule == "repeated_answer"] == [1]
