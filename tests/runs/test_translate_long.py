"""Rows that are too long for one reply: divided at paragraphs, asked for in several requests, joined again and checked as a whole."""

import json
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.errors import CapReachedError
from tests.support.runs import digest
from tests.support.teacher_server import TeacherServer
from tests.support.translating import adds_up, carry, reply, rows_of, teacher_of, write, written
from tests.support.translator import into_chinese, into_english, translated

CODE = "```python\n\nfor lamp in lamps:\n\n    print(lamp)\n```"
ENGLISH = [
    f"Paragraph {number} tells of {30 + number} lamps along the quay, and of who lights them."
    for number in range(1, 21)
]
CHINESE = [
    f"第{number}段讲码头上的{30 + number}盏灯，也讲每天傍晚是谁去点亮它们，天亮以后又由谁一盏一盏熄灭。"
    for number in range(1, 21)
]
LONG = {
    "en": {
        "instruction": "Tell the story of the lamps.",
        "input": "",
        "output": "\n\n".join([*ENGLISH, CODE, "That is all."]),
    },
    "zh": {"instruction": "讲讲灯的故事。", "input": "", "output": "\n\n".join([*CHINESE, CODE, "故事讲完了。"])},
}


def settings(server: TeacherServer) -> dict[str, Any]:
    """Return a teacher whose replies hold 640 bytes of a row."""
    return {"teacher": teacher_of(server) | {"max_tokens": 512, "max_answer_tokens": 256, "max_instruction_tokens": 64}}


@pytest.mark.parametrize("to", ["zh", "en"])
def test_a_long_row_is_asked_for_in_parts_and_joined_as_its_source_was(
    server: TeacherServer, tmp_path: Path, to: str
) -> None:
    row = LONG["en" if to == "zh" else "zh"]
    done = carry(server, write(tmp_path / "rows.jsonl", [row]), tmp_path / "out", to, **settings(server))
    assert (done.translated, done.rejected) == (1, {})
    assert len(server.requests) == (3 if to == "zh" else 4)
    (found,) = written(tmp_path / "out", to)
    assert found["output"].count("\n\n") == row["output"].count("\n\n")
    assert CODE in found["output"]
    into = into_chinese if to == "zh" else into_english
    assert found["output"].replace(CODE, "") == "\n\n".join(
        into(part) for part in row["output"].replace(CODE, "").split("\n\n")
    )


def test_the_whole_of_a_long_row_is_checked(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "rows.jsonl", [LONG["en"]])

    def lose(lost: str) -> None:
        reply(server, lambda asked: translated(asked, lambda text: into_chinese(text).replace(lost, "")))

    lose("49")  # stands in the last part but one
    assert carry(server, source, tmp_path / "number", **settings(server)).rejected == {"changed_numbers": 1}
    lose("⟦1⟧")
    assert carry(server, source, tmp_path / "code", **settings(server)).rejected == {"changed_code": 1}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("[[decision]] drop\n[[reason]] rhyme", "language_bound"),
        ("[[decision]] translate\n[[input]]\n后面一段。", "malformed_translation"),
        ("[[output]]\n后面有⟦9⟧。", "malformed_translation"),
    ],
)
def test_a_further_part_that_cannot_be_used_rejects_the_row_by_name(
    server: TeacherServer, tmp_path: Path, said: str, rule: str
) -> None:
    reply(server, lambda asked: None if "instruction" in asked else said)
    done = carry(server, write(tmp_path / "rows.jsonl", [LONG["en"]]), tmp_path / "out", **settings(server))
    assert dict(done.rejected) | ({"language_bound": done.dropped} if done.dropped else {}) == {rule: 1}
    assert len(server.requests) == 2  # no later part is paid for


def test_a_further_part_needs_no_decision_of_its_own(server: TeacherServer, tmp_path: Path) -> None:
    def say(asked: dict[str, str]) -> str:
        return translated(asked, into_chinese).removeprefix(
            "[[decision]] translate\n" if "instruction" not in asked else ""
        )

    reply(server, say)
    assert carry(server, write(tmp_path / "rows.jsonl", [LONG["en"]]), tmp_path / "out", **settings(server)).translated


def test_what_is_adapted_in_one_part_is_a_term_of_the_next(server: TeacherServer, tmp_path: Path) -> None:
    row = LONG["en"] | {"output": LONG["en"]["output"].replace("the quay", "Broadway")}

    def say(asked: dict[str, str]) -> str:
        said = translated(asked, lambda text: into_chinese(text.replace("Broadway", "~")).replace("~", "南京路"))
        return said.replace("translate", "adapt\n[[adapted]]\nBroadway → 南京路", 1) if "instruction" in asked else said

    reply(server, say)
    done = carry(server, write(tmp_path / "rows.jsonl", [row]), tmp_path / "out", **settings(server))
    assert (done.adapted, done.rejected) == (1, {})
    asked = [body["messages"][-1]["content"] for body in server.requests]
    assert ["Broadway → 南京路" in text for text in asked] == [False, True, True]
    (line,) = (tmp_path / "out/provenance.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["adapted"] == [["Broadway", "南京路"]]


@pytest.mark.thorough
def test_long_rows_end_in_the_same_bytes_whatever_stops_them(server: TeacherServer, tmp_path: Path) -> None:
    rows = [*rows_of(6), LONG["en"], LONG["en"] | {"instruction": "\n\n".join(ENGLISH[::2])}]
    source = write(tmp_path / "rows.jsonl", rows)
    whole = carry(server, source, tmp_path / "whole", **settings(server) | {"limits": {"concurrency": 8}})
    assert (adds_up(whole), whole.rejected) == (True, {})
    for most in range(1, 9):
        try:
            carry(
                server,
                source,
                tmp_path / "stopped",
                **settings(server) | {"limits": {"concurrency": 1, "max_candidates": most}},
            )
        except CapReachedError:
            continue
    asked = len(server.requests)
    carry(server, source, tmp_path / "stopped", **settings(server))
    again = len(server.requests)
    assert asked <= again
    assert digest(tmp_path / "stopped") == digest(tmp_path / "whole")
    si.open_run(tmp_path / "stopped", say=lambda _: None).filter()
    carry(server, source, tmp_path / "stopped", **settings(server))
    assert len(server.requests) == again
    assert digest(tmp_path / "stopped") == digest(tmp_path / "whole")


def test_the_estimate_counts_the_requests_of_a_long_row(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "rows.jsonl", [LONG["en"], *rows_of(3)])
    with pytest.raises(CapReachedError):
        carry(
            server, source, tmp_path / "out", **settings(server) | {"limits": {"max_candidates": 1, "concurrency": 1}}
        )
    config = tmp_path / "out" / "config.lock.toml"
    found = si.open_run(tmp_path / "other", config=config, say=lambda _: None).estimate().document()
    assert found["missing"] == {"zh": 4}
    assert found["requests"]["low"] == 6
