"""What a small teacher is asked for: tasks of one kind, and with the text that they work on where the kind has one."""

import pytest

from selfinstruct.quality.rules.requested import requests
from selfinstruct.records import Candidate, Drawn, LanguageCode, Reply, Request
from selfinstruct.requests import Plan, Visible, compose, compose_step, next_step, read
from selfinstruct.requests.plain import compose_open, is_short_question
from tests.support.mixes import mixed_plan

TEXT_FIRST = {
    "en": "Text: The soup was cold.\nTask: Is the review good or bad?",
    "zh": "短文：汤是凉的。\n任务：汤是不是凉的？",
}
WRITTEN = {
    "en": (
        "Task: Is the review good or bad?\nText: The soup was cold.",
        "Is the review good or bad?",
        "The soup was cold.",
    ),
    "zh": ("任务：汤是不是凉的？\n短文：汤是凉的。", "汤是不是凉的？", "汤是凉的。"),
}
SHORT = {
    "en": (
        "Who left the parcel?",
        "According to the sign, when does it open?",
        "Did it rain?",
        "What color is the kite?",
    ),
    "zh": ("包裹是谁的？", "看告示，几点开门？", "昨天下雨了吗？", "风筝是什么颜色？", "药吃完了没有？"),
}
BROAD = {
    "en": ("What did the goldfish do?", "What is the weather like?", "Whose shoes did he buy?", "Sum up the text."),
    "zh": ("小明做了什么？", "计划里要买哪些衣服？", "今天天气怎么样？", "短文提到了哪几种水果？", "概括这段话。"),
}
LANGUAGE = pytest.mark.parametrize("language", ["en", "zh"])


def small(language: LanguageCode) -> Plan:
    return mixed_plan(language, {"steered": 1.0}, kind="embedded", seeds_per_prompt=4, machine_per_prompt=0)


def first_requests(language: LanguageCode) -> list[Request]:
    plan = small(language)
    return [compose(plan, index, "steered") for index in range(60)]


def exercise(language: LanguageCode, text: str) -> Candidate:
    request = next(one for one in first_requests(language) if one.step == "exercise")
    (candidate,) = read(request, Reply(text=text, finish_reason="stop", model="m"))
    return candidate


@LANGUAGE
def test_seeds_of_one_category_are_shown_with_their_texts(language: LanguageCode) -> None:
    seeds = {task.id: task for task in small(language).seeds}
    steps = set()
    for request in first_requests(language):
        shown = [seeds[identifier] for identifier in request.shown]
        steps.add(request.step)
        assert all(task.plain and not task.is_classification for task in shown)
        assert len({task.category for task in shown}) == 1
        assert all(task.input and is_short_question(task.instruction, language) for task in shown)
    assert steps == {"exercise"}


@LANGUAGE
def test_a_task_has_a_text_of_its_own_where_any_seed_has_one(language: LanguageCode) -> None:
    plan = small(language)
    orders = plan._replace(seeds=tuple(task for task in plan.seeds if not task.instruction.endswith(("?", "？"))))
    assert {compose(orders, index, "steered").step for index in range(20)} == {"exercise"}
    bare = plan._replace(seeds=tuple(task for task in plan.seeds if not task.input))
    assert {compose(bare, index, "steered").step for index in range(20)} == {"instruction"}


@LANGUAGE
def test_the_kind_of_task_is_named_with_the_subject(language: LanguageCode) -> None:
    plan = small(language)
    seeds = {task.id: task for task in plan.seeds}
    for request in first_requests(language):
        name = "exercise" if request.step == "exercise" else "plain"
        kind = plan.prompts.kind(name, seeds[request.shown[0]].category)
        assert "_" not in kind
        assert kind in request.messages[-1].content


@LANGUAGE
def test_task_and_text_are_read_from_one_reply_and_the_answer_is_asked_next(language: LanguageCode) -> None:
    reply, instruction, text = WRITTEN[language]
    candidate = exercise(language, reply)
    assert (candidate.recipe, candidate.instruction, candidate.input) == ("steered", instruction, text)
    assert next_step(candidate, {}) == "answer"


@LANGUAGE
def test_the_text_may_stand_first(language: LanguageCode) -> None:
    _, instruction, text = WRITTEN[language]
    candidate = exercise(language, TEXT_FIRST[language])
    assert (candidate.instruction, candidate.input) == (instruction, text)
    two = exercise(language, TEXT_FIRST[language].replace("\n", "\n\n", 1))
    assert (two.instruction, two.input) == (instruction, text)


