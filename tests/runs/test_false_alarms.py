"""What is accounted for by a decision, or only written otherwise, is neither said to be lacking nor to be applied."""

import codecs
from pathlib import Path

import pytest

from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import answered, asked, change, files, read, whole


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch", target={"en": 6, "zh": 6}), tmp_path / "run")


def part(case: Case, language: str) -> Path:
    return case.path / "dataset" / "train" / f"{language}.jsonl"


def is_quiet(case: Case) -> bool:
    return case.copies == [] and not any("lacks" in line or "stood otherwise" in line for line in case.said)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("where", ["whole", "train"])
def test_an_answer_that_is_changed_again_lacks_nothing_when_generate_records_it(
    case: Case, make_config: MakeConfig, language: str, where: str
) -> None:
    path = whole(case, language) if where == "whole" else part(case, language)
    change(path, answered("Mine."))
    case.filter()
    change(path, lambda rows: answered("Mine again.")(answered("And this.", 1)(rows)))
    case.generate(make_config("batch", target={"en": 8, "zh": 8}))
    assert [row["output"] for row in read(whole(case, language))].count("Mine again.") == 1
    assert is_quiet(case)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_rows_written_without_their_empty_fields_lack_nothing(case: Case, language: str) -> None:
    change(
        part(case, language),
        lambda rows: [{name: text for name, text in row.items() if text} for row in answered("Mine.")(rows)],
    )
    case.filter()
    assert is_quiet(case)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("language", "encoding", "end"),
    [("zh", "gb18030", "\n"), ("en", "utf-8-sig", "\r\n"), ("zh", "utf-16", "\r\n"), ("en", "utf-8", "\r\n")],
)
@pytest.mark.parametrize("where", ["whole", "train", "both"])
def test_a_file_in_another_encoding_lacks_nothing_and_has_nothing_applied(
    case: Case, language: str, encoding: str, end: str, where: str
) -> None:
    change(whole(case, language), lambda rows: answered("Mine.")(asked("Why? 为什么?")(rows)[1:]))
    case.filter()
    before = files(case)
    case.said.clear()
    for path in [whole(case, language)] * (where != "train") + [part(case, language)] * (where != "whole"):
        path.write_text(path.read_text(encoding="utf-8"), encoding=encoding, newline=end)
    case.filter()
    assert files(case) == before
    assert is_quiet(case)
    assert case.said == []


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_edit_in_another_encoding_lacks_nothing(case: Case, language: str) -> None:
    change(whole(case, language), answered("我的。"))
    text = whole(case, language).read_text(encoding="utf-8")
    encoding = "gb18030" if language == "zh" else "utf-16"
    whole(case, language).write_bytes(codecs.encode(text, encoding))
    case.filter()
    assert [row["output"] for row in read(whole(case, language))].count("我的。") == 1
    assert is_quiet(case)
