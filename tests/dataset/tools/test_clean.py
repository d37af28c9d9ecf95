"""`filter INPUT --fix --rules`: from a dirty file to a clean one, with every row in one of the two files and a ledger that adds up."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from selfinstruct.config import parse_config
from selfinstruct.dataset.io.write import save
from selfinstruct.dataset.tools.counts import Counts
from selfinstruct.dataset.tools.deduplicate import filter_file
from selfinstruct.dataset.tools.job import DeduplicationJob
from selfinstruct.dataset.tools.validate import validate
from selfinstruct.errors import InputError
from tests.support.command import Cli
from tests.support.diff_rows import Row, en, zh
from tests.support.diff_strategies import tables

CONFIG = parse_config("", "defaults", {})
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
DIRTY: dict[str, list[Row]] = {
    "en": [
        en("Name two rivers that flow through Ireland.", "The Shannon and the Liffey."),
        en("\ufeffWrite a greeting to an old friend.", "It\u00e2\u20ac\u2122s good to see you. "),
        en("Translate the following sentence into French.", "Maison.", "No input"),
        en("Explain why the sky is blue.", "I'm sorry, but as an AI language model I cannot answer that."),
        en("Explain why the sky is so blue.", "Air scatters blue light more than red light."),
        en("Name two rivers that flow through Ireland.", "The Shannon and the Liffey."),
        en("Name two rivers that flow through Ireland.", "The Boyne and the Barrow."),
        en("Name two big rivers that flow through Ireland.", "The Shannon and the Nore."),
        en("List three kinds of fruit.", ""),
    ],
    "zh": [
        zh("说出两条流经四川的河流。", "岷江和嘉陵江。"),
        zh("\u200b给老朋友写一句问候。", "好久不见，你还好吗？\r\n"),
        zh("把下面这句话翻译成英语。", "House.", "无输入"),
        zh("解释天空为什么是蓝色的。", "抱歉，作为一个人工智能语言模型，我无法回答这个问题。"),
        zh("解释天空为什么是蓝色的呢。", "空气散射蓝光比散射红光更强。"),
        zh("说出两条流经四川的河流。", "岷江和嘉陵江。"),
        zh("说出两条流经四川的河流。", "沱江和涪江。"),
        zh("说出两条流经四川的大河流。", "岷江和金沙江。"),
        zh("列出三种水果。", ""),
    ],
}
"""Sound, two to be repaired (of which one has an input that is none), a refusal, its sound neighbour, copies, empty."""


def clean(folder: Path, rows: list[Row], config: str = "", **more: Any) -> Counts:
    save(folder / "in.jsonl", rows)
    disabled = parse_config(config, "here", {}).validate_.disable if more.pop("rules", True) else None
    settings = {"disabled": disabled, "fix": True, **more}
    job = DeduplicationJob(folder / "in.jsonl", folder / "kept.jsonl", folder / "dropped.jsonl", **settings)
    return filter_file(CONFIG, job)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def dropped(folder: Path) -> list[tuple[int, str]]:
    return [(one["line"], one["rule"]) for one in lines(folder / "dropped.jsonl")]


@LANGUAGES
def test_every_row_is_kept_sound_or_dropped_with_its_rule(tmp_path: Path, language: str) -> None:
    counts = clean(tmp_path, DIRTY[language])
    rules = dict(dropped(tmp_path))
    assert {line: rule for line, rule in rules.items() if line != 4} == {
        3: "mentions_missing_input",
        6: "duplicate",
        7: "conflicting_answers",
        8: "near_duplicate",
        9: "empty_output",
    }
    assert rules[4] in {"refusal", "self_reference"}
    assert counts.ledger["total"] == {
        "candidates": 9,
        "accepted": 3,
        "rejected": dict.fromkeys(sorted(rules.values()), 1),
        "pending": 0,
    }
    assert validate(tmp_path / "kept.jsonl").errors == 0


@LANGUAGES
def test_a_dropped_row_is_written_as_it_stood_with_line_and_detail(tmp_path: Path, language: str) -> None:
    clean(tmp_path, DIRTY[language])
    first = lines(tmp_path / "dropped.jsonl")[0]
    assert (first["line"], first["row"]) == (3, DIRTY[language][2])
    assert first["detail"]


@LANGUAGES
def test_what_is_repaired_is_kept_repaired_and_counted(tmp_path: Path, language: str) -> None:
    counts = clean(tmp_path, DIRTY[language])
    kept = lines(tmp_path / "kept.jsonl")[1]
    if language == "en":
        assert (kept["instruction"], kept["output"]) == (
            "Write a greeting to an old friend.",
            "It\u2019s good to see you.",
        )
        assert counts.fixed == {"invisible_characters": 1, "mojibake": 1, "stray_whitespace": 1}
    else:
        assert (kept["instruction"], kept["output"]) == ("给老朋友写一句问候。", "好久不见，你还好吗？")
        assert counts.fixed == {"invisible_characters": 1, "stray_whitespace": 1}


@LANGUAGES
def test_a_row_that_breaks_a_rule_is_nobodys_neighbour(tmp_path: Path, language: str) -> None:
    clean(tmp_path, DIRTY[language][3:5])
    assert [one["output"] for one in lines(tmp_path / "kept.jsonl")] == [DIRTY[language][4]["output"]]
    clean(tmp_path, DIRTY[language][3:5], rules=False)
    assert dropped(tmp_path) == [(2, "near_duplicate")]


@LANGUAGES
def test_a_rule_that_is_switched_off_drops_nothing(tmp_path: Path, language: str) -> None:
    clean(tmp_path, DIRTY[language][-1:], '[validate]\ndisable = ["empty_output"]\n')
    assert dropped(tmp_path) == []


@LANGUAGES
def test_without_repair_the_same_rows_are_dropped_for_it(tmp_path: Path, language: str) -> None:
    counts = clean(tmp_path, DIRTY[language][1:2], fix=False)
    assert dropped(tmp_path) == [(1, "invisible_characters")]
    assert counts.fixed == {}


@LANGUAGES
def test_at_threshold_1_copies_go_and_near_duplicates_stay(tmp_path: Path, language: str) -> None:
    config = parse_config("[filter]\nthreshold = 1.0\n", "here", {})
    save(tmp_path / "in.jsonl", [DIRTY[language][at] for at in (0, 5, 6, 7)])
    job = DeduplicationJob(tmp_path / "in.jsonl", tmp_path / "kept.jsonl", tmp_path / "dropped.jsonl", disabled={})
    filter_file(config, job)
    assert dropped(tmp_path) == [(2, "duplicate"), (3, "conflicting_answers")]


@LANGUAGES
def test_a_copy_of_a_broken_row_is_judged_by_itself(tmp_path: Path, language: str) -> None:
    broken = DIRTY[language][0] | {"output": ""}
    clean(tmp_path, [broken, DIRTY[language][0]])
    assert dropped(tmp_path) == [(1, "empty_output")]


@LANGUAGES
def test_a_row_without_any_answer_is_no_row(tmp_path: Path, language: str) -> None:
    question = {"instruction": DIRTY[language][0]["instruction"]}
    clean(tmp_path, [question, question | {"output": ""}])
    assert dropped(tmp_path) == [(1, "not_a_row"), (2, "empty_output")]
    detail = lines(tmp_path / "dropped.jsonl")[0]["detail"]
    assert detail == "no known name of an answer beside `instruction`"


@LANGUAGES
def test_a_dropped_row_of_an_array_is_numbered_as_a_row(tmp_path: Path, language: str) -> None:
    rows = [DIRTY[language][0], DIRTY[language][0]]
    (tmp_path / "in.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    job = DeduplicationJob(tmp_path / "in.json", tmp_path / "kept.json", tmp_path / "dropped.jsonl")
    filter_file(parse_config("", "here", {}), job)
    (one,) = lines(tmp_path / "dropped.jsonl")
    assert (one["line"], one["unit"], one["nearest"]["line"]) == (2, "row", 1)
    clean(tmp_path, rows)
    assert ["unit" in one for one in lines(tmp_path / "dropped.jsonl")] == [False]


LONG = {
    "en": "First look at the place itself and at what grows there. Then ask the people who have lived in it for a long time, since they know "
    "which stories are true. Old maps help as well, and so do the records of the nearest church or school.",
    "zh": "先看看那个地方本身，再看看周围长着什么。然后去问问长期住在当地的人，他们知道哪些传说可信。旧地图也很有用，附近学校和寺庙保存的记录"
    "同样值得查阅，最后把各种材料放在一起比较。",
}
TOPICS = {
    "en": [
        "rivers",
        "trains",
        "bread",
        "winter",
        "painting",
        "sleep",
        "money",
        "bees",
        "bridges",
        "dancing",
        "salt",
        "music",
    ],
    "zh": ["河流", "火车", "面包", "冬天", "绘画", "睡眠", "钱币", "蜜蜂", "桥梁", "舞蹈", "食盐", "音乐"],
}


def about(language: str, answer: str) -> list[Row]:
    make, asked = (en, "Tell me about {0} and {0}.") if language == "en" else (zh, "介绍{0}，只谈{0}。")
    return [make(asked.format(topic), answer) for topic in TOPICS[language]]


@LANGUAGES
def test_of_a_long_answer_to_many_questions_the_first_row_stands(tmp_path: Path, language: str) -> None:
    counts = clean(tmp_path, about(language, LONG[language]))
    assert counts.ledger["total"]["rejected"] == {"repeated_answer": 11}
    assert [one["instruction"] for one in lines(tmp_path / "kept.jsonl")] == [about(language, "")[0]["instruction"]]


@LANGUAGES
def test_a_sentence_that_many_questions_share_is_noticed_and_kept(tmp_path: Path, language: str) -> None:
    sentence = "There are many books about this." if language == "en" else "这方面的书有很多可以看。"
    counts = clean(tmp_path, about(language, sentence))
    assert (counts.kept, [(one.line, one.rule) for one in counts.noticed]) == (12, [(1, "repeated_answer")])


@pytest.mark.thorough
@settings(deadline=None, max_examples=40)
@given(tables)
def test_whatever_the_rows_the_ledger_adds_up_and_what_is_kept_is_sound(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("clean")
    counts = clean(folder, rows)
    entries = counts.ledger.values()
    assert all(one["candidates"] == one["accepted"] + sum(one["rejected"].values()) for one in entries)
    assert (counts.rows, counts.kept, counts.dropped) == (
        len(rows),
        len(lines(folder / "kept.jsonl")),
        len(lines(folder / "dropped.jsonl")),
    )
    assert all(one["row"] == rows[one["line"] - 1] for one in lines(folder / "dropped.jsonl"))
    assert validate(folder / "kept.jsonl").errors == 0


def test_the_ledger_has_each_language_and_their_total(tmp_path: Path) -> None:
    ledger = clean(tmp_path, [*DIRTY["en"][:1], *DIRTY["zh"][:1], *DIRTY["zh"][-1:]]).ledger
    assert ledger["en"] == {"candidates": 1, "accepted": 1, "rejected": {}, "pending": 0}
    assert ledger["zh"] == {"candidates": 2, "accepted": 1, "rejected": {"empty_output": 1}, "pending": 0}
    assert ledger["total"] == {"candidates": 3, "accepted": 2, "rejected": {"empty_output": 1}, "pending": 0}


@pytest.mark.thorough
@pytest.mark.parametrize("rules", [False, True])
def test_a_file_that_is_replaced_while_it_is_read_is_refused(tmp_path: Path, rules: bool) -> None:
    rows = [en(f"Say {number} things about {number}.") for number in range(1000)]
    save(tmp_path / "in.jsonl", rows)
    files = (tmp_path / "in.jsonl", tmp_path / "k.jsonl", tmp_path / "d.jsonl")
    job = DeduplicationJob(*files, disabled={} if rules else None)

    def replace(_: int, written: int = 0) -> None:
        if not written:
            save(tmp_path / "in.jsonl", [*rows, en("Name a lake.")])

    hears: dict[str, Any] = {"checked" if rules else "progress": replace}
    with pytest.raises(InputError, match=r"in.jsonl: changed while it was read; nothing was written"):
        filter_file(CONFIG, job, **hears)
    assert [one.name for one in tmp_path.iterdir()] == ["in.jsonl"]


def test_seeds_are_refused_with_their_own_check(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"in.jsonl:1: has `instances`: a seed task, not a row"):
        clean(tmp_path, [{"instruction": "Name a lake.", "instances": []}])


@LANGUAGES
def test_one_command_cleans_a_file_and_says_what_became_of_it(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    save(tmp_path / "in.jsonl", DIRTY[language])
    command = ("filter", "in.jsonl", "--fix", "--rules", "--output", "k.jsonl", "--rejected", "d.jsonl")
    done = selfinstruct(*command)
    assert done.returncode == 0
    said = done.stdout.splitlines()
    assert said[0] == "9 rows: 3 kept in k.jsonl, 6 dropped in d.jsonl"
    assert said[1].startswith("Dropped: ")
    assert "empty_output 1" in said[1]
    assert said[2].startswith("Rows repaired among the kept: invisible_characters 1")
    told = json.loads(selfinstruct(*command, "--json").stdout)
    assert (told["rows"], told["kept"], told["dropped"]) == (9, 3, 6)
    assert told["ledger"]["total"]["candidates"] == 9
    assert selfinstruct("validate", "k.jsonl", "--strict").returncode == 0


def test_rules_and_repairs_go_with_a_file_only(selfinstruct: Cli) -> None:
    for option in ("--rules", "--fix"):
        done = selfinstruct("filter", option)
        assert (done.returncode, f"{option} goes with INPUT" in done.stderr) == (2, True)


BROKEN = {"en": '{"instruction": "Name a lake", "output"', "zh": "说出一个湖的名字 → 青海湖"}
FOREIGN = {"en": {"prompt_id": 7}, "zh": ["不是", "一行数据"]}


def mixed(folder: Path, language: str) -> list[str]:
    """Write a file with rows, lines that are not JSON (the first among them), and JSON that is no row; return its lines."""
    sound = [json.dumps(one, ensure_ascii=False) for one in DIRTY[language][:3]]
    written = [
        BROKEN[language],
        *sound[:2],
        json.dumps(FOREIGN[language], ensure_ascii=False),
        BROKEN[language],
        sound[2],
    ]
    (folder / "in.jsonl").write_text("\n".join(written) + "\n", encoding="utf-8")
    return written


@LANGUAGES
def test_with_repair_a_line_that_is_not_json_is_one_more_dropped_row(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    written = mixed(tmp_path, language)
    command = ("filter", "in.jsonl", "--fix", "--rules", "--output", "k.jsonl", "--rejected", "d.jsonl")
    done = selfinstruct(*command, "--json")
    assert done.returncode == 0, done.stderr
    found = lines(tmp_path / "d.jsonl")
    assert [(one["line"], one["rule"]) for one in found][:3] == [(1, "not_json"), (4, "not_a_row"), (5, "not_json")]
    assert (found[0]["text"], found[1]["row"]) == (written[0], FOREIGN[language])
    assert all(one["detail"] for one in found)
    told = json.loads(done.stdout)
    assert (told["rows"], told["kept"], told["dropped"]) == (6, 2, 4)
    assert told["ledger"]["total"]["rejected"] == {"not_json": 2, "mentions_missing_input": 1, "not_a_row": 1}
    assert "not_json 2" in selfinstruct(*command).stdout


@LANGUAGES
def test_without_repair_the_first_is_named_and_the_others_are_counted(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    mixed(tmp_path, language)
    done = selfinstruct("filter", "in.jsonl", "--rules", "--output", "k.jsonl", "--rejected", "d.jsonl")
    assert (done.returncode, done.stdout) == (2, "")
    assert "in.jsonl:1: not JSON" in done.stderr
    assert "1 further line is broken too: line 5" in " ".join(done.stderr.split())
    assert [one.name for one in tmp_path.glob("*.jsonl")] == ["in.jsonl"]


@LANGUAGES
def test_a_file_without_any_row_is_refused_also_with_repair(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    cut = BROKEN[language].replace(" ", "")[:-1]
    (tmp_path / "in.jsonl").write_text(f"{cut}\n" * 3, encoding="utf-8")
    done = selfinstruct("filter", "in.jsonl", "--fix", "--output", "k.jsonl", "--rejected", "d.jsonl")
    assert (done.returncode, "in.jsonl:1: not JSON" in done.stderr) == (2, True)
    assert "nothing else in the file is a row either" in " ".join(done.stderr.split())


def test_a_line_that_is_not_utf_8_is_dropped_with_its_bytes_as_escapes(tmp_path: Path) -> None:
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in DIRTY["zh"][:1])
    (tmp_path / "in.jsonl").write_bytes(text.encode() * 1 + b'{"instruction": "caf\xe9"}\n')
    job = DeduplicationJob(tmp_path / "in.jsonl", tmp_path / "k.jsonl", tmp_path / "dropped.jsonl", fix=True)
    assert filter_file(CONFIG, job).ledger["total"]["rejected"] == {"not_json": 1}
    assert lines(tmp_path / "dropped.jsonl")[0]["text"] == '{"instruction": "caf\\xe9"}'


@pytest.mark.parametrize("fix", [(), ("--fix",)])
@LANGUAGES
def test_an_unfinished_merge_is_refused_with_all_its_markers(
    selfinstruct: Cli, tmp_path: Path, language: str, fix: tuple[str, ...]
) -> None:
    first, second, third = (json.dumps(one, ensure_ascii=False) for one in DIRTY[language][:3])
    written = [BROKEN[language], "<<<<<<< HEAD", first, "=======", second, ">>>>>>> 分支", third, "<<<<<<< HEAD"]
    (tmp_path / "in.jsonl").write_text("\n".join(written), encoding="utf-8")
    done = selfinstruct("filter", "in.jsonl", *fix, "--output", "k.jsonl", "--rejected", "d.jsonl")
    assert (done.returncode, done.stdout) == (2, "")
    said = " ".join(done.stderr.split())
    assert "in.jsonl:2: `<<<<<<< HEAD` is a conflict marker" in said
    assert "markers stand on lines 2, 4, 6, 8" in said
    assert [one.name for one in tmp_path.glob("*.jsonl")] == ["in.jsonl"]


@LANGUAGES
def test_files_that_were_there_are_replaced_and_named(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    save(tmp_path / "in.jsonl", DIRTY[language])
    command = ("filter", "in.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl")
    assert "Replaced" not in selfinstruct(*command).stderr
    (tmp_path / "d.jsonl").unlink()
    assert "Replaced, as it was there already: k.jsonl" in selfinstruct(*command).stderr
    told = json.loads(selfinstruct(*command, "--json").stdout)
    assert told["files"] == {"kept": "k.jsonl", "dropped": "d.jsonl"}
    assert told["replaced"] == ["k.jsonl", "d.jsonl"]


@LANGUAGES
def test_quiet_says_on_stderr_what_was_dropped(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    save(tmp_path / "in.jsonl", DIRTY[language])
    done = selfinstruct("filter", "in.jsonl", "--fix", "--rules", "--output", "k.jsonl", "--rejected", "d.jsonl", "-q")
    assert done.stdout == ""
    said = " ".join(done.stderr.split())
    assert "9 rows: 3 kept in k.jsonl, 6 dropped in d.jsonl: " in said
    assert "empty_output 1" in said
    done = selfinstruct("filter", "k.jsonl", "--output", "k2.jsonl", "--rejected", "d2.jsonl", "-q")
    assert (done.stdout, done.stderr) == ("", "")


@LANGUAGES
def test_what_has_no_width_is_counted_with_marks_of_lines_and_soft_hyphens(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    one, other = DIRTY[language][0], DIRTY[language][4]
    torn = one | {"output": one["output"] + "\u200b"}
    soft = other | {"output": f"{other['output'][:4]}\u00ad{other['output'][4:]}"}
    text = "\ufeff".join(json.dumps(row, ensure_ascii=False) + "\n" for row in (torn, soft))
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
    command = ("filter", "in.jsonl", "--fix", "--rules", "--output", "k.jsonl", "--rejected", "d.jsonl")
    said = selfinstruct(*command).stdout
    assert "Rows repaired among the kept: invisible_characters 2" in said
    assert "invisible_characters 2 (characters taken out: U+200B 1, U+FEFF 1)" in said
    assert said.count("U+FEFF") == 1
    assert "Soft hyphens (U+00AD), which stay: 1\n" in said
    told = selfinstruct("--lang", "zh", *command).stdout
    assert "留下的行里修补过的行数：invisible_characters 2（去掉的字符：U+200B 1，U+FEFF 1）" in told
    assert "\u200b" not in (tmp_path / "k.jsonl").read_text(encoding="utf-8")
    told = json.loads(selfinstruct(*command, "--json").stdout)
    assert (told["taken_out"], told["soft_hyphens"]) == ({"U+200B": 1, "U+FEFF": 1}, 1)
    fixed = selfinstruct("validate", "in.jsonl", "--fix", "--output", "v.jsonl")
    assert "in.jsonl:1: repaired: invisible_characters: field `output`: U+200B once" in fixed.stdout
    assert "in.jsonl:2: repaired: invisible_characters: the beginning of the line: U+FEFF once" in fixed.stdout
