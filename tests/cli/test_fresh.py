"""A run that is begun anew: the caps of the whole run hold on, whatever way it was stopped or begun before; other flags do not, and are named."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.journal import Journal
from tests.support.command import Cli
from tests.support.teacher_server import TeacherServer

WriteConfig = Callable[..., Path]
pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("config")]
CAPS = {
    "--budget-usd": ("limits.budget_usd", "0.02"),
    "--max-candidates": ("limits.max_candidates", 3),
    "--max-total-tokens": ("limits.max_total_tokens", 300),
}
EACH_CAP = pytest.mark.parametrize("cap", CAPS)


@pytest.fixture
def config(write_config: WriteConfig) -> Path:
    """A configuration that wants 20 rows of each language, one request at a time, without a cap."""
    path = write_config("batch")
    text = re.sub(r"\b(en|zh) = 3", r"\1 = 20", path.read_text(encoding="utf-8"))
    path.write_text(text.replace("concurrency = 4", "concurrency = 1\nbatch_poll_s = 0.01"), encoding="utf-8")
    return path


def manifest_of(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    return found


def slots_of(run: Path) -> set[str]:
    with Journal(run / "journal", read_only=True) as journal:
        return set(journal.answered)


def capped(done: Any, cap: str) -> None:
    assert done.returncode == 3, (done.returncode, done.stderr)
    assert f"raise {cap} to go on" in " ".join(done.stderr.split())


@EACH_CAP
def test_a_cap_holds_for_every_new_beginning_and_for_what_goes_on_with_it(
    selfinstruct: Cli, server: TeacherServer, tmp_path: Path, cap: str
) -> None:
    key, value = CAPS[cap]
    capped(selfinstruct("generate", cap, value), cap)
    run = tmp_path / "outputs" / "test"
    first, asked = slots_of(run), len(server.requests)
    for aside in ("test.1", "test.2"):
        anew = selfinstruct("generate", "--fresh")
        capped(anew, cap)
        said = " ".join(anew.stderr.split())
        assert f"was made with {cap} {value}, which holds for this run" in said
        assert f"Caps of the new run: {cap} {value}" in said
        assert manifest_of(run)["given"] == {key: value}
        assert slots_of(tmp_path / "outputs" / aside) == slots_of(run) == first
        once = len(server.requests)
        capped(selfinstruct("generate"), cap)
        assert len(server.requests) == once, "nothing is bought beyond the cap by the command that goes on"
    assert len(server.requests) == 3 * asked


@EACH_CAP
def test_the_cap_that_was_named_last_holds(selfinstruct: Cli, tmp_path: Path, cap: str) -> None:
    key, lower = CAPS[cap]
    higher = "0.05" if cap == "--budget-usd" else 100_000
    small = ("--run", "own", "--target", "en=1,zh=1")
    assert selfinstruct("generate", *small, cap, higher).returncode == 0
    capped(selfinstruct("generate", "--run", "own", cap, lower, "--target", "en=20,zh=20"), cap)
    capped(selfinstruct("generate", "--run", "own", "--fresh"), cap)
    assert manifest_of(tmp_path / "own")["given"] == {key: lower}
    raised = selfinstruct("generate", *small, "--fresh", cap, higher)
    assert raised.returncode == 0, raised.stderr
    assert "which holds for this run" not in raised.stderr
    anew = selfinstruct("generate", *small, "--fresh")
    assert (anew.returncode, manifest_of(tmp_path / "own")["given"][key]) == (0, higher)


def test_a_cap_of_a_flag_beats_that_of_the_file_in_a_new_beginning_too(selfinstruct: Cli, config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[limits]", "[limits]\nmax_candidates = 9"), encoding="utf-8")
    capped(selfinstruct("generate", "--run", "own", "--max-candidates", "3"), "--max-candidates")
    anew = selfinstruct("generate", "--run", "own", "--fresh")
    capped(anew, "--max-candidates")
    assert "the cap of 3 candidates" in anew.stderr
    assert "the configuration has [limits] max_candidates = 9" in " ".join(anew.stderr.split())
    named = selfinstruct("generate", "--run", "own", "--fresh", "--max-candidates", "9")
    assert "the cap of 9 candidates" in named.stderr
    assert "the cap of 9 candidates" in selfinstruct("generate", "--run", "own", "--fresh").stderr


@EACH_CAP
def test_what_would_be_asked_anew_is_shown_under_the_cap_and_nothing_is_moved(
    selfinstruct: Cli, tmp_path: Path, cap: str
) -> None:
    _, value = CAPS[cap]
    capped(selfinstruct("generate", "--run", "own", cap, value), cap)
    before = {path: path.read_bytes() for path in sorted((tmp_path / "own").rglob("*")) if path.is_file()}
    shown = selfinstruct("generate", "--run", "own", "--fresh", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert f"was made with {cap} {value}, which holds for this run" in " ".join(shown.stderr.split())
    assert {path: path.read_bytes() for path in sorted((tmp_path / "own").rglob("*")) if path.is_file()} == before
    assert not (tmp_path / "own.1").exists()


def test_targets_are_those_of_the_file_again_and_the_old_ones_are_named(selfinstruct: Cli, tmp_path: Path) -> None:
    run = ("generate", "--run", "own")
    assert selfinstruct(*run, "--target", "en=2,zh=0").returncode == 0
    anew = selfinstruct(*run, "--fresh")
    assert anew.returncode == 0, anew.stderr
    said = " ".join(anew.stderr.split())
    assert "--fresh begins without --target en=2, --target zh=0 of the old run; name them again" in said
    assert manifest_of(tmp_path / "own")["keeping"]["target"] == {"en": 20, "zh": 20}
    assert "given" not in manifest_of(tmp_path / "own")
    again = selfinstruct(*run, "--fresh", "--target", "en=1,zh=1")
    assert "begins without" not in again.stderr
    zh = selfinstruct(*run, "--fresh", "--target", "zh=2", "--lang", "zh")
    assert "--fresh 从头开始，不沿用原来的 --target en=1；还要的话请再写一遍" in zh.stderr


def test_the_transport_is_that_of_the_file_again_and_the_cap_stays(
    selfinstruct: Cli, tmp_path: Path, server: TeacherServer
) -> None:
    run = ("generate", "--run", "own", "--target", "en=2,zh=2")
    made = selfinstruct(*run, "--transport", "batch_api", "--max-candidates", "90")
    assert made.returncode == 0, made.stderr
    assert not server.requests
    given = manifest_of(tmp_path / "own")["given"]
    assert (given["teacher.transport"], given["limits.max_candidates"]) == ("batch_api", 90)
    anew = selfinstruct(*run, "--fresh")
    assert anew.returncode == 0, anew.stderr
    assert "--fresh begins without --transport batch_api of the old run" in " ".join(anew.stderr.split())
    assert server.requests, "asked one by one"
    given = manifest_of(tmp_path / "own")["given"]
    assert ("teacher.transport" in given, given["limits.max_candidates"]) == (False, 90)


def test_a_new_beginning_where_nothing_was_begun_has_no_cap(selfinstruct: Cli, tmp_path: Path) -> None:
    capped(selfinstruct("generate", "--run", "one", "--max-candidates", "3"), "--max-candidates")
    other = selfinstruct("generate", "--run", "two", "--fresh", "--target", "en=1,zh=1")
    assert other.returncode == 0, other.stderr
    assert "holds for this run" not in other.stderr
    none = "No cap holds for the new run; --budget-usd, --max-candidates, --max-total-tokens, --max-minutes set one"
    assert none in " ".join(other.stderr.split())
    assert manifest_of(tmp_path / "two")["given"] == {"target.en": 1, "target.zh": 1}
    shown = selfinstruct("generate", "--run", "three", "--fresh", "--dry-run", "--lang", "zh")
    assert "新一次运行没有任何上限；可用 --budget-usd" in "".join(shown.stderr.split("\n"))


def test_a_run_whose_manifest_cannot_be_read_is_set_aside_all_the_same(selfinstruct: Cli, tmp_path: Path) -> None:
    capped(selfinstruct("generate", "--run", "own", "--max-candidates", "3"), "--max-candidates")
    (tmp_path / "own" / "manifest.json").write_text("{", encoding="utf-8")
    anew = selfinstruct("generate", "--run", "own", "--fresh", "--target", "en=1,zh=1")
    assert anew.returncode == 0, anew.stderr
    assert (tmp_path / "own.1" / "manifest.json").read_text(encoding="utf-8") == "{"


def test_a_script_that_begins_anew_records_what_the_run_was_given(
    selfinstruct: Cli, config: Path, tmp_path: Path
) -> None:
    capped(selfinstruct("generate", "--run", "own", "--max-candidates", "3"), "--max-candidates")
    said: list[str] = []
    with pytest.raises(si.CapReachedError):
        si.open_run(tmp_path / "own", config=config, say=said.append).generate(fresh=True)
    assert any("--max-candidates 3" in line for line in said)
    assert manifest_of(tmp_path / "own")["given"]["limits.max_candidates"] == 3
    capped(selfinstruct("generate", "--run", "own"), "--max-candidates")


def test_a_script_that_begins_anew_takes_over_no_more_than_the_command(
    selfinstruct: Cli, config: Path, server: TeacherServer, tmp_path: Path
) -> None:
    run = ("generate", "--run", "own", "--target", "en=2,zh=2")
    made = selfinstruct(*run, "--transport", "batch_api", "--max-candidates", "90")
    assert made.returncode == 0, made.stderr
    assert not server.requests
    said: list[str] = []
    opened = si.open_run(tmp_path / "own", config=config, say=said.append, target={"en": 2, "zh": 2})
    opened.estimate(fresh=True)
    opened.generate(fresh=True)
    assert any("--fresh begins without --transport batch_api of the old run" in line for line in said)
    assert server.requests, "asked one by one"
    given = manifest_of(tmp_path / "own")["given"]
    assert ("teacher.transport" in given, given["limits.max_candidates"]) == (False, 90)
    opened.generate()
    assert opened.filter().status()["stop"] == "target reached"
