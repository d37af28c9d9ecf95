import json
import re
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.cli.messages import in_chinese
from selfinstruct.errors import InputError, RecordError
from selfinstruct.seeds.figures import MANY, seed_figures
from selfinstruct.seeds.read import read_seeds, seed_paths, tasks_of
from selfinstruct.system.files import bundled
from tests.support.command import Cli

SEED: dict[str, Any] = {
    "id": "s1",
    "name": "river",
    "category": "open_qa",
    "instruction": "说出一条流经四川的河流。",
    "instances": [{"input": "", "output": "岷江。"}],
    "is_classification": False,
}


def write(path: Path, *seeds: object) -> Path:
    path.write_text("".join(json.dumps(seed, ensure_ascii=False) + "\n" for seed in seeds), encoding="utf-8")
    return path


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_shipped_seeds_keep_every_bound(language: str) -> None:
    figures = seed_figures(read_seeds(bundled("seed_tasks") / f"{language}.jsonl"))
    assert figures["findings"] == []
    assert figures["count"] == 278
    assert figures["language"] == language
    assert figures["local_share"] >= 1 / 3
    assert figures["category_count"] >= 20
    assert figures["highest_similarity"] <= 0.5
    assert language == "zh" or figures["leading_verb_count"] >= 80


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"instruction": "  "}, "field `instruction` is empty"),
        ({"id": ""}, "field `id` is empty"),
        ({"instances": []}, "field `instances` is empty"),
        ({"instances": [{"input": "", "output": " "}]}, r"field `instances.0.output` is empty"),
        ({"instances": [{"input": ""}]}, r"field `instances.0.output`: is missing; write it"),
        ({"instruction": 3}, "field `instruction`: must be a text in quotation marks$"),
        (
            {"instances": [{"input": "", "output": 3}]},
            r"field `instances.0.output`: must be a text in quotation marks$",
        ),
        ({"instances": "x"}, "field `instances`: must be a list, such as"),
        ({"instances": ["x"]}, r"field `instances.0`: must be an object, such as"),
        ({"is_classification": "yes"}, "field `is_classification`: must be true or false, without quotation marks$"),
        ({"plain": 1}, "field `plain`: must be true or false"),
        ({"is_clf": True}, "field `is_clf` is not known"),
    ],
)
def test_a_seed_with_a_fault_is_named_by_file_line_and_field(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    path = write(tmp_path / "zh.jsonl", SEED, SEED | {"id": "s2"} | change)
    with pytest.raises(RecordError, match=rf"zh\.jsonl:2: {message}"):
        read_seeds(path)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "zh.jsonl"
    path.write_text(json.dumps(SEED) + "\n\n{broken\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"zh\.jsonl:3: not a JSON object"):
        read_seeds(path)


def test_a_line_that_is_cut_off_is_named_once_with_its_column(tmp_path: Path) -> None:
    path = tmp_path / "zh.jsonl"
    path.write_text(json.dumps(SEED) + '\n{"id": "s2"\n', encoding="utf-8")
    with pytest.raises(
        RecordError,
        match=r"zh\.jsonl:2: not a JSON object \(the end is missing at column 12\); this line is not whole",
    ) as told:
        read_seeds(path)
    assert "到第 12 列就断了，缺结尾" in in_chinese(str(told.value))
    assert "这一行不完整；请补上结尾，或删掉这一行" in in_chinese(str(told.value))


@pytest.mark.parametrize(
    ("line", "column"), [('{"id": "s2", "tags": ["a",] }', 26), ('{"id": "s2" , }', 13), ('{"id": "s2"},', 13)]
)
def test_a_trailing_comma_is_called_so_with_its_place(tmp_path: Path, line: str, column: int) -> None:
    path = tmp_path / "en.jsonl"
    path.write_text(json.dumps(SEED) + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(RecordError) as told:
        read_seeds(path)
    assert f"en.jsonl:2: not a JSON object (trailing comma at column {column}); delete this comma" in str(told.value)
    assert f"第 {column} 列的逗号多余，后面没有内容了" in in_chinese(str(told.value))
    assert "请删掉这个逗号" in in_chinese(str(told.value))


def test_a_name_may_stand_twice(tmp_path: Path) -> None:
    assert len(read_seeds(write(tmp_path / "zh.jsonl", SEED, SEED | {"id": "s2"})).seeds) == 2


@pytest.mark.parametrize("field", ["category", "topic"])
def test_a_field_that_is_not_there_is_missing_and_one_without_a_text_is_empty(tmp_path: Path, field: str) -> None:
    without = {key: value for key, value in SEED.items() if key != field}
    for seed, said in ((without, "is missing"), (SEED | {field: ""}, "is empty")):
        found = seed_figures(read_seeds(write(tmp_path / "zh.jsonl", seed)), topics=True)["findings"]
        assert [one for one in found if one["detail"].startswith(f"field `{field}` {said}")]


def test_an_id_that_stands_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r":2: field `id`: s1 stands on line 1 too"):
        read_seeds(write(tmp_path / "zh.jsonl", SEED, SEED))


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no seed task"):
        read_seeds(tmp_path / "en.jsonl")
    with pytest.raises(InputError, match="no such file"):
        read_seeds(tmp_path / "fr.jsonl")


def test_self_instructs_own_shape_is_read(tmp_path: Path) -> None:
    seed = {key: value for key, value in SEED.items() if key != "category"}
    task = tasks_of(read_seeds(write(tmp_path / "en.jsonl", seed)).seeds, "en")[0]
    assert (task.topic, task.output) == ("river", "岷江。")


def test_a_byte_order_mark_and_carriage_returns_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "zh.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(SEED).encode() + b"\r\n")
    assert read_seeds(path).seeds[0].id == "s1"


def test_near_duplicates_and_unbalanced_labels_are_findings(tmp_path: Path) -> None:
    labels = [{"input": "a", "output": "是"}, {"input": "b", "output": "是"}, {"input": "c", "output": "否"}]
    twin = SEED | {"id": "s2", "instruction": "说出一条流经四川的大河流。"}
    clf = SEED | {
        "id": "s3",
        "instruction": "判断句子有无语病，答是或否。",
        "is_classification": True,
        "instances": labels,
    }
    figures = seed_figures(read_seeds(write(tmp_path / "zh.jsonl", SEED, twin, clf)))
    assert [(finding["line"], finding["rule"]) for finding in figures["findings"]] == [
        (2, "near_duplicate"),
        (3, "unbalanced_labels"),
    ]


def shipped(language: str) -> list[dict[str, Any]]:
    path = bundled("seed_tasks") / f"{language}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def too_many_of_one_category(seeds: list[dict[str, Any]]) -> None:
    for seed in seeds[100:124]:
        seed["category"] = "open_qa"


def too_few_categories(seeds: list[dict[str, Any]]) -> None:
    for seed in seeds:
        seed["category"] = f"kind{seed['id'][-1]}"


def too_much_classification(seeds: list[dict[str, Any]]) -> None:
    for seed in [seed for seed in seeds if not seed["is_classification"]][:14]:
        seed["is_classification"] = True


def too_few_inputs(seeds: list[dict[str, Any]]) -> None:
    for seed in seeds[:60]:
        seed["instances"] = [instance | {"input": ""} for instance in seed["instances"]]


def a_vendor_in_an_answer(seeds: list[dict[str, Any]]) -> None:
    seeds[40]["instances"][0]["output"] += " (OpenAI)"


def no_category(seeds: list[dict[str, Any]]) -> None:
    seeds[40]["category"] = ""


def an_unfinished_answer(seeds: list[dict[str, Any]]) -> None:
    seeds[40]["instances"][0]["output"] = "```python\nx = 1"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("breach", "rule"),
    [
        (too_many_of_one_category, "large_category"),
        (too_few_categories, "few_categories"),
        (too_much_classification, "share_out_of_bounds"),
        (too_few_inputs, "share_out_of_bounds"),
        (a_vendor_in_an_answer, "names_vendor"),
        (no_category, "no_category"),
        (an_unfinished_answer, "open_fence"),
    ],
)
def test_each_kind_of_breach_is_found_with_its_line_and_field(
    tmp_path: Path, language: str, breach: Any, rule: str
) -> None:
    seeds = shipped(language)
    breach(seeds)
    found = seed_figures(read_seeds(write(tmp_path / f"{language}.jsonl", *seeds)))["findings"]
    named = [finding for finding in found if finding["rule"] == rule]
    assert named
    assert all(finding["line"] > 0 and "field `" in finding["detail"] for finding in named)


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_seed_without_a_topic_is_a_warning_where_topics_are_shown(tmp_path: Path, language: str) -> None:
    seeds = shipped(language)
    seeds[40]["topic"] = " "
    file = read_seeds(write(tmp_path / f"{language}.jsonl", *seeds))
    (found,) = seed_figures(file, topics=True)["findings"]
    assert (found["line"], found["rule"], found["severity"]) == (41, "no_topic", "warning")
    assert seed_figures(file)["findings"] == []


@pytest.mark.parametrize(
    ("language", "asked"), [("zh", "Name a river that flows through Ireland."), ("en", "说出一条流经四川的河流。")]
)
def test_an_instruction_in_the_other_language_is_blamed_itself_and_once(
    tmp_path: Path, language: str, asked: str
) -> None:
    seeds = [json.loads(line) for line in (bundled("seed_tasks") / f"{language}.jsonl").read_text("utf-8").splitlines()]
    odd = SEED | {"id": "odd", "instruction": asked, "instances": [{"input": "", "output": one} for one in ("A", "B")]}
    found = seed_figures(read_seeds(write(tmp_path / f"{language}.jsonl", *seeds[:9], odd)))["findings"]
    told = [one["detail"] for one in found if one["rule"] == "wrong_language"]
    assert len(told) == 1
    assert told[0].startswith("field `instruction`: ")
    assert told[0].endswith("; write it in the language of this file, or move it to the file of its own")
    assert "；请改用这个文件的语言来写，或挪到它那种语言的文件里" in in_chinese(
        f"{language}.jsonl:10: wrong_language: {told[0]}"
    )


@pytest.mark.parametrize(
    ("language", "asked", "output"),
    [("en", "列出三种常见的水果。", "苹果，香蕉，梨。"), ("zh", "Name three fruits.", "Pear, fig, lime.")],
)
def test_of_a_seed_in_the_other_language_only_that_is_told_unless_it_has_faults_of_its_own(
    tmp_path: Path, language: str, asked: str, output: str
) -> None:
    seeds = [json.loads(line) for line in (bundled("seed_tasks") / f"{language}.jsonl").read_text("utf-8").splitlines()]
    without = {key: value for key, value in SEED.items() if key != "category"}
    odd = without | {"id": "odd", "instruction": asked, "instances": [{"input": "", "output": output}]}
    looped = odd | {"id": "loop", "instances": [{"input": "", "output": f"{output} " * 40}]}
    found = seed_figures(read_seeds(write(tmp_path / f"{language}.jsonl", *seeds[:9], odd, looped)))["findings"]
    assert [one["rule"] for one in found if one["line"] == 10] == ["wrong_language", "no_category"]
    of_loop = [one["rule"] for one in found if one["line"] == 11]
    assert of_loop[0] == "wrong_language"
    assert {*of_loop} > {"wrong_language", "near_duplicate", "no_category"}


def test_each_line_with_a_fault_is_named_up_to_ten(tmp_path: Path) -> None:
    faulty = [SEED | {"id": f"s{number}", "instances": []} for number in range(2, 13)]
    path = write(tmp_path / "zh.jsonl", SEED, *faulty)
    path.write_text(path.read_text("utf-8").replace("\n", "\n{broken\n", 1), encoding="utf-8")
    with pytest.raises(RecordError) as raised:
        read_seeds(path)
    *told, last = str(raised.value).split("\n")
    assert [line.split(": ")[0] for line in told] == [f"{path}:{number}" for number in range(2, 12)]
    assert last == "and 2 more faults"


def test_the_faults_of_all_files_are_named_together(selfinstruct: Cli, tmp_path: Path) -> None:
    write(tmp_path / "zh.jsonl", SEED | {"instruction": ""})
    write(tmp_path / "en.jsonl", SEED, SEED | {"id": "s2", "instances": []}, SEED | {"id": ""})
    done = selfinstruct("seeds", "zh.jsonl", "en.jsonl")
    assert done.returncode == 2
    assert [place in done.stderr for place in ("zh.jsonl:1: ", "en.jsonl:2: ", "en.jsonl:3: ")] == [True] * 3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_fault_of_a_file_is_named_and_what_is_found_in_the_sound_seeds(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    first, second, third, *_ = shipped(language)
    write(
        tmp_path / f"{language}.jsonl",
        first | {"instruction": 3, "is_clf": True},
        second | {"instruction": " ", "instances": []},
        third,
        third,
        third | {"id": first["id"]},
        third | {"id": "bare", "category": ""},
    )
    done = selfinstruct("seeds", f"{language}.jsonl")
    said = " ".join(done.stderr.split())
    assert done.returncode == 2
    told = [
        f"{language}.jsonl:1: field `instruction`: must be a text in quotation marks",
        f"{language}.jsonl:1: field `is_clf` is not known",
        f"{language}.jsonl:2: field `instruction` is empty",
        f"{language}.jsonl:2: field `instances` is empty",
        f"{language}.jsonl:4: field `id`: {third['id']} stands on line 3 too",
        f"{language}.jsonl:5: field `id`: {first['id']} stands on line 1 too",
        f"{language}.jsonl:6: no_category",
    ]
    assert [one for one in told if one not in said] == []


def test_the_page_of_seeds_says_from_which_size_on_shares_are_bounds() -> None:
    assert f"A file of {MANY} tasks or more" in (bundled("seed_tasks") / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_pages_of_seeds_have_the_number_of_each_category(name: str) -> None:
    page = (bundled("seed_tasks") / name).read_text("utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:4]] for line in page.split("\n") if line.startswith("| `")]
    table = {cells[0].split("`")[1]: cells[1:] for cells in rows if re.match(r"\d", "".join(cells[1:]))}
    for column, language in enumerate(("en", "zh")):
        seeds = shipped(language)
        for category, cells in table.items():
            plain = [one.get("plain", False) for one in seeds if one["category"] == category]
            counts = [len(plain)] * bool(plain) + [sum(plain)] * any(plain)
            assert [int(one) for one in re.findall(r"\d+", cells[column])] == counts
    assert set(table) == {one["category"] for language in ("en", "zh") for one in shipped(language)}


def test_a_language_that_is_wanted_and_has_no_seeds_is_named_with_both_ways_out(tmp_path: Path) -> None:
    (tmp_path / "zh.jsonl").touch()
    with pytest.raises(
        InputError, match=r"en\.jsonl: no such file, and \[target\] wants 12 rows .* set `en = 0` in \[target\]"
    ):
        seed_paths(tmp_path, {"en": 12, "zh": 12})
    assert set(seed_paths(tmp_path, {"en": 0, "zh": 12})) == {"zh"}
