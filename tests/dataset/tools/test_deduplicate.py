"""`filter INPUT`: files of every layout, valid and invalid."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import parse_config
from selfinstruct.dataset.tools.deduplicate import filter_file
from selfinstruct.dataset.tools.job import DeduplicationJob
from selfinstruct.errors import InputError, RecordError

CONFIG = parse_config("", "defaults", {})


def write(path: Path, *texts: str | dict[str, Any]) -> Path:
    rows = [{"instruction": text} if isinstance(text, str) else text for text in texts]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def job(tmp_path: Path, path: Path, **more: Any) -> DeduplicationJob:
    return DeduplicationJob(path, tmp_path / "kept.jsonl", tmp_path / "dropped.jsonl", **more)


def test_a_dropped_row_names_rule_neighbour_and_score(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", "写一首关于春天的诗", "Name a river.", "写一首关于春天的诗！")
    assert filter_file(CONFIG, job(tmp_path, path))[:4] == (3, 2, 1, 0)
    assert lines(tmp_path / "dropped.jsonl") == [
        {
            "line": 3,
            "rule": "near_duplicate",
            "detail": "ROUGE-L 1.0000 to line 1",
            "nearest": {"line": 1, "text": "写一首关于春天的诗"},
            "score": 1.0,
            "row": {"instruction": "写一首关于春天的诗！"},
        }
    ]


def test_each_language_has_its_own_threshold(tmp_path: Path) -> None:
    config = parse_config("[filter]\nthreshold = { en = 0.9, zh = 0.5 }\n", "here", {})
    path = write(tmp_path / "in.jsonl", "a b c d e f g", "a b c d e f x", "写一首春天的诗", "写一首秋天的歌")
    filter_file(config, job(tmp_path, path))
    assert [one["line"] for one in lines(tmp_path / "dropped.jsonl")] == [4]


def test_by_instruction_and_input_the_same_question_on_other_material_is_kept(tmp_path: Path) -> None:
    rows = [
        {"instruction": "Summarize.", "input": text}
        for text in ("The old tree fell", "Prices rose in May", "The old tree fell!")
    ]
    path = write(tmp_path / "in.jsonl", *rows)
    by_instruction = filter_file(CONFIG, job(tmp_path, path, by="instruction"))
    assert (by_instruction.kept, by_instruction.other_input) == (1, 2)
    assert filter_file(CONFIG, job(tmp_path, path)).kept == 2
    assert lines(tmp_path / "dropped.jsonl")[0]["nearest"] == {"line": 1, "text": "Summarize.\nThe old tree fell"}


def test_a_neighbour_in_a_pool_is_named_by_file_and_line(tmp_path: Path) -> None:
    pools = [write(tmp_path / "one.jsonl", "x y"), write(tmp_path / "two.jsonl", "a b", "Name a river")]
    filter_file(CONFIG, job(tmp_path, write(tmp_path / "in.jsonl", "Name a river."), pools=pools))
    assert lines(tmp_path / "dropped.jsonl")[0]["nearest"] == {
        "pool": "two.jsonl",
        "pool_line": 2,
        "text": "Name a river",
    }
    assert lines(tmp_path / "dropped.jsonl")[0]["detail"] == "ROUGE-L 1.0000 to two.jsonl:2"


def test_rows_without_a_token_are_kept_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", "", "。。", "!", "a")
    assert filter_file(CONFIG, job(tmp_path, path))[:4] == (4, 4, 0, 3)


def test_lone_surrogates_pass_as_they_came(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", "写诗\ud800", "写诗\udfff")
    assert filter_file(CONFIG, job(tmp_path, path)).dropped == 1
    assert lines(tmp_path / "kept.jsonl") == [{"instruction": "写诗\ud800"}]


def test_a_million_tokens_in_one_row_are_no_trouble(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", "word " * 1_000_000, "写" * 300_000, "a b c")
    assert filter_file(CONFIG, job(tmp_path, path)).kept == 3


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz", "in.json", "in.json.gz", "in.parquet"])
def test_every_kind_of_file_gives_the_same_decisions(tmp_path: Path, name: str) -> None:
    from selfinstruct.dataset.io.write import save

    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    save(tmp_path / name, [{"instruction": text} for text in ("Name a river.", "写诗", "Name a river!")])
    assert filter_file(CONFIG, job(tmp_path, tmp_path / name)).dropped == 1
    assert lines(tmp_path / "dropped.jsonl")[0]["line"] == 3


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b'{"instruction": "a"}\n{"instruction": \n', "in.jsonl:2: not JSON"),
        (b'{"instruction": "a"}\n[1]\n', "in.jsonl:2: not a JSON object"),
        (b'{"instruction": "a"}\n\n{"instruction": 7}\n', "in.jsonl:3: field `instruction`"),
        (b'{"instruction": "a"}\n{"instruction": "\xff"}\n', "in.jsonl:2: not UTF-8"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_written(tmp_path: Path, data: bytes, where: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(data)
    with pytest.raises(RecordError, match=where.replace("[", r"\[")):
        filter_file(CONFIG, job(tmp_path, path))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.jsonl"]


def test_a_cut_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"instruction": "a"}\n' * 1000)[:40])
    with pytest.raises(InputError, match="cannot be read"):
        filter_file(CONFIG, job(tmp_path, path))


def test_what_is_no_file_is_refused_because_it_is_read_twice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder, and filter reads files"):
        filter_file(CONFIG, job(tmp_path, tmp_path))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="save what comes from a pipe first"):
        filter_file(CONFIG, job(tmp_path, tmp_path / "pipe"))


@pytest.mark.thorough
def test_any_number_of_workers_writes_the_same_bytes(tmp_path: Path) -> None:
    texts = [f"write {number % 700} about {number % 90} and {number % 13} now" for number in range(5000)]
    path, written = write(tmp_path / "in.jsonl", *texts), []
    for workers in (1, 3):
        filter_file(CONFIG, job(tmp_path, path, workers=workers, statistics=tmp_path / "s.jsonl"))
        written.append([(tmp_path / name).read_bytes() for name in ("kept.jsonl", "dropped.jsonl", "s.jsonl")])
    assert written[0] == written[1]


def test_statistics_are_what_alpaca_stored_with_lines_for_texts(tmp_path: Path) -> None:
    path, pool = write(tmp_path / "in.jsonl", "a b x y", "a b c d e", "a y x z"), write(tmp_path / "p.jsonl", "a b c d")
    filter_file(CONFIG, job(tmp_path, path, pools=[pool], statistics=tmp_path / "s.jsonl"))
    assert lines(tmp_path / "s.jsonl") == [
        {"line": 1, "avg_similarity_score": 0.5, "most_similar": [{"pool_line": 1, "score": 0.5}]},
        {
            "line": 3,
            "avg_similarity_score": 0.375,
            "most_similar": [{"line": 1, "score": 0.5}, {"pool_line": 1, "score": 0.25}],
        },
    ]


TALKS = {
    "en": (
        ("Plan a trip.", "By train?", "Then to Oslo."),
        ("Plan a trip.", "Which of the two novels is longer?", "Why?"),
        ("Plan a trip.", "By train?", "Then to Oslo!"),
    ),
    "zh": (
        ("帮我订一张票。", "坐火车去吗？", "那就去成都。"),
        ("帮我订一张票。", "这两部小说哪部更长，为什么？", "还有呢？"),
        ("帮我订一张票。", "坐火车去吗？", "那就去成都！"),
    ),
}
LAYOUT_NAMES = ["alpaca", "messages", "sharegpt", "chatglm"]


def talks(language: str, layout: str, given: str = "") -> list[dict[str, Any]]:
    from selfinstruct.dataset.export.layouts import LAYOUTS, values
    from tests.support.rows import row

    made = [
        row(asked[-1], "x", given).model_copy(update={"history": tuple((one, "x") for one in asked[:-1])})
        for asked in TALKS[language]
    ]
    return values(made, LAYOUTS[layout])


@pytest.mark.parametrize("given", ["", "Bergen 卑尔根"])
@pytest.mark.parametrize("layout", LAYOUT_NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_conversation_is_compared_by_all_its_questions_in_every_layout(
    tmp_path: Path, language: str, layout: str, given: str
) -> None:
    config = parse_config("[filter]\nthreshold = { en = 0.8, zh = 0.81 }\n", "here", {})
    path = write(tmp_path / "in.jsonl", *talks(language, layout, given))
    filter_file(config, job(tmp_path, path))
    dropped = lines(tmp_path / "dropped.jsonl")
    assert [(one["line"], one["nearest"]["line"], one["score"]) for one in dropped] == [(3, 1, 1.0)]


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_pair_of_a_conversation_may_stand_in_a_held_out_set(tmp_path: Path, language: str, layout: str) -> None:
    exam = write(tmp_path / "exam.jsonl", TALKS[language][1][1])
    config = parse_config("", "defaults", {"filter.held_out": [str(exam)]})
    filter_file(config, job(tmp_path, write(tmp_path / "in.jsonl", *talks(language, layout))))
    dropped = lines(tmp_path / "dropped.jsonl")
    assert (dropped[0]["line"], dropped[0]["rule"]) == (2, "in_evaluation_set")
    assert dropped[0]["nearest"]["text"] == TALKS[language][1][1]
