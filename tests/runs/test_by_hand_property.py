"""Whatever a person does to a dataset, in whatever order, stays; the ledger adds up, and an emission repeated changes no byte."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfinstruct.records import row_id
from tests.support.edited_run import Case, MakeConfig

pytestmark = pytest.mark.thorough  # many runs drawn at random

texts = st.sampled_from(["甲", "乙的回答。", "An answer of mine.", "  blanks  ", "line\nbreak", "<|im_end|>"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 9), texts),
        st.tuples(st.just("question"), st.integers(0, 9), st.integers(0, 5)),
        st.tuples(st.just("remove"), st.integers(0, 9), st.none()),
        st.tuples(st.just("add"), st.integers(0, 5), texts),
        st.tuples(st.just("threshold"), st.sampled_from([0.05, 0.3, 0.7, 1.0]), st.none()),
        st.tuples(st.just("target"), st.integers(1, 6), st.none()),
        st.tuples(st.just("filter"), st.none(), st.none()),
        st.tuples(st.just("split"), st.integers(0, 9), texts),
    ),
    min_size=1,
    max_size=8,
)


class Person:
    """What a person has done to one language so far: the texts that have to stand, and those that must not."""

    def __init__(self, case: Case, language: str) -> None:
        self.case, self.language = case, language
        self.path = case.path / "dataset" / f"{language}.jsonl"
        self.wanted: dict[str, str] = {}
        self.unwanted: set[str] = set()

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    def id_of(self, row: dict[str, Any]) -> str:
        return row_id(self.language, row["instruction"], row["input"])

    def write(self, rows: list[dict[str, Any]]) -> None:
        self.path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")

    def want(self, row: dict[str, Any]) -> None:
        identifier = self.id_of(row)
        self.wanted[identifier] = row["output"]
        self.unwanted.discard(identifier)

    def drop(self, identifier: str) -> None:
        self.wanted.pop(identifier, None)
        self.unwanted.add(identifier)

    def edit(self, kind: str, place: int, what: Any) -> None:
        rows = self.rows()
        if kind == "add":
            asked = f"Task {place} 题"
            identifier = row_id(self.language, asked, "")
            rows = [row for row in rows if self.id_of(row) != identifier]
            row = {"id": identifier, "language": self.language, "instruction": asked, "input": "", "output": what}
            self.write([*rows, row])
            self.want(row)
            return
        if not rows:
            return
        row = rows[place % len(rows)]
        rest = [one for one in rows if one is not row]
        if kind == "remove" and len(rows) > 1:  # an emptied file is no wish
            self.write(rest)
            self.drop(self.id_of(row))
        elif kind == "answer":
            self.write([*rest, {**row, "output": what}])
            self.want({**row, "output": what})
        elif kind == "question":
            new = {**row, "instruction": f"Other task {what} 另一题"}
            if self.id_of(new) not in map(self.id_of, rows):
                self.write([*rest, new])
                self.drop(self.id_of(row))
                self.want(new)
        elif kind == "split":
            self.edit_split(row, what)

    def edit_split(self, row: dict[str, Any], what: str) -> None:
        """Edit a row in the split file alone, if the whole file is as it was emitted."""
        manifest = json.loads((self.case.path / "manifest.json").read_text(encoding="utf-8"))
        whole = hashlib.sha256(self.path.read_bytes()).hexdigest()
        if whole != manifest["datasets"][f"dataset/{self.language}.jsonl"]["sha256"]:
            return
        for name in ("train", "held_out"):
            part = self.path.parent / name / self.path.name
            lines = (
                [json.loads(line) for line in part.read_text(encoding="utf-8").splitlines()] if part.exists() else []
            )
            if any(one["id"] == row["id"] for one in lines):
                changed = [{**one, "output": what} if one["id"] == row["id"] else one for one in lines]
                part.write_text(
                    "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in changed), encoding="utf-8"
                )
                self.want({**row, "output": what})


@pytest.fixture
def finished(make_config: MakeConfig, tmp_path: Path) -> Path:
    Case(make_config("batch"), tmp_path / "run")
    return tmp_path / "run"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=steps, language=st.sampled_from(["en", "zh"]))
def test_nothing_that_a_person_did_is_lost(
    script: list[tuple[str, Any, Any]], finished: Path, make_config: MakeConfig, language: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder, "run")
        shutil.copytree(finished, run)
        case = Case.of(make_config("batch"), run)
        person = Person(case, language)
        overrides: dict[str, Any] = {}
        for kind, first, second in [*script, ("filter", None, None)]:
            if kind == "threshold":
                overrides["filter__threshold"] = first
                case.filter(make_config("batch", **overrides))
            elif kind == "target":
                overrides = {"target": {"en": first, "zh": first}}  # and the usual threshold, so that it can be reached
                case.generate(make_config("batch", **overrides))
            elif kind == "filter":
                case.filter(make_config("batch", **overrides))
            else:
                person.edit(kind, first, second)
                continue
            stands = {row["id"]: row["output"] for row in person.rows()}
            assert {name: stands.get(name) for name in person.wanted} == person.wanted
            assert not person.unwanted & stands.keys()
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        for counts in manifest["ledger"].values():
            assert counts["candidates"] == counts["accepted"] + sum(counts["rejected"].values()) + counts["pending"]
        rows = manifest["ledger"][language]["accepted"] + manifest["ledger"][language].get("added_by_hand", 0)
        assert rows == len(person.rows())
        before = contents(run)
        case.filter(make_config("batch", **overrides))
        assert contents(run) == before


def contents(run: Path) -> dict[str, bytes]:
    found = (path for path in run.rglob("*") if path.is_file() and not {"journal", ".verdict_cache"} & set(path.parts))
    return {str(path.relative_to(run)): path.read_bytes() for path in found}
