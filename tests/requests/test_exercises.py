"""What a small teacher is asked for: tasks of one kind, and with the text that they work on where the kind has one."""

import pytest

from selfinstruct.quality.rules.requested import requests
from selfinstruct.records import Candidate, Drawn, LanguageCode, Reply, Request
from selfinstruct.requests import Plan, Visible, compose, compose_step, next_step, read
from selfinstruct.requests.plain import compose_open
from selfinstruct.requests.short_question import is_short_question, misses, why_not_asked
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
        "Was the soup cold?",
        "What color is the kite?",
    ),
    "zh": ("包裹是谁的？", "看告示，几点开门？", "汤凉了吗？", "风筝是什么颜色？", "汤凉了没有？"),
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


DROPPED = {
    "en": (
        ("Did I lose my keys?", "My keys are gone. I looked everywhere.", "it asks about the one who asks"),
        ("Was the trip fun?", "We went to the zoo by bus.", "the text does not speak of trip"),
        ("How many fruits did Ann buy?", "Ann bought 3 pears and 5 plums.", "the text does not speak of fruits"),
    ),
    "zh": (
        ("我几点起床？", "我每天早上六点起床。", "it asks about the one who asks"),
        ("豆浆好喝吗？", "妈妈煮了一锅豆浆。", "the text does not speak of 好"),
        ("妈妈买了多少个水果？", "妈妈买了3个苹果和5个橘子。", "the text does not speak of 水"),
    ),
}
KEPT = {
    "en": (("Did Ann catch the bus?", "Ann caught the bus to work. She catches it every day."), ("How many pears did Ann buy?", "Ann bought 3 pears.")),
    "zh": (("豆浆卖完了没有？", "今天的豆浆卖完了。"), ("买菜一共花了多少钱？", "买菜花了二十元。")),
}  # fmt: skip


@LANGUAGE
def test_a_question_on_what_the_text_does_not_say_is_not_asked(language: LanguageCode) -> None:
    assert [why_not_asked(task, text, language) for task, text, _ in DROPPED[language]] == [
        why for _, _, why in DROPPED[language]
    ]
    assert [why_not_asked(task, text, language) for task, text in KEPT[language]] == ["", ""]


ANSWERS = (
    ("en", "Is the shop open on Sunday?", "The shop is open on Sunday.", "Yes.", "On Sunday."),
    ("en", "When does the class start?", "The class starts at 4 pm on Monday.", "At 4 pm on Monday.", "At 4 pm."),
    ("en", "When is the film on?", "The film is on at 7 pm today.", "At 7 pm.", "Soon."),
    (
        "en",
        "What colour are the plums?",
        "The plums are dark blue and sweet.",
        "They are dark blue.",
        "Blue and sweet.",
    ),
    ("en", "Who has the key?", "Ann has the key.", "Ann.", ""),
    ("zh", "小明去了照相馆吗？", "小明明天下午去照相馆。", "没有去。", "明天。"),
    ("zh", "书法课什么时候开始？", "书法课周五晚上七点开始。", "周五晚上七点。", "七点。"),
    ("zh", "电影什么时候开演？", "电影今天七点开演。", "七点。", "快了。"),
    ("zh", "风筝是什么颜色？", "风筝是红色的，又大又轻。", "红色的。", "红色，很大。"),
    ("zh", "钥匙在谁那里？", "钥匙在小林那里。", "小林。", ""),
)


@pytest.mark.parametrize(("language", "asked", "text", "good", "bad"), ANSWERS)
def test_an_answer_has_what_its_question_wants(
    language: LanguageCode, asked: str, text: str, good: str, bad: str
) -> None:
    rows = [
        Candidate(language=language, index=0, position=0, instruction=asked, input=text, output=output)
        for output in (good, bad)
        if output
    ]
    assert [misses(row) for row in rows] == [False, True][: len(rows)]
