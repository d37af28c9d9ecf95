"""Thoughts as a target wants them, in each text that may have one."""

from typing import Any

import pytest

from selfinstruct.dataset.export.layouts import AXOLOTL, LAYOUTS, SWIFT, fitting, values
from selfinstruct.dataset.export.told import EMPTY, Thoughts, has_thought, told
from selfinstruct.records import Row
from tests.support.rich_rows import call, result

TEXTS = {"en": ("Which sea is dry?", "The Aral.", "Not a lake?"), "zh": ("哪个海快干了？", "咸海。", "是湖吗？")}
both = pytest.mark.parametrize("language", TEXTS)
WEATHER = call("weather", {"city": "成都"})


def row(language: str, **more: Any) -> Row:
    asked, answered, _ = TEXTS[language]
    return Row(**({"id": "0" * 12, "language": language, "instruction": asked, "input": "", "output": answered} | more))


def tagged(thought: str, answer: str) -> str:
    return f"<think>\n{thought}\n</think>\n\n{answer}"


@both
def test_dropped_thoughts_are_in_no_text(language: str) -> None:
    asked, answered, thought = TEXTS[language]
    full = row(
        language,
        reasoning=thought,
        rejected=tagged(thought, answered),
        history=((asked, tagged(thought, answered)),),
        calls=(
            WEATHER | {"reasoning_content": thought},
            WEATHER | {"content": tagged(thought, answered)},
            result("21"),
        ),
    )
    assert has_thought(full)
    bare = told(full, "drop")
    assert not has_thought(bare)
    assert thought not in str(bare)
    assert (bare.output, bare.rejected, bare.history) == (answered, answered, ((asked, answered),))
    assert [one.get("content") for one in bare.calls] == [None, answered, "21"]


@both
def test_empty_tags_are_before_every_answer_that_has_no_thought(language: str) -> None:
    asked, answered, thought = TEXTS[language]
    full = row(language, rejected=answered, history=((asked, answered), (asked, tagged(thought, answered))))
    found = told(full, "empty")
    assert (found.output, found.rejected) == (EMPTY + answered, EMPTY + answered)
    assert [earlier for _, earlier in found.history] == [EMPTY + answered, tagged(thought, answered)]


@both
@pytest.mark.parametrize("thoughts", ["tags", "empty"])
def test_the_thought_of_a_call_is_in_its_content_where_there_is_no_field(language: str, thoughts: Thoughts) -> None:
    thought = TEXTS[language][2]
    full = row(language, calls=(WEATHER | {"reasoning_content": thought}, result("21")))
    (value,) = values([full], SWIFT, thoughts)
    message = value["messages"][1]
    assert message["content"] == tagged(thought, "")
    assert "reasoning_content" not in message


@both
@pytest.mark.parametrize("name", ["messages", "trl", "axolotl", "swift"])
def test_a_row_that_is_answered_by_a_call_keeps_its_thought_and_gets_no_answer(language: str, name: str) -> None:
    thought = TEXTS[language][2]
    ending = row(language, output="", reasoning=thought, calls=(WEATHER,))
    layout = {"axolotl": AXOLOTL, "swift": SWIFT}.get(name) or LAYOUTS[name]
    (value,) = values([ending], layout)
    last = value["messages"][-1]
    assert last["tool_calls"]
    assert thought in (last.get("reasoning_content") or last["content"])


@both
def test_no_empty_answer_follows_a_call_for_llamafactory(language: str) -> None:
    ending = row(language, output="", calls=(WEATHER,))
    for thoughts in ("empty", "tags", "drop"):
        (value,) = values([ending], LAYOUTS["sharegpt"], thoughts)
        assert [turn["from"] for turn in value["conversations"]] == ["human", "function_call"]


@both
def test_what_a_layout_can_hold_is_asked_of_what_is_written(language: str) -> None:
    thinking = row(language, calls=(WEATHER | {"reasoning_content": TEXTS[language][2]}, result("21")))
    assert not fitting([thinking], LAYOUTS["sharegpt"]).rows
    assert fitting([thinking], LAYOUTS["sharegpt"], "drop").rows == [thinking]
    assert "reasoning of 1 row left out" in fitting([thinking], LAYOUTS["sharegpt"], "drop").notes[0]


@both
def test_a_pair_learns_no_earlier_answer_so_that_each_layout_of_pairs_holds_it(language: str) -> None:
    asked, answered, _ = TEXTS[language]
    pair = row(language, rejected="no", history=((asked, answered),), unlearned=(0,))
    for name in ("alpaca", "messages", "trl", "sharegpt"):
        assert len(fitting([pair], LAYOUTS[name]).rows) == 1


@both
def test_a_thought_without_its_first_tag_is_one(language: str) -> None:
    asked, answered, thought = TEXTS[language]
    half = f"{thought}\n</think>\n\n{answered}"
    full = row(language, rejected=half, history=((asked, half),))
    assert has_thought(full)
    assert told(full, "drop").rejected == answered
    assert told(full, "tags").history == ((asked, tagged(thought, answered)),)
    assert told(full, "empty").rejected == tagged(thought, answered)


@both
def test_a_thought_that_is_never_closed_gets_no_tags_before_it(language: str) -> None:
    cut = row(language, rejected=f"<think>\n{TEXTS[language][2]}")
    assert told(cut, "empty").rejected == cut.rejected
    assert not has_thought(row(language, rejected="<think>\n\n</think>\n\nno"))


@both
def test_the_parts_of_a_call_that_was_thought_about_stay(language: str) -> None:
    _, answered, thought = TEXTS[language]
    part = {"type": "text", "text": answered}
    full = row(language, calls=(WEATHER | {"reasoning_content": thought, "content": [part]}, result("21")))
    assert told(full, "drop").calls[0]["content"] == [part]
    (first, second) = told(full, "tags").calls[0]["content"]
    assert (first["text"], second) == (tagged(thought, ""), part)


@both
def test_a_thought_that_is_said_twice_is_in_one_pair_of_tags(language: str) -> None:
    _, answered, thought = TEXTS[language]
    twice = row(
        language, calls=(WEATHER | {"reasoning_content": thought, "content": tagged(thought, answered)}, result("21"))
    )
    assert told(twice, "tags").calls[0]["content"] == tagged(thought, answered)


@pytest.mark.parametrize("thoughts", ["drop", "tags", "empty"])
@pytest.mark.parametrize(
    "answer", ["Write `</think>` at the end, then stop.", "Write </think> at the end.", "最后写上 `</think>`，然后停。"]
)
def test_an_answer_about_tags_is_not_cut(answer: str, thoughts: Thoughts) -> None:
    full = row("en", output=answer, rejected=answer, history=(("How?", answer),), reasoning="Hm.")
    found = told(full, thoughts)
    before = {"drop": "", "tags": "<think>\nHm.\n</think>\n\n", "empty": "<think>\nHm.\n</think>\n\n"}[thoughts]
    other = EMPTY if thoughts == "empty" else ""
    assert (found.output, found.rejected, found.history[0][1]) == (before + answer, other + answer, other + answer)


@both
def test_a_thought_inside_the_parts_of_a_call_is_one(language: str) -> None:
    _, answered, thought = TEXTS[language]
    parts = [{"type": "text", "text": tagged(thought, "")}, {"type": "text", "text": answered}]
    full = row(language, calls=(WEATHER | {"content": parts}, result("21")))
    assert has_thought(full)
    assert told(full, "drop").calls[0]["content"] == answered
    assert told(full, "tags").calls[0]["content"] == tagged(thought, answered)
