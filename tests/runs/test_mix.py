"""A whole run of a mix of recipes: interrupted, resumed and written again it ends in the same bytes, and everything adds up."""

from collections import Counter
from pathlib import Path

import pytest

from selfinstruct.errors import CapReachedError, InputError
from selfinstruct.journal import Journal
from selfinstruct.records import FIRST_STEPS
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from tests.support.mixes import LANGUAGES, MIX, dataset_rows, lines_of, mix_settings
from tests.support.runs import MakeConfig, digest, start, start_and_interrupt
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again

SAME = (
    "asking",
    "keeping",
    "fingerprint",
    "stop",
    "ledger",
    "funnel",
    "flags",
    "recipes",
    "kinds",
    "datasets",
    "splits",
)


@pytest.mark.parametrize("confirm", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_interrupted_and_resumed_it_ends_in_the_same_bytes(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, confirm: bool
) -> None:
    config = make_config(**mix_settings(tmp_path, generate__confirm=confirm))
    whole = start(config, tmp_path / "whole")
    total = len(server.requests)
    for after in (0, 7, 7):
        start_and_interrupt(config, tmp_path / "cut", server, after)
    server.requests.clear()
    resumed = start(config, tmp_path / "cut")
    assert 0 < len(server.requests) < total - 14
    assert digest(tmp_path / "cut") == digest(tmp_path / "whole")
    assert {name: resumed[name] for name in SAME} == {name: whole[name] for name in SAME}


def test_filter_writes_the_same_bytes_each_time_and_so_does_generate(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    config = make_config(**mix_settings(tmp_path))
    manifest = start(config, tmp_path / "run")
    before, sent = digest(tmp_path / "run"), len(server.requests)
    assert start(config, tmp_path / "run")["ledger"] == manifest["ledger"]
    server.close()
    directory = RunDirectory(tmp_path / "run")
    once = refilter(config, directory)
    written = (tmp_path / "run" / "manifest.json").read_bytes()
    assert refilter(config, directory) == once
    assert {name: once[name] for name in SAME} == {name: manifest[name] for name in SAME}
    assert (tmp_path / "run" / "manifest.json").read_bytes() == written
    assert digest(tmp_path / "run") == before
    assert len(server.requests) == sent


def test_ledger_recipes_kinds_and_provenance_add_up(make_config: MakeConfig, tmp_path: Path) -> None:
    manifest = start(make_config(**mix_settings(tmp_path)), tmp_path / "run")
    ledger, recipes, kinds = manifest["ledger"], manifest["recipes"], manifest["kinds"]
    origins = {line["id"]: line for line in lines_of(tmp_path / "run" / "provenance.jsonl")}
    with Journal(tmp_path / "run" / "journal", read_only=True) as journal:
        asked = {
            (one.request.language, one.request.index): one.request
            for one in journal.recorded()
            if one.request.step in FIRST_STEPS
        }
    rejected = lines_of(tmp_path / "run" / "rejected.jsonl")
    rows = {row["id"]: row for row in dataset_rows(tmp_path / "run")}
    for language in LANGUAGES:
        entry = ledger[language]
        assert entry["candidates"] == entry["accepted"] + sum(entry["rejected"].values()) + entry["pending"]
        own = [line for line in origins.values() if line["language"] == language]
        assert entry["accepted"] == 8 == len(own)
        assert {recipe: one["rows"] for recipe, one in recipes[language].items()} == {
            recipe: Counter(line["recipe"] for line in own)[recipe] for recipe in MIX
        }
        assert sum(one["by_code"] for one in recipes[language].values()) == sum(
            bool(line.get("by_code")) for line in own
        )
        judged = [line["request"] for line in (*own, *rejected) if line["language"] == language]
        assert sum(one["requests"] for one in recipes[language].values()) == max(judged) + 1
        of_checks = [line for line in own if line["recipe"] != "steered"]
        assert sum(one["rows"] for one in kinds[language].values()) == len(of_checks)
        counted = Counter(rows[line["id"]]["checks"][0]["kind"] for line in of_checks)
        assert {kind: one["rows"] for kind, one in kinds[language].items() if one["rows"]} == counted
    for line in origins.values():
        request = asked[line["language"], line["request"]]
        assert line["recipe"] == FIRST_STEPS[request.step]
        row = rows[line["id"]]
        assert bool(row.get("checks")) == (line["recipe"] != "steered")
        assert bool(row.get("source")) == (line["recipe"] == "documents")


def test_rows_of_documents_quote_their_document_word_for_word(make_config: MakeConfig, tmp_path: Path) -> None:
    mix = {"documents": 1.0}
    start(make_config(**mix_settings(tmp_path, generate__mix=mix, target={"en": 6, "zh": 6})), tmp_path / "run")
    rows = dataset_rows(tmp_path / "run")
    assert len(rows) == 12
    for row in rows:
        document = (tmp_path / "documents" / row["source"]["document"]).read_text(encoding="utf-8")
        (check,) = row["checks"]
        assert document[slice(*row["source"]["span"])] == check["arguments"]["quote"]
        assert row["input"][slice(*check["span"])] == check["arguments"]["quote"]
        assert row["input"] in document


def test_an_edited_document_is_another_run_and_a_moved_one_is_not(make_config: MakeConfig, tmp_path: Path) -> None:
    settings = mix_settings(tmp_path, target={"en": 2})
    first = start(make_config(**settings), tmp_path / "run")
    assert {f"documents/{language}.txt" for language in LANGUAGES} < set(first["sources"])
    (tmp_path / "documents").rename(tmp_path / "moved")
    settings |= {"generate__documents": str(tmp_path / "moved"), "target": {"en": 3}}
    assert start(make_config(**settings), tmp_path / "run")["stop"] == "target reached"
    path = tmp_path / "moved" / "en.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("oak", "elm"), encoding="utf-8")
    with pytest.raises(InputError, match=r"documents/en\.txt"):
        start(make_config(**settings | {"target": {"en": 4}}), tmp_path / "run")


def test_a_run_of_one_old_recipe_says_nothing_of_recipes(make_config: MakeConfig, tmp_path: Path) -> None:
    manifest = start(make_config("steered"), tmp_path / "run")
    assert not {"recipes", "kinds"} & set(manifest)
    assert not [line for line in lines_of(tmp_path / "run" / "provenance.jsonl") if "recipe" in line]


@pytest.mark.thorough
def test_a_cap_on_candidates_stops_a_mix_and_a_higher_one_goes_on(make_config: MakeConfig, tmp_path: Path) -> None:
    settings = mix_settings(tmp_path)
    with pytest.raises(CapReachedError):
        start(make_config(**settings, limits__max_candidates=10), tmp_path / "run")
    assert start(make_config(**settings), tmp_path / "run")["stop"] == "target reached"
    start(make_config(**settings), tmp_path / "whole")
    assert digest(tmp_path / "run") == digest(tmp_path / "whole")
