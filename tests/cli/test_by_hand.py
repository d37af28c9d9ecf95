"""What the commands say of rows that people changed."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import Cli
from tests.support.hand_edits import change, poem, read


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def dataset(selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path) -> Path:
    write_config("batch")
    assert selfinstruct("generate").returncode == 0
    (path,) = tmp_path.rglob("dataset/zh.jsonl")
    return path.parent


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_added_row_that_is_deleted_is_said_to_be_taken_out(selfinstruct: Cli, dataset: Path, language: str) -> None:
    path = dataset / f"{language}.jsonl"
    before = path.read_bytes()
    change(path, lambda rows: [*rows, poem(language)])
    selfinstruct("filter")
    path.write_bytes(before)
    said = plain(selfinstruct("filter").stderr)
    assert "rows added by hand taken out again: 1" in said
    assert "as the run wrote them" not in said


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_removed_row_is_headed_so_and_the_target_is_counted(selfinstruct: Cli, dataset: Path, language: str) -> None:
    path = dataset / f"{language}.jsonl"
    gone = read(path)[0]["id"]
    change(path, lambda rows: rows[1:])
    shown = selfinstruct("filter").stdout
    first, *_ = selfinstruct("explain", gone).stdout.splitlines()
    assert first.endswith(": removed by hand")
    for text in (shown, selfinstruct("status").stdout):
        assert f"{language} 2 of 3, 1 removed by hand" in plain(text)
        assert "target reached\n" not in text
    assert "target reached; 1 row removed by hand" in plain(selfinstruct("status").stdout)
    assert json.loads(selfinstruct("status", "--json").stdout)["stop"] == "target reached"
    assert f"{language} 3/3 (1 of them removed by hand)" in plain(selfinstruct("generate").stderr)


def with_markers(path: Path) -> None:
    text = path.read_text(encoding="utf-8") if path.exists() else "{}\n"
    path.write_text(f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> theirs\n", encoding="utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_status_names_what_is_edited_or_in_conflict_and_the_next_command(
    selfinstruct: Cli, dataset: Path, language: str
) -> None:
    status = plain(selfinstruct("status").stdout)
    assert f"{language} 3 of 3" in status
    assert "Next: nothing is missing" in status
    validate = re.search(r"`selfinstruct (validate [^`]*)`", status)
    assert validate is not None
    assert selfinstruct(*shlex.split(validate[1])).returncode == 0
    part, review = dataset / "train" / f"{language}.jsonl", dataset.parent / "review.jsonl"
    change(part, lambda rows: [{**row, "output": "Mine."} for row in rows])
    status = plain(selfinstruct("status").stdout)
    assert f"train/{language}.jsonl: {len(read(part))} rows; differs from the manifest" in status
    assert "Next: `selfinstruct filter`" in status
    with_markers(part)
    status = plain(selfinstruct("status").stdout)
    assert f"train/{language}.jsonl" in status
    assert "in conflict" in status
    assert "Next: finish the git merge" in status
    with_markers(review)
    assert "review.jsonl:1: in conflict" in plain(selfinstruct("status").stdout)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("verb", ["export", pytest.param("finetune", marks=pytest.mark.finetune)])
def test_what_hands_a_dataset_over_refuses_an_unfinished_merge_in_a_split_file(
    selfinstruct: Cli, dataset: Path, language: str, verb: str, tmp_path: Path
) -> None:
    with_markers(dataset / "train" / f"{language}.jsonl")
    run = str(dataset.parent)
    given = (
        ["--run", run, "--format", "alpaca", "--output", str(tmp_path / "out")]
        if verb == "export"
        else ["--dry-run", "--dataset", run, "--model", "Qwen/Qwen2.5-0.5B"]
    )
    done = selfinstruct(verb, *given)
    assert (done.returncode, f"train/{language}.jsonl:1: " in plain(done.stderr)) == (2, True), done.stderr


def test_a_diff_refuses_decisions_in_conflict(selfinstruct: Cli, dataset: Path) -> None:
    with_markers(dataset.parent / "review.jsonl")
    done = selfinstruct("diff", str(dataset.parent), str(dataset.parent))
    assert (done.returncode, "review.jsonl:1: `<<<<<<< HEAD` is a conflict marker" in plain(done.stderr)) == (2, True)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("place", ["outputs/test", "outputs/test/dataset/{}.jsonl"])
def test_a_reworded_question_is_an_edit_in_a_diff_and_no_broken_rule(
    selfinstruct: Cli, dataset: Path, tmp_path: Path, language: str, place: str
) -> None:
    before, head = tmp_path / "before.jsonl", place.format(language)
    named = [language] if head.endswith(".jsonl") else ["en", "zh"]
    before.write_bytes(b"".join((dataset / f"{one}.jsonl").read_bytes() for one in named))
    question = {"en": "Explain in one sentence how a lantern works.", "zh": "请用一句话说明灯笼是怎样发光的。"}[
        language
    ]
    change(dataset / f"{language}.jsonl", lambda rows: [rows[0] | {"instruction": question}, *rows[1:]])
    done = selfinstruct("diff", before, head, "--fail-on", "findings>0")
    assert done.returncode == 0, done.stderr
    said = plain(done.stdout)
    assert (
        "1 row that was edited or added by hand has an id that is not that of the text yet; `selfinstruct filter`"
        in said
    )
    assert "wrong_id" not in said
    assert selfinstruct("filter").returncode == 0
    assert "not that of the text yet" not in plain(selfinstruct("diff", before, head).stdout)


def test_a_stray_id_in_a_lone_file_breaks_a_rule(selfinstruct: Cli, dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "lone.jsonl").write_bytes((dataset / "zh.jsonl").read_bytes())
    change(tmp_path / "lone.jsonl", lambda rows: [rows[0] | {"instruction": "请说明灯笼怎样发光。"}, *rows[1:]])
    done = selfinstruct("diff", dataset / "zh.jsonl", "lone.jsonl", "--fail-on", "findings>0")
    assert (done.returncode, "wrong_id" in done.stdout) == (1, True)
