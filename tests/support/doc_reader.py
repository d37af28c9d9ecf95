"""A reader who types the commands of a page: a folder with what the page takes for granted, a scripted teacher, a hub on loopback.

What is put in the place of what a page names: the teacher's address, the placeholders of operands, and targets of hundreds of rows.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import selfinstruct as si
from selfinstruct.records import text_hash
from selfinstruct.system.files import bundled, read_text
from tests.support.doc_blocks import Command
from tests.support.fake_hub import FakeHub, settings
from tests.support.teacher_server import KEY, TeacherServer

Run = Callable[[list[str], Path, Mapping[str, str]], "subprocess.CompletedProcess[str]"]
ROWS = (
    {"instruction": "Name a river in France.", "input": "", "output": "The Loire."},
    {"instruction": "Name a river in France!", "input": "", "output": "The Rhône."},
    {"instruction": "给出三个保持健康的提示。", "input": "", "output": "早睡、多走、少盐。"},
)
_CHATS = [
    {"conversations": [{"from": "human", "value": asked}, {"from": "gpt", "value": said}]}
    for asked, said in (
        ("Name a lake in Italy.", "Lake Garda."),
        ("How many legs has a spider?", "Eight."),
        ("说一条河。", "黄河。"),
        ("早饭吃什么好？", "粥和鸡蛋。"),
    )
]
_PLACEHOLDERS = {
    "FILE": "rows.jsonl",
    "文件": "rows.jsonl",
    "KEPT": "kept.jsonl",
    "保留": "kept.jsonl",
    "DROPPED": "dropped.jsonl",
    "剔除": "dropped.jsonl",
    "A": "base.jsonl",
    "B": "tuned.jsonl",
}
_CONFIG = """
[run]
name = "{name}"
[target]
en = 3
zh = 3
[teacher]
kind = "openai"
base_url = "{url}"
model = "scripted-teacher"
api_key_env = "TEST_TEACHER_KEY"
price = {{ input = "1.00", output = "2.00" }}
[generate]
recipe = "batch"
tasks_per_request = 3
window = 4
[limits]
concurrency = 4
"""


class Reader:
    """Types commands; `cd` and `export` hold for those that follow."""

    def __init__(self, folder: Path, server: TeacherServer, hub: FakeHub, run: Run) -> None:
        self.folder, self.server, self.hub, self.run = folder, server, hub, run
        nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9"}
        self.environment = {**os.environ, **nowhere, **settings(hub, folder)}
        self.replaced = dict(_PLACEHOLDERS)

    def type(self, command: Command) -> None:
        """Run one command; raises AssertionError, with what it said, unless it ends with 0."""
        match command.words:
            case ["cd", where]:
                self.folder /= where
            case ["export", setting]:
                self.environment[setting.partition("=")[0]] = KEY
            case ["source", _]:
                pass
            case _:
                words = [self._put(word) for word in command.words[1:]]
                done = self.run(words, self.folder, self.environment | _unserved(words))
                assert done.returncode == 0, (
                    f"{command.block}: {command.text}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
                )
                if words[0] == "init":
                    self._ask_here(self.folder / words[1] / "selfinstruct.toml")

    def _put(self, word: str) -> str:
        word = re.sub(r"https://api\.deepseek\.com(/v1)?", self.server.url, self.replaced.get(word, word))
        return "en=6,zh=6" if re.fullmatch(r"en=\d+,zh=\d+", word) else word

    def _ask_here(self, config: Path) -> None:
        text = re.sub(
            r'^base_url = ".*?"', f'base_url = "{self.server.url}"', config.read_text("utf-8"), flags=re.MULTILINE
        )
        config.write_text(text, encoding="utf-8")

    def config(self, name: str, more: str = "") -> None:
        (self.folder / "selfinstruct.toml").write_text(
            _CONFIG.format(name=name, url=self.server.url) + more, encoding="utf-8"
        )

    def file(self, name: str, *rows: Mapping[str, object]) -> None:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows or ROWS)
        (self.folder / name).write_text(text, encoding="utf-8")

    def made(self, name: str, more: str = "") -> Path:
        """Write a configuration, make its run, and return where it is."""
        self.config(name, more)
        done = self.run(["generate", "-q"], self.folder, self.environment)
        assert done.returncode == 0, done.stderr
        return self.folder / "outputs" / name


def _unserved(words: list[str]) -> dict[str, str]:
    """Let `review` read all that its page would show, and print the figures instead of serving it."""
    serves = words[0] == "review" and not {"--page", "--merge"} & set(words)
    return {"SELFINSTRUCT_FIGURES": "1"} if serves else {}


def files(reader: Reader) -> None:
    """Put the files that pages filter."""
    reader.file("rows.jsonl")
    reader.file("EARLIER.jsonl", {"instruction": "Name a lake.", "output": "Garda."})


def chats(reader: Reader) -> None:
    (reader.folder / "sharegpt.json").write_text(json.dumps(_CHATS), encoding="utf-8")


def answers(reader: Reader) -> None:
    """Put a run, and files that answer the shipped questions and those of its validation split."""
    reader.environment["DEEPSEEK_API_KEY"] = KEY
    asked = [{"instruction": row.instruction, "input": row.input} for row in si.open_run(reader.made("demo")).rows]
    for path in sorted(bundled("comparison_tasks").glob("questions/*.jsonl")):
        asked += [{"id": json.loads(line)["id"]} for line in read_text(path).splitlines()]
    for name in ("base", "tuned", "teacher", "other"):
        reader.file(f"{name}.jsonl", *(one | {"answer": f"{name}: The Loire."} for one in asked))


def alpaca(reader: Reader) -> None:
    reader.environment["DEEPSEEK_API_KEY"] = KEY
    reader.made("demo")
    reader.file("alpaca.jsonl", {"instruction": "Explain how a lamp works.", "input": "", "output": "It has parts."})


def candidates(reader: Reader) -> None:
    """Make a run, and let the candidate that the page names be one of it."""
    run = reader.made("demo")
    reader.replaced["zh/3.0"] = si.open_run(run).rows[-1].id


def hub(reader: Reader) -> None:
    """Put a run and a file to publish, the repository without rows on main, with a tag, a commit and an open pull request, and Alpaca."""
    reader.made("rivers")
    reader.file("kept.jsonl")
    ours = reader.hub.make("me/rivers")
    rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
    ours.commit("v1", {"rows.jsonl": rows})
    ours.refs |= {"1c9e21d": ours.refs["v1"], "refs/pr/3": ours.refs["main"]}
    reader.hub.make("tatsu-lab/alpaca", {"data/train-00000-of-00001-a09b74b3ef9c3b56.parquet": _parquet()})


def _parquet() -> bytes:
    import io

    import pandas as pd

    buffer = io.BytesIO()
    pd.DataFrame([{"instruction": "Name a lake.", "input": "", "output": "Lake Garda."}]).to_parquet(
        buffer, index=False
    )
    return buffer.getvalue()


def reviewed(reader: Reader) -> None:
    """Put a run in a repository with a branch of the same name elsewhere, a file, a dataset of the hub, and what another reader sent."""
    run = reader.made("demo")
    reader.file("rows.jsonl")
    reader.hub.make("me/rivers", {"rows.jsonl": (reader.folder / "rows.jsonl").read_bytes()})
    for words in (
        ["init", "-q"],
        ["add", "outputs"],
        ["commit", "-qm", "rows"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        subprocess.run(["git", "-c", "user.name=Ann", "-c", "user.email=a@b", *words], cwd=reader.folder, check=True)
    row = si.open_run(run).rows[0]
    texts = (row.instruction, row.input, row.output)
    verdict = {
        "id": row.id,
        "language": row.language,
        "decision": "accepted",
        "before": text_hash(*texts),
        "reviewer": "Bo",
    }
    reader.file("review.jsonl", verdict)
    reader.environment |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "Ann"}


def scaled(reader: Reader) -> None:
    reader.config("whole")
    reader.file("rows.jsonl")


def tuned(reader: Reader) -> None:
    """Train what the page compares, for one step."""
    answers(reader)
    done = reader.run(["finetune", "-q"], reader.folder, reader.environment)
    assert done.returncode == 0, done.stderr


def models(reader: Reader, base: Path) -> None:
    """Let the models that pages name be a tiny one, and let training take one step."""
    for name in (
        "Qwen/Qwen2.5-7B-Instruct",
        "HuggingFaceTB/SmolLM2-135M",
        "HuggingFaceTB/SmolLM2-135M-Instruct",
        "...",
    ):
        reader.replaced[name] = str(base)
    few = {"MODEL": str(base), "MAX_STEPS": "1", "MAX_NEW_TOKENS": "4", "ROWS": "1", "PER_LANGUAGE": "1"}
    reader.environment |= {f"SELFINSTRUCT_{name}": value for name, value in few.items()}
