"""A person's review: what comes first, what is written down, what is refused, and what a second person is shown."""

from pathlib import Path

import pytest

from selfinstruct.dataset.review.decisions import read_recorded
from selfinstruct.errors import InputError
from selfinstruct.review.kept import write_kept
from selfinstruct.review.material import Material
from selfinstruct.review.wish import OvertakenError, Wish
from tests.support.reviews import lines, row, say, session, verdict, written

ROWS = [
    *(row(f"Describe the number {number} for a child.", f"It is {number}.") for number in range(30)),
    row("写一首关于春天的诗。", "春眠不觉晓。", "zh"),
    row("Name a river in France.", ""),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "rows.jsonl", ROWS)


def test_rows_that_break_a_rule_come_first(path: Path) -> None:
    found = session(path)
    first = found.shown(found.coming(1)[0])
    assert first["texts"]["instruction"] == "Name a river in France."
    assert ["rule", "empty_output"] in first["risks"]


def test_what_a_rule_finds_is_there_in_both_languages(tmp_path: Path) -> None:
    asked = row("说说你喜欢的水果。", "作为一个人工智能语言模型，我没有个人喜好。", "zh")
    found = session(written(tmp_path / "fruit.jsonl", [asked]))
    ((rule, severity, english, chinese),) = found.shown(found.coming(1)[0])["rules"]
    assert (rule, severity) == ("self_reference", "error")
    assert english.startswith('says "作为一个')
    assert chinese.startswith("说了“作为一个")


def test_a_sample_is_the_same_for_everybody_and_a_longer_one_begins_with_it(path: Path) -> None:
    short, long = session(path, sample=5).order, session(path, "Bo", sample=12).order
    assert len(short) == 5
    assert long[:5] == short


def test_a_decision_is_on_the_disk_with_all_that_it_says(path: Path) -> None:
    found = session(path, sample=5)
    at = found.coming(1)[0]
    found.decide(at, Wish("rejected", reason="unnatural", note=" 像翻译腔 "))
    (line,) = lines(path.with_name("review.jsonl"))
    assert line["note"] == "像翻译腔"
    assert (line["reviewer"], line["reason"], line["sample"]) == ("Ann", "unnatural", 5)
    assert line["read"]["id"] == line["id"] == ROWS[at].id
    assert "time" not in line
    assert at not in found.coming(40)


def test_undo_takes_the_last_decisions_back_one_by_one(path: Path) -> None:
    found = session(path)
    first, second = found.coming(2)
    found.decide(first, Wish("accepted"))
    found.decide(second, Wish("accepted"))
    found.decide(second, Wish("rejected", reason="other", was="accepted"))
    assert [found.undo(), found.undo()] == [second, second]
    assert [one.id for one in read_recorded(path.with_name("review.jsonl")).verdicts.values()] == [ROWS[first].id]
    assert [found.undo(), found.undo()] == [first, None]
    assert found.coming(1) == [first]


def test_a_decision_of_another_tab_is_not_overwritten_unseen(path: Path) -> None:
    found = session(path)
    at = found.coming(1)[0]
    found.decide(at, Wish("rejected", reason="other"))
    with pytest.raises(OvertakenError):
        found.decide(at, Wish("accepted"))
    assert [one["decision"] for one in lines(path.with_name("review.jsonl"))] == ["rejected"]


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish("rejected"), "needs a reason"),
        (Wish("edited", {"instruction": " "}), "needs an instruction"),
        (Wish("edited", {"output": "It is 3."}), "nothing was changed"),
        (Wish("edited", {"instruction": "Name a river  in FRANCE."}), "the same task as row"),
    ],
)
def test_what_cannot_stand_is_refused(path: Path, wish: Wish, why: str) -> None:
    found = session(path)
    with pytest.raises(InputError, match=why):
        found.decide(3, wish)
    assert not path.with_name("review.jsonl").exists()


def test_skipped_rows_come_last(path: Path) -> None:
    found = session(path)
    first, second = found.coming(2)
    found.skip(first)
    assert found.coming(1) == [second]
    assert found.coming(40)[-1] == first


