"""What is said to be proved is proved again by validate, and each break of it is found: by the library, the command and diff."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.records import LanguageCode
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from tests.support.command import Cli, rows
from tests.support.diff_rows import write
from tests.support.mixes import LANGUAGES, dataset_rows, mix_settings
from tests.support.proof_breaks import breaks, proved_rows
from tests.support.runs import MakeConfig, start


def rules(row: dict[str, Any]) -> set[str]:
    return {one.finding.rule for one in si.validate([row]).findings}


def test_validate_proves_the_rows_of_a_run(make_config: MakeConfig, selfinstruct: Cli, tmp_path: Path) -> None:
    start(make_config(**mix_settings(tmp_path)), tmp_path / "run")
    found = si.validate(tmp_path / "run")
    assert found.rows == 16
    assert sum(bool(row.get("checks")) for row in dataset_rows(tmp_path / "run")) >= 6
    assert not {"check_failed", "unknown_check"} & {one.finding.rule for one in found.findings}
    assert json.loads(selfinstruct("validate", "run", "--json").stdout) == found.document() | {
        "findings": [one.document() | {"file": one.file.removeprefix(f"{tmp_path}/")} for one in found.findings]
    }


@pytest.mark.parametrize(
    ("language", "count", "planted"),
    [
        ("en", 12, 30),
        ("zh", 12, 30),
        *(pytest.param(language, 90, 300, marks=pytest.mark.thorough) for language in LANGUAGES),
    ],
)
def test_every_planted_break_is_found(language: LanguageCode, count: int, planted: int) -> None:
    proved, rng = proved_rows(language, count), random.Random(count)
    assert not [row for row in proved if "check_failed" in rules(row)]
    broken = [(what, row["checks"][0]["kind"], edited) for row in proved for what, edited in breaks(row, rng)]
    assert len(broken) >= planted
    assert len({what for what, _, _ in broken}) >= 8
    missed = [(what, kind, edited["checks"]) for what, kind, edited in broken if "check_failed" not in rules(edited)]
    assert missed == []


def test_the_command_counts_planted_breaks_by_line(selfinstruct: Cli, tmp_path: Path) -> None:
    proved, rng = proved_rows("en", 12), random.Random(3)
    values = [edited for row in proved for _, edited in breaks(row, rng)]
    rows(tmp_path / "rows.jsonl", *proved, *values)
    done = selfinstruct("validate", "rows.jsonl", "--json")
    found = [one for one in json.loads(done.stdout)["findings"] if one["rule"] == "check_failed"]
    assert done.returncode == 1
    assert [one["line"] for one in found] == list(range(len(proved) + 1, len(proved) + len(values) + 1))
    assert {one["severity"] for one in found} == {"error"}


def test_a_check_of_an_unknown_kind_is_a_warning(selfinstruct: Cli, tmp_path: Path) -> None:
    row = proved_rows("en", 1)[0] | {"checks": [{"kind": "of_tomorrow", "arguments": {"x": 1}}]}
    (finding,) = [one.finding for one in si.validate([row]).findings if "check" in one.finding.rule]
    assert (finding.rule, finding.severity) == ("unknown_check", "warning")
    assert "of_tomorrow" in finding.detail
    rows(tmp_path / "rows.jsonl", row)
    assert selfinstruct("validate", "rows.jsonl").returncode == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("checks", "field"),
    [
        ("x", "`checks`"),
        (5, "`checks`"),
        ({"kind": "units"}, "`checks`"),
        ([5], "`checks.0`"),
        ([{"kind": 5}], "`checks.0.kind`"),
        ([{"kind": "units"}, {}], "`checks.1.kind`"),
        ([{"kind": "units", "arguments": None}], "`checks.0.arguments`"),
        ([{"kind": "quote", "span": [1]}], "`checks.0.span.1`"),
    ],
)
def test_checks_in_another_form_are_named_and_no_error(
    language: LanguageCode, tmp_path: Path, checks: object, field: str
) -> None:
    rows(tmp_path / "rows.jsonl", *proved_rows(language, 1), proved_rows(language, 2)[1] | {"checks": checks})
    (found,) = si.validate(tmp_path / "rows.jsonl").findings
    assert (found.file, found.finding.line) == (str(tmp_path / "rows.jsonl"), 2)
    assert (found.finding.rule, found.finding.severity) == ("malformed_checks", "warning")
    assert field in found.finding.detail
    assert "take `checks` out" in found.finding.detail


@pytest.mark.parametrize("checks", [[], "", None])
def test_no_checks_are_no_finding(checks: object) -> None:
    assert not rules(proved_rows("en", 1)[0] | {"checks": checks})


def test_arguments_of_another_form_are_a_failed_check_and_never_an_error() -> None:
    strange: list[Any] = [None, 5, "x", [], {}, [[]], {"a": 1}, 10**30, -1, float("inf"), True, "\ud800"]
    rng = random.Random(1)
    for language in LANGUAGES:
        for row in proved_rows(language, 12):
            (check, *_) = row["checks"]
            for name in check["arguments"]:
                for value in rng.sample(strange, 4):
                    edited = check | {"arguments": check["arguments"] | {name: value}}
                    si.validate([row | {"checks": [edited]}])  # raises nothing


def test_diff_names_a_proof_that_an_edit_broke(selfinstruct: Cli, tmp_path: Path) -> None:
    proved = [row for row in proved_rows("en", 12) if row["checks"][0]["kind"] != "quote"]
    edited = [proved[0] | {"output": f"{proved[0]['output']} 1"}, *proved[1:]]
    write(tmp_path / "a.jsonl", *proved)
    write(tmp_path / "b.jsonl", *edited)
    done = selfinstruct("diff", "a.jsonl", "b.jsonl", "--json", "--fail-on", "findings>0")
    assert done.returncode == 1, done.stderr
    assert "check_failed" in done.stdout
    told = selfinstruct("diff", "a.jsonl", "b.jsonl")
    assert "check_failed" in told.stdout
    write(tmp_path / "c.jsonl", *edited)
    assert "check_failed" not in selfinstruct("diff", "b.jsonl", "c.jsonl").stdout  # broken before


def test_most_kinds_are_among_the_rows() -> None:
    kinds = Counter(row["checks"][0]["kind"] for language in LANGUAGES for row in proved_rows(language, 12))
    assert len(kinds) > 12


@pytest.mark.thorough
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_changed_by_hand_is_proved_no_more_and_the_manifest_says_so(
    make_config: MakeConfig, tmp_path: Path, language: LanguageCode
) -> None:
    config = make_config(**mix_settings(tmp_path))
    start(config, tmp_path / "run")
    manifest = tmp_path / "run/manifest.json"
    before = json.loads(manifest.read_text(encoding="utf-8"))["recipes"][language]
    path = tmp_path / f"run/dataset/{language}.jsonl"
    held = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    proved = [row for row in held if row.get("checks")]
    assert {check["kind"] for row in proved for check in row["checks"]} & {"quote"}
    for row in proved:
        row["output"] = "An elephant has three legs." if language == "en" else "大象有三条腿。"
    rows(path, *held)
    refilter(config, RunDirectory(tmp_path / "run"))
    after = json.loads(manifest.read_text(encoding="utf-8"))["recipes"][language]
    assert sum(one["proved"] for one in before.values()) == len(proved)
    assert (before["documents"]["proved"], after["documents"]["proved"]) == (before["documents"]["rows"], 0)
    assert {name: one["rows"] for name, one in after.items()} == {name: one["rows"] for name, one in before.items()}
