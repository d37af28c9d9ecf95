"""What a stranger wrote reaches a terminal or a comment as text: in errors, in git's view of rows, in figures and addresses."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import selfinstruct as si
from selfinstruct.config import parse_config

Cli = Callable[..., CompletedProcess[str]]
LIVE = "\x1b]0;T\x07\x1b[2J\u202e"


def test_an_error_shows_a_file_name_that_acts_as_text(selfinstruct: Cli, tmp_path: Path) -> None:
    (tmp_path / f"br{LIVE}oken.jsonl").write_text("{", encoding="utf-8")
    done = selfinstruct("validate", f"br{LIVE}oken.jsonl")
    assert (done.returncode, "br⟨1B⟩]0;T⟨07⟩" in done.stderr) == (2, True)
    assert not set("\x1b\x07\u202e") & set(done.stderr)


def test_the_rows_that_git_shows_are_inert_and_no_name_makes_another_field(selfinstruct: Cli, tmp_path: Path) -> None:
    row = {"id": "a", "instruction": "x", "output": f"fine {LIVE} \r over", "k\ninstruction: forged": "y"}
    (tmp_path / "en.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    shown = selfinstruct("git", "textconv", "en.jsonl").stdout
    assert not set("\x1b\x07\r\u202e") & set(shown)
    assert [line for line in shown.splitlines() if line.startswith("instruction")] == ["instruction: x"]


@pytest.mark.thorough
@pytest.mark.parametrize("cost", ["1\n\n## approved", "![x](https://x.example/b.png)", "1e5", "-1", ["1"], 7])
def test_a_cost_that_is_no_amount_is_not_known(tmp_path: Path, cost: object) -> None:
    for name, manifest in (("base", {}), ("head", {"cost_usd": cost, "tokens": {}})):
        (tmp_path / name / "dataset").mkdir(parents=True)
        (tmp_path / name / "dataset" / "en.jsonl").write_text("", encoding="utf-8")
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = si.diff(tmp_path / "base", tmp_path / "head")
    assert found.usage.cost_usd == (None, None)
    assert "approved" not in si.render(found, "markdown")


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("localhost:8000", True),
        ("127.0.0.1:1", True),
        ("127.9.9.9", True),
        ("[::1]:80", True),
        ("localhost.evil.example", False),
        ("127.evil.example", False),
        ("127.0.0.1.nip.io", False),
        ("[::2]", False),
        ("[", False),
    ],
)
def test_plain_http_goes_to_loopback_addresses_only(host: str, is_ours: bool) -> None:
    text = f'[teacher]\nkind = "openai"\nmodel = "m"\nbase_url = "http://{host}/v1"\n'
    if is_ours:
        assert parse_config(text, "x.toml").teacher.base_url.startswith("http://")
    else:
        with pytest.raises(si.ConfigError, match=r"only for this machine itself|is no address"):
            parse_config(text, "x.toml")
