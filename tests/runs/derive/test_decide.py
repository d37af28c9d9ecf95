"""Which of two answers is better, and by whose word."""

import pytest

from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from selfinstruct.records import LanguageCode, Reply, Step
from selfinstruct.runs.derive.decide import Decision, decision_of
from selfinstruct.runs.derive.emit import content_of
from selfinstruct.runs.derive.purchase import wanted
from selfinstruct.runs.derive.stories import Other, Story
from selfinstruct.runs.derive.views import VIEWS
from tests.support.stories import ASKED, NONE, OTHER, story, with_condition

both = pytest.mark.parametrize("language", ["en", "zh"])
PAIRS, BEST = [VIEWS["pairs"]], [VIEWS["best"]]


def twin(text: str, rule: str = "") -> Other:
    return Other(text, "twin", "en/9.0/answer", rule, "en/9.0")


def next_steps(of: Story, answers: int = 2) -> list[Step]:
    return [step for step, _ in wanted(of, PAIRS, answers)]


def test_a_row_with_one_answer_has_no_pair_and_lacks_one() -> None:
    assert decision_of(story("en")) == "one_answer"
    assert next_steps(story("en")) == ["second"]
    assert next_steps(story("en"), answers=4) == ["second", "second.2", "second.3"]


@both
def test_an_answer_that_a_rule_finds_is_the_worse_one(language: LanguageCode) -> None:
    found = decision_of(story(language, {"second": NONE[language]}))
    assert isinstance(found, Decision)
    assert (found.by, found.name, found.chosen, found.rejected and found.rejected.text) == (
        "rule",
        "placeholder_output",
        None,
        NONE[language],
    )


@pytest.mark.parametrize("rule", ["unsure_answer", "judged_low", "check_failed"])
def test_an_answer_that_was_rejected_for_the_same_question_is_the_worse_one(rule: str) -> None:
    found = decision_of(story("en", twins=(twin(OTHER["en"], rule),)))
    assert isinstance(found, Decision)
    assert (found.by, found.name) == ("rule", rule)


@pytest.mark.parametrize("rule", ["truncated", "unfinished_output", "open_fence"])
def test_an_answer_that_was_cut_is_no_worse_one(rule: str) -> None:
    assert decision_of(story("en", twins=(twin(OTHER["en"], rule),))) == "unusable"


def test_a_reply_that_was_cut_or_empty_is_no_answer() -> None:
    cut = story("en")
    cut.heard["second"] = Reply(text=OTHER["en"], cut=True)
    assert decision_of(cut) == decision_of(story("en", {"second": "  "})) == "unusable"


@both
def test_the_same_words_in_another_width_or_case_are_no_pair(language: LanguageCode) -> None:
    assert decision_of(story(language, {"second": f" {ASKED[language][1].upper()}  "})) == "alike"


@both
def test_sound_answers_wait_for_a_word(language: LanguageCode) -> None:
    open_one = story(language, {"second": OTHER[language]})
    assert decision_of(open_one) == "undecided"
    assert next_steps(open_one) == ["prefer.7"]
    assert next_steps(story(language, {"second": OTHER[language], "prefer.7": "A"})) == ["prefer.8"]


@pytest.mark.parametrize(("words", "better"), [(("A", "B"), None), (("B", "A"), "second")])
def test_the_judge_decides_where_it_says_the_same_in_both_orders(words: tuple[str, str], better: str | None) -> None:
    found = decision_of(story("en", {"second": OTHER["en"], "prefer.7": words[0], "prefer.8": words[1]}))
    assert isinstance(found, Decision)
    assert (found.by, found.chosen and found.chosen.origin) == ("judge", better)
    assert (found.chosen is None) != (found.rejected is None)


@pytest.mark.parametrize("words", [("A", "A"), ("B", "B"), ("A", "C"), ("C",)])
def test_a_tie_is_no_pair(words: tuple[str, ...]) -> None:
    steps: tuple[Step, ...] = ("prefer.7", "prefer.8")
    said: dict[Step, str] = {"second": OTHER["en"], **dict(zip(steps, words, strict=False))}
    assert decision_of(story("en", said)) == "tie"
    assert next_steps(story("en", said)) == []
    assert next_steps(story("en", said), answers=3) == ["second.2"]


def test_a_word_that_cannot_be_read_is_no_pair_and_is_not_asked_for_again() -> None:
    said: dict[Step, str] = {"second": OTHER["en"], "prefer.7": "Hm."}
    assert decision_of(story("en", said)) == "unreadable"
    assert next_steps(story("en", said)) == []


@both
def test_the_answer_to_a_condition_less_is_the_worse_one_where_code_finds_it_broken(language: LanguageCode) -> None:
    broken = "Plums, figs." if language == "en" else "李子，杏。"
    found = decision_of(with_condition(language, {"dropped": broken}))
    assert isinstance(found, Decision)
    assert (found.by, found.name, found.rejected and found.rejected.origin) == ("check", "no_comma", "dropped")
    assert next_steps(with_condition(language)) == ["dropped", "second"]


@both
def test_an_answer_that_keeps_the_condition_all_the_same_is_as_good(language: LanguageCode) -> None:
    assert decision_of(with_condition(language, {"dropped": OTHER[language]})) == "kept_condition"


def test_a_condition_is_checked_in_a_second_answer_too() -> None:
    found = decision_of(with_condition("en", {"second": "A plum, I think."}))
    assert isinstance(found, Decision)
    assert (found.by, found.name) == ("check", "no_comma")


