"""A row that was changed by hand is exported on the side where `filter` will put it, also before `filter`."""

import json
from pathlib import Path

import pytest

from selfinstruct.dataset.export.write import splits_of
from selfinstruct.dataset.io.rows import load_rows
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import change, poem, read, whole


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edited_or_added_row_has_the_side_that_filter_gives_it(
    make_config: MakeConfig, tmp_path: Path, language: str
) -> None:
    case = Case(make_config("batch"), tmp_path / "run")
    measured = {row["id"] for row in read(case.path / "dataset" / "held_out" / f"{language}.jsonl")}
    new = {"en": "Say what a lighthouse keeper does at dawn.", "zh": "说说灯塔看守人清晨做什么。"}[language]
    near = {"en": "Say what a lighthouse keeper does at dusk.", "zh": "说说灯塔看守人黄昏做什么。"}[language]
    change(
        whole(case, language),
        lambda rows: [
            *({**one, "instruction": new} if one["id"] == min(measured) else one for one in rows),
            {**poem(language), "instruction": near},
            poem(language),
        ],
    )

    def sides() -> tuple[list[str], list[str]]:
        train, validation = splits_of(case.config, load_rows(case.path), case.path)
        return sorted(row.id for row in train), sorted(row.id for row in validation)

    before = sides()
    case.filter()
    assert before == sides()
    assert new in json.dumps(read(case.path / "dataset" / "held_out" / f"{language}.jsonl"), ensure_ascii=False)