@LANGUAGE
def test_a_reply_without_a_text_is_no_exercise(language: LanguageCode) -> None:
    _, instruction, text = WRITTEN[language]
    assert exercise(language, instruction).fault == "unparsable"
    assert exercise(language, f"{instruction}\n{text}").fault == "unparsable"
    assert exercise(language, TEXT_FIRST[language].partition("\n")[0]).fault == "unparsable"
    assert exercise(language, TEXT_FIRST[language].replace("Task: ", "").replace("任务：", "")).fault == "unparsable"


def asked(language: LanguageCode, task: str, plan: Plan | None = None) -> Candidate:
    text = TEXT_FIRST[language].rpartition("\n")[0]
    head = "Task: " if language == "en" else "任务："
    reply = Reply(text=f"{text}\n{head}{task}", finish_reason="stop", model="m")
    (candidate,) = read(compose(plan or small(language), 0, "steered"), reply)
    return candidate


@LANGUAGE
def test_where_short_questions_are_shown_another_task_is_refused(language: LanguageCode) -> None:
    assert [asked(language, task).fault for task in SHORT[language]] == [""] * len(SHORT[language])
    refused = [asked(language, task) for task in BROAD[language]]
    assert {candidate.fault for candidate in refused} == {"not_answerable"}
    assert all(candidate.lacks for candidate in refused)


QUESTIONS = {
    "en": ("Text: The results are here, Anna. Can you come today?\nTask: {}", "Can Anna come today?", "Who can come?"),
    "zh": ("通知：小林，结果出来了，今天能来一趟吗？\n任务：{}", "小林今天能来吗？", "谁能来一趟？"),
}


@LANGUAGE
def test_a_text_that_asks_whether_it_is_so_does_not_say_it(language: LanguageCode) -> None:
    reply, whether, other = QUESTIONS[language]
    refused = exercise(language, reply.format(whether))
    assert (refused.fault, refused.lacks) == ("not_answerable", "whether it is so is what the text itself asks")
    assert not exercise(language, reply.format(other)).fault


@LANGUAGE
def test_where_other_tasks_are_shown_any_is_taken(language: LanguageCode) -> None:
    plan = small(language)
    orders = plan._replace(seeds=tuple(task for task in plan.seeds if not task.instruction.endswith(("?", "？"))))
    assert [asked(language, task, orders).fault for task in BROAD[language]] == [""] * len(BROAD[language])


@LANGUAGE
def test_it_answers_after_the_answers_of_the_seeds_that_it_was_shown(language: LanguageCode) -> None:
    plan = small(language)
    seeds = {task.id: task for task in plan.seeds}
    candidate = exercise(language, WRITTEN[language][0])
    answers = [one.content for one in compose_step(plan, candidate, "answer").messages if one.role == "assistant"]
    assert answers == [seeds[name].output for name in candidate.shown]
    assert len(answers) == 4
    strong = mixed_plan(language, {"steered": 1.0})
    assert [one.role for one in compose_step(strong, candidate, "answer").messages] == ["system", "user"]


def test_a_category_that_no_file_describes_is_named_as_it_is() -> None:
    assert small("en").prompts.kind("plain", "tea_ceremony") == "tea ceremony"


@LANGUAGE
def test_a_task_is_looked_at_before_its_answer_is_bought(language: LanguageCode) -> None:
    candidate = exercise(language, WRITTEN[language][0])
    assert next_step(candidate, {}, looks=True) == "answerable"
    assert next_step(candidate, {"answerable": Reply(text="yes")}, looks=True) == "answer"
    plan = mixed_plan(language, {"steered": 1.0}, kind="embedded", answerable=0.8)
    asked = compose_step(plan, candidate, "answerable")
    assert asked.messages[-1].content == f"{candidate.instruction}\n{candidate.input}"
    assert (asked.sampling.temperature, asked.sampling.top_logprobs > 0) == (0.0, True)


@LANGUAGE
@pytest.mark.parametrize("needs", ["prose", "list", ""])
def test_a_condition_is_added_to_a_task_that_bears_it(language: LanguageCode, needs: str) -> None:
    plan = small(language)
    seeds = {task.id: task for task in plan.seeds}
    shown = {
        name
        for index in range(40)
        for name in compose_open(plan, index, Visible(number=index), Drawn(kind="no_comma"), needs).shown
    }
    categories = {seeds[name].category for name in shown}
    assert "language_usage" not in categories
    assert ("brainstorming" in categories) is (needs != "prose")
    assert needs != "list" or not [name for name in shown if requests(seeds[name].instruction, language)]
