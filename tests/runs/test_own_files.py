"""The dataset folder of a run has the run's files: others are named and not read, and what a run's own lost is no removal."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.api.datasets import validate
from selfinstruct.errors import InputError
from tests.support.command import Cli
from tests.support.edited_run import Case, MakeConfig

pytestmark = pytest.mark.thorough

COPIES = (
    "{} - Copy.jsonl",
    "{}_LOCAL_1234.jsonl",
    "{}.sync-conflict-1.jsonl",
    "{} 2.jsonl",
    "{} 的副本.jsonl",
    "{}.jsonl.orig",
)


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch", target={"en": 6, "zh": 6}), tmp_path / "run")


def whole(case: Case, language: str) -> Path:
    return case.path / "dataset" / f"{language}.jsonl"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("at", ["", "dataset"])
def test_a_copy_in_the_dataset_of_a_run_is_named_and_not_read(
    case: Case, tmp_path: Path, language: str, at: str
) -> None:
    names = [name.format(language) for name in COPIES]
    for name in names:
        shutil.copy(whole(case, language), case.path / "dataset" / name)
    shutil.copy(whole(case, language), case.path / "dataset" / "train" / f"{language}-Copy.jsonl")
    found = validate(case.path / at)
    assert found.rows == 12
    assert all(any(name in note for note in found.notes) for name in sorted(names)[:4])
    said: list[str] = []
    done = si.export(case.path / at, "alpaca", tmp_path / "alpaca", say=said.append)
    assert len(json.loads(done.files[0].read_bytes())) == 12
    assert "not read:" in "".join(said)
    case.said.clear()
    case.filter()
    assert any("not read:" in line for line in case.said)
    assert not any("by hand" in line for line in case.said)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_status_and_diff_name_what_is_not_read(case: Case, selfinstruct: Cli, language: str) -> None:
    name = f"{language.upper()}.jsonl"
    whole(case, language).rename(case.path / "dataset" / name)
    done = selfinstruct("status", "--run", case.path)
    assert f"not read: {name}" in done.stdout + done.stderr
    assert json.loads(selfinstruct("status", "--run", case.path, "--json").stdout)["not_read"] == [name]
    assert f"not read: {name}" in " ".join(selfinstruct("diff", case.path, case.path).stdout.split())
    assert validate(case.path).rows == 12


def test_a_folder_without_the_manifest_of_a_run_is_read_as_it_stands(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    shutil.copytree(case.path / "dataset", folder)
    (tmp_path / "manifest.json").write_text('{"name": "another tool"}', encoding="utf-8")
    shutil.copy(folder / "en.jsonl", folder / "en 2.jsonl")
    assert validate(folder).rows == 18


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("verb", ["export", "validate", "diff", "filter"])
@pytest.mark.parametrize("with_split", [True, False])
def test_an_emptied_file_is_refused_with_what_writes_it_anew(
    case: Case, selfinstruct: Cli, tmp_path: Path, language: str, verb: str, with_split: bool
) -> None:
    path = whole(case, language)
    before = path.read_bytes()
    path.write_bytes(b"\n")
    if not with_split:
        for side in ("train", "held_out"):
            (path.parent / side / path.name).unlink()
    words = {
        "export": ("export", "--dataset", case.path, "--format", "alpaca", "--output", tmp_path / "out"),
        "validate": ("validate", case.path / "dataset"),
        "diff": ("diff", case.path, case.path),
        "filter": ("filter", path, "--output", tmp_path / "kept.jsonl", "--rejected", tmp_path / "dropped.jsonl"),
    }
    done = selfinstruct(*words[verb])
    assert done.returncode == 2
    assert f"{path.name}: is empty" in done.stderr
    assert "`selfinstruct filter --run " in done.stderr
    if verb == "export":
        case.filter()
        assert path.read_bytes() == before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_emptied_file_of_a_folder_of_no_run_is_refused_beside_its_split_files(
    case: Case, tmp_path: Path, language: str
) -> None:
    folder = tmp_path / "rows"
    shutil.copytree(case.path / "dataset", folder)
    (folder / f"{language}.jsonl").write_bytes(b"")
    with pytest.raises(InputError, match=r"is empty, while its split files hold rows"):
        validate(folder)
    (folder / f"{language}.jsonl").unlink()
    assert validate(folder).rows == 12


def _git(case: Case, *words: str) -> None:
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *settings, *words], cwd=case.path, check=True, capture_output=True)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_earlier_dataset_from_git_is_called_so_and_what_it_lacks_is_kept(
    case: Case, make_config: MakeConfig, language: str
) -> None:
    _git(case, "init", "-q")
    _git(case, "add", ".")
    _git(case, "commit", "-qm", "6 rows")
    case.config = make_config("batch", target={"en": 6, "zh": 6} | {language: 12})
    case.generate()
    _git(case, "add", ".")
    _git(case, "commit", "-qm", "12 rows")
    _git(case, "checkout", "HEAD~1", "--", "dataset")
    case.said.clear()
    case.filter()
    said = "\n".join(case.said)
    assert f"6 of 12 rows of {language} were removed by hand at once" in said
    assert f"{language}.jsonl: as an earlier emission wrote it" in said
    assert "take manifest.json, provenance.jsonl and config.lock.toml from the same commit too" in said
    assert case.copies
    assert "changed by hand; it is kept" not in said
    assert not (case.path / "dataset" / "README.md.1").exists()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("layout", ["compact", "spread", "array", "other order"])
def test_another_layout_of_the_same_rows_is_no_difference(case: Case, language: str, layout: str) -> None:
    path = whole(case, language)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = {
        "compact": "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in rows),
        "spread": "".join(json.dumps(one, ensure_ascii=False, indent=2) + "\n" for one in rows),
        "array": json.dumps(rows, ensure_ascii=False, indent=2),
        "other order": "".join(json.dumps(one, sort_keys=True, ensure_ascii=False) + "\n" for one in rows[::-1]),
    }
    path.write_text(texts[layout], encoding="utf-8")
    assert not any("are not the same" in note or "is not the same" in note for note in validate(case.path).notes)
    rows[0]["output"] += " !"
    path.write_text(texts["compact"].replace("}", " }", 1).replace("\n", "\n\n"), encoding="utf-8")
    assert not validate(case.path).notes
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    assert any("1 row is not the same" in note for note in validate(case.path).notes)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("how", ["in a character", "zeros at the end", "zeros"])
def test_a_file_that_was_cut_is_said_to_be_and_comes_back_when_emptied(case: Case, language: str, how: str) -> None:
    path = whole(case, language)
    before = path.read_bytes()
    third = before.index(b"\n", before.index(b"\n") + 1) + 1
    kept = {"in a character": before[: third + 90], "zeros at the end": before[:third] + b"\0" * 400}
    path.write_bytes(kept.get(how, b"\0" * len(before)))
    line = 1 if how == "zeros" else 3
    for read in (case.filter, lambda: validate(case.path)):
        with pytest.raises(InputError, match=rf"{language}\.jsonl:{line}: the file is cut here; .* empty it") as caught:
            read()
        assert "--fix" not in str(caught.value)
    path.write_bytes(b"")
    case.filter()
    assert path.read_bytes() == before


def test_a_broken_last_line_elsewhere_or_that_ends_is_to_be_repaired(case: Case, tmp_path: Path) -> None:
    text = whole(case, "en").read_text(encoding="utf-8")
    whole(case, "en").write_text(text[:-4] + "\n", encoding="utf-8")
    other = tmp_path / "en.jsonl"
    other.write_text(text[:-4], encoding="utf-8")
    for path in (case.path, other):
        with pytest.raises(InputError, match="repair or remove the line"):
            validate(path)
