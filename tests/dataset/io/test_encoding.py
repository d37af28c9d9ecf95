"""Files are read and written as UTF-8 with `
`, whatever the locale; only `
` ends a line.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.config import Config
from tests.support.runs import digest, start
from tests.support.teacher_server import Fault, TeacherServer, completion

LINE_ENDS = "\u2028\u2029\x85\x0b\x0c\x1c"
"""What `str.splitlines` takes for the end of a line."""


@pytest.mark.thorough
@pytest.mark.parametrize("locale", ["C", "POSIX", "zh_CN.GBK"])
def test_the_locale_of_the_machine_changes_no_byte(
    make_config: Callable[..., Config], write_config: Callable[..., Path], tmp_path: Path, locale: str
) -> None:
    start(make_config(), tmp_path / "run")
    before = digest(tmp_path / "run")
    environment = os.environ | {"LC_ALL": locale, "LANG": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "selfinstruct", "filter", "--config", str(write_config())]
    subprocess.run([*command, "--run", str(tmp_path / "run")], env=environment, check=True, capture_output=True)
    assert digest(tmp_path / "run") == before


def test_a_file_with_every_kind_of_line_end_in_its_text_has_as_many_rows_as_lines(
    selfinstruct: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    texts = [f"Describe a {name} that stands{end}by the sea." for name, end in zip("abcdef", LINE_ENDS, strict=True)]
    rows = [{"instruction": text, "input": "", "output": "It stands there."} for text in texts]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\r\n" for row in rows)
    (tmp_path / "rows.jsonl").write_bytes(lines.encode())
    done = selfinstruct("validate", "rows.jsonl", "--json")
    assert json.loads(done.stdout)["rows"] == len(texts)


def test_a_line_separator_in_an_answer_splits_no_row(
    make_config: Callable[..., Config], server: TeacherServer, tmp_path: Path
) -> None:
    answer = completion("First they rest.\u2028Then they go on.")
    server.script = lambda _, body: (
        Fault(body=json.dumps(answer).encode()) if "Topic" not in str(body) and "主题" not in str(body) else None
    )
    start(make_config(target={"en": 2}), tmp_path / "run")
    data = (tmp_path / "run" / "dataset" / "en.jsonl").read_bytes()
    assert len(data.split(b"\n")) == 3
    assert all("\u2028" in json.loads(line)["output"] for line in data.split(b"\n")[:-1])