def test_a_check_counts_more_than_the_judge() -> None:
    said: dict[Step, str] = {"second": OTHER["en"], "prefer.7": "A", "prefer.8": "B", "dropped": "A, b."}
    found = decision_of(with_condition("en", said))
    assert isinstance(found, Decision)
    assert found.by == "check"


@both
def test_an_edited_answer_is_better_than_the_teachers_and_says_so(language: LanguageCode) -> None:
    edited = story(language, {"second": OTHER[language]}, edit={"output": OTHER[language] + "!"})
    content = content_of(VIEWS["pairs"], [edited])
    (line,) = content.provenance
    assert content.values[0]["chosen"][0]["content"] == OTHER[language] + "!"
    assert content.values[0]["rejected"][0]["content"] == ASKED[language][1]
    assert (line["by"], line["edited"], line["chosen"]) == ("person", True, {"from": "row", "edited": True})
    assert line["rejected"] == {"from": "teacher", "request": f"{language}/3.0/answer"}
    assert content.ledger["edited"] == 1
    assert next_steps(edited) == []


def test_a_question_that_was_edited_has_no_other_answers() -> None:
    edited = story("en", {"second": OTHER["en"]}, edit={"instruction": "Name a berry."})
    assert decision_of(edited) == "question_edited"
    assert next_steps(edited) == []


def test_a_row_that_was_added_by_hand_has_no_other_answers() -> None:
    added = story("en")
    added = added._replace(made=added.made._replace(verdict=None, by_hand="added"), requests=())
    assert decision_of(added) == "added_by_hand"
    assert next_steps(added) == []


def test_the_best_of_two_is_the_judges_and_of_three_the_nearest_to_all() -> None:
    near, far = "A plum has one stone.", "Peaches, cherries and olives too."
    of_two = content_of(VIEWS["best"], [story("en", {"second": far, "prefer.7": "B", "prefer.8": "A"})])
    assert of_two.values[0]["output"] == far
    of_three = content_of(VIEWS["best"], [story("en", {"second": far, "second.2": near})])
    assert of_three.values[0]["output"] == ASKED["en"][1]
    assert of_three.provenance[0]["of"] == 3
    of_four = content_of(
        VIEWS["best"], [story("en", {"second": far, "second.2": far + " Yes.", "second.3": far + " Ha."})]
    )
    assert of_four.values[0]["output"].startswith(far)


def test_answers_that_rules_find_are_no_choice() -> None:
    assert content_of(VIEWS["best"], [story("en", {"second": "N/A"})]).ledger["left_out"] == {"one_answer": 1}


@both
def test_an_answer_that_an_evaluation_set_holds_is_no_answer(language: LanguageCode) -> None:
    held = {
        "en": "Plums, cherries, peaches and olives all carry one hard stone in their middle.",
        "zh": "李子、樱桃、桃子和橄榄，每一种的中间都有一粒硬硬的核。",
    }[language]
    exam = EvaluationSets([EvaluationExample("exam.jsonl", 1, language, "Is it?", "", held)])
    found = story(language, {"second": held, "prefer.7": "B", "prefer.8": "A"})
    assert isinstance(decision_of(found), Decision)
    compared = found._replace(plan=found.plan._replace(evaluation_sets=exam))
    assert decision_of(compared) == "unusable"
    assert content_of(VIEWS["best"], [compared]).ledger["left_out"] == {"one_answer": 1}


def test_the_teachers_own_answer_in_a_conversation_is_that_of_its_last_turn() -> None:
    talk = story("en", {}, edit={"output": "Cherries."}, history=(("a?", "b."),))
    talk = talk._replace(requests=("en/3.0/follow", "en/3.0/reply", "en/3.0/follow.2", "en/3.0/reply.2"))
    (other,) = talk.others()
    assert (other.origin, other.request) == ("edit", "en/3.0/reply.2")


def test_the_ledger_says_whether_length_tells_the_better_answer() -> None:
    pairs = [story("en", {"second": "N/A"}), story("zh", {"second": "无"})]
    lengths = content_of(VIEWS["pairs"], pairs).ledger["lengths"]
    assert lengths == {
        "en": {"chosen": 5.0, "rejected": 1.0, "longer_chosen": 1.0},
        "zh": {"chosen": 4.0, "rejected": 1.0, "longer_chosen": 1.0},
    }
    assert content_of(VIEWS["pairs"], [story("en")]).ledger["lengths"] == {}


def test_more_answers_are_asked_for_until_there_are_as_many_as_were_wanted() -> None:
    steps = [step for step, _ in wanted(story("en", {"second": OTHER["en"]}), BEST, 4)]
    assert steps == ["second.2", "second.3"]
    assert [step for step, _ in wanted(story("en", {"second": OTHER["en"]}), BEST, 2)] == ["prefer.7"]


def test_a_thought_is_that_of_the_answer_that_stands() -> None:
    thoughtful = story("en", reasoning="Stones are in plums.")
    assert (
        content_of(VIEWS["thoughts"], [thoughtful]).values[0]["messages"][-1]["reasoning_content"]
        == "Stones are in plums."
    )
    assert content_of(VIEWS["think"], [thoughtful]).values[0]["messages"][-1]["content"].startswith("<think>\nStones")
    assert "reasoning_content" not in content_of(VIEWS["conversations"], [thoughtful]).values[0]["messages"][-1]
    edited = story("en", reasoning="Stones are in plums.", edit={"output": "A cherry."})
    assert content_of(VIEWS["thoughts"], [edited, story("zh")]).ledger["left_out"] == {
        "answer_edited": 1,
        "no_thought": 1,
    }
