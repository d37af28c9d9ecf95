"""`teacher check` as a user and a script see it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.system.files import bundled
from tests.support.command import Cli
from tests.support.streams import answered, refused
from tests.support.teacher_server import KEY, Fault, TeacherServer


def test_a_check_prints_one_line_for_each_thing_that_it_found(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer
) -> None:
    write_config("batch")
    server.script = lambda _, body: refused("Unknown parameter: 'seed'") if "seed" in body else answered(body)
    done = selfinstruct("teacher", "check")
    assert done.returncode == 0, done.stderr
    names = [line.split("  ")[0].strip() for line in done.stdout.splitlines()]
    assert names == ["endpoint", "model", "answer", "dialect", "speed", "thinks", "price", "1,000 rows"]
    assert "without seed" in done.stdout
    assert "From now on seed is left out" in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_check_is_one_json_document_for_a_script(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer, tmp_path: Path
) -> None:
    write_config("batch")
    server.script = lambda _, body: answered(body)
    done = selfinstruct("teacher", "check", "--json", "-q")
    found = json.loads(done.stdout)
    assert (found["model"], found["requests"], found["thinks"], found["dialect"]) == ("scripted-teacher", 1, False, "")
    low, high = found["cost_per_1000_rows_usd"]
    assert 0 < low <= high
    assert not done.stderr
    assert not (tmp_path / "outputs").exists()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(401, b'{"error": {"message": "bad \x1b[2J key sk-canary-0123456789abcdef"}}'), "refuses the key"),
        (refused("模型不存在"), "模型不存在"),
    ],
)
def test_a_refusal_exits_4_with_the_providers_words(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer, fault: Fault, words: str
) -> None:
    write_config("batch")
    server.script = lambda *_: fault
    done = selfinstruct("teacher", "check")
    assert (done.returncode, done.stdout) == (4, "")
    assert words in done.stderr
    assert KEY not in done.stderr
    assert "\x1b[2J" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TEST_TEACHER_KEY", "sk-0123456789\nabcdef", "TEST_TEACHER_KEY: a key is one line"),
        ("ALL_PROXY", "socks5://127.0.0.1:9", "socksio"),
        ("HTTPS_PROXY", "http://me:hunter2@127.0.0.1:port", "proxy"),
        ("SSL_CERT_FILE", "/no/such/file.pem", "SSL_CERT_FILE=/no/such/file.pem"),
    ],
)
def test_what_the_environment_has_wrong_exits_2_and_is_no_defect(
    selfinstruct: Cli,
    write_config: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    words: str,
) -> None:
    path = write_config("batch")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("http://127.0.0.1", "https://127.0.0.1"), encoding="utf-8")
    monkeypatch.setenv(name, value)
    done = selfinstruct("teacher", "check")
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert not [secret for secret in ("sk-0123456789", "hunter2") if secret in done.stderr]


@pytest.mark.thorough
def test_an_error_under_status_200_ends_a_run_in_the_providers_words_and_costs_nothing(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer
) -> None:
    write_config("batch")
    owed = json.dumps({"code": 1113, "msg": "您的账户已欠费，请充值后重试。"}, ensure_ascii=False).encode()
    server.script = lambda *_: Fault(body=owed)
    done = selfinstruct("generate")
    assert done.returncode == 4
    assert "您的账户已欠费，请充值后重试。" in done.stderr
    assert float(json.loads(selfinstruct("status", "--json").stdout)["cost_usd"]) == 0


@pytest.mark.thorough
def test_sends_that_a_server_answered_with_an_error_are_told_with_its_status(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer
) -> None:
    write_config("batch")
    server.script = lambda number, _: Fault(500, b"{}") if number == 0 else None
    assert selfinstruct("generate").returncode == 0
    found = json.loads(selfinstruct("status", "--json").stdout)
    assert [send["how"] for send in found["uncertain"]] == ["answered with status 500"]


def test_a_prompt_that_cannot_be_read_is_told_before_anything_is_bought_and_by_doctor(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer, tmp_path: Path
) -> None:
    prompts = tmp_path / "prompts"
    for language in ("en", "zh"):
        shutil.copytree(bundled("prompts") / language, prompts / language)
    broken = prompts / "en" / "batch.txt"
    broken.write_text("nothing of a prompt", encoding="utf-8")
    config = write_config("batch")
    text = config.read_text(encoding="utf-8").replace("[run]\n", '[run]\nprompts = "prompts"\n')
    config.write_text(text, encoding="utf-8")
    done = selfinstruct("teacher", "check")
    assert (done.returncode, str(Path("prompts") / "en") in done.stderr, done.stdout) == (2, True, "")
    assert server.requests == []
    ill = selfinstruct("doctor")
    assert (ill.returncode, "no run can begin with this prompt: prompts" in ill.stdout) == (1, True)
