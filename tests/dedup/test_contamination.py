"""Contamination: evaluation examples do not become rows, in either language; near misses do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.io.evaluation_sets import read_evaluation_sets
from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from selfinstruct.errors import InputError
from selfinstruct.records import Candidate, ContaminationMatch, LanguageCode, Reply
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from tests.support.bootstraps import make_plan
from tests.support.command import Cli, rows
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import TeacherServer

EN = (
    (
        "A train leaves Leeds at 9:40 and reaches York after 25 minutes. When does it arrive?",
        "",
        "It arrives at 10:05.",
    ),
    (
        "Answer the question from the passage.",
        "Puffins nest in burrows on the cliffs of Skomer, and leave for the open sea in late July every year.",
        "They leave in late July.",
    ),
    (
        "Why do leaves turn yellow?",
        "",
        "Once the nights grow cold, the tree takes back its chlorophyll, and the carotenoids that were there all summer show.",
    ),
)
ZH = (
    ("小明有12个苹果，送给小红5个，又买了8个，现在一共有几个？", "", "现在一共有15个。"),
    (
        "根据短文回答问题。",
        "大雁塔位于西安城南，最初由玄奘主持修建，用来存放从天竺带回的经卷和佛像。",
        "存放经卷和佛像。",
    ),
    ("为什么海水是咸的？", "", "雨水溶解岩石中的矿物质，随着河流汇入大海，水分不断蒸发，盐分便一点点积累下来。"),
)


def evaluation_sets(language: LanguageCode) -> EvaluationSets:
    examples = EN if language == "en" else ZH
    return EvaluationSets(
        EvaluationExample("exam.jsonl", line, language, *texts) for line, texts in enumerate(examples, 1)
    )


def find(language: LanguageCode, instruction: str, given: str = "", output: str = "") -> ContaminationMatch | None:
    fields = {"instruction": instruction, "input": given, "output": output}
    return evaluation_sets(language).find(Candidate(language=language, index=0, position=0, **fields), 0.7)


@pytest.mark.parametrize(
    ("language", "texts", "how", "field", "line"),
    [
        (
            "en",
            ("a train leaves LEEDS at 9:40, and reaches York after 25 minutes; when does it arrive",),
            "exact",
            "question",
            1,
        ),
        ("zh", ("小明有１２个苹果,送给小红５个,又买了８个,现在一共有几个",), "exact", "question", 1),
        (
            "en",
            ("A train leaves Leeds at 9:40 and reaches Hull after 25 minutes. When does it get there?",),
            "near",
            "question",
            1,
        ),
        ("zh", ("小刚有12个苹果，送给小红5个，又买了8个，现在共有几个？",), "near", "question", 1),
        (
            "en",
            (
                "Solve this puzzle step by step and give only the final time, without a word of explanation: "
                + EN[0][0],
            ),
            "overlap",
            "question",
            1,
        ),
        (
            "zh",
            ("请先列出算式，再用一句完整的话作答，最后检查一遍你的计算结果是否合理：" + ZH[0][0],),
            "overlap",
            "question",
            1,
        ),
        ("en", ("Translate the passage into Welsh.", EN[1][1]), "near", "input", 2),
        ("zh", ("把这段话改写成导游词。", ZH[1][1]), "near", "input", 2),
        (
            "en",
            (
                "Shorten the text.",
                "Skomer lies off Pembrokeshire, has no trees at all, and is reached by a small boat from Martin's Haven. "
                + EN[1][1],
            ),
            "overlap",
            "input",
            2,
        ),
        (
            "zh",
            ("把材料压缩成两句话。", "西安古称长安，先后有十三个王朝在此建都，古迹众多。" + ZH[1][1]),
            "overlap",
            "input",
            2,
        ),
        ("en", (EN[1][1] + " Where do puffins nest?",), "near", "input", 2),
        ("en", ("Explain autumn colours.", "", EN[2][2]), "overlap", "output", 3),
        ("zh", ("海里的盐从哪里来？", "", ZH[2][2]), "overlap", "output", 3),
    ],
)
def test_what_repeats_a_held_out_example_is_found_with_its_line(
    language: LanguageCode, texts: tuple[str, ...], how: str, field: str, line: int
) -> None:
    found = find(language, *texts)
    assert found is not None
    assert (found.how, found.field, found.line, found.file) == (how, field, line, "exam.jsonl")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("Answer the question from the passage.", "Herons fish at dawn along the Wye.", "At dawn.")),
        ("zh", ("根据短文回答问题。", "黄鹤楼耸立在武昌蛇山之上，历代文人多有题咏。", "蛇山。")),
        ("en", ("A ferry leaves Oban at noon and reaches Mull after 46 minutes. How long is the crossing?",)),
        ("zh", ("王老师买了30支铅笔，平均分给6个小组，每组能分到多少支？",)),
        ("en", ("Name the month.", "", "They leave in late July.")),
        ("zh", ("为什么沙漠里昼夜温差那么大？",)),
        ("en", ("",)),
    ],
)
def test_a_stock_phrase_a_short_answer_or_a_like_question_is_kept(
    language: LanguageCode, texts: tuple[str, ...]
) -> None:
    assert find(language, *texts) is None


def test_a_shared_run_that_covers_half_is_kept_and_one_token_more_is_not() -> None:
    passage = " ".join(f"word{number}" for number in range(16))
    evaluation_sets = EvaluationSets([EvaluationExample("f", 1, "en", "Read this aloud to a child.", passage, "")])

    def candidate(shared: int) -> Candidate:
        given = " ".join([f"word{number}" for number in range(shared)] + ["x"] * 9)
        return Candidate(language="en", index=0, position=0, instruction="Rhyme.", input=given)

    assert evaluation_sets.find(candidate(8), 1.0) is None
    found = evaluation_sets.find(candidate(9), 1.0)
    assert found is not None
    assert found.score == 9 / 16


def test_the_nearest_of_several_held_out_texts_is_named() -> None:
    body = "one two three four five six seven eight nine ten eleven twelve"
    evaluation_sets = EvaluationSets(
        [
            EvaluationExample("f", 1, "en", f"{body} red green blue", "", ""),
            EvaluationExample("f", 2, "en", body, "", ""),
        ]
    )
    found = evaluation_sets.find(Candidate(language="en", index=0, position=0, instruction="q", output=body), 0.7)
    assert found is not None
    assert (found.line, found.score) == (2, 1.0)


@pytest.mark.parametrize(("language", "text"), [("en", "Why do cats purr?"), ("zh", "猫为何呼噜？")])
def test_a_threshold_of_one_still_finds_the_same_short_question(language: LanguageCode, text: str) -> None:
    evaluation_sets = EvaluationSets([EvaluationExample("f", 1, language, text, "", "")])
    assert (
        evaluation_sets.find(Candidate(language=language, index=0, position=0, instruction=text.lower()), 1.0)
        is not None
    )


@pytest.mark.parametrize(("contaminated", "bought"), [(True, False), (False, True)])
def test_no_answer_is_bought_ahead_of_its_turn_for_a_held_out_question(contaminated: bool, bought: bool) -> None:
    text = "描写清晨渡口的雾气和船夫。"
    exam = EvaluationSets([EvaluationExample("f", 1, "zh", text if contaminated else "别的题目是什么？", "", "")])
    machine = Bootstrap(make_plan("zh", "steered", exercises=False)._replace(evaluation_sets=exam))
    first, second = machine.ask(), machine.ask()
    assert first is not None
    assert second is not None
    machine.hear(first, Reply(text="列出三种适合阳台种植的香草。", finish_reason="stop"))
    machine.hear(second, Reply(text=text, finish_reason="stop"))
    asked = []
    while request := machine.ask():
        asked.append(request.slot)
    assert ("zh/1.0/answer" in asked) == bought


def test_held_out_files_of_every_form_are_read(tmp_path: Path) -> None:
    forms: dict[str, dict[str, Any]] = {
        "alpaca.jsonl": {"instruction": ZH[0][0], "input": "", "output": ""},
        "messages.jsonl": {"messages": [{"role": "user", "content": ZH[0][0]}, {"role": "assistant", "content": "15"}]},
        "sharegpt.jsonl": {"conversations": [{"from": "human", "value": ZH[0][0]}, {"from": "gpt", "value": "15"}]},
        "self-instruct.jsonl": {
            "instruction": "算一算。",
            "instances": [{"input": "1+1"}, {"input": ZH[0][0], "output": "15"}],
        },
    }
    candidate = Candidate(language="zh", index=0, position=0, instruction=ZH[0][0])
    for name, value in forms.items():
        found = read_evaluation_sets([rows(tmp_path / name, value)]).evaluation_sets.find(candidate, 0.7)
        assert found is not None
        assert found.file == name


def test_two_held_out_files_of_one_name_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    one = rows(tmp_path / "exam.jsonl", {"instruction": EN[0][0]})
    other = rows(tmp_path / "b" / "exam.jsonl", {"instruction": EN[0][0]})
    with pytest.raises(InputError, match="with this file name"):
        read_evaluation_sets([one, other])
    with pytest.raises(InputError, match="holds no example"):
        read_evaluation_sets([rows(tmp_path / "none.jsonl")])


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_run_drops_what_it_repeats_without_a_request_and_buys_no_answer_for_it(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    start(make_config(recipe), tmp_path / "open")
    line = (tmp_path / "open" / "dataset" / "zh.jsonl").read_text(encoding="utf-8").splitlines()[0]
    row, sent = json.loads(line), len(server.requests)
    exam = rows(tmp_path / "exam.jsonl", {"instruction": row["instruction"], "output": "?"})
    config = make_config(recipe, filter__held_out=[str(exam)])
    before = json.loads((tmp_path / "open" / "manifest.json").read_text(encoding="utf-8"))
    manifest = refilter(config, RunDirectory(tmp_path / "open"))
    assert len(server.requests) == sent
    assert manifest["ledger"]["zh"]["rejected"]["in_evaluation_set"] >= 1
    assert manifest["fingerprint"] != before["fingerprint"]
    rejected = [
        json.loads(text) for text in (tmp_path / "open" / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    match = next(one["held_out"] for one in rejected if one["rule"] == "in_evaluation_set")
    assert match == {
        "file": "exam.jsonl", "line": 1, "field": "question", "how": "exact", "score": 1.0, "text": row["instruction"],
    }  # fmt: skip
    server.requests.clear()
    start(config, tmp_path / "closed")
    asked = [body["messages"][-1]["content"] for body in server.requests]
    assert row["instruction"] not in asked


def test_moving_a_held_out_file_changes_no_fingerprint_and_editing_it_does(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    marks = []
    for path, text in (("exam.jsonl", "问"), ("elsewhere/exam.jsonl", "问"), ("exam.jsonl", "答")):
        exam = rows(tmp_path / path, {"instruction": text * 9})
        config = make_config("batch", filter__held_out=[str(exam)])
        marks.append(config.fingerprint(read_evaluation_sets([exam]).sha256))
    assert marks[0] == marks[1] != marks[2]


def test_a_held_out_set_may_be_added_to_a_run_that_is_continued(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config("batch"), tmp_path / "run")
    exam = rows(tmp_path / "exam.jsonl", {"instruction": "Which year did the harbour freeze?"})
    manifest = start(make_config("batch", filter__held_out=[str(exam)]), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    rows(exam, {"instruction": "Which year did the river freeze?"})
    assert start(make_config("batch", filter__held_out=[str(exam)]), tmp_path / "run")["stop"] == "target reached"


def test_filter_input_drops_held_out_rows_first_and_names_the_line(selfinstruct: Cli, tmp_path: Path) -> None:
    values = ({"instruction": EN[0][0]}, {"instruction": ZH[0][0]}, {"instruction": ZH[0][0] + "请写出算式。"})
    rows(tmp_path / "in.jsonl", *values)
    rows(tmp_path / "exam.jsonl", {"instruction": "别的题目是什么？"}, {"instruction": EN[0][0]})
    options = ("--output", "k.jsonl", "--rejected", "d.jsonl", "--held-out", "exam.jsonl", "--json")
    done = selfinstruct("filter", "in.jsonl", *options)
    counts = json.loads(done.stdout)
    assert (counts["rows"], counts["kept"], counts["dropped"]) == (3, 1, 2)
    dropped = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert dropped[0] == {
        "line": 1,
        "rule": "in_evaluation_set",
        "nearest": {"file": "exam.jsonl", "line": 2, "field": "question", "how": "exact", "text": EN[0][0]},
        "score": 1.0,
        "row": values[0],
    }
    assert [(one["line"], one["rule"]) for one in dropped] == [(1, "in_evaluation_set"), (3, "near_duplicate")]


def test_a_held_out_file_that_is_missing_or_broken_exits_2(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch", '[filter]\nheld_out = ["exam.jsonl"]\n')
    done = selfinstruct("generate")
    assert (done.returncode, "exam.jsonl: no such file" in done.stderr) == (2, True)
    (tmp_path / "exam.jsonl").write_text('{"topic": "?"}\n', encoding="utf-8")
    done = selfinstruct("generate")
    assert (done.returncode, "exam.jsonl:1: no known name of a question" in done.stderr) == (2, True)
