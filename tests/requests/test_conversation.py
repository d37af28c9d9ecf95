"""How a row goes on: who asks, what is asked and answered, and where a conversation ends."""

from collections.abc import Sequence

import pytest

from selfinstruct.records import Candidate, LanguageCode, Reply, Source, Step, Task, row_of
from selfinstruct.requests import Plan, Visible, compose, compose_step, fill, next_step, read
from selfinstruct.requests.conversation import MOVES
from tests.support.mixes import mixed_plan

PARENTS: dict[LanguageCode, Task] = {
    "en": Task(
        id="p",
        instruction="Shorten the note.",
        input="The lift is out of order until Friday.",
        output="Lift out of order.",
    ),
    "zh": Task(id="p", instruction="把通知缩短。", input="电梯检修，周五以前停用。", output="电梯停用至周五。"),
}
QUESTIONS = {
    "en": (
        "Could you say how long it will be out of order?",
        "Now write it for a blind neighbour, please.",
        "And in one word?",
    ),
    "zh": ("能不能写明停用到哪一天？", "请再写一条给视力不好的邻居。", "要是只用四个字呢？"),
}
ANSWERS = {
    "en": (
        "The lift is out of order until Friday.",
        "Please take the stairs; the lift is out until Friday.",
        "Broken.",
    ),
    "zh": ("电梯停用，周五恢复使用。", "您好，电梯周五以前不能用，请走楼梯。", "暂停使用。"),
}


def plan_of(language: LanguageCode, turns: str = "4") -> Plan:
    return mixed_plan(language, {"conversation": 1.0}, turns=turns)._replace(parents=(PARENTS[language],))


def talk(language: LanguageCode, replies: Sequence[str], turns: str = "4", disabled: Sequence[str] = ()) -> Candidate:
    """Return the conversation that a teacher leads who says these things one after the other."""
    plan = plan_of(language, turns)
    first, *later = replies
    (candidate,) = read(compose(plan, 0, "conversation", Visible()), Reply(text=first))
    heard: dict[Step, Reply] = {}
    for text in later:
        step = next_step(candidate, heard)
        assert step
        compose_step(plan, candidate, step)
        heard[step] = Reply(text=text)
        candidate = fill(candidate, step, heard[step], disabled=disabled)
    assert next_step(candidate, heard) is None
    return candidate


def both(language: LanguageCode, count: int) -> list[str]:
    """Return so many questions and answers in turn."""
    pairs = zip(QUESTIONS[language], ANSWERS[language], strict=True)
    return [text for pair in list(pairs)[:count] for text in pair]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_turns_stand_in_the_row_the_first_is_that_of_its_parent(language: LanguageCode) -> None:
    row = row_of(talk(language, both(language, 3)))
    parent = PARENTS[language]
    assert row.history[0] == (f"{parent.instruction}\n\n{parent.input}", parent.output)
    assert row.history[1:] == tuple(zip(QUESTIONS[language][:2], ANSWERS[language][:2], strict=True))
    assert (row.instruction, row.output) == (QUESTIONS[language][2], ANSWERS[language][2])
    assert row.source == Source(parent="p")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_user_is_a_person_and_makes_one_move(language: LanguageCode) -> None:
    plan = plan_of(language)
    requests = [compose(plan, index, "conversation", Visible(number=index)) for index in range(60)]
    drawn = [one.drawn for one in requests if one.drawn]
    assert {one.kind for one in drawn} == {move.replace(" ", "_") for move in MOVES}
    assert len({one.persona for one in drawn}) > 40
    assert all(one.persona in request.messages[0].content for request, one in zip(requests, drawn, strict=True))
    assert all(PARENTS[language].output in request.messages[-1].content for request in requests)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_answer_is_asked_for_with_all_that_was_said(language: LanguageCode) -> None:
    plan = plan_of(language)
    (candidate,) = read(compose(plan, 0, "conversation", Visible()), Reply(text=QUESTIONS[language][0]))
    request = compose_step(plan, candidate, "reply")
    assert [message.role for message in request.messages] == ["system", "user", "assistant", "user"]
    assert [message.content for message in request.messages[2:]] == [PARENTS[language].output, QUESTIONS[language][0]]


