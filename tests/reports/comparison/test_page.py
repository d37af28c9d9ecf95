"""The page of a comparison is offline, shows no markup of an answer, and hides the sides in a blind vote."""

import json
import re
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.reports.comparison import comparison_page
from tests.support.command import rows

BAD = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e</script>"


@pytest.fixture
def found(tmp_path: Path) -> si.Comparison:
    asked = rows(
        tmp_path / "q.jsonl",
        {"id": "q1", "kind": BAD, "instruction": BAD},
        {
            "id": BAD,
            "language": "zh",
            "instruction": "三加四等于几？",
            "checks": [{"kind": "number", "arguments": {"value": "7"}}],
        },
    )
    a = rows(tmp_path / "a<b>.jsonl", {"id": "q1", "answer": BAD}, {"id": BAD, "answer": "7"})
    b = rows(tmp_path / "b.jsonl", {"id": "q1", "answer": "fine"}, {"id": BAD, "answer": BAD})
    return si.compare(a, b, questions=asked, judge="none", output=tmp_path / "out", say=lambda _: None)


@pytest.mark.parametrize("blind", [False, True])
def test_nothing_of_a_text_is_markup_and_nothing_is_fetched(found: si.Comparison, blind: bool) -> None:
    page = comparison_page(found, blind=blind)
    assert page.count("<script") == page.count("</script>") == 2
    assert "<img" not in page
    assert "\u202e" not in page
    assert "default-src 'none'" in page
    assert re.findall(r"(?:src|href)=\"", page) == []


def test_a_blind_page_names_no_side_and_keeps_the_result_behind_a_button(found: si.Comparison) -> None:
    page = comparison_page(found, blind=True)
    before, after = page.split('<div id="result" hidden>')
    assert "b.jsonl" not in before
    assert "b.jsonl" in after
    data = json.loads(page.split('id="data">')[1].split("</script>")[0])
    assert {one["swapped"] for one in data["questions"]} <= {True, False}


def test_the_page_is_the_same_each_time(found: si.Comparison) -> None:
    assert comparison_page(found) == comparison_page(found)
