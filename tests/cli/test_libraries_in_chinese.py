"""What click, pydantic, tomllib, json and the operating system say of their own accord is found in Chinese as they say it now."""

import errno
import json
import os
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from selfinstruct.api.settings import load_config
from selfinstruct.cli import cli
from selfinstruct.cli.messages import in_chinese
from selfinstruct.errors import ConfigError

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEFT = re.compile(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+")
"""Three words of English in a row."""


@pytest.mark.parametrize(
    "arguments",
    [
        ["seeds", "--nosuch"],
        ["generate", "--replai"],
        ["explain"],
        ["export"],
        ["export", "--format", "x", "--output", "y"],
        ["export", "--format"],
        ["filter", "--threshold", "7", "x"],
        ["filter", "--threshold", "x", "y"],
        ["filter", "--workers", "x", "y"],
        ["status", "extra"],
        ["status", "extra", "more"],
        ["seeds", "--json=3"],
        ["filtr"],
        ["zzz"],
        ["git", "zzz"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_said_in_chinese(arguments: list[str]) -> None:
    done = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert isinstance(done.exception, click.UsageError)
    said = in_chinese(done.exception.format_message())
    assert CHINESE.search(said)
    assert not LEFT.search(re.sub(r"[`'][^`']*[`']|：.*", "", said))


@pytest.mark.parametrize(
    "text",
    [
        "[limits]\nretries = 'x'",
        "[limits]\nretries = 1.5",
        "[limits]\nretries = -1",
        "[limits]\ntimeout_s = 'x'",
        "[run]\nname = 3",
        "[teacher]\nkind = 'x'",
        "[teacher]\nstream = 3",
        "[teacher]\nextra = 3",
        "[filter]\nthreshold = 2",
        "[filter]\nheld_out = 'x'",
        "[teacher]\nprice = 3",
        "[teacher]\nprice = { input = '1' }",
        "[validate]\ndisable = 3",
        "target = 3",
        "[run]\nnmae = 3",
        "a = = 3",
        "[a\n",
        "a",
        "a = 'x",
        "a = [1",
        "a = 1\na = 2",
        "[a]\n[a]",
        "a = {b = 1",
        'a = "\\x"',
        "a = 1 b = 2",
    ],
)
def test_a_configuration_that_cannot_be_read_is_said_in_chinese(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_config(str(path))
    for line in in_chinese(str(raised.value)).split("\n"):
        assert CHINESE.search(line), line
        assert not LEFT.search(line), line


@pytest.mark.parametrize("text", ["{", '{"a"', '{"a": ', '{"a": 1', "[1", '"a', '{"a": 1,}', "1 2", "nul", '"\n"'])
def test_what_json_finds_is_said_in_chinese(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        json.loads(text)
    assert not LEFT.search(in_chinese(str(raised.value))), str(raised.value)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EISDIR, errno.ENOTDIR, errno.EROFS, errno.ENOENT])
def test_what_the_system_refuses_is_said_in_chinese(number: int) -> None:
    assert CHINESE.search(in_chinese(f"x: cannot be read ({os.strerror(number)})")[2:].partition("（")[2])