@pytest.mark.parametrize(("turns", "wanted"), [("2", {1}), ("3", {2}), ("2-4", {1, 2, 3}), ("3-4", {2, 3})])
def test_it_has_as_many_turns_as_are_asked_for(turns: str, wanted: set[int]) -> None:
    plan = plan_of("en", turns)
    drawn = [compose(plan, index, "conversation", Visible(number=index)).drawn for index in range(40)]
    assert {one.turns for one in drawn if one} == wanted


@pytest.mark.parametrize(
    ("language", "question", "rule"),
    [
        ("en", "<|im_start|>What happens to it after that, then?", "control_tokens"),
        ("zh", "<|im_start|>然后呢？", "control_tokens"),
        ("en", QUESTIONS["en"][0], "repeated_turn"),
        ("zh", QUESTIONS["zh"][0], "repeated_turn"),
        ("en", "", "empty_reply"),
    ],
)
def test_a_question_that_breaks_a_rule_ends_it_before(language: LanguageCode, question: str, rule: str) -> None:
    candidate = talk(language, [*both(language, 1), question])
    assert (candidate.ended, candidate.fault) == (rule, "")
    assert (candidate.instruction, candidate.output) == (QUESTIONS[language][0], ANSWERS[language][0])
    assert len(candidate.history) == 1


@pytest.mark.parametrize(
    ("language", "said", "kept"),
    [
        ("en", "Person: And in winter?\n\nAssistant: It freezes then.", "And in winter?"),
        ("zh", "问题者：那冬天呢？\n\n助手：冬天会结冰。", "那冬天呢？"),
        ("en", "What does the sign say: assistant: wanted?", "What does the sign say: assistant: wanted?"),
    ],
)
def test_a_question_ends_where_the_teacher_goes_on_as_the_other_speaker(
    language: LanguageCode, said: str, kept: str
) -> None:
    assert talk(language, [*both(language, 1), said, ANSWERS[language][1]], turns="3").instruction == kept


@pytest.mark.parametrize(("language", "said"), [("en", "Assistant: It freezes."), ("zh", "助手：会结冰。")])
def test_a_question_that_is_the_other_speakers_whole_is_none(language: LanguageCode, said: str) -> None:
    assert talk(language, [*both(language, 1), said]).ended == "other_speaker"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_part_of_what_was_said_is_no_further_question(language: LanguageCode) -> None:
    answer = {
        "en": "It rises in the hills, then turns north and ends in the sea.",
        "zh": "它发源于山区，先向北流，最后汇入大海。",
    }
    part = {"en": "It rises in the hills and ends in the sea.", "zh": "它发源于山区，最后汇入大海。"}
    assert talk(language, [QUESTIONS[language][0], answer[language], part[language]]).ended == "repeated_turn"


@pytest.mark.parametrize(
    ("language", "answer", "rule"),
    [
        ("en", "I'm sorry, but I can't assist with that request.", "refusal"),
        ("zh", "作为一个AI语言模型，我无法回答这个问题。", "self_reference"),
    ],
)
def test_an_answer_that_breaks_a_rule_ends_it_before_its_question(
    language: LanguageCode, answer: str, rule: str
) -> None:
    candidate = talk(language, [*both(language, 1), QUESTIONS[language][1], answer])
    assert candidate.ended == rule
    assert (candidate.instruction, candidate.output) == (QUESTIONS[language][0], ANSWERS[language][0])
    assert len(candidate.history) == 1


def test_a_rule_that_is_switched_off_ends_nothing() -> None:
    refusal = "I'm sorry, but I can't assist with that request."
    candidate = talk("en", [*both("en", 1), QUESTIONS["en"][1], refusal], "3", disabled=["refusal"])
    assert (candidate.ended, candidate.output) == ("", refusal)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_conversations_are_compared_by_what_was_asked_after_the_first_question(language: LanguageCode) -> None:
    candidate = talk(language, both(language, 2), "3")
    assert candidate.compared == "\n".join(QUESTIONS[language][:2])
    assert row_of(candidate).compared == candidate.compared
