"""The names of question, input and answer: which are read, which are refused."""

from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import RecordError
from tests.support.command import Cli, rows

TEXTS = {
    "en": ("Name a river.", "It is in France.", "The Loire."),
    "zh": ("说出一条河流。", "它在法国。", "卢瓦尔河。"),
}
both = pytest.mark.parametrize("language", ["en", "zh"])


@both
@pytest.mark.parametrize(
    "names",
    [
        ("instruction", "input", "output"),
        ("instruction", "context", "response"),
        ("prompt", "input", "completion"),
        ("question", "context", "answer"),
        ("Question", "Context", "Answer"),
        ("query", "", "response"),
        ("problem", "", "solution"),
        ("指令", "输入", "输出"),
        ("问题", "", "回答"),
        ("input", "", "output"),
    ],
)
def test_known_names_are_read(tmp_path: Path, language: str, names: tuple[str, str, str]) -> None:
    texts = TEXTS[language]
    value = {name: text for name, text in zip(names, texts, strict=True) if name}
    (row,) = load_rows(rows(tmp_path / "in.jsonl", value))
    assert (row.instruction, row.input, row.output) == (texts[0], texts[1] if names[1] else "", texts[2])


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"instruction": "a", "output ": "b"}, "no known name of an answer beside `instruction`"),
        ({"instruction": "a"}, "no known name of an answer"),
        ({"text": "a"}, "no known name of a question"),
        ({"prompt": "a", "question": "b", "answer": "c"}, "both `prompt` and `question`"),
        ({"question": "a", "answer": "b", "response": "c"}, "both `answer` and `response`"),
        ({"prompt": "a", "completion": "b", "label": False}, "`label` says that the answer is a bad one"),
        ({"prompt": "a", "completion": "b", "label": "False"}, "`label` says that the answer is a bad one"),
        ({"question": "a", "A": "b", "B": "c", "answer": "A"}, "has choices in `A`"),
        ({"question": "a", "options": ["b", "c"], "answer": "b"}, "has choices in `options`"),
        ({"messages": [{"role": "user", "content": "a", "images": ["b.png"]}]}, "goes with `images`"),
        ({"instruction": "a", "chosen": None, "rejected": "b"}, "`chosen` is empty"),
        ({"instruction": "a", "output": "b", "score": float("inf")}, "not JSON"),
        ({"messages": [], "kto_tag": False}, "`kto_tag` says that the answer is a bad one"),
        ({"instruction": "a", "output": "b", "images": ["a.png"]}, "goes with `images`"),
        ({"instruction": "a", "chosen": "b", "rejected": ""}, "`rejected` is empty"),
        ({"instruction": "a", "output": "b", "history": [{"role": "user", "content": "c"}]}, "without an answer"),
        ({"prompt": "a", "rejected": "b"}, "has no better answer"),
        ({"question": ["a"], "answer": "b"}, "field `question` must be a text, not a list"),
        ({"instruction": "a", "output": 7}, "field `output` must be a text"),
    ],
)
@pytest.mark.parametrize(
    "verb", [("validate",), ("diff", "in.jsonl"), ("export", "--format", "alpaca", "--output", "o", "--dataset")]
)
def test_what_is_unclear_is_refused_with_the_keys_that_are_there(
    selfinstruct: Cli, tmp_path: Path, value: dict[str, Any], said: str, verb: tuple[str, ...]
) -> None:
    rows(tmp_path / "in.jsonl", value)
    done = selfinstruct(*verb, "in.jsonl")
    assert (done.returncode, said in done.stderr, "in.jsonl:1:" in done.stderr) == (2, True, True)


def test_two_names_with_one_text_are_no_doubt(tmp_path: Path) -> None:
    path = rows(tmp_path / "in.jsonl", {"question": "a", "answer": "b", "response": "b"})
    assert load_rows(path)[0].output == "b"


def test_a_pool_and_an_evaluation_set_need_no_answers(tmp_path: Path) -> None:
    path = rows(tmp_path / "in.jsonl", {"instruction": "a"})
    assert [one.output for one in load(path, needs_answer=False)] == [""]
    with pytest.raises(RecordError, match="no known name of an answer"):
        list(load(path))


def test_empty_answers_are_read_and_counted(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(
        tmp_path / "in.jsonl", *({"instruction": f"Name {n}", "output": text} for n, text in enumerate(("", None, "b")))
    )
    done = selfinstruct("export", "--format", "alpaca", "--output", "o", "--dataset", "in.jsonl")
    assert (done.returncode, "2 of 3 rows have an empty answer" in done.stderr) == (0, True)


@pytest.mark.parametrize("text", ["[[1, 2], [3, 4]]", '[{"name": "x"}]', "[1]", "[", "['a']"])
def test_a_text_that_holds_another_list_stays_a_text(tmp_path: Path, text: str) -> None:
    path = rows(
        tmp_path / "in.jsonl",
        {"prompt": text, "completion": text},
        {"instruction": "a", "chosen": text, "rejected": text + "!"},
    )
    first, second = load_rows(path)
    assert (first.instruction, first.output, second.output, second.rejected) == (text, text, text, text + "!")
