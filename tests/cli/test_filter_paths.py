"""`filter INPUT`: no file is read and written, or written twice; and options of a file do not rewrite the run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import THREE, Cli, rows

GIVEN = {
    "--output": "k.jsonl",
    "--rejected": "d.jsonl",
    "--statistics": "s.jsonl",
    "--pool": "p.jsonl",
    "--held-out": "h.jsonl",
}


WAYS = [("INPUT", "--output", path) for path in ("{}", "sub/../{}", "soft-{}", "hard-{}")]
WAYS += [(read, written, "./{}") for read in ("INPUT", "--pool", "--held-out") for written in list(GIVEN)[:3]]


@pytest.mark.parametrize(("read", "written", "path"), WAYS)
def test_no_file_that_is_read_is_written(selfinstruct: Cli, tmp_path: Path, read: str, written: str, path: str) -> None:
    files = {"INPUT": "in.jsonl", "--pool": "p.jsonl", "--held-out": "h.jsonl"}
    for number, name in enumerate(files.values()):
        rows(tmp_path / name, {"instruction": f"说出{number}条河流。"}, *THREE[:2])
        (tmp_path / f"soft-{name}").symlink_to(tmp_path / name)
        (tmp_path / f"hard-{name}").hardlink_to(tmp_path / name)
    (tmp_path / "sub").mkdir()
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()}
    options = GIVEN | {written: path.format(files[read])}
    done = selfinstruct("filter", "in.jsonl", *(text for pair in options.items() for text in pair))
    assert done.returncode == 2
    assert f"{written} {options[written]}: is the file of {read} {files[read]}; name another one" in done.stderr
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()} == before


@pytest.mark.parametrize(
    ("one", "other"), [("--output", "--rejected"), ("--output", "--statistics"), ("--rejected", "--statistics")]
)
def test_no_file_is_written_twice(selfinstruct: Cli, tmp_path: Path, one: str, other: str) -> None:
    rows(tmp_path / "in.jsonl", *THREE)
    options = {"--output": "k.jsonl", "--rejected": "d.jsonl", one: "out.jsonl", other: "./out.jsonl"}
    done = selfinstruct("filter", "in.jsonl", *(text for pair in options.items() for text in pair))
    assert done.returncode == 2
    assert f"{other} ./out.jsonl: is the file of {one} out.jsonl; name another one" in done.stderr
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    "option",
    [
        ("--output", "k.jsonl"),
        ("--rejected", "d.jsonl"),
        ("--pool", "p.jsonl"),
        ("--by", "instruction"),
        ("--statistics", "s.jsonl"),
    ],
)
def test_options_of_a_file_without_one_leave_the_run_alone(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path, option: tuple[str, str]
) -> None:
    write_config("batch")
    done = selfinstruct("filter", *option)
    assert (done.returncode, f"{option[0]} goes with INPUT" in done.stderr) == (2, True)
    assert not (tmp_path / "outputs").exists()


def test_an_output_in_the_environment_is_of_other_verbs_too(
    selfinstruct: Cli, write_config: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "-q").returncode == 0
    monkeypatch.setenv("SELFINSTRUCT_OUTPUT", "elsewhere")
    assert selfinstruct("filter", "-q").returncode == 0


def test_warnings_that_drop_nothing_are_said_when_quiet_too(selfinstruct: Cli, tmp_path: Path) -> None:
    row = {"instruction": "1. Name a river in France that flows to the west.", "input": "", "output": "The Loire."}
    rows(tmp_path / "in.jsonl", row)
    done = selfinstruct("filter", "in.jsonl", "--rules", "--output", "kept.jsonl", "--rejected", "dropped.jsonl", "-q")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Warnings, not dropped for them: starts_with_mark 1" in done.stderr


def test_a_file_that_is_not_there_is_said_before_the_outputs_that_lack(selfinstruct: Cli, tmp_path: Path) -> None:
    done = selfinstruct("filter", "nofile.jsonl")
    assert (done.returncode, done.stderr) == (2, "selfinstruct: nofile.jsonl: no such file\n")
    rows(tmp_path / "in.jsonl", *THREE)
    done = selfinstruct("filter", "in.jsonl")
    assert (done.returncode, "`filter INPUT` needs `--output KEPT`" in done.stderr) == (2, True)
