"""Conversations: system texts, tools, calls, unanswered questions, and the field names of each layout."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.io.tool_calls import value_in
from selfinstruct.dataset.tools.repair import repaired
from selfinstruct.errors import RecordError
from tests.support.command import Cli, rows

TEXTS = {
    "en": ("What is the weather in Cork?", "Rain, and eleven degrees.", "Be terse.", "And tomorrow?"),
    "zh": ("成都今天天气怎么样？", "小雨，十一度。", "回答要简短。", "明天呢？"),
}
CALL = [{"id": "1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}]
both = pytest.mark.parametrize("language", ["en", "zh"])


def turns(*said: tuple[str, str], keys: tuple[str, str] = ("role", "content")) -> list[dict[str, Any]]:
    return [dict(zip(keys, turn, strict=True)) for turn in said]


def read(path: Path) -> tuple[list[tuple[str, str, tuple[tuple[str, str], ...]]], list[str]]:
    """Return (question, answer, history) of the rows, and what was said."""
    said: list[str] = []
    return [(one.instruction, one.output, one.history) for one in load_rows(path, said.append)], said


def rules(selfinstruct: Cli, *args: str) -> list[str]:
    found: dict[str, Any] = json.loads(selfinstruct("validate", *args, "--json").stdout)
    return [one["rule"] for one in found["findings"]]


@both
@pytest.mark.parametrize("layout", ["alpaca", "sharegpt", "messages"])
@pytest.mark.parametrize("tools", [TOOLS, json.dumps(TOOLS)])
def test_a_system_and_tools_in_columns_are_of_the_row(tmp_path: Path, language: str, layout: str, tools: Any) -> None:
    question, answer, system, _ = TEXTS[language]
    value: dict[str, Any] = {"instruction": question, "output": answer}
    if layout == "sharegpt":
        value = {"conversations": turns(("human", question), ("gpt", answer), keys=("from", "value"))}
    if layout == "messages":
        value = {"messages": turns(("user", question), ("assistant", answer))}
    path = rows(
        tmp_path / "in.jsonl", value | {"system": system, "tools": tools}, value | {"system": "", "tools": "[]"}
    )
    full, bare = load_rows(path)
    assert (full.system, full.tools, full.output) == (system, tuple(TOOLS), answer)
    assert (bare.system, bare.tools, bare.output) == ("", (), answer)
    assert full.id != bare.id


@both
@pytest.mark.parametrize("content", [None, "", "……"])
def test_calls_and_results_between_question_and_answer_are_kept_as_they_are(
    tmp_path: Path, language: str, content: str | None
) -> None:
    question, answer, _, _ = TEXTS[language]
    for called in ({"tool_calls": CALL}, {"function_call": CALL[0]["function"]}):
        asked, result, answered = turns(("user", question), ("tool", "11"), ("assistant", answer))
        call = {"role": "assistant", "content": content} | called
        path = rows(tmp_path / "in.jsonl", {"messages": [asked, call, result, call, result, answered]})
        (row,) = load_rows(path)
        assert (row.output, row.calls) == (answer, (call, result, call, result))
        assert next(load(path)).defect == ""


@both
def test_a_call_may_be_the_answer(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    question, answer, _, _ = TEXTS[language]
    call = {"role": "assistant", "content": answer, "tool_calls": CALL}
    path = rows(tmp_path / "in.jsonl", {"messages": [*turns(("user", question)), call], "tools": TOOLS})
    (row,) = load_rows(path)
    assert (row.output, row.calls) == ("", (call,))
    assert "empty_output" not in rules(selfinstruct, "in.jsonl")


@both
@pytest.mark.parametrize("layout", ["messages", "conversations"])
def test_a_last_question_without_an_answer_is_left_out_and_told_of(
    selfinstruct: Cli, tmp_path: Path, language: str, layout: str
) -> None:
    question, answer, _, later = TEXTS[language]
    path = rows(tmp_path / "in.jsonl", {layout: turns(("user", question), ("assistant", answer), ("user", later))})
    assert read(path) == (
        [(question, answer, ())],
        [f"{path}: 1 last question left out: no answer follows"],
    )
    done = selfinstruct("validate", "in.jsonl")
    assert (done.returncode, "pair 2 of the conversation" in done.stdout) == (1, True)
    assert "empty_output" in done.stdout


@both
def test_a_conversation_that_answers_nothing_is_refused(tmp_path: Path, language: str) -> None:
    path = rows(tmp_path / "in.jsonl", {"messages": turns(("user", TEXTS[language][0]))})
    with pytest.raises(RecordError, match=r"in\.jsonl:1: the only question has no answer"):
        load_rows(path)


@both
def test_two_systems_make_two_tasks(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    question, answer, system, _ = TEXTS[language]
    pair = (("user", question), ("assistant", answer))
    other = (pair[0], ("assistant", answer + answer))
    plain = {"instruction": question, "output": answer}
    rows(tmp_path / "column.jsonl", plain | {"system": system}, plain | {"output": answer + answer, "system": ""})
    rows(tmp_path / "turn.jsonl", {"messages": turns(("system", system), *pair)}, {"messages": turns(*other)})
    rows(tmp_path / "same.jsonl", *({"messages": turns(("system", system), *one)} for one in (pair, other)))
    rows(tmp_path / "mixed.jsonl", plain | {"system": system}, {"messages": turns(("system", system), *other)})
    assert "conflicting_answers" not in rules(selfinstruct, "column.jsonl") + rules(selfinstruct, "turn.jsonl")
    assert "conflicting_answers" in rules(selfinstruct, "same.jsonl")
    assert "conflicting_answers" in rules(selfinstruct, "mixed.jsonl")


@both
@pytest.mark.parametrize("layout", ["messages", "conversations", "conversation"])
@pytest.mark.parametrize(
    ("keys", "names"), [(("role", "content"), ("user", "assistant")), (("from", "value"), ("human", "gpt"))]
)
def test_a_turn_has_its_own_keys_whatever_the_list_is_called(
    tmp_path: Path, language: str, layout: str, keys: tuple[str, str], names: tuple[str, str]
) -> None:
    question, answer, _, _ = TEXTS[language]
    value = {layout: turns((names[0], question), (names[1], answer + " \r\n"), keys=keys)}
    path = rows(tmp_path / "in.jsonl", value)
    assert read(path)[0] == [(question, answer + " \r\n", ())]
    assert repaired(value).value == {layout: turns((names[0], question), (names[1], answer), keys=keys)}


@both
def test_chatglm_rows_are_mended_and_named_by_their_own_fields(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    question, answer, _, later = TEXTS[language]
    value = {"prompt": later + "\r\n", "response": answer + " \r\n", "history": [[question + "\r\n", answer]]}
    rows(tmp_path / "in.jsonl", value)
    printed = selfinstruct("validate", "in.jsonl").stdout
    assert all(f"field `{name}`" in printed for name in ("prompt", "response", "history.0"))
    done = selfinstruct("validate", "in.jsonl", "--fix", "--output", "out.jsonl", "--json")
    assert [one["field"] for one in json.loads(done.stdout)["changes"]] == ["prompt", "response", "history.0"]
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8")) == {
        "prompt": later, "response": answer, "history": [[question, answer]],
    }  # fmt: skip
    assert repaired({"prompt": " a", "messages": []}).value == {"prompt": " a", "messages": []}


@both
def test_findings_in_a_conversation_name_the_turn(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    question, answer, system, later = TEXTS[language]
    said = (
        ("system", system),
        ("user", question),
        ("assistant", answer + "\n"),
        ("user", later),
        ("assistant", "\n" + answer),
    )
    rows(tmp_path / "in.jsonl", {"messages": turns(*said)})
    printed = selfinstruct("validate", "in.jsonl").stdout
    assert "field `messages.2`" in printed
    assert "field `messages.4`" in printed


@pytest.mark.thorough
def test_results_without_end_are_read_in_a_time_that_grows_with_their_number(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Add."}, *[{"role": "tool", "content": ""}] * 40_000]
    (tmp_path / "in.jsonl").write_text(json.dumps({"messages": turns}) + "\n", encoding="utf-8")
    started = time.process_time()
    assert len(next(load(tmp_path / "in.jsonl")).calls) == 40_000
    assert time.process_time() - started < 4


@pytest.mark.parametrize("turn", [-1, 2, 10**30, "0", [], 0.0, True])
def test_a_call_of_a_turn_that_is_not_there_is_refused(tmp_path: Path, turn: object) -> None:
    call = {"turn": turn, "role": "tool", "content": "4"}
    row = {"instruction": "And 3 + 3?", "output": "6", "history": [["2 + 2?", "4"]], "calls": [call]}
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"jsonl:1: field `calls\.0\.turn` must be the number of a turn"):
        list(load(tmp_path / "in.jsonl"))


def test_a_field_of_a_message_that_is_called_as_ours_does_not_move_it(tmp_path: Path) -> None:
    called: dict[str, Any] = {
        "role": "assistant",
        "content": None,
        "tool_calls": [],
        "turn": 7,
        "function_call": {"name": "f", "arguments": "{}"},
    }
    turns = [
        {"role": "user", "content": "Add."},
        called,
        {"role": "tool", "content": "4"},
        {"role": "assistant", "content": "4"},
    ]
    again = [*turns, {"role": "user", "content": "And 3 + 3?"}, {"role": "assistant", "content": "6"}]
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"messages": one}) + "\n" for one in (turns, again)), encoding="utf-8"
    )
    first, second = load_rows(tmp_path / "in.jsonl")
    assert [message.get("turn") for message in first.calls] == [None, None]
    assert [message.get("turn") for message in second.calls] == [0, 0]


def test_a_literal_of_python_is_read_up_to_a_length_and_json_always() -> None:
    for inside, found in (("'a'", None), ('"a"', list)):
        value = value_in(f"[{', '.join([inside] * 100_000)}]")
        assert isinstance(value, found) if found else value is None


@pytest.mark.parametrize("held", ["{1, 2}", "{'a': {1}}", "b'x'", "...", "{1: 2}", "1j"])
def test_a_value_of_python_that_json_has_not_is_no_value(held: str) -> None:
    assert value_in(held) in (None, {"1": 2})


@pytest.mark.parametrize("stated", ["", "Hm."])
@pytest.mark.parametrize(
    "answer",
    [
        "Write `</think>` at the end.",
        "最后写上“</think>”。",
        "Close it with </think> before the answer.",
        "先写</think>再写答案。",
    ],
)
def test_an_answer_about_tags_keeps_them_and_the_thought_of_the_row(tmp_path: Path, answer: str, stated: str) -> None:
    (read_back,) = load_rows(
        rows(tmp_path / "in.jsonl", {"instruction": "How?", "output": answer, "reasoning": stated})
    )
    assert (read_back.output, read_back.reasoning) == (answer, stated)
