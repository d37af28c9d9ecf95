"""The import of a file: what is written, what adds up, and what is refused."""

import json
from collections import Counter
from pathlib import Path

import pytest

from selfinstruct.api.conversations import import_conversations
from selfinstruct.api.datasets import export, validate
from selfinstruct.api.reports import diff
from selfinstruct.api.settings import load_config
from selfinstruct.dataset.conversations.clean import clean
from selfinstruct.dataset.conversations.judge import _row, _row_with_calls
from selfinstruct.dataset.conversations.read import read
from selfinstruct.errors import ConfigError, InputError, RecordError
from tests.support.awkward_conversations import EN, EN2, EVERY, LOIRE, RIVER, STORY, ZH, ZH2, talk, turns
from tests.support.imports import Written, import_path, import_rows, pairs_of

FILES = ("dataset/en.jsonl", "dataset/zh.jsonl", "provenance.jsonl", "rejected.jsonl", "ledger.json", "report.html")


def messages(*texts: str) -> list[dict[str, str]]:
    return [{"role": ("user", "assistant")[number % 2], "content": text} for number, text in enumerate(texts)]


ALL = {"filter.threshold": 1.0}
OTHER = ("How tall is the Eiffel Tower in Paris today?", "It is 330 metres tall, antennas included.")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Return the import of the awkward conversations, near-duplicates allowed."""
    return import_rows(tmp_path_factory.mktemp("corpus"), [case.row for case in EVERY], config=load_config(None, ALL))


def test_conversations_read_are_kept_or_rejected_and_turns_kept_or_cut(corpus: Written) -> None:
    for entry in corpus.done.ledger.values():
        conversations, turns = entry["conversations"], entry["turns"]
        assert conversations["read"] == conversations["kept"] + sum(conversations["rejected"].values())
        assert turns["read"] == turns["kept"] + sum(turns["cut"].values())
        assert sum(conversations["cut_by"].values()) == conversations["cut"] <= conversations["kept"]
        assert sum(entry["turn_languages"].values()) <= turns["kept"]
    assert corpus.done.conversations == len(EVERY)
    assert corpus.done.rows == len(corpus.rows) == len(corpus.provenance)


def test_the_total_is_the_sum_of_the_languages(corpus: Written) -> None:
    *languages, total = corpus.done.ledger.values()
    assert sum(one["turns"]["read"] for one in languages) == total["turns"]["read"]
    assert sum((Counter(one["turns"]["cut"]) for one in languages), Counter[str]()) == total["turns"]["cut"]


def test_every_turn_that_is_not_kept_stands_in_the_rejected_file_with_its_rule(corpus: Written) -> None:
    gone = Counter(turn["rule"] for one in corpus.rejected for turn in one["turns"])
    assert gone == corpus.done.ledger["total"]["turns"]["cut"]
    assert Counter(one["rule"] for one in corpus.rejected if one["outcome"] == "rejected") == corpus.done.rejected


def test_a_row_says_where_it_comes_from_and_what_its_turns_are_written_in(tmp_path: Path) -> None:
    mixed = "用 Python 写一个 quick sort function 的 example code"
    found = import_rows(tmp_path, [talk(*ZH, mixed, "Here is a short one in plain English for you.") | {"id": "abc"}])
    (told,) = found.provenance
    assert told == {
        "id": found.rows[0]["id"],
        "line": 1,
        "unit": "line",
        "conversation": "abc",
        "part": [1, 1],
        "turns": [1, 2, 3, 4],
        "languages": ["zh", "zh", "mixed", "en"],
    }
    assert found.done.ledger["zh"]["turn_languages"] == {"zh": 2, "en": 1, "mixed": 1}


@pytest.mark.thorough
def test_the_same_file_gives_the_same_bytes_in_any_number_of_processes(tmp_path: Path) -> None:
    rows = [case.row for case in EVERY] * 6  # enough for children
    for folder, workers in (("one", 1), ("three", 3)):
        (tmp_path / folder).mkdir()
        import_rows(tmp_path / folder, rows, workers=workers, max_tokens=400)
    assert [(tmp_path / "one/out" / name).read_bytes() for name in FILES] == [
        (tmp_path / "three/out" / name).read_bytes() for name in FILES
    ]


def test_the_other_verbs_read_what_is_written(corpus: Written, tmp_path: Path) -> None:
    folder = corpus.done.path
    assert validate(folder).rows == corpus.done.rows
    assert export(folder, "sharegpt", tmp_path / "sharegpt").rows == corpus.done.rows
    assert diff(folder, folder).counts["unchanged"] == corpus.done.rows


def test_an_import_of_an_export_of_an_import_is_the_same_dataset(corpus: Written, tmp_path: Path) -> None:
    (file,) = export(corpus.done.path, "messages", tmp_path / "messages").files
    again = import_path(file, tmp_path / "again", config=load_config(None, ALL))
    assert again.rows == corpus.rows


def test_a_row_of_texts_is_made_as_a_file_with_its_turns_is_read() -> None:
    """What is quick for most conversations, and what is right for all of them, agree."""
    thought = talk(RIVER, f"<think>\nFrance has five.\n</think>\n\n{LOIRE}", *EN2)
    system = turns(("system", "Answer in one sentence."), ("human", RIVER), ("gpt", LOIRE))
    context = {
        "messages": [
            {"role": "user", "content": RIVER},
            {"role": "assistant", "content": LOIRE, "weight": 0},
            *messages(*EN2),
        ]
    }
    for value in (talk(*EN, *EN2), talk(*ZH), thought, system, context | {"system": "Be short."}):
        found = read(1, value, Path("rows.jsonl"))
        cleaned = clean(found, {})
        told = [*found.told, *(one.turn.text for one in cleaned.system)]
        expected = _row_with_calls(cleaned.exchanges, told, found, cleaned, Path("rows.jsonl"))
        assert _row(cleaned.exchanges, found, cleaned, Path("rows.jsonl")) == expected


def test_an_answer_in_the_middle_that_a_tool_gives_stays_with_its_calls(tmp_path: Path) -> None:
    call = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"type": "function", "function": {"name": "now", "arguments": "{}"}}],
    }
    messages = [
        {"role": "user", "content": "What time is it in Paris now?"},
        call,
        {"role": "tool", "content": "12:00"},
        {"role": "assistant", "content": "It is noon."},
    ]
    (row,) = import_rows(tmp_path, [{"messages": messages}]).rows
    assert (row["output"], [one["role"] for one in row["calls"]]) == ("It is noon.", ["assistant", "tool"])


def test_a_conversation_with_a_near_opening_is_dropped_for_the_first_one(tmp_path: Path) -> None:
    again = talk("Name a long river in France!", "The Rhone is long, too.")
    found = import_rows(tmp_path, [talk(*EN, *EN2), again, talk(*ZH)])
    assert found.done.rejected == {"near_duplicate_opening": 1}
    (one,) = found.rejected
    assert (one["nearest"], one["score"]) == ({"line": 1, "text": RIVER}, 1.0)
    assert [turn["turn"] for turn in one["turns"]] == [1, 2]


def test_conversations_that_begin_with_the_same_greeting_are_compared_by_what_follows(tmp_path: Path) -> None:
    hello = ("Hello", "Hello! What can I do for you today?")
    found = import_rows(tmp_path, [talk(*hello, *EN), talk(*hello, *OTHER), talk(*hello, *EN)])
    assert (found.done.kept, found.done.rejected) == (2, {"near_duplicate_opening": 1})


def test_a_conversation_whose_answers_are_those_of_another_is_dropped_as_a_whole(tmp_path: Path) -> None:
    asked = ("Tell me the story of the old bridge.", "Why do cars not use the stone one, and who built it?")
    found = import_rows(tmp_path, [talk(asked[0], STORY), talk(asked[1], STORY), talk(*EN)])
    assert found.done.rejected == {"near_duplicate": 1}
    assert found.rejected[0]["nearest"]["line"] == 1


def test_a_threshold_of_one_keeps_near_duplicates_but_no_row_twice(tmp_path: Path) -> None:
    rows = [talk(*EN, *EN2), talk("Name a long river in France!", LOIRE), talk(*EN, *EN2)]
    found = import_rows(tmp_path, rows, config=load_config(None, ALL))
    assert (found.done.kept, found.done.rejected) == (2, {"duplicate": 1})
    assert sum(found.done.ledger["total"]["turns"]["cut"].values()) == 4


def test_a_rule_that_the_configuration_disables_cuts_nothing(tmp_path: Path) -> None:
    rows = [talk(*EN, "Write my signature.", "Jane Roe, jane.roe84@gmail.com")]
    config = load_config(None, {"validate.disable": ["email_address"]})
    assert len(pairs_of(import_rows(tmp_path, rows, config=config).rows[0])) == 2


def test_a_file_of_one_language_writes_one_dataset_and_removes_that_of_an_import_before(tmp_path: Path) -> None:
    import_rows(tmp_path, [talk(*EN), talk(*ZH)])
    found = import_rows(tmp_path, [talk(*ZH), talk(*ZH2)])
    assert [path.name for path in (found.done.path / "dataset").iterdir()] == ["zh.jsonl"]
    assert set(json.loads((found.done.path / "ledger.json").read_text(encoding="utf-8"))["datasets"]) == {
        "dataset/zh.jsonl"
    }


def test_lines_that_are_no_json_are_conversations_that_are_rejected(tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_text(f'{json.dumps(talk(*EN))}\n{{"conversations": [\n"text"\n', encoding="utf-8")
    found = import_path(source, tmp_path / "out")
    assert [(one["line"], one["rule"], one["row"]) for one in found.rejected] == [
        (2, "not_json", '{"conversations": ['),
        (3, "not_a_row", "text"),
    ]


@pytest.mark.thorough
def test_a_conversation_of_ten_thousand_turns_is_one_row(tmp_path: Path) -> None:
    texts = [text for n in range(5_000) for text in (f"What is {n} plus one?", f"It is {n + 1}.")]
    found = import_rows(tmp_path, [talk(*texts)])
    assert len(pairs_of(found.rows[0])) == 5_000
    assert found.done.ledger["total"]["turns"] == {"read": 10_000, "kept": 10_000, "cut": {}}


def test_ten_thousand_turns_of_one_user_are_rejected_by_name(tmp_path: Path) -> None:
    found = import_rows(tmp_path, [turns(*(("human", f"Question {n}?") for n in range(10_000)))])
    assert (found.done.kept, found.done.rejected) == (0, {"no_answer": 1})
    assert len(found.rejected[0]["turns"]) == 10_000


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("empty.jsonl", "", "is empty"),
        ("blank.json", "\n \n", "is empty"),
        ("list.json", "[]", "is empty"),
        ("page.json", "<!DOCTYPE html><html><body>ChatGPT</body></html>", "is a web page"),
        ("broken.json", '[{"conversations": [', "not JSON"),
    ],
)
def test_a_file_without_conversations_is_refused(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        import_conversations(tmp_path / name, tmp_path / "out")
    assert not (tmp_path / "out" / "ledger.json").exists()


def test_a_folder_with_files_of_another_origin_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "rejected.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"has a rejected\.jsonl that no import wrote"):
        import_rows(tmp_path, [talk(*EN)])


def test_the_directory_of_a_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out" / "journal").mkdir(parents=True)
    with pytest.raises(ConfigError, match="run"):
        import_rows(tmp_path, [talk(*EN)])


def test_a_file_of_the_output_folder_is_not_read_and_written_at_once(tmp_path: Path) -> None:
    import_rows(tmp_path, [talk(*EN)])
    before = (tmp_path / "out/dataset/en.jsonl").read_bytes()
    with pytest.raises(ConfigError, match=r"is the file of FILE"):
        import_conversations(tmp_path / "out/dataset/en.jsonl", tmp_path / "out")
    assert (tmp_path / "out/dataset/en.jsonl").read_bytes() == before


def test_what_is_broken_midway_leaves_the_import_before_as_it_was(tmp_path: Path) -> None:
    import_rows(tmp_path, [talk(*EN)])
    before = [(tmp_path / "out" / name).read_bytes() for name in ("dataset/en.jsonl", "ledger.json")]
    (tmp_path / "cut.json").write_text(json.dumps([talk(*ZH)])[:-4], encoding="utf-8")
    with pytest.raises(RecordError):
        import_conversations(tmp_path / "cut.json", tmp_path / "out")
    assert [(tmp_path / "out" / name).read_bytes() for name in ("dataset/en.jsonl", "ledger.json")] == before
    assert [path.name for path in (tmp_path / "out").glob(".*")] == []


def test_the_page_shows_the_counts_and_escapes_what_was_said(corpus: Written) -> None:
    page = (corpus.done.path / "report.html").read_text(encoding="utf-8")
    assert "near-duplicates above ROUGE-L" in page
    assert all(rule in page for rule in corpus.done.rejected)
    assert "&lt;div" not in page or '<div class="markdown' not in page
    assert "https://" not in page.replace("https://loire", "")


def test_what_holds_personal_data_is_for_its_owner_alone(corpus: Written) -> None:
    modes = {name: (corpus.done.path / name).stat().st_mode & 0o77 for name in ("rejected.jsonl", "report.html")}
    assert modes == {"rejected.jsonl": 0, "report.html": 0}
