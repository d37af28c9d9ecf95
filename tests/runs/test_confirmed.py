"""A second look at answers: by the probability of a yes, by a second answer where there are no log-probabilities, or not at all."""

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.records import Candidate, LanguageCode, Recipe, Reply
from selfinstruct.requests.confirmed import Needed, confirmation_fault, probability_of_yes
from tests.support.mixes import lines_of
from tests.support.runs import MakeConfig, digest, start
from tests.support.streams import refused
from tests.support.teacher_server import Fault, TeacherServer, completion, say

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again

LOOKS = "You check tasks"


def is_look(body: dict[str, Any]) -> bool:
    return bool(body["messages"][0]["content"].startswith((LOOKS, "你为教材审查")))


def plain_say(body: dict[str, Any]) -> str:
    """Return what the teacher says to the messages alone."""
    return say({"messages": body["messages"]})


def with_logprobs(yes: float, no: float) -> Any:
    """Return a teacher that gives the likeliest first tokens of a second look."""

    def script(_: int, body: dict[str, Any]) -> Fault:
        answer = completion("Yes" if yes >= no else "No" if is_look(body) else plain_say(body))
        if not is_look(body):
            answer = completion(plain_say(body))
        elif body.get("logprobs"):
            top = [
                {"token": " Yes", "logprob": math.log(yes)},
                {"token": "no", "logprob": math.log(no)},
                {"token": "Hm", "logprob": -1.0},
            ]
            answer["choices"][0]["logprobs"] = {"content": [{"token": "Yes", "logprob": 0.0, "top_logprobs": top}]}
        return Fault(body=json.dumps(answer, ensure_ascii=False).encode())

    return script


def without_logprobs(second: str = "") -> Any:
    """Return a teacher that gives none; its second answer to a task is the first, or `second`."""

    def script(_: int, body: dict[str, Any]) -> Fault:
        again = body["temperature"] == 0.7 and not is_look(body) and len(body["messages"]) == 2
        text = second if second and again else plain_say(body)
        return Fault(body=json.dumps(completion(text), ensure_ascii=False).encode())

    return script


def settings(**more: Any) -> dict[str, Any]:
    return {
        "target": {"en": 3},
        "generate__confirm": True,
        "teacher__answer_temperature": 0.2,
        "limits__max_fruitless": 12,
    } | more


def rules_of(folder: Path) -> Counter[str]:
    return Counter(line["rule"] for line in lines_of(folder / "rejected.jsonl"))


