"""Amounts typed on a Chinese keyboard, or in the full width of its digits, are those of ASCII."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.cli.options import parse_target
from selfinstruct.errors import ConfigError
from tests.support.command import Cli, rows

WriteConfig = Callable[..., Path]


@pytest.mark.parametrize("target", ["en=7，zh=5", "en＝7,zh＝5", "ｅｎ＝７，ｚｈ＝５", "en=7、zh=5", "en=7,　zh=5"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_target_may_have_full_width_marks(
    selfinstruct: Cli, write_config: WriteConfig, target: str, lang: str
) -> None:
    write_config("batch")
    done = selfinstruct("estimate", "--target", target, "--json", "--lang", lang)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["missing"] == {"en": 7, "zh": 5}


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("flags", "key", "value"),
    [
        (("--budget-usd", "０．０４"), "limits.budget_usd", "0.04"),
        (("--max-candidates", "２０"), "limits.max_candidates", 20),
        (("--max-total-tokens", "９０００００"), "limits.max_total_tokens", 900000),
        (("--max-minutes", "１．５"), None, None),
        (("--slice", "１／２"), "generate.slice", "1/2"),
        (("--concurrency", "２"), None, None),
    ],
)
def test_every_amount_of_generate_may(
    selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path, flags: tuple[str, ...], key: str | None, value: object
) -> None:
    write_config("batch")
    done = selfinstruct("generate", "--run", "run", *flags)
    assert done.returncode == 0, done.stderr
    if key:
        given = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))["given"]
        assert given[key] == value


@pytest.mark.parametrize("condition", ["removed＞0", "removed>0，changed>0", "ｒｅｍｏｖｅｄ＞０"])
def test_a_gate_may(selfinstruct: Cli, tmp_path: Path, condition: str) -> None:
    one, other = ({"instruction": text, "input": "", "output": "好。"} for text in ("说出一种水果。", "Name a tool."))
    base, head = rows(tmp_path / "base.jsonl", one, other), rows(tmp_path / "head.jsonl", one)
    done = selfinstruct("diff", base, head, "--fail-on", condition)
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize("text", ["en=七", "en：7", "en=7；zh=5"])
def test_what_is_no_target_still_says_what_to_write(selfinstruct: Cli, text: str) -> None:
    done = selfinstruct("estimate", "--target", text)
    assert done.returncode == 2
    assert "is not understood; write for example en=100,zh=100" in done.stderr
    assert "写法如 en=100,zh=100" in selfinstruct("estimate", "--target", text, "--lang", "zh").stderr
    with pytest.raises(ConfigError):
        parse_target(text)
