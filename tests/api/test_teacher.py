"""The embedded teacher from the library and the command line, as far as it goes without weights."""

import subprocess
from collections.abc import Callable

import pytest

import selfinstruct as si
from selfinstruct.api.teacher import ServedTeacher

KEY = "canary-key-0123456789"
Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.parametrize(
    "key", ["", "short", "with a space in it 0123", "ключ-ключ-ключ-ключ", "k" * 16 + "\n", "k" * 201]
)
def test_a_key_that_can_be_guessed_or_not_be_sent_is_refused_without_repeating_it(key: str) -> None:
    with (
        pytest.raises(si.ConfigError, match="16 to 200 visible ASCII characters") as caught,
        si.serve_teacher(api_key=key),
    ):
        pass
    assert not key or key not in str(caught.value)


def test_a_served_teacher_does_not_show_its_key() -> None:
    with subprocess.Popen(["true"]) as process:
        served = ServedTeacher("http://127.0.0.1:1/v1", process, KEY)
    assert KEY not in f"{served!r} {served}"


def test_teacher_serve_names_the_variable_that_should_hold_the_key(selfinstruct: Cli) -> None:
    done = selfinstruct("teacher", "serve", "--key-env", "NO_SUCH_VARIABLE")
    assert done.returncode == 2
    assert "--key-env: the environment variable NO_SUCH_VARIABLE is not set" in done.stderr
