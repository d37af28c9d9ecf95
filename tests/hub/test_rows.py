"""Publishing rows that no run wrote, and rows of which people said something since."""

from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.api.operands import dataset
from selfinstruct.api.review import write_reviewed
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import InputError
from selfinstruct.hub.card import metadata_of
from tests.support.command import rows
from tests.support.fake_hub import FakeHub
from tests.support.reviews import say, verdict

Made = Callable[..., Path]
NAME = "me/rivers"
EN = {"instruction": "Name a river in France.", "input": "", "output": "The Loire."}
ZH = {"instruction": "写一句关于春天的话。", "input": "", "output": "春天来了，河边的柳树发了芽。"}


@pytest.mark.parametrize("name", ["mine.jsonl", "我的 <数据>.jsonl"])
def test_a_file_of_rows_goes_by_language_with_a_card_that_claims_nothing(
    hub: FakeHub, tmp_path: Path, name: str
) -> None:
    path, said = rows(tmp_path / name, EN, ZH, EN | {"instruction": "List three colours.", "extra": 1}), list[str]()
    assert si.push(NAME, run=path, say=said.append).made
    assert any("`extra`" in line for line in said)
    published = hub.repositories[NAME].files("main")
    assert {"train/en.jsonl", "train/zh.jsonl", "README.md"} < set(published)
    assert published["train/en.jsonl"].count(b"\n") == 2
    card = metadata_of(published["README.md"].decode(), "card")
    assert card["pretty_name"] == Path(name).stem
    assert card["language"] == ["en", "zh"]
    assert card["configs"][0]["data_files"] == [{"split": "train", "path": ["train/en.jsonl", "train/zh.jsonl"]}]
    assert "synthetic" not in card["tags"]
    assert not si.push(NAME, run=path).steps
    back = load_rows(dataset(f"hub:{NAME}").path)
    assert sorted(back, key=repr) == sorted(load_rows(path), key=repr)


def test_a_folder_keeps_its_splits_and_an_import_is_published(hub: FakeHub, tmp_path: Path) -> None:
    for split, row in (("train", EN), ("held_out", ZH)):
        (tmp_path / "own" / split).mkdir(parents=True)
        rows(tmp_path / "own" / split / f"{'en' if row is EN else 'zh'}.jsonl", row)
    assert si.push(NAME, run=tmp_path / "own").made
    assert {"train/en.jsonl", "held_out/zh.jsonl"} < set(hub.repositories[NAME].files("main"))
    (tmp_path / "imported" / "dataset").mkdir(parents=True)
    rows(tmp_path / "imported" / "dataset" / "en.jsonl", EN)
    done = si.push("me/imported", run=tmp_path / "imported")
    assert {step.path for step in done.steps} == {"train/en.jsonl", "README.md"}


def test_a_file_of_a_run_means_the_run(hub: FakeHub, made: Made) -> None:
    run, said = made(), list[str]()
    si.push(NAME, run=run / "dataset" / "en.jsonl", say=said.append)
    published = hub.repositories[NAME].files("main")
    assert published["train/en.jsonl"] == (run / "dataset" / "train" / "en.jsonl").read_bytes()
    assert "belongs to the run" in said[0]


@pytest.mark.parametrize("decision", ["rejected", "edited"])
def test_rows_that_people_rejected_or_edited_are_not_published_as_they_were(
    hub: FakeHub, made: Made, tmp_path: Path, decision: str
) -> None:
    change = {"output": "Mended."} if decision == "edited" else {}
    run = made()
    say(run / "review.jsonl", verdict(load_rows(run)[0], decision, **change))
    with pytest.raises(InputError, match=r"1 row that people rejected or edited stands .*`selfinstruct filter --run"):
        si.push(NAME, run=run)
    si.open_run(run).filter()
    assert si.push(NAME, run=run).made
    path = rows(tmp_path / "mine.jsonl", EN, ZH)
    say(tmp_path / "review.jsonl", verdict(load_rows(path)[0], decision, sample=2, **change))
    with pytest.raises(InputError, match=r"review .*mine.jsonl --output KEPT"):
        si.push("me/other", run=path)
    assert "me/other" not in hub.repositories
    write_reviewed(path, tmp_path / "kept.jsonl", say=print)
    assert si.push("me/other", run=tmp_path / "kept.jsonl").made


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("content", "why"),
    [("", "holds no row"), ("{", "mine.jsonl"), ('{"instruction": "\\ud800", "output": "x"}', "surrogate")],
)
def test_a_file_without_rows_is_named(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / "mine.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(si.SelfInstructError, match=why):
        si.push(NAME, run=tmp_path / "mine.jsonl")
    (tmp_path / "nothing").mkdir()
    for place in ("nothing", "nowhere", "nothing.jsonl"):
        with pytest.raises(InputError, match="holds no dataset"):
            si.push(NAME, run=tmp_path / place)
