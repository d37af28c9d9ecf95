"""`selfinstruct import` on the command line."""

import json
from pathlib import Path

from tests.support.awkward_conversations import EN, EN2, ZH, talk
from tests.support.command import Cli, rows

BAD = talk(*EN, *EN2, "Your favourite?", "As an AI language model, I do not have favourites.")
NONE = talk("Where is the station?", "Too many requests in 1 hour. Try again later.")


def test_json_says_what_became_of_the_conversations(selfinstruct: Cli, tmp_path: Path) -> None:
    source = rows(tmp_path / "chats.jsonl", BAD, talk(*ZH), NONE)
    done = selfinstruct("import", str(source), "--output", str(tmp_path / "out"), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert {name: told[name] for name in ("conversations", "kept", "cut", "rejected")} == {
        "conversations": 3,
        "kept": 2,
        "cut": 1,
        "rejected": {"service_notice": 1},
    }


def test_the_summary_names_the_rules_and_the_folder(selfinstruct: Cli, tmp_path: Path) -> None:
    source = rows(tmp_path / "chats.jsonl", BAD, talk(*ZH), NONE)
    done = selfinstruct("import", str(source), "--output", str(tmp_path / "out"))
    assert "3 conversations: 2 kept as 2 rows, 1 of them cut short, 1 rejected" in done.stdout
    assert "Cut short: self_reference 1" in done.stdout
    assert done.returncode == 0


def test_a_file_of_which_nothing_is_kept_is_said_so_even_when_quiet(selfinstruct: Cli, tmp_path: Path) -> None:
    source = rows(tmp_path / "chats.jsonl", NONE)
    done = selfinstruct("import", str(source), "--output", str(tmp_path / "out"), "-q")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Nothing of" in done.stderr
    assert "service_notice 1" in done.stderr


def test_a_missing_file_an_empty_one_and_a_run_exit_2(selfinstruct: Cli, tmp_path: Path) -> None:
    empty = rows(tmp_path / "empty.jsonl")
    for arguments, told in (
        (("nowhere.json", "--output", "out"), "nowhere.json"),
        ((str(empty), "--output", str(tmp_path / "out")), "is empty"),
        ((str(empty), "--output", str(tmp_path / "out"), "--run", "x"), "--run goes with a run"),
    ):
        done = selfinstruct("import", *arguments)
        assert done.returncode == 2
        assert told in done.stderr
