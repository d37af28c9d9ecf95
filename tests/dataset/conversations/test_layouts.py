"""Layouts of others: speakers that are named inside one text, media beside the turns, and two conversations in a row of a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.awkward_conversations import EN, EN2, LOIRE, MORE, RIVER, SEINE, ZH, ZH2, talk, turns
from tests.support.imports import import_path, import_rows, pairs_of

BAIZE = f"The conversation between human and AI assistant.\n[|Human|] {RIVER}\n[|AI|] {LOIRE}\n[|Human|] {MORE}\n[|AI|] {SEINE}\n[|Human|] "


@pytest.mark.parametrize(
    ("row", "pairs", "system"),
    [
        ({"topic": "rivers", "input": BAIZE}, [EN, EN2], "The conversation between human and AI assistant."),
        ({"instruction": f"Human:{ZH[0]}\nAssistant:{ZH[1]}\nHuman:{ZH2[0]}\nAssistant:", "input": "", "output": ZH2[1]}, [ZH, ZH2], ""),
        ({"text": f"### Human: {RIVER}### Assistant: {LOIRE}### Human: {MORE}### Assistant: {SEINE}"}, [EN, EN2], ""),
        ({"text": f"\n\nHuman: {RIVER}\n\nAssistant: {LOIRE}"}, [EN], ""),
        ({"text": f"用户：{ZH[0]}\n助手：{ZH[1]}"}, [ZH], ""),
        ({"text": f"<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n{RIVER}<|im_end|>\n<|im_start|>assistant\n{LOIRE}<|im_end|>\n"}, [EN], "Be brief."),
        ({"prompt": f"User: {RIVER}\nAssistant: {LOIRE}\nUser: {MORE}\nAssistant:", "response": SEINE}, [EN, EN2], ""),
    ],
)  # fmt: skip
def test_speakers_that_are_named_in_one_text_are_read(
    tmp_path: Path, row: dict[str, Any], pairs: list[tuple[str, str]], system: str
) -> None:
    found = import_rows(tmp_path, [row])
    assert (pairs_of(found.rows[0]), found.rows[0].get("system", "")) == (pairs, system)


@pytest.mark.parametrize(
    "row",
    [
        {"instruction": "Go on with this talk.\nHuman: Hello\nAssistant:", "output": "Hello! What can I do for you?"},
        {"instruction": "Which of the two is polite?", "input": "Human: Hi\nAssistant: Hello!", "output": "Both of them are."},
        {"instruction": "System: Linux. Which command lists the files?", "output": "Use ls for that."},
        {"instruction": "把下面的对话改得更礼貌。\n用户：在吗\n助手：在。", "output": "用户：您好，请问在吗？"},
    ],
)  # fmt: skip
def test_a_task_about_a_talk_is_no_talk(tmp_path: Path, row: dict[str, Any]) -> None:
    found = import_rows(tmp_path, [row])
    assert found.done.ledger["total"]["turns"]["read"] == 2
    said = [turn["said"]["content"] for one in found.rejected for turn in one["turns"]]
    assert said[:1] in ([], [row["instruction"]])


@pytest.mark.parametrize("name", ["images", "videos", "audios", "image"])
@pytest.mark.parametrize("place", ["<image>", "<video>", ""])
def test_a_turn_that_goes_with_a_picture_of_its_row_cannot_be_read(tmp_path: Path, name: str, place: str) -> None:
    found = import_rows(tmp_path, [talk(f"{place}Who are they?", "Two players.") | {name: ["a.jpg"]}])
    assert found.done.rejected == {"unreadable_turn": 1}
    assert f"`{name}`" in found.rejected[0]["detail"]


def test_what_is_said_before_the_picture_stays(tmp_path: Path) -> None:
    rows = [
        talk(*EN, "<image>这是什么？", "一座桥。") | {"images": ["b.jpg"]},
        talk(*ZH, "<image_00>\n这是什么？", "一座桥。") | {"image_path": "c.jpg"},
        {"instruction": "Describe the picture.", "output": "A bridge."} | {"images": ["d.jpg"]},
    ]
    found = import_rows(tmp_path, rows)
    assert sorted(map(pairs_of, found.rows)) == sorted([[EN], [ZH]])
    assert [(one["rule"], one["turn"]) for one in found.rejected] == [
        ("unreadable_turn", 3),
        ("unreadable_turn", 3),
        ("unreadable_turn", 1),
    ]


def test_a_tag_without_any_picture_is_a_word(tmp_path: Path) -> None:
    asked = ("What does <image> mean in SVG?", "The tag <image> shows a picture inside a drawing.")
    rows = [talk(*asked), talk(*EN) | {"images": []}, talk(*ZH) | {"image": None, "image_count": 2}]
    assert import_rows(tmp_path, rows).done.kept == 3


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"winner": "model_a", "conversation_a": talk(*EN)["conversations"], "conversation_b": talk(*EN2)["conversations"]}, "`conversation_b`"),
        ({"left": turns(("human", RIVER))["conversations"], "right": talk(*EN2)["conversations"]}, "no known name"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 2])
def test_a_row_with_two_conversations_is_rejected_by_its_line(
    tmp_path: Path, row: dict[str, Any], told: str, times: int
) -> None:
    source = tmp_path / "arena.jsonl"
    source.write_text(f"{json.dumps(row)}\n" * times, encoding="utf-8")
    found = import_path(source, tmp_path / "out")
    assert [(one["line"], one["rule"]) for one in found.rejected] == [(line + 1, "not_a_row") for line in range(times)]
    assert told in found.rejected[0]["detail"]
