"""The dialect in use: learnt by one request for all, said in one line, kept for one endpoint and model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config, Teacher
from selfinstruct.records import Reply
from selfinstruct.teacher.http.classify import Response
from selfinstruct.teacher.http.dialect import Dialect
from selfinstruct.teacher.speech import FILE, Speech, dialect_of_batches, kept_dialect
from tests.support.asked import Asked, faults
from tests.support.streams import answered, refused
from tests.support.teacher_server import TeacherServer

MakeConfig = Callable[..., Config]
SENT: dict[str, Any] = {"model": "m", "messages": [], "temperature": 1, "top_p": 1, "max_tokens": 50, "seed": 0}


def response(message: str) -> Response:
    return Response("body", 400, {}, json.dumps({"error": {"message": message}}).encode())


def unknown(field: str) -> Response:
    return response(f"Unknown parameter: '{field}'.")


def speech_of(config: Config, folder: Path) -> tuple[Speech, list[str]]:
    said: list[str] = []
    return Speech(config, folder / FILE, said.append), said


def learn(speech: Speech, answer: Response, used: Dialect | None = None) -> bool:
    used = used or speech.dialect
    return speech.learn(used, used.fields(SENT), answer)


def test_what_is_learnt_is_said_with_the_providers_words(make_config: MakeConfig, tmp_path: Path) -> None:
    speech, said = speech_of(make_config(), tmp_path)
    assert learn(speech, unknown("seed"))
    assert said == [
        f"From now on seed is left out. {make_config().teacher.base_url} says: \"Unknown parameter: 'seed'.\""
    ]


def test_what_is_learnt_is_kept_for_this_endpoint_and_model_only(make_config: MakeConfig, tmp_path: Path) -> None:
    speech, _ = speech_of(make_config(), tmp_path)
    learn(speech, unknown("seed"))
    learn(speech, response("该模型仅支持流式输出"))
    assert speech_of(make_config(), tmp_path)[0].dialect == Dialect(omit=("seed",), stream=True)
    assert speech_of(make_config(teacher__model="other"), tmp_path)[0].dialect == Dialect()
    elsewhere = make_config(teacher__base_url="http://127.0.0.1:9/v1")
    assert speech_of(elsewhere, tmp_path)[0].dialect == Dialect()


def test_a_batch_is_never_streamed(make_config: MakeConfig, tmp_path: Path) -> None:
    speech, _ = speech_of(make_config(), tmp_path)
    learn(speech, unknown("seed"))
    learn(speech, response("stream must be set to true"))
    assert dialect_of_batches(make_config(), tmp_path) == Dialect(omit=("seed",))


def test_what_is_set_by_hand_is_added_to_what_was_learnt(make_config: MakeConfig, tmp_path: Path) -> None:
    speech, _ = speech_of(make_config(), tmp_path)
    learn(speech, unknown("seed"))
    by_hand = make_config(teacher__omit=["top_p"], teacher__rename={"max_tokens": "n"}, teacher__stream=True)
    assert speech_of(by_hand, tmp_path)[0].dialect == Dialect(
        omit=("seed", "top_p"), rename={"max_tokens": "n"}, stream=True
    )


def test_a_refusal_of_an_older_dialect_is_sent_again_and_teaches_nothing(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    speech, said = speech_of(make_config(), tmp_path)
    before = speech.dialect
    learn(speech, unknown("seed"))
    assert learn(speech, unknown("top_p"), before)
    assert speech.dialect == Dialect(omit=("seed",))
    assert len(said) == 1


def test_what_teaches_nothing_is_not_sent_again(make_config: MakeConfig, tmp_path: Path) -> None:
    speech, said = speech_of(make_config(), tmp_path)
    assert not learn(speech, response("this prompt is too strange"))
    assert not said
    assert not (tmp_path / FILE).exists()


def test_twelve_things_are_learnt_at_most(make_config: MakeConfig, tmp_path: Path) -> None:
    speech, _ = speech_of(make_config(), tmp_path)
    sent = SENT | {f"knob{number}": 1 for number in range(20)}
    learnt = [
        speech.learn(speech.dialect, speech.dialect.fields(sent), unknown(f"knob{number}")) for number in range(20)
    ]
    assert learnt == [True] * 12 + [False] * 8


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"base_url": "URL"}',
        '{"base_url": "URL", "model": "scripted-teacher", "dialect": {"unknown": 1}}',
        '{"base_url": "URL", "model": "scripted-teacher", "dialect": {"omit": ["messages"]}}',
        '{"base_url": "URL", "model": "scripted-teacher", "dialect": {"omit": ["max_tokens"]}}',
        '{"base_url": "URL", "model": "scripted-teacher", "dialect": {"rename": {"seed": "model"}}}',
        '{"base_url": "URL", "model": "scripted-teacher", "dialect": {"rename": {"messages": "prompt"}}}',
        '{"base_url": "URL", "model": "scripted-teacher", "dialect": {"extra": {"model": "dear"}}}',
        '{"base_url": "URL", "model": "scripted-teacher", "dialect": {"extra": {"n": 100}}}',
    ],
)
def test_a_file_that_is_broken_or_not_ours_is_no_dialect(make_config: MakeConfig, tmp_path: Path, content: str) -> None:
    teacher: Teacher = make_config().teacher
    (tmp_path / FILE).write_text(content.replace("URL", teacher.base_url), encoding="utf-8")
    assert kept_dialect(tmp_path / FILE, teacher.base_url, teacher.model) is None
    assert speech_of(make_config(), tmp_path)[0].dialect == Dialect()


def test_a_file_that_is_no_text_or_a_link_is_no_dialect(make_config: MakeConfig, tmp_path: Path) -> None:
    teacher = make_config().teacher
    (tmp_path / FILE).write_bytes(b"\xff\xfe")
    assert kept_dialect(tmp_path / FILE, teacher.base_url, teacher.model) is None
    (tmp_path / "link").symlink_to(tmp_path / FILE)
    assert kept_dialect(tmp_path / "link", teacher.base_url, teacher.model) is None
    assert kept_dialect(tmp_path / "none", teacher.base_url, teacher.model) is None


def test_one_refusal_teaches_a_client_whose_refused_send_is_taken_back(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(refused("Unknown parameter: 'seed'.", param="seed"))
    asked = Asked(make_config(limits__concurrency=1), tmp_path, requests=3)
    assert [reply.fault for reply in asked.answers] == ["", "", ""]
    assert asked.kinds.count("unsent") == 1
    assert [("seed" in body) for body in server.requests] == [True, False, False, False]
    assert not asked.clock.waited or max(asked.clock.waited) == 0
    assert asked.budget.reserved == 0


def test_a_refusal_inside_a_200_teaches_as_well(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    body = b'{"error": {"code": 400, "message": "Unknown parameter: \'seed\'."}}'
    server.script = faults(refused("", 200)._replace(body=body))
    asked = Asked(make_config(), tmp_path)
    assert asked.kinds == ["intent", "unsent", "intent", "reply"]
    assert asked.budget.spent == asked.records[-1]["cost"]


def test_a_filtered_prompt_is_refused_alone_and_at_once(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda number, body: answered(body) if number else refused("输入包含敏感内容")
    asked = Asked(make_config(limits__concurrency=1), tmp_path, requests=2)
    assert asked.replies[0] == Reply(fault="content_filtered", text="输入包含敏感内容")
    assert len(server.requests) == 2