def test_an_answer_that_is_likely_right_is_kept(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    server.script = with_logprobs(0.9, 0.1)
    manifest = start(make_config(**settings()), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    looks = [body for body in server.requests if is_look(body)]
    assert len(looks) >= 3
    assert all((one["logprobs"], one["top_logprobs"], one["temperature"]) == (True, 12, 0.0) for one in looks)
    assert not [body for body in server.requests if "logprobs" in body and not is_look(body)]
    assert not [body for body in server.requests if body["temperature"] == 0.7 and len(body["messages"]) == 2]
    assert rules_of(tmp_path / "run")["unsure_answer"] == 0


def test_an_answer_that_is_not_likely_right_is_rejected(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = with_logprobs(0.5, 0.5)
    with pytest.raises(Exception, match="unsure_answer"):
        start(make_config(**settings()), tmp_path / "run")
    assert rules_of(tmp_path / "run")["unsure_answer"] > 3
    server.requests.clear()
    manifest = start(make_config(**settings(generate__sure=0.5)), tmp_path / "other")
    assert manifest["stop"] == "target reached"


def test_without_log_probabilities_a_second_answer_that_agrees_keeps_the_first(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = without_logprobs()
    assert start(make_config(**settings()), tmp_path / "run")["stop"] == "target reached"
    asked = [one["messages"] for one in server.requests if one["temperature"] == 0.7 and len(one["messages"]) == 2]
    assert len(asked) >= 3
    server.script = without_logprobs("Nothing whatever about that matter.")
    with pytest.raises(Exception, match="unsure_answer"):
        start(make_config(**settings()), tmp_path / "other")


@pytest.mark.parametrize("named", ["logprobs", "top_logprobs", ""])
@pytest.mark.usefixtures("no_waits")
def test_a_teacher_that_refuses_log_probabilities_is_asked_without_from_then_on(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, named: str
) -> None:
    plain = without_logprobs()
    server.script = plain
    start(make_config(**settings()), tmp_path / "plain")
    server.requests.clear()

    def script(number: int, body: dict[str, Any]) -> Fault:
        if named and named in body:
            return refused(f"{named} is not supported with this model", param=named)
        if "top_logprobs" in body and (not named or not body.get("logprobs")):
            return refused("Bad request")
        found: Fault = plain(number, body)
        return found

    server.script = script
    manifest = start(make_config(**settings()), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    assert "logprobs" in json.dumps(manifest["dialect"])
    assert digest(tmp_path / "run") == digest(tmp_path / "plain")
    refusals = [body for body in server.requests if "logprobs" in body]
    assert 0 < len(refusals) <= 4  # as many as were in flight
    server.requests.clear()
    start(make_config(**settings(target={"en": 5})), tmp_path / "run")
    assert server.requests
    assert not [body for body in server.requests if "logprobs" in body]


def test_switched_off_it_asks_nothing_more(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    server.script = without_logprobs()
    manifest = start(make_config(**settings(generate__confirm=False)), tmp_path / "run")
    assert not [body for body in server.requests if is_look(body) or "logprobs" in body]
    assert not {"confirm", "sure", "answerable"} & set(manifest["asking"]["generate"])


@pytest.mark.parametrize(
    ("first_token", "probability"),
    [
        ({"Yes": math.log(0.9), "no": math.log(0.1)}, 0.9),
        ({" yes": math.log(0.3), "YES": math.log(0.3), "No": math.log(0.2)}, 0.75),
        ({"是": math.log(0.6), "否": math.log(0.2), "不是": math.log(0.2)}, 0.6),
        ({"Yes": 5.0}, 1.0),
        ({"no": -0.1}, 0.0),
        ({"maybe": -0.1}, None),
        ({"Yes": -1e9}, None),
        ({}, None),
    ],
)
def test_the_probability_of_a_yes(first_token: dict[str, float], probability: float | None) -> None:
    assert probability_of_yes(Reply(first_token=first_token)) == probability


def test_a_second_look_that_failed_is_not_a_yes() -> None:
    candidate = Candidate(language="en", index=0, position=0, output="The Loire flows to the sea.", recipe="steered")
    needed = Needed(sure=0.6)
    assert confirmation_fault(candidate, "again", Reply(fault="empty_reply"), needed) == "unsure_answer"
    assert confirmation_fault(candidate, "again", Reply(text="The Loire flows to the sea."), needed) == ""
    assert confirmation_fault(candidate, "confirm", yes(0.59), needed)
    assert confirmation_fault(candidate, "confirm", yes(0.6), needed) == ""


@pytest.mark.parametrize(
    ("question", "text", "answer", "fault"),
    [
        (
            "What was the market for?",
            "At the market people bought clothes and fruit.",
            "Goods and toys.",
            "unsure_answer",
        ),
        ("At what time does the run start?", "The run starts on Saturday at 9 am.", "It starts at 9 am.", ""),
        ("Make the note polite.", "Move your car.", "Could you please move somewhere else?", ""),
        ("What is the capital of France?", "", "Paris.", ""),
        ("Where is the room located?", "The room is clean, and its bed is fresh.", "In the room.", "unsure_answer"),
        ("Who won the race?", "Tom won the race.", "Tom won the race.", ""),
        ("Who won, Ann or Tom?", "Ann won the game against Tom.", "Ann.", ""),
        ("Did the power go out?", "The power went out at nine.", "The power did go out.", ""),
        ("院子在什么地方？", "院子里有一棵树。", "在院子。", "unsure_answer"),
        ("小红和小明谁赢了？", "下棋时小红输了，小明赢了。", "小明赢了。", ""),
        ("爸爸放风筝了吗？", "爸爸放风筝，飞得很高。", "放风筝了。", ""),
        ("期末考试要复习哪些科目？", "期末考试快到了，我们都在复习。", "语文、数学和英语。", "unsure_answer"),
        ("小明借了什么书？", "小明把借来的书还给了图书馆。", "借来的书是《小王子》。", "unsure_answer"),
        ("几点集合？", "明天春游，早上七点半在校门口集合。", "早上七点半。", ""),
        ("说得客气一点。", "快把门关上！", "麻烦您帮我关一下门，谢谢。", ""),
    ],
)
def test_an_answer_to_a_question_on_a_text_rests_on_it(question: str, text: str, answer: str, fault: str) -> None:
    language: LanguageCode = "en" if question.isascii() else "zh"
    candidate = Candidate(language=language, index=0, position=0, instruction=question, input=text, output=answer)
    assert confirmation_fault(candidate, "confirm", yes(0.99), Needed(sure=0.6)) == fault


@pytest.mark.parametrize(
    ("question", "text", "answer", "counts"),
    [
        ("How many apples has Tom left?", "Tom had 9 apples and ate 2.", "Tom has 7 apples left.", True),
        ("How many apples did Tom eat?", "Tom had nine apples and ate two.", "Two.", False),
        ("小明一共摘了几个苹果？", "小明上午摘了四个苹果，下午又摘了三个。", "一共摘了七个。", True),
        ("小明下午摘了几个苹果？", "小明上午摘了四个苹果，下午又摘了三个。", "三个。", False),
        ("How many are 3 and 4?", "", "7", False),
    ],
)
def test_a_small_teacher_keeps_to_the_numbers_of_the_text(question: str, text: str, answer: str, counts: bool) -> None:
    language: LanguageCode = "en" if question.isascii() else "zh"
    candidate = Candidate(language=language, index=0, position=0, instruction=question, input=text, output=answer)
    assert bool(confirmation_fault(candidate, "confirm", yes(0.99), Needed(of_small_teacher=True))) is counts
    assert not confirmation_fault(candidate, "confirm", yes(0.99), Needed())


@pytest.mark.parametrize(("recipe", "least"), [("steered", 0.8), ("checked", 0.8), ("evolve", 0.5)])
def test_a_task_is_answered_from_a_probability_on_that_of_evolve_from_one_half(recipe: Recipe, least: float) -> None:
    candidate = Candidate(language="en", index=0, position=0, instruction="Invite a friend to tea.", recipe=recipe)
    needed = Needed(answerable=0.8)
    assert confirmation_fault(candidate, "answerable", yes(least), needed) == ""
    assert confirmation_fault(candidate, "answerable", yes(least - 0.01), needed) == "not_answerable"
    assert confirmation_fault(candidate, "answerable", Reply(text="Yes."), needed) == ""
    assert confirmation_fault(candidate, "answerable", Reply(text="No."), needed) == "not_answerable"


def yes(probability: float) -> Reply:
    return Reply(first_token={"yes": math.log(probability), "no": math.log(1 - probability)})
