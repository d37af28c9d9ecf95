"""`selfinstruct estimate` as somebody reads it who has forgotten something."""

import json
from pathlib import Path

import pytest

from tests.support.command import Cli

SOLD = """
[teacher]
kind = "openai"
base_url = "https://api.deepseek.com"
model = "deepseek-flash"
api_key_env = "NO_SUCH_KEY"
"""


@pytest.mark.parametrize("target", ["en=26000,zh=0", "en=0,zh=26000"])
def test_so_many_rows_of_the_embedded_teacher_are_warned_of_first(selfinstruct: Cli, target: str) -> None:
    done = selfinstruct("estimate", "--target", target)
    teacher, warning = done.stdout.splitlines()[:2]
    assert teacher == "Teacher: qwen2.5-coder-1.5b-instruct, the embedded teacher on this machine"
    assert warning.startswith("Warning: 26,000 rows are much for the embedded teacher")
    assert "--base-url URL and --model NAME" in warning
    assert json.loads(selfinstruct("estimate", "--target", target, "--json").stdout)["warnings"] == [warning[9:]]


@pytest.mark.parametrize("target", ["en=12,zh=0", "en=0,zh=12"])
def test_the_demo_is_not_warned_of(selfinstruct: Cli, target: str) -> None:
    assert "Warning" not in selfinstruct("estimate", "--target", target).stdout


@pytest.mark.thorough
@pytest.mark.parametrize("verb", [("estimate",), ("generate", "--dry-run")])
def test_a_key_that_is_not_set_is_said_before_anything_is_asked(
    selfinstruct: Cli, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    (tmp_path / "selfinstruct.toml").write_text(SOLD, encoding="utf-8")
    done = selfinstruct(*verb)
    assert done.returncode == 0
    assert done.stdout.startswith("Teacher: deepseek-flash at api.deepseek.com\nWarning: `generate` would stop at once")
    assert "the environment variable NO_SUCH_KEY is not set; export NO_SUCH_KEY=..." in done.stdout
    done = selfinstruct("generate")
    assert (done.returncode, "NO_SUCH_KEY is not set" in done.stderr) == (2, True)
