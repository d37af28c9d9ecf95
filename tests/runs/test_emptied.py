"""Files of a dataset that were emptied or cut: an accident takes no row away, and many rows removed at once are kept in a copy."""

import shutil
from pathlib import Path

import pytest

from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import answered, change, decisions, files, read, stays, whole


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch", target={"en": 6, "zh": 6}), tmp_path / "run")


def part(case: Case, side: str, language: str) -> Path:
    return case.path / "dataset" / side / f"{language}.jsonl"


@pytest.mark.parametrize(
    ("names", "language", "blank"),
    [
        (("{}", "train/{}", "held_out/{}"), "zh", ""),
        (("{}", "train/{}"), "en", ""),
        (("{}", "held_out/{}"), "zh", "\n"),
        (("train/{}", "held_out/{}"), "en", "\ufeff\r\n"),
        (("train/{}",), "zh", ""),
        (("{}",), "en", "\n\n"),
    ],
)
@pytest.mark.parametrize("verb", ["filter", pytest.param("generate", marks=pytest.mark.thorough)])
def test_emptied_files_are_an_accident_whichever_and_however_many(
    case: Case, names: tuple[str, ...], language: str, blank: str, verb: str
) -> None:
    before = files(case)
    for name in names:
        path = case.path / "dataset" / f"{name.format(language)}.jsonl"
        assert path.stat().st_size
        path.write_text(blank, encoding="utf-8")
    getattr(case, verb)()
    assert files(case) == before
    (told,) = [line for line in case.said if "taken for an accident" in line]
    assert f"the 6 rows of {language} are written again" in told
    assert all(f"{name.format(language)}.jsonl" in told for name in names)
    assert not any("by hand" in line for line in case.said)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_that_is_gone_comes_back_and_that_is_said(case: Case, language: str) -> None:
    before = files(case)
    whole(case, language).unlink()
    case.filter()
    assert files(case) == before
    (told,) = [line for line in case.said if "taken for an accident" in line]
    assert f"{language}.jsonl: is not there" in told
    stays(case)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edit_beside_an_emptied_file_is_kept(case: Case, language: str) -> None:
    rows = len(read(whole(case, language)))
    whole(case, language).write_text("", encoding="utf-8")
    part(case, "held_out", language).write_text("", encoding="utf-8")
    change(part(case, "train", language), answered("Mine."))
    case.filter()
    assert [one["decision"] for one in decisions(case)] == ["edited"]
    assert [row["output"] for row in read(whole(case, language))].count("Mine.") == 1
    assert len(read(whole(case, language))) == rows
    stays(case)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_many_rows_removed_at_once_are_kept_in_a_copy_from_which_they_come_back(case: Case, language: str) -> None:
    change(whole(case, language), answered("Mine."))
    case.filter()
    before = files(case)
    kept = [row["id"] for row in read(whole(case, language))[:2]]
    for path in (whole(case, language), part(case, "train", language), part(case, "held_out", language)):
        change(path, lambda rows: [row for row in rows if row["id"] in kept])
    case.filter()
    assert len(read(whole(case, language))) == 2
    (copy,) = case.copies
    (told,) = [line for line in case.said if str(copy) in line]
    assert f"4 of 6 rows of {language} were removed by hand at once" in told
    assert (copy / f"{language}.jsonl").read_bytes() == before[f"dataset/{language}.jsonl"]
    assert (copy / "review.jsonl").read_bytes() == before["review.jsonl"]
    stays(case)
    shutil.copy(copy / f"{language}.jsonl", whole(case, language))
    case.filter()
    assert files(case) == before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_few_rows_removed_leave_no_copy(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: rows[2:])
    case.filter()
    assert (len(read(whole(case, language))), case.copies) == (4, [])
