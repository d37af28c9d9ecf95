"""Whether a key goes to a server: who is asked, about what, and what is remembered where."""

from pathlib import Path

import pytest

from selfinstruct.config import Teacher
from selfinstruct.errors import ConfigError
from selfinstruct.teacher.consent import PROVIDERS, check_consent, consent_file

NEW = "https://teacher.example/v1"


class User:
    """Somebody who always answers the same."""

    def __init__(self, answer: bool = True) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, question: str) -> bool:
        self.asked.append(question)
        return self.answer


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def teacher(url: str = NEW, variable: str = "TEST_TEACHER_KEY") -> Teacher:
    return Teacher(kind="openai", base_url=url, api_key_env=variable)


def test_with_nobody_to_ask_a_new_server_gets_no_key_and_the_message_says_what_to_type() -> None:
    with pytest.raises(ConfigError) as caught:
        check_consent(teacher())
    for part in (
        "https://teacher.example:443",
        "TEST_TEACHER_KEY",
        "--yes",
        "SELFINSTRUCT_YES=1",
        "trust_endpoint=True",
    ):
        assert part in str(caught.value)


def test_the_question_shows_the_server_and_the_name_of_the_variable() -> None:
    user = User()
    check_consent(teacher(), user)
    (question,) = user.asked
    assert "https://teacher.example:443" in question
    assert "TEST_TEACHER_KEY" in question


def test_what_was_agreed_to_is_asked_once() -> None:
    user = User()
    for _ in range(3):
        check_consent(teacher(), user)
    check_consent(teacher("https://TEACHER.example:443/other/path"))
    assert len(user.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        teacher(variable="AWS_SECRET_ACCESS_KEY"),
        teacher("https://teacher.example:8443/v1"),
        teacher("https://other.teacher.example/v1"),
    ],
    ids=["another variable", "another port", "another host"],
)
def test_agreeing_to_one_is_agreeing_to_no_other(other: Teacher) -> None:
    user = User()
    check_consent(teacher(), user)
    check_consent(other, user)
    assert len(user.asked) == 2


def test_a_no_is_a_refusal_and_is_not_remembered() -> None:
    user = User(answer=False)
    for _ in range(2):
        with pytest.raises(ConfigError, match="was never sent"):
            check_consent(teacher(), user)
    assert len(user.asked) == 2
    assert not consent_file().exists()


def test_a_server_that_the_user_named_himself_is_not_asked_about_and_is_not_new_afterwards() -> None:
    check_consent(teacher(), trusted=True)
    check_consent(teacher())


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/v1", "http://localhost:8000/v1", "https://[::1]/v1"])
def test_this_machine_needs_no_question_and_leaves_no_trace(url: str) -> None:
    check_consent(teacher(url))
    assert not consent_file().exists()


@pytest.mark.parametrize("host", PROVIDERS)
def test_a_known_provider_gets_its_own_key_without_a_question(host: str) -> None:
    check_consent(teacher(f"https://{host}/v1", f"MY_{PROVIDERS[host]}_KEY"))


@pytest.mark.parametrize(
    ("url", "variable"),
    [
        ("https://api.openai.com/v1", "AWS_SECRET_ACCESS_KEY"),
        ("https://api.deepseek.com/v1", "OPENAI_API_KEY"),
        ("https://api.openai.com:8443/v1", "OPENAI_API_KEY"),
        ("https://api.openai.com.evil.example/v1", "OPENAI_API_KEY"),
        ("https://evil.example/api.openai.com/v1", "OPENAI_API_KEY"),
        ("https://localhost.evil.example/v1", "OPENAI_API_KEY"),
    ],
)
def test_anothers_key_or_a_name_that_only_looks_known_is_asked_about(url: str, variable: str) -> None:
    with pytest.raises(ConfigError, match="was never sent"):
        check_consent(teacher(url, variable))


def test_it_is_remembered_in_the_users_own_folder_for_him_alone(home: Path) -> None:
    check_consent(teacher(), User())
    file = home / "state" / "selfinstruct" / "endpoints.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.read_text(encoding="utf-8") == (
        '{"server": "https://teacher.example:443", "variable": "TEST_TEACHER_KEY"}\n'
    )


def test_a_folder_relative_to_the_project_is_not_the_users(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    check_consent(teacher(), User())
    monkeypatch.setenv("XDG_STATE_HOME", "state")
    with pytest.raises(ConfigError, match="was never sent"):
        check_consent(teacher())
    assert consent_file() == home / "home" / ".local" / "state" / "selfinstruct" / "endpoints.jsonl"


def test_a_file_that_others_can_write_or_a_link_agrees_to_nothing(home: Path) -> None:
    check_consent(teacher(), User())
    consent_file().chmod(0o622)
    with pytest.raises(ConfigError, match="was never sent"):
        check_consent(teacher())
    consent_file().chmod(0o600)
    consent_file().rename(home / "elsewhere")
    consent_file().symlink_to(home / "elsewhere")
    with pytest.raises(ConfigError, match="was never sent"):
        check_consent(teacher())


def test_lines_that_cannot_be_read_are_passed_over() -> None:
    check_consent(teacher(), User())
    with consent_file().open("ab") as file:
        file.write(b'\xff\n[]\n{"server": 1}\n{"a\n' + b"[" * 100_000 + b"\n")
    check_consent(teacher())


def test_a_home_that_cannot_be_written_to_stops_nobody(home: Path) -> None:
    (home / "state").write_text("a file where a folder should be", encoding="utf-8")
    user = User()
    check_consent(teacher(), user)
    check_consent(teacher(), user)
    assert len(user.asked) == 2
