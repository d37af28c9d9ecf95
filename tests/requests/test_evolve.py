"""What the recipe `evolve` makes of a reply, held against the task that it began with."""

import pytest

from selfinstruct.records import Candidate, LanguageCode, Reply, Request, Source, Task
from selfinstruct.requests import Visible, compose, compose_step, fill, next_step, read
from selfinstruct.requests.evolve import OPERATIONS, evolutions
from tests.support.mixes import mixed_plan

PARENTS: dict[LanguageCode, Task] = {
    "en": Task(
        id="p",
        instruction="Name three animals that sleep through the winter.",
        input="",
        output="Bears, hedgehogs and dormice sleep through the winter.",
    ),
    "zh": Task(id="p", instruction="说出三种会冬眠的动物。", input="", output="熊、刺猬和睡鼠会冬眠。"),
}
NEW = {
    "en": "Compare how a hedgehog and a swallow get through the cold months, in at most fifty words.",
    "zh": "用不超过六十个字比较刺猬和燕子过冬的办法有什么不同。",
}


def asked(language: LanguageCode, index: int = 0, parent: Task | None = None) -> Request:
    """Return a request that evolves a task that was given."""
    plan = mixed_plan(language, {"evolve": 1.0})._replace(parents=(parent or PARENTS[language],))
    return compose(plan, index, "evolve", Visible(number=index))


def of_operation(language: LanguageCode, operation: str) -> Request:
    """Return the first request with an operation."""
    requests = (asked(language, index) for index in range(200))
    return next(one for one in requests if one.drawn and one.drawn.kind.startswith(operation))


def said(request: Request, text: str, **more: bool) -> Candidate:
    (candidate,) = read(request, Reply(text=text, **more))
    return candidate


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_operation_is_drawn_and_shows_the_task(language: LanguageCode) -> None:
    requests = [asked(language, index) for index in range(80)]
    assert {one.drawn.kind for one in requests if one.drawn} == {f"{operation}.1" for operation in OPERATIONS}
    assert all(PARENTS[language].instruction in one.messages[-1].content for one in requests)
    assert all(one.shown == ("p",) for one in requests)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_task_that_differs_from_its_parent_is_one(language: LanguageCode) -> None:
    candidate = said(asked(language), NEW[language])
    assert (candidate.fault, candidate.instruction, candidate.recipe) == ("", NEW[language], "evolve")
    assert candidate.source == Source(parent="p")


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("en", "Name three animals that sleep through the long winter.", "unchanged"),
        ("zh", "请说出三种会冬眠的动物。", "unchanged"),
        ("en", "Here is the rewritten task: compare a hedgehog with a swallow.", "leaked_prompt"),
        ("zh", "改写后的任务：比较刺猬和燕子怎样过冬。", "leaked_prompt"),
        ("en", f"{NEW['en']} Reply with the new task alone, complete in itself: no remark.", "leaked_prompt"),
        ("zh", f"{NEW['zh']}只回复新任务本身，任务要自成一体。", "leaked_prompt"),
        ("en", "Explain " + " and ".join(f"how number {n} gets through winter" for n in range(20)), "overgrown"),
        ("zh", "说明" + "、".join(f"第{n}种动物怎样度过冬天" for n in "一二三四五六七八九十甲乙丙丁"), "overgrown"),
        ("en", "", "empty_reply"),
        ("zh", "  ", "empty_reply"),
    ],
)
def test_what_is_no_gain_over_its_parent_has_a_name(language: LanguageCode, text: str, fault: str) -> None:
    assert said(asked(language), text).fault == fault


def test_a_reply_that_was_cut_is_no_task() -> None:
    assert said(asked("en"), NEW["en"], cut=True).fault == "truncated"


@pytest.mark.parametrize(
    ("language", "text", "material"),
    [
        ("en", "Task: Put these words in order.\n\nMaterial:\nplum\nfig", "plum\nfig"),
        ("en", "Put these words in order.\n**Material:** plum, fig", "plum, fig"),
        ("zh", "任务：给这些词排序。\n材料：\n李子\n无花果", "李子\n无花果"),
    ],
)
def test_material_of_its_own_is_its_input(language: LanguageCode, text: str, material: str) -> None:
    candidate = said(of_operation(language, "input"), text)
    assert (candidate.fault, candidate.input) == ("", material)
    assert candidate.instruction in {"Put these words in order.", "给这些词排序。"}


@pytest.mark.parametrize(("operation", "keeps"), [("constraint", True), ("reasoning", True), ("breadth", False)])
def test_a_task_on_the_same_matter_keeps_the_material(operation: str, keeps: bool) -> None:
    parent = PARENTS["en"].model_copy(update={"input": "bear, swallow, hedgehog"})
    requests = (asked("en", index, parent) for index in range(200))
    request = next(one for one in requests if one.drawn and one.drawn.kind.startswith(operation))
    assert bool(said(request, NEW["en"]).input) == keeps


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_asked_whether_it_can_be_done_before_it_is_answered(language: LanguageCode) -> None:
    plan = mixed_plan(language, {"evolve": 1.0})
    candidate = said(asked(language), NEW[language])
    assert next_step(candidate, {}) == "answerable"
    question = compose_step(plan, candidate, "answerable")
    assert question.messages[-1].content == NEW[language]
    assert question.sampling.max_tokens == 4
    no, yes = (Reply(text="no"), Reply(text="yes")) if language == "en" else (Reply(text="否"), Reply(text="是"))
    assert fill(candidate, "answerable", no).fault == "not_answerable"
    assert not fill(candidate, "answerable", yes).fault
    assert next_step(candidate, {"answerable": yes}) == "answer"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_answer_that_is_the_parents_evades_what_was_added(language: LanguageCode) -> None:
    candidate = said(asked(language), NEW[language])
    assert fill(candidate, "answer", Reply(text=PARENTS[language].output)).fault == "evades"
    assert not fill(candidate, "answer", Reply(text=NEW[language])).fault


def test_no_task_is_evolved_more_than_twice() -> None:
    plan = mixed_plan("en", {"evolve": 1.0})
    rows = [PARENTS["en"].model_copy(update={"id": f"r{n}", "evolved": n}) for n in range(3)]
    drawn = [compose(plan, index, "evolve", Visible(rows=rows, number=index)).drawn for index in range(120)]
    assert {evolutions(one.kind) for one in drawn if one} == {1, 2}
    assert {one.source.parent for one in drawn if one and one.source} == {"r0", "r1"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_small_teacher_starts_from_plain_seeds(language: LanguageCode) -> None:
    plan = mixed_plan(language, {"evolve": 1.0}, kind="embedded")
    plain = {task.id for task in plan.seeds if task.plain}
    shown = [compose(plan, index, "evolve", Visible(number=index)).shown for index in range(20)]
    assert {one for ids in shown for one in ids} <= plain
