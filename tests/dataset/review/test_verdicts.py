"""What the verdicts of reviewers make of rows, and that writing down other decisions loses none of them."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.dataset.git.merge import merge
from selfinstruct.dataset.review.decisions import Decision, Recorded, read_recorded
from selfinstruct.dataset.review.verdicts import read_decisions, recorded_as, standing, write_decisions
from selfinstruct.errors import InputError
from tests.support.reviews import lines, row, say, verdict

RIVER, POEM = row("Name a river in France.", "Loire"), row("写一首诗。", "春眠不觉晓。", "zh")


def held(*verdicts: Decision, by_hand: dict[str, Decision] | None = None) -> dict[str, Decision]:
    return standing(Recorded(by_hand or {}, {one.key: one for one in verdicts})).decisions


def test_an_accepted_row_stays_a_rejected_one_goes_and_an_edited_one_changes() -> None:
    found = held(verdict(RIVER, "rejected"), verdict(POEM, "edited", output="床前明月光。"))
    assert found[RIVER.id].decision == "removed"
    assert found[POEM.id].row == POEM.model_copy(update={"output": "床前明月光。"})
    assert held(verdict(RIVER, "accepted")) == {}


def test_one_rejection_is_enough_and_an_edit_replaces_what_was_rejected() -> None:
    assert held(verdict(RIVER, "accepted"), verdict(RIVER, "rejected", "Bo"))[RIVER.id].decision == "removed"
    mended = held(verdict(RIVER, "rejected"), verdict(RIVER, "edited", "Bo", output="The Loire."))
    assert mended[RIVER.id].decision == "edited"


def test_a_verdict_speaks_about_the_text_that_was_read_alone() -> None:
    first = verdict(RIVER, "edited", output="The Loire.")
    assert first.row
    assert held(first, verdict(first.row, "accepted", "Bo"))[RIVER.id].row == first.row
    assert held(first, verdict(first.row, "rejected", "Bo"))[RIVER.id].decision == "removed"
    again = verdict(first.row, "edited", "Bo", output="The Seine.")
    assert held(first, again)[RIVER.id].row == again.row


def test_of_two_edits_one_stands_and_the_other_is_kept() -> None:
    one, other = verdict(RIVER, "edited", output="A"), verdict(RIVER, "edited", "Bo", output="B")
    found = held(other, one)[RIVER.id]
    assert (found.row, found.overruled) == (one.row, (other.row,))


def test_two_people_who_turn_a_text_into_each_other_end() -> None:
    one = verdict(RIVER, "edited", output="A")
    assert one.row
    assert held(one, verdict(one.row, "edited", "Bo", output="Loire")) == {}


def test_a_row_that_was_added_by_hand_can_be_rejected_and_its_line_stays() -> None:
    added = Decision(id=RIVER.id, language="en", decision="added", row=RIVER)
    recorded = Recorded({added.key: added}, {"v": verdict(RIVER, "rejected")})
    assert standing(recorded).decisions == {}
    assert recorded_as(recorded, {}) == recorded


def test_a_row_that_was_put_back_by_hand_is_back(tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    say(path, verdict(RIVER, "rejected"), verdict(POEM, "accepted"))
    write_decisions(path, {})
    assert [one["decision"] for one in lines(path)] == ["accepted"]


def test_a_decision_in_the_files_leaves_the_verdicts_about_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    say(path, verdict(RIVER, "rejected"), verdict(POEM, "accepted"))
    edited = Decision(id=POEM.id, language="zh", decision="edited", row=POEM.model_copy(update={"output": "别的。"}))
    wanted = read_decisions(path) | {POEM.id: edited}
    write_decisions(path, wanted)
    assert read_decisions(path) == wanted
    assert {one.decision for one in read_recorded(path).verdicts.values()} == {"accepted", "rejected"}


def test_the_last_line_of_a_person_about_a_text_holds_and_a_withdrawn_one_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    say(path, verdict(RIVER, "accepted"), verdict(RIVER, "rejected"))
    assert [one.decision for one in read_recorded(path).verdicts.values()] == ["rejected"]
    say(path, verdict(RIVER, "withdrawn"))
    assert read_recorded(path).verdicts == {}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"decision": "accepted", "reviewer": ""}, "must have a `reviewer`"),
        ({"decision": "removed"}, "must have no `reviewer`"),
        ({"decision": "accepted", "before": ""}, "must have a `reviewer`"),
        ({"decision": "accepted", "row": RIVER.model_dump()}, "must have a `row` where"),
        ({"decision": "approved"}, "decision"),
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    import json

    path = tmp_path / "review.jsonl"
    whole = {"id": RIVER.id, "language": "en", "before": "ab", "reviewer": "Ann"} | fields
    path.write_text(json.dumps(whole) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"review\.jsonl:1: .*{why}"):
        read_decisions(path)


def test_two_people_who_read_one_row_on_two_branches_are_no_conflict() -> None:
    import json

    from selfinstruct.dataset.review.decisions import document

    def text(*verdicts: Decision) -> str:
        return "".join(json.dumps(document(one)) + "\n" for one in verdicts)

    ours, theirs = verdict(RIVER, "accepted"), verdict(RIVER, "rejected", "Bo")
    merged = merge("", text(ours), text(theirs))
    assert merged.conflicts == ()
    assert merged.text == text(ours, theirs)
    assert merge(text(ours), text(verdict(RIVER, "rejected")), text(verdict(RIVER, "edited", output="x"))).conflicts


decisions = st.lists(
    st.tuples(
        st.sampled_from(["accepted", "rejected", "edited"]),
        st.sampled_from(["Ann", "Bo"]),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=8,
)


@given(decisions, st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["keep", "remove", "edit"])), max_size=3))
def test_whatever_was_said_what_is_wanted_holds_and_no_accepting_verdict_is_lost(
    said: list[tuple[str, str, int, int]], changes: list[tuple[int, str]]
) -> None:
    rows = [row(f"Task {number}.", "0") for number in range(3)]
    verdicts = {}
    for kind, by, which, text in said:
        on = rows[which].model_copy(update={"output": str(text)})
        one = verdict(on, kind, by, **({"output": str((text + 1) % 3)} if kind == "edited" else {}))
        verdicts[one.key] = one
    recorded = Recorded({}, verdicts)
    wanted = dict(standing(recorded).decisions)
    for which, change in changes:
        wanted.pop(rows[which].id, None)
        if change != "keep":
            new = rows[which].model_copy(update={"output": "by hand"}) if change == "edit" else None
            kind = "edited" if new else "removed"
            fields = {"id": rows[which].id, "language": "en", "decision": kind, "row": new}
            wanted[rows[which].id] = Decision.model_validate(fields)
    after = recorded_as(recorded, wanted)
    assert standing(after).decisions == wanted
    accepting = {key for key, one in verdicts.items() if one.decision == "accepted"}
    assert accepting <= after.verdicts.keys()
    assert recorded_as(recorded, standing(recorded).decisions) == recorded