def test_a_language_can_be_read_by_itself(path: Path) -> None:
    assert [ROWS[at].language for at in session(path).coming(5, "zh")] == ["zh"]


def test_what_others_said_is_shown_once_this_person_has_decided(path: Path) -> None:
    say(path.with_name("review.jsonl"), verdict(ROWS[4], "rejected", "Bo"))
    found = session(path)
    assert found.shown(4)["others"] == []
    found.decide(4, Wish("accepted"))
    assert [one["reviewer"] for one in found.shown(4)["others"]] == ["Bo"]
    assert found.figures()["agreement"]
    assert session(path, "Cy").shown(session(path, "Cy").coming(1)[0])["risks"][0] == ["reviewers", ""]


def test_a_row_that_was_rejected_and_is_gone_can_be_judged_by_another_person(tmp_path: Path) -> None:
    written(tmp_path / "en.jsonl", [one for one in ROWS if one is not ROWS[4]])
    say(tmp_path / "review.jsonl", verdict(ROWS[4], "rejected", "Bo", read=ROWS[4].model_dump()))
    found = session(tmp_path)
    gone = found.material.by_id[ROWS[4].id]
    assert found.shown(gone)["gone"]
    found.decide(gone, Wish("accepted"))
    assert len(read_recorded(tmp_path / "review.jsonl").verdicts) == 2


def test_decisions_about_another_file_of_the_folder_are_none_about_this_one(path: Path) -> None:
    other = row("A task of another file.", "Its answer.")
    say(path.with_name("review.jsonl"), verdict(other, "rejected", "Bo", read=other.model_dump()))
    found = session(path)
    assert other.id not in found.material.by_id
    assert found.figures()["groups"] == []


def test_a_review_goes_on_where_it_was_ended(path: Path) -> None:
    first = session(path)
    for at in first.coming(10):
        first.decide(at, Wish("accepted"))
    assert set(session(path).coming(40)) == set(range(len(ROWS))) - set(first.order[:10])


@pytest.mark.parametrize("sample", [12, 31])
def test_what_was_read_by_risk_belongs_to_a_sample_that_is_drawn_later(path: Path, sample: int) -> None:
    first = session(path)
    for at in first.coming(20):
        first.decide(at, Wish("rejected", reason="other"))
    assert "no bound" in first.figures()["groups"][0][1]
    found = session(path, sample=sample)
    found.begin()
    for at in found.coming(sample):
        found.decide(at, Wish("accepted"))
    assert found.progress()["read"] == sample
    bad = sum(found.shown(at)["mine"]["decision"] == "rejected" for at in found.order)
    assert bad
    for told in (found, session(path, "Bo")):
        assert f"{sample} read of a random sample of {sample}, {bad} bad" in told.figures()["groups"][0][1]


def test_what_is_kept_of_a_file_has_not_the_bound_of_its_sample(path: Path) -> None:
    found = session(path, sample=12)
    for at in found.coming(12):
        found.decide(at, Wish("rejected", reason="other") if at % 3 else Wish("accepted"))
    assert "at most" in found.figures()["groups"][0][1]
    assert {line["file"] for line in lines(path.with_name("review.jsonl"))} == {path.name}
    write_kept(session(path).material, path.with_name("kept.jsonl"))
    (told, *_) = session(path.with_name("kept.jsonl")).figures()["groups"]
    assert "none of them drawn at random: no bound" in told[1]
    assert "给不出上限" in told[2]


def test_decisions_about_texts_that_are_not_here_are_counted_aloud(path: Path) -> None:
    review, said = path.with_name("review.jsonl"), list[str]()
    say(review, verdict(ROWS[0], "accepted"), verdict(ROWS[1], "rejected"))
    Material(path, said.append)
    assert not any("without effect" in line for line in said)
    written(path, ROWS[1:])
    Material(path, said.append)
    assert [
        line for line in said if line.startswith(f"{review}: 1 of 2 decisions is about texts that are not in {path}")
    ]
    other = written(path.with_name("other.jsonl"), [row("A task of another file.", "Its answer.")])
    Material(other, said.append)
    assert f"2 of 2 decisions are about texts that are not in {other}" in said[-1]
    assert len(read_recorded(review).verdicts) == 2
