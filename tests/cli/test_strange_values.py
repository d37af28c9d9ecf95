"""Files of a run in which one value is none that a run writes: read, or refused by file and field, and never a defect."""

import json
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from selfinstruct.cli import DEFECT, main
from selfinstruct.config import parse_config, to_toml
from selfinstruct.config.config import Config
from selfinstruct.config.toml import _toml
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from tests.support.runs import MakeConfig, start
from tests.support.strange import RAW, WHOLE, dumped, framed, mutations

pytestmark = pytest.mark.bounds

EVERY = 7
"""One in so many mutations is tried: all of them take minutes, and gave no defect."""


class Done(NamedTuple):
    code: int
    said: str


@pytest.fixture
def run(make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run with rows and rejected candidates, and its configuration in the working folder."""
    start(make_config("batch"), tmp_path / "run")
    config = make_config("batch", filter__threshold=0.3)
    refilter(config, RunDirectory(tmp_path / "run"))
    (tmp_path / "selfinstruct.toml").write_text(to_toml(config), encoding="utf-8")
    shutil.copytree(tmp_path / "run", tmp_path / "base")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "run"


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Done:
    out, err = StringIO(), StringIO()
    monkeypatch.setattr(sys, "argv", ["selfinstruct", *arguments])
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main()
    return Done(int(ended.value.code or 0), err.getvalue())


def try_all(
    monkeypatch: pytest.MonkeyPatch, path: Path, texts: Iterator[tuple[str, bytes]], verbs: list[list[str]]
) -> set[int]:
    """Write each text to a file of a run and return the exit codes of the verbs that read it, one verb for each."""
    codes, before = set[int](), path.read_bytes()
    for number, (what, text) in enumerate(texts):
        path.write_bytes(text)
        done = call(monkeypatch, *verbs[number % len(verbs)])
        assert done.code in {0, 1, 2, 5}, f"{what}: {verbs[number % len(verbs)]}: {done.said}"
        assert done.code != DEFECT
        codes.add(done.code)
        path.write_bytes(before)
    return codes


def strange(document: Any, rest: bytes = b"") -> Iterator[tuple[str, bytes]]:
    yield from ((what, text.encode() + rest) for what, text in WHOLE.items())
    for what, changed in islice(mutations(document), 0, None, EVERY):
        yield what, dumped(changed).encode() + rest


RUN = ["--run", "run"]
READ = [
    ["status", *RUN],
    ["status", *RUN, "--json"],
    ["diff", "base", "run"],
    ["diff", "run", "base", "--format", "markdown"],
    ["diff", "base", "run", "--format", "html"],
    ["estimate", *RUN],
    ["explain", "en/0.0", *RUN],
    ["export", *RUN, "--format", "alpaca", "--output", "out"],
    ["filter", *RUN],
    ["generate", "--replay", *RUN],
]


def test_no_value_of_a_manifest_is_a_defect(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert try_all(monkeypatch, run / "manifest.json", strange(document), READ) == {0, 2}


@pytest.mark.parametrize("name", ["provenance.jsonl", "rejected.jsonl"])
def test_no_value_of_a_line_is_a_defect(name: str, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _, rest = (run / name).read_bytes().partition(b"\n")
    verbs = [*READ[2:4], ["filter", *RUN], ["report", *RUN, "--output", "page.html"]]
    found = try_all(monkeypatch, run / name, islice(strange(json.loads(first), b"\n" + rest), 0, None, 2), verbs)
    assert found <= {0, 2}


def test_no_value_of_a_configuration_is_a_defect(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tomllib.loads((run / "config.lock.toml").read_text(encoding="utf-8"))
    texts = [(what, toml(changed).encode()) for what, changed in islice(mutations(document), 0, None, EVERY)]
    texts += [("deep", b"a = " + b"[" * 3_000), ("digits", b"[run]\nseed = " + b"9" * 5_000)]
    texts += [("inf", b"[finetune]\nepochs = inf"), ("date", b"[teacher]\nextra = { a = 2020-01-01 }")]
    lock = ["--config", "run/config.lock.toml"]
    verbs = [["status", *RUN, *lock], ["estimate", *RUN, *lock], ["seeds", *lock], ["status", *lock]]
    assert try_all(monkeypatch, run / "config.lock.toml", iter(texts), verbs) <= {0, 1, 2}


def test_no_value_of_a_journal_is_a_defect(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = run / "journal" / "000001.jsonl"
    lines = path.read_bytes().split(b"\n")
    kinds = {json.loads(line)["kind"]: number for number, line in enumerate(lines) if line}
    texts = []
    for number in kinds.values():
        record = {name: value for name, value in json.loads(lines[number]).items() if name != "crc"}
        for what, changed in islice(mutations(record), 0, None, EVERY):
            texts.append((what, b"\n".join([*lines[:number], framed(changed)[:-1], *lines[number + 1 :]])))
    verbs = [["status", *RUN], ["explain", "en/0.0", *RUN], ["estimate", *RUN], ["filter", *RUN]]
    assert try_all(monkeypatch, path, iter(texts), verbs) == {0, 5}


def test_what_does_not_fit_is_named_by_file_and_field_with_what_to_do(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    changes: dict[str, Callable[[Any], object]] = {
        "`cost_usd`: must be an amount": lambda one: one.update(cost_usd="1\n\n## approved"),
        "`tokens.prompt`: ": lambda one: one["tokens"].update(prompt=-1),
        "`ledger.total.accepted`: ": lambda one: one["ledger"]["total"].update(accepted=True),
        "`datasets.../etc/passwd": lambda one: one["datasets"].update({"../etc/passwd": {"rows": 1, "sha256": "00"}}),
        "`fingerprint`: must be a hash": lambda one: one.update(fingerprint="<b>"),
        "`stop` is missing": lambda one: one.pop("stop"),
        "`asking.teacher.base_url`: must be an address": lambda one: one["asking"]["teacher"].update(base_url="https://["),
    }  # fmt: skip
    for said, change in changes.items():
        changed = json.loads(json.dumps(document))
        change(changed)
        (run / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
        done = call(monkeypatch, "status", *RUN)
        assert done.code == 2
        assert done.said.startswith("selfinstruct: run/manifest.json: field "), done.said
        assert said in done.said
        assert "restore it from git" in done.said


def test_a_diff_goes_on_past_what_it_does_not_understand_and_says_so(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    (run / "manifest.json").write_text(json.dumps(document | {"cost_usd": [1], "tokens": 3}), encoding="utf-8")
    with (run / "provenance.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": 7}\n')
    monkeypatch.setattr(sys, "argv", ["selfinstruct", "diff", "base", "run"])
    with pytest.raises(SystemExit):
        main()
    shown = capsys.readouterr().out
    assert "run: manifest.json: `tokens` is not understood: taken as not stated" in shown
    assert "run: manifest.json: `cost_usd` is not understood" in shown
    assert "run: provenance.jsonl: 1 line not understood and passed over" in shown


def test_a_configuration_is_read_back_as_it_was_written() -> None:
    teacher = {"model": 'a"\x7f\n\u2028\\', "extra": {"min p": 0.1, "list": [1, {"x": True}], 'x"]\n': "y"}}
    config = Config.model_validate({"teacher": teacher})
    assert parse_config(to_toml(config), "lock") == config


def toml(document: Any) -> str:
    lines = []
    for name, section in document.items():
        if isinstance(section, dict):
            held = {key: value for key, value in section.items() if value is not None}
            lines += [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in held.items())]
        elif section is not None:
            lines.insert(0, f"{name} = {_toml(section)}")
    text = "\n".join(lines)
    for placeholder, raw in zip(RAW, ("inf", "nan"), strict=True):
        text = text.replace(f'"{placeholder}"', raw)
    return text
