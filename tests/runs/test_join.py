"""Slices of a run, each with a journal of its own, united to one run: the same bytes in any order and after kills; what is no slicing is refused."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.api.joined import join
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, InputError, StorageError
from selfinstruct.journal import Journal, hold
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from selfinstruct.teacher.billing.budget import in_micro
from tests.support.command import Cli
from tests.support.kills import kill_during
from tests.support.runs import MakeConfig, digest, files_in, start, start_and_interrupt
from tests.support.teacher_server import TeacherServer

TARGET = {"en": 6, "zh": 7}


@pytest.fixture
def config(make_config: MakeConfig) -> Config:
    return make_config("batch", target=TARGET, limits__budget_usd="1.00")


@pytest.fixture
def slices(make_config: MakeConfig, tmp_path: Path) -> list[Path]:
    return [make_slice(make_config, tmp_path / f"slice{number}", f"{number}/2") for number in (1, 2)]


def make_slice(make_config: MakeConfig, path: Path, name: str, **settings: Any) -> Path:
    given = {"target": TARGET, "limits__budget_usd": "1.00", "generate__slice": name} | settings
    start(make_config("batch", **given), path)
    return path


def united(paths: list[Path], target: Path, config: Config) -> list[str]:
    said = list[str]()
    join(paths, target, config=config, say=said.append)
    return said


def change_manifest(path: Path, **values: Any) -> None:
    file = path / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | values), encoding="utf-8")


@pytest.mark.thorough
def test_slices_in_any_order_give_the_same_run_and_stay_as_they_are(
    slices: list[Path], config: Config, tmp_path: Path
) -> None:
    before = [files_in(path) for path in slices]
    said = united(slices, tmp_path / "one", config)
    united(slices[::-1], tmp_path / "other", config)
    first, second = files_in(tmp_path / "one"), files_in(tmp_path / "other")
    differing = {name for name in first if first[name] != second.get(name)}
    assert differing <= {
        ".verdict_cache/verdicts.jsonl",
        "journal/lock",
        "journal/reserve",
        "manifest.json",
        "config.lock.toml",
        "README.md",
        "dataset/README.md",
    }
    assert first.keys() == second.keys()
    assert [files_in(path) for path in slices] == before
    assert any(line.startswith("en: 6 rows of 2 slices") for line in said)


@pytest.mark.thorough
def test_the_united_run_is_billed_what_its_slices_lack(
    slices: list[Path], config: Config, make_config: MakeConfig, tmp_path: Path
) -> None:
    given = {"target": TARGET, "limits__budget_usd": "1.00"}
    costs = []
    for number, path in enumerate(slices, 1):
        segment = path / "journal" / "000001.jsonl"
        lines = segment.read_bytes().splitlines(keepends=True)
        lines.remove(next(line for line in lines if b'"kind":"reply"' in line))
        segment.write_bytes(b"".join(lines))
        manifest = start(make_config("batch", **given, generate__slice=f"{number}/2"), path)
        assert manifest["requests"]["gone"] == 1
        costs.append(manifest)
    united(slices, tmp_path / "whole", config)
    whole = json.loads((tmp_path / "whole" / "manifest.json").read_bytes())
    assert in_micro(whole["cost_usd"]) == sum(in_micro(one["cost_usd"]) for one in costs)
    assert whole["requests"]["gone"] == 2
    for name in ("prompt", "completion"):
        assert whole["tokens"][name] == sum(one["tokens"][name] for one in costs)


def test_the_united_run_holds_every_reply_and_cent_of_its_slices(
    slices: list[Path], config: Config, tmp_path: Path
) -> None:
    united(slices, tmp_path / "whole", config)
    journals = [Journal(path / "journal", read_only=True) for path in (*slices, tmp_path / "whole")]
    assert journals[2].answered == journals[0].answered | journals[1].answered
    assert journals[2].spent == journals[0].spent + journals[1].spent
    manifest = json.loads((tmp_path / "whole" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["joined"] == 2
    assert "slice" not in manifest["asking"]["generate"]
    ledger = manifest["ledger"]["total"]
    assert ledger["candidates"] == ledger["accepted"] + sum(ledger["rejected"].values()) + ledger["pending"]


def test_the_united_run_goes_on_to_its_target_and_filters_to_the_same_bytes(
    slices: list[Path], config: Config, server: TeacherServer, tmp_path: Path
) -> None:
    united(slices, whole := tmp_path / "whole", config)
    before = digest(whole)
    refilter(config, RunDirectory(whole))
    assert digest(whole) == before
    assert RunDirectory(whole).manifest().joined == 2  # type: ignore[union-attr] # it was emitted
    asked = len(server.requests)
    higher = config.model_copy(update={"target": {"en": 12, "zh": 12}})
    assert start(higher, whole)["stop"] == "target reached"
    assert len(server.requests) > asked


def test_a_slice_goes_on_only_as_the_slice_that_it_is(slices: list[Path], make_config: MakeConfig) -> None:
    with pytest.raises(InputError, match=r"changed: --slice \(was 1/2, is 2/2\)"):
        start(make_config("batch", target=TARGET, generate__slice="2/2"), slices[0])


@pytest.mark.thorough
def test_a_slice_stops_at_its_share_of_the_budget(make_config: MakeConfig, tmp_path: Path) -> None:
    make = {"target": {"en": 400, "zh": 400}, "limits__budget_usd": "0.06"}
    spent = []
    for number in (1, 2):
        with pytest.raises(Exception, match="budget"):
            make_slice(make_config, tmp_path / str(number), f"{number}/2", **make)
        spent.append(Journal(tmp_path / str(number) / "journal", read_only=True).spent)
    assert [0 < one <= 30_000 for one in spent] == [True, True], spent


@pytest.mark.thorough
def test_an_interrupted_slice_gives_the_same_run(
    slices: list[Path], config: Config, make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    sliced = make_config(
        "batch", target=TARGET, limits__budget_usd="1.00", limits__concurrency=1, generate__slice="2/2"
    )
    start_and_interrupt(sliced, again := tmp_path / "again", server, after=1)
    start(sliced, again)
    united(slices, tmp_path / "one", config)
    united([slices[0], again], tmp_path / "other", config)
    assert digest(tmp_path / "one") == digest(tmp_path / "other")


@pytest.mark.kill
def test_a_killed_slice_gives_the_same_run(
    slices: list[Path],
    config: Config,
    write_config: Any,
    make_config: MakeConfig,
    server: TeacherServer,
    tmp_path: Path,
) -> None:
    file, folder = write_config("batch"), tmp_path / "killed"
    flags = ["--slice", "2/2", "--target", "en=6,zh=7", "--budget-usd", "1.00", "--concurrency", "1", "--yes"]
    server.requests.clear()
    kill_during(server, 1, file, folder, flags=flags)
    server.script = lambda *_: None
    make_slice(make_config, folder, "2/2")
    united(slices, tmp_path / "one", config)
    united([slices[0], folder], tmp_path / "other", config)
    assert digest(tmp_path / "one") == digest(tmp_path / "other")


@pytest.mark.thorough
def test_a_join_that_was_killed_half_way_is_begun_anew(slices: list[Path], config: Config, tmp_path: Path) -> None:
    half = tmp_path / "whole.joining" / "journal"
    half.mkdir(parents=True)
    shutil.copy(slices[1] / "journal" / "000001.jsonl", half / "000007.jsonl")
    united(slices, tmp_path / "whole", config)
    united(slices, tmp_path / "other", config)
    assert digest(tmp_path / "whole") == digest(tmp_path / "other")
    assert not half.exists()


def test_a_directory_that_exists_is_left_alone(slices: list[Path], config: Config) -> None:
    before = files_in(slices[0])
    with pytest.raises(InputError, match="exists already; name a new directory"):
        united(slices, slices[0], config)
    assert files_in(slices[0]) == before


def test_a_slice_that_is_missing_named_twice_or_of_another_slicing_is_refused(
    slices: list[Path], config: Config, make_config: MakeConfig, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"slice 2/2 is missing; .* --slice 2/2 --run DIR"):
        united(slices[:1], tmp_path / "whole", config)
    twin = shutil.copytree(slices[0], tmp_path / "twin")
    with pytest.raises(InputError, match=r"twin: is slice 1/2, as is .*slice1; name each slice once"):
        united([*slices, twin], tmp_path / "whole", config)
    third = make_slice(make_config, tmp_path / "third", "3/3")
    with pytest.raises(InputError, match=r"third: is slice 3/3, and .*slice1 is slice 1/2: of another slicing"):
        united([*slices, third], tmp_path / "whole", config)
    assert not (tmp_path / "whole").exists()


def test_what_is_no_slice_is_refused(slices: list[Path], config: Config, tmp_path: Path) -> None:
    start(config, whole := tmp_path / "single")
    with pytest.raises(InputError, match="single: is no slice but a whole run"):
        united([*slices, whole], tmp_path / "whole", config)
    with pytest.raises(InputError, match="nowhere: holds no run"):
        united([*slices, tmp_path / "nowhere"], tmp_path / "whole", config)
    with pytest.raises(ConfigError, match="needs the directories of all slices"):
        united([], tmp_path / "whole", config)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"run__seed": 7}, "seed"),
        ({"target": {"en": 8, "zh": 7}}, "target.en"),
        ({"filter__threshold": 0.6}, "filter.threshold.en"),
        ({"generate__window": 5}, "generate.window"),
    ],
)
def test_slices_of_unequal_configurations_are_refused(
    slices: list[Path],
    config: Config,
    make_config: MakeConfig,
    tmp_path: Path,
    settings: dict[str, Any],
    named: str,
) -> None:
    other = make_slice(make_config, tmp_path / "unlike", "2/2", **settings)
    with pytest.raises(InputError, match=f"unlike: differs from .*slice1 in .*{named}"):
        united([slices[0], other], tmp_path / "whole", config)


def test_slices_of_unequal_versions_and_seeds_are_refused(slices: list[Path], config: Config, tmp_path: Path) -> None:
    sources = json.loads((slices[1] / "manifest.json").read_text(encoding="utf-8"))["sources"]
    change_manifest(slices[1], selfinstruct="0.0.1")
    with pytest.raises(InputError, match=r"the version of selfinstruct \(0.0.1, not "):
        united(slices, tmp_path / "whole", config)
    change_manifest(slices[1], selfinstruct=RunDirectory(slices[0]).manifest().selfinstruct)  # type: ignore[union-attr] # it was emitted
    change_manifest(slices[1], sources=sources | {"seed_tasks/en.jsonl": "0" * 64})
    with pytest.raises(InputError, match=r"differs from .* in seed_tasks/en.jsonl"):
        united(slices, tmp_path / "whole", config)


def test_seeds_that_changed_since_are_refused(slices: list[Path], config: Config, tmp_path: Path) -> None:
    other = config.model_copy(update={"run": config.run.model_copy(update={"seed": 1})})
    with pytest.raises(InputError, match="changed: seed; put them back"):
        united(slices, tmp_path / "whole", other)


def test_a_slice_that_people_decided_on_is_refused(slices: list[Path], config: Config, tmp_path: Path) -> None:
    (slices[1] / "review.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"review.jsonl: people decided on rows of this slice.* --discard-edits"):
        united(slices, tmp_path / "whole", config)


def test_a_slice_that_is_written_or_damaged_is_refused(slices: list[Path], config: Config, tmp_path: Path) -> None:
    with hold(slices[1] / "journal"), pytest.raises(StorageError, match="another selfinstruct process writes this run"):
        united(slices, tmp_path / "whole", config)
    segment = slices[1] / "journal" / "000001.jsonl"
    data = segment.read_bytes()
    segment.write_bytes(data[:-10])
    with pytest.raises(InputError, match=r"000001.jsonl:\d+: is damaged; `selfinstruct generate --slice 2/2"):
        united(slices, tmp_path / "whole", config)
    assert not (tmp_path / "whole").exists()


@pytest.mark.thorough
def test_a_slice_that_lacks_replies_is_refused_and_what_they_cost_is_in_the_united_bill(
    slices: list[Path], make_config: MakeConfig, config: Config, tmp_path: Path
) -> None:
    manifests = [json.loads((path / "manifest.json").read_bytes()) for path in slices]
    segment = slices[0] / "journal" / "000001.jsonl"
    data = segment.read_bytes().splitlines(keepends=True)
    slots = {json.loads(line).get("slot") for line in data[:1]}
    segment.write_bytes(b"".join(line for line in data if json.loads(line).get("slot") not in slots))
    with pytest.raises(InputError, match=r"lacks 1 reply of those that its slice was made of; .* --slice 1/2"):
        united(slices, tmp_path / "whole", config)
    make_slice(make_config, slices[0], "1/2")
    again = json.loads((slices[0] / "manifest.json").read_bytes())
    assert (again["requests"]["gone"], again["cost_usd"] > manifests[0]["cost_usd"]) == (1, True)
    united(slices, tmp_path / "whole", config)
    whole = json.loads((tmp_path / "whole" / "manifest.json").read_bytes())
    assert whole["requests"]["gone"] == 1
    assert in_micro(whole["cost_usd"]) == in_micro(again["cost_usd"]) + in_micro(manifests[1]["cost_usd"])


@pytest.mark.thorough
def test_the_command_line_slices_and_joins(selfinstruct: Cli, write_config: Any) -> None:
    write_config("batch")
    for number in (1, 2):
        done = selfinstruct("generate", "--slice", f"{number}/2", "--run", f"s{number}", "--yes", "-q")
        assert done.returncode == 0, done.stderr
    told = json.loads(selfinstruct("status", "--run", "s2", "--json").stdout)
    assert (told["target"], told["missing"]) == ({"en": 2, "zh": 2}, {"en": 0, "zh": 0})
    done = selfinstruct("join", "s2", "s1", "--run", "whole", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["joined"] == 2
    assert selfinstruct("join", "s1", "s2").returncode == 2
    done = selfinstruct("generate", "--slice", "3/2", "--run", "s3", "--yes")
    assert (done.returncode, "--slice: must be I/N" in done.stderr) == (2, True)
