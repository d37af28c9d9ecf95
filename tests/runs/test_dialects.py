"""Whole runs in a dialect: what a refusal taught is learnt once, kept, and changes no byte of the dataset."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import TeacherRefusedError
from selfinstruct.journal import Journal
from tests.support.kills import kill_during
from tests.support.runs import MakeConfig, digest, start
from tests.support.streams import answered, refused, said_to, stream_of
from tests.support.teacher_server import KEY, Fault, Script, TeacherServer

pytestmark = pytest.mark.usefixtures("no_waits")
MANY: dict[str, Any] = {"target": {"en": 40, "zh": 40}, "generate__window": 100, "limits__concurrency": 64}


def strict(*unknown: str, stream: bool = False) -> Script:
    """Return a teacher that knows none of these fields and, if told so, answers by streams only."""

    def script(_: int, body: dict[str, Any]) -> Fault:
        if named := next((name for name in unknown if name in body), None):
            return refused(f"Unknown parameter: '{named}'.", param=named)
        if stream and not body.get("stream"):
            return refused("This model only supports streaming; set stream=true")
        return answered(body)

    return script


def plain(_: int, body: dict[str, Any]) -> Fault:
    return answered(body)


def cut_at(*lengths: int) -> Script:
    """Return a teacher that streams, and whose first streams end after so many bytes."""

    def script(number: int, body: dict[str, Any]) -> Fault:
        whole = answered(body)
        return whole if number >= len(lengths) else whole._replace(body=whole.body[: lengths[number]])

    return script


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("script", "spelt"),
    [
        (strict("seed", "top_p"), "seed, top_p"),
        (strict("seed", stream=True), "streamed"),
        (strict(stream=True), "streamed"),
    ],
    ids=["omits", "omits-and-streams", "streams"],
)
def test_a_dialect_is_learnt_once_and_kept_and_changes_no_byte(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, script: Script, spelt: str
) -> None:
    server.script = plain
    start(make_config("batch", target={"en": 6, "zh": 6}), tmp_path / "plain")
    server.script = script
    manifest = start(make_config("batch", target={"en": 6, "zh": 6}), tmp_path / "dialect")
    assert digest(tmp_path / "dialect") == digest(tmp_path / "plain")
    assert all(word in json.dumps(manifest["dialect"]) for word in spelt.replace("streamed", "stream").split(", "))
    server.requests.clear()
    start(make_config("batch", target={"en": 9, "zh": 9}), tmp_path / "dialect")
    assert server.requests
    assert not [body for number, body in enumerate(server.requests) if script(number, body).status != 200]  # type: ignore[union-attr]


def test_with_64_in_flight_a_dialect_costs_a_bounded_number_of_refusals(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    script = strict("seed", "top_p", stream=True)
    server.script = script
    assert start(make_config("batch", **MANY), tmp_path / "run")["stop"] == "target reached"
    refusals = [body for body in server.requests if script(0, body).status != 200]  # type: ignore[union-attr]
    assert len(refusals) <= 3 * 64
    learnt = Journal(tmp_path / "run" / "journal", read_only=True)
    assert {one.status for one in learnt.recorded()} == {200}
    assert not learnt.uncertain


def test_an_endpoint_that_refuses_something_else_each_time_is_left(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    extra = {f"knob{number}": number for number in range(40)}

    def script(_: int, body: dict[str, Any]) -> Fault:
        named = next((name for name in body if name.startswith("knob")), "")
        return refused(f"Unknown parameter: '{named}'.", param=named)

    server.script = script
    with pytest.raises(TeacherRefusedError, match="Unknown parameter"):
        start(make_config("batch", teacher__extra=extra, limits__concurrency=1), tmp_path / "run")
    assert len(server.requests) <= 12 + 10


@pytest.mark.parametrize("stream", [False, True])
def test_what_is_set_by_hand_is_sent_so_from_the_first_request(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, stream: bool
) -> None:
    script = strict("seed", "max_tokens", stream=stream)
    server.script = script
    by_hand = {
        "teacher__omit": ["seed"],
        "teacher__rename": {"max_tokens": "max_completion_tokens"},
        "teacher__stream": stream,
    }
    start(make_config("batch", **by_hand), tmp_path / "run")
    assert not [body for body in server.requests if script(0, body).status != 200]  # type: ignore[union-attr]
    assert all(("stream" in body) == stream and "max_completion_tokens" in body for body in server.requests)


@pytest.mark.thorough
def test_a_run_may_be_spelt_otherwise_halfway(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    server.script = plain
    start(make_config("batch", target={"en": 9, "zh": 9}), tmp_path / "whole")
    start(make_config("batch", target={"en": 6, "zh": 6}), tmp_path / "run")
    spelt = {"teacher__omit": ["seed"], "teacher__stream": True, "teacher__headers": {"X-Title": "mine"}}
    start(make_config("batch", target={"en": 9, "zh": 9}, **spelt), tmp_path / "run")
    assert digest(tmp_path / "run") == digest(tmp_path / "whole")


def test_a_stream_that_is_cut_is_lost_and_sent_again_and_its_bytes_are_kept(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = plain
    start(make_config("batch"), tmp_path / "whole")
    server.requests.clear()
    lengths = (0, 3, 90, 400)
    server.script = cut_at(*lengths)
    start(make_config("batch", teacher__stream=True, limits__billed_retries=9), tmp_path / "run")
    assert digest(tmp_path / "run") == digest(tmp_path / "whole")
    lines = (tmp_path / "run" / "journal" / "000001.jsonl").read_bytes().splitlines()
    lost = [record for record in map(json.loads, lines) if record["kind"] == "lost"]
    assert {len(record["body"].encode()) for record in lost} == set(lengths)
    assert {record["status"] for record in lost} == {200}
    assert len(Journal(tmp_path / "run" / "journal", read_only=True).uncertain) == len(lengths)


def test_a_stream_that_breaks_off_with_an_error_is_no_answer(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    def script(number: int, body: dict[str, Any]) -> Fault:
        whole = answered(body)
        half = whole.body[: whole.body.index(b"\n\n", 300) + 2]
        error = b'data: {"error": {"code": 502, "message": "upstream went away"}}\n\ndata: [DONE]\n\n'
        return whole._replace(body=half + error) if number in {1, 2} else whole

    server.script = plain
    start(make_config("batch"), tmp_path / "whole")
    server.requests.clear()
    server.script = script
    start(make_config("batch", teacher__stream=True, limits__billed_retries=9), tmp_path / "run")
    assert digest(tmp_path / "run") == digest(tmp_path / "whole")
    assert len(Journal(tmp_path / "run" / "journal", read_only=True).uncertain) == 2


@pytest.mark.kill
def test_a_killed_run_that_streams_goes_on_with_the_same_bytes(
    write_config: Callable[..., Path], make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = plain
    config = make_config(teacher__stream=True)
    start(config, tmp_path / "whole")
    path = write_config()
    path.write_text(path.read_text(encoding="utf-8").replace("[generate]", "stream = true\n[generate]"), "utf-8")
    server.requests.clear()
    kill_during(server, 8, path, tmp_path / "run", plain)
    server.script = plain
    assert start(config, tmp_path / "run")["stop"] == "target reached"
    assert digest(tmp_path / "run") == digest(tmp_path / "whole")


def test_a_dialect_file_that_a_stranger_wrote_cannot_take_a_request_apart(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = plain
    start(make_config("batch"), tmp_path / "plain")
    config = make_config("batch")
    file = tmp_path / "run" / "journal" / "dialect.json"
    file.parent.mkdir(parents=True)
    evil = {"omit": ["messages", "model", "max_tokens"], "rename": {"messages": "x"}, "extra": {"model": "dear"}}
    file.write_text(json.dumps({"base_url": server.url, "model": "scripted-teacher", "dialect": evil}), "utf-8")
    server.requests.clear()
    start(config, tmp_path / "run")
    assert all(body["model"] == "scripted-teacher" and body["max_tokens"] for body in server.requests)
    assert digest(tmp_path / "run") == digest(tmp_path / "plain")


def test_no_key_stands_in_the_file_of_a_dialect(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    def script(_: int, body: dict[str, Any]) -> Fault:
        return refused(f"Unknown parameter: 'seed' for key {KEY}", param="seed") if "seed" in body else answered(body)

    server.script = script
    start(make_config("batch"), tmp_path / "run")
    assert "seed" in (tmp_path / "run" / "journal" / "dialect.json").read_text(encoding="utf-8")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_the_stream_of_a_completion_is_what_the_journal_keeps(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = plain
    start(make_config("batch", teacher__stream=True), tmp_path / "run")
    bodies = {one.body for one in Journal(tmp_path / "run" / "journal", read_only=True).recorded()}
    assert bodies <= {stream_of(said_to(body)) for body in server.requests}
