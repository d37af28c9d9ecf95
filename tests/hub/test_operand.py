"""`hub:OWNER/NAME@REVISION` wherever a dataset is: pinned, from the cache where the hub is silent, and what is no such name."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import selfinstruct as si
from selfinstruct.api.operands import dataset
from selfinstruct.api.review import How, review_page
from selfinstruct.api.settings import load_config
from selfinstruct.api.training import training_data
from selfinstruct.errors import HubRefusedError, InputError, StorageError
from selfinstruct.hub.operand import Operand, parse_operand
from tests.support.command import Cli
from tests.support.fake_hub import READER, Answer, FakeHub

NAME = "me/rivers"
EN = b'{"instruction": "Name a river in France.", "output": "The Loire."}\n'
ZH = '{"instruction": "说出一条中国的河流。", "output": "长江。"}\n'.encode()
CONFIGS = b"---\nconfigs:\n- config_name: english\n  data_files: rows/en/*.jsonl\n- config_name: both\n  data_files:\n  - split: train\n    path: [rows/en/a.jsonl, rows/zh/a.jsonl]\n---\n"


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame([{"instruction": "Name a lake.", "output": "Garda."}]).to_parquet(buffer, index=False)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hub:me/rivers", Operand("hub", "me/rivers", "main")),
        ("hub:me/rivers@v1.0", Operand("hub", "me/rivers", "v1.0")),
        ("hub:me/rivers@refs/pr/2:train", Operand("hub", "me/rivers", "refs/pr/2", "train")),
        ("hub:me/rivers:中文/a.jsonl", Operand("hub", "me/rivers", "main", "中文/a.jsonl")),
        ("modelscope:me/rivers", Operand("modelscope", "me/rivers", "master")),
    ],
)
def test_a_name_says_repository_revision_and_what_is_in_it(text: str, meant: Operand) -> None:
    assert parse_operand(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "hub:",
        "hub:rivers",
        "hub:me/rivers@",
        "hub:me/rivers@main:",
        "hub:me/../x",
        "hub:me/rivers@a..b",
        "hub:me/rivers@main:../x",
        "hub:me/rivers@main:/etc/passwd",
        "hub:me/rivers@$(id)",
        "hub:me/ri vers",
        "hub://me/rivers",
    ],
)
def test_what_is_no_such_name_is_refused_without_a_request(text: str) -> None:
    with pytest.raises(InputError) as told:
        dataset(text)
    assert "\n" not in str(told.value)


def test_a_branch_is_pinned_to_its_commit_and_stays_what_it_was(hub: FakeHub) -> None:
    repository = hub.make(NAME, {"rows.jsonl": EN})
    first = dataset(f"hub:{NAME}")
    repository.change("rows.jsonl", ZH)
    second = dataset(f"hub:{NAME}")
    assert (first.path / "rows.jsonl").read_bytes() == EN
    assert (second.path / "rows.jsonl").read_bytes() == ZH
    assert dataset(first.name).path == first.path
    assert first.name != second.name


def test_two_revisions_of_one_repository_are_compared(hub: FakeHub) -> None:
    repository = hub.make(NAME, {"rows.jsonl": EN})
    old = repository.refs["main"]
    repository.change("rows.jsonl", EN + ZH)
    found = si.diff(f"hub:{NAME}@{old}", f"hub:{NAME}")
    assert found.counts["added"] == 1
    assert found.base.name == f"hub:{NAME}@{old}"
    assert found.head.name == f"hub:{NAME}@{repository.refs['main']}"


@pytest.mark.parametrize(
    ("inner", "rows"),
    [("rows/en/a.jsonl", 1), ("rows/zh", 1), ("english", 1), ("both", 2), ("data/train-00000-of-00001.parquet", 1)],
)
def test_a_file_a_folder_or_a_configuration_is_named_behind_the_revision(hub: FakeHub, inner: str, rows: int) -> None:
    hub.make(
        NAME,
        {
            "README.md": CONFIGS,
            "rows/en/a.jsonl": EN,
            "rows/zh/a.jsonl": ZH,
            "data/train-00000-of-00001.parquet": _parquet(),
        },
    )
    assert si.validate(f"hub:{NAME}@main:{inner}").rows == rows


def test_a_dataset_of_parquet_shards_is_read_as_it_is(hub: FakeHub) -> None:
    hub.make(NAME, {"data/train-00000-of-00001.parquet": _parquet(), "README.md": b"# Lakes\n"})
    assert si.validate(f"hub:{NAME}").rows == 1


def test_of_several_datasets_one_must_be_named(hub: FakeHub) -> None:
    hub.make(NAME, {"README.md": CONFIGS, "rows/en/a.jsonl": EN, "rows/zh/a.jsonl": ZH})
    with pytest.raises(InputError, match=r"several datasets.*`:english` \(a configuration\).*`:rows/zh/a\.jsonl`"):
        dataset(f"hub:{NAME}")
    with pytest.raises(InputError, match="did you mean `:english`"):
        dataset(f"hub:{NAME}:englsh")


def test_only_the_file_that_is_named_is_fetched(hub: FakeHub) -> None:
    hub.make(NAME, {"rows/a.jsonl": EN, "rows/b.jsonl": ZH, "weights.bin": b"x" * 1000})
    dataset(f"hub:{NAME}:rows/a.jsonl")
    assert {one.path.rpartition("/")[2] for one in hub.sent("/resolve/")} == {"a.jsonl"}


def test_every_verb_takes_it(hub: FakeHub, tmp_path: Path) -> None:
    hub.make(NAME, {"train/en.jsonl": EN, "train/zh.jsonl": ZH[:-1], "held_out/en.jsonl": EN})
    operand = f"hub:{NAME}"
    assert si.validate(operand).rows == 3
    counts = si.filter_file(operand, tmp_path / "kept.jsonl", tmp_path / "dropped.jsonl", pool=[operand])
    assert counts.dropped == 3
    assert si.export(operand, "alpaca", tmp_path / "out").rows == 3
    assert si.explain_row(operand, 1).language == "en"
    assert si.repair(operand, tmp_path / "repaired.jsonl").rows == 3
    assert training_data(operand, tmp_path, lambda _: None).name == dataset(operand).name


def test_where_the_hub_is_silent_the_cache_stands_in_at_once(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    hub.make(NAME, {"rows.jsonl": EN})
    online = dataset(f"hub:{NAME}")
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert dataset(f"hub:{NAME}") == online
    assert dataset(online.name) == online
    with pytest.raises(InputError, match=r"127\.0\.0\.1:9 is not to be reached.*HF_ENDPOINT"):
        dataset("hub:me/lakes")


def test_offline_no_request_is_sent(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    hub.make(NAME, {"rows.jsonl": EN})
    online = dataset(f"hub:{NAME}")
    hub.requests.clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert dataset(f"hub:{NAME}") == online
    assert not hub.requests


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("me/none", "is not there"),
        (f"{NAME}@v9", "no such branch, tag or commit: "),
        (f"{NAME}@1c9e21d", "commit; a commit is named by all of its 40 digits"),
    ],
)
def test_what_is_not_there_is_told(hub: FakeHub, name: str, said: str) -> None:
    hub.make(NAME, {"rows.jsonl": EN})
    with pytest.raises(InputError, match=said):
        dataset(f"hub:{name}")


def test_a_private_or_gated_dataset_names_the_way_in(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = hub.make(NAME, {"rows.jsonl": EN}, private=True)
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(InputError, match=r"HF_TOKEN.*hf auth login"):
        dataset(f"hub:{NAME}")
    monkeypatch.setenv("HF_TOKEN", READER)
    assert dataset(f"hub:{NAME}").path.is_dir()
    repository.gated = True
    with pytest.raises(HubRefusedError, match="ask for access"):
        dataset(f"hub:{NAME}")


def test_a_dataset_that_the_disk_cannot_hold_is_not_begun(hub: FakeHub) -> None:
    hub.make(NAME, {"rows.jsonl": EN})

    def tell_size(_: object, answer: Answer) -> Answer:
        if isinstance(answer.body, list):
            return answer._replace(body=[one | {"size": 10**18} for one in answer.body])
        return answer

    hub.after = tell_size
    with pytest.raises(StorageError, match="has room for"):
        dataset(f"hub:{NAME}")
    assert not hub.sent("/resolve/")


@pytest.mark.thorough
@pytest.mark.usefixtures("no_pauses")
def test_a_download_that_is_cut_is_told_and_nothing_half_is_kept(hub: FakeHub) -> None:
    hub.make(NAME, {"rows.jsonl": EN})
    hub.after = lambda sent, answer: Answer(0) if "/resolve/" in sent.path and sent.method == "GET" else answer
    with pytest.raises(InputError):
        dataset(f"hub:{NAME}")
    hub.after = lambda _, answer: answer
    assert (dataset(f"hub:{NAME}").path / "rows.jsonl").read_bytes() == EN


def test_people_review_it_and_decide_in_the_current_folder(hub: FakeHub) -> None:
    hub.make(NAME, {"train/en.jsonl": EN, "train/zh.jsonl": ZH})
    said: list[str] = []
    _, rows = review_page(f"hub:{NAME}", "page.html", How(reviewer="Mei"), config=load_config(), say=said.append)
    assert rows == 2
    assert any(dataset(f"hub:{NAME}").name in line and "review.jsonl in this folder" in line for line in said)


def test_a_page_of_a_dataset_of_a_hub_is_written_here(hub: FakeHub, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    hub.make(NAME, {"rows.jsonl": EN + ZH})
    assert si.report(f"hub:{NAME}").path.resolve() == tmp_path / "report.html"


@pytest.mark.thorough
def test_the_command_line_pins_what_it_compared(hub: FakeHub, selfinstruct: Cli, tmp_path: Path) -> None:
    repository = hub.make(NAME, {"rows.jsonl": EN})
    (tmp_path / "head.jsonl").write_bytes(EN + ZH)
    done = selfinstruct("diff", f"hub:{NAME}", "head.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["base"]["name"] == f"hub:{NAME}@{repository.refs['main']}"
    checked = selfinstruct("validate", f"hub:{NAME}", "--json")
    assert json.loads(checked.stdout)["rows"] == 1
    kept = selfinstruct("filter", f"hub:{NAME}", "--output", "kept.jsonl", "--rejected", "dropped.jsonl")
    assert kept.returncode == 0, kept.stderr
    assert (tmp_path / "kept.jsonl").read_bytes() == EN


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    find: Callable[..., object] = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "huggingface_hub" else find(name, *rest)
    )
    with pytest.raises(InputError, match=r"needs huggingface_hub, which is not installed; .*\[hub\]"):
        dataset(f"hub:{NAME}")
