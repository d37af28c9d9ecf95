"""Publishing a run on a hub that speaks the real protocol: the first push, a pull request, a race, a broken upload."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.api.operands import dataset
from selfinstruct.errors import FindingsError, HubRefusedError, InputError
from selfinstruct.hub.card import metadata_of
from selfinstruct.hub.refusals import FailedError
from tests.support.command import Cli
from tests.support.fake_hub import READER, STRANGER, WRITER, Answer, FakeHub, Sent

pytestmark = pytest.mark.thorough

Made = Callable[..., Path]
NAME = "me/rivers"


def _published(hub: FakeHub, ref: str = "main") -> dict[str, bytes]:
    return hub.repositories[NAME].files(ref)


def _local(run: Path) -> dict[str, bytes]:
    folder = run / "dataset"
    found = (path for split in ("train", "held_out") for path in folder.glob(f"{split}/*.jsonl"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.stat().st_size}


def _commits(hub: FakeHub) -> list[Sent]:
    return [one for one in hub.sent("/commit/") if one.method == "POST"]


@pytest.mark.thorough
def test_the_first_push_makes_a_private_repository_with_one_commit_of_the_same_bytes(hub: FakeHub, made: Made) -> None:
    run = made()
    done = si.push(NAME, run=run)
    repository = hub.repositories[NAME]
    assert repository.private
    assert len(_commits(hub)) == 1
    assert done.made is not None
    assert done.made.commit == repository.refs["main"]
    assert not repository.pull_requests
    published = _published(hub)
    assert {path: published[path] for path in _local(run)} == _local(run)
    assert set(published) == {*_local(run), "README.md", ".gitattributes"}


@pytest.mark.usefixtures("hub")
def test_what_was_published_is_read_back_byte_for_byte(made: Made) -> None:
    run = made()
    done = si.push(NAME, run=run)
    assert done.made
    back = dataset(f"hub:{NAME}")
    assert back.name == f"hub:{NAME}@{done.made.commit}"
    for path, data in _local(run).items():
        assert (back.path / path).read_bytes() == data
    found = si.diff(f"hub:{NAME}", run)
    assert not found.changes
    assert found.base.name == f"hub:{NAME}@{done.made.commit}"


def test_a_public_repository_is_made_by_request_alone(hub: FakeHub, made: Made) -> None:
    si.push(NAME, run=made(), public=True)
    assert not hub.repositories[NAME].private


def test_a_second_push_of_the_same_dataset_publishes_nothing(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    again = si.push(NAME, run=run)
    assert (again.steps, again.made) == ((), None)
    assert len(_commits(hub)) == 1


def test_a_change_becomes_a_pull_request_whose_text_is_the_diff(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    before = _published(hub)
    made(4)
    done = si.push(NAME, run=run)
    assert done.made
    assert done.made.pull_request == 1
    assert _published(hub) == before
    assert {path: _published(hub, "refs/pr/1")[path] for path in _local(run)} == _local(run)
    commit = hub.repositories[NAME].commits[done.made.commit]
    assert commit.title.startswith("selfinstruct: 1 row added")
    assert "<table>" in commit.text or "|" in commit.text
    assert commit.parent == hub.repositories[NAME].refs["main"]


@pytest.mark.thorough
def test_a_pull_request_that_is_open_takes_another_commit(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    si.push(NAME, run=run)
    made(5)
    said: list[str] = []
    si.push(NAME, run=run, revision="refs/pr/1", say=said.append)
    assert not said
    assert list(hub.repositories[NAME].pull_requests) == [1]
    assert {path: _published(hub, "refs/pr/1")[path] for path in _local(run)} == _local(run)


@pytest.mark.thorough
@pytest.mark.usefixtures("hub")
def test_a_second_pull_request_says_that_one_is_open(made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    si.push(NAME, run=run)
    made(5)
    said: list[str] = []
    done = si.push(NAME, run=run, say=said.append)
    assert done.made
    assert done.made.pull_request == 2
    assert any("pull request 1 is open already; --revision refs/pr/1" in line for line in said)


def test_straight_into_the_branch_by_request(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    si.push(NAME, run=run, pull_request=False)
    assert not hub.repositories[NAME].pull_requests
    assert {path: _published(hub)[path] for path in _local(run)} == _local(run)


def test_a_dry_run_lists_files_and_bytes_and_sends_nothing(hub: FakeHub, made: Made) -> None:
    run = made()
    done = si.push(NAME, run=run, dry_run=True)
    assert {step.path: len(step.data) for step in done.steps if step.path != "README.md"} == {
        path: len(data) for path, data in _local(run).items()
    }
    assert {one.method for one in hub.requests} <= {"GET", "HEAD"}
    assert not hub.repositories


def test_a_dry_run_needs_no_hub_and_says_so(hub: FakeHub, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    run, said = made(), list[str]()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    done = si.push(NAME, run=run, dry_run=True, say=said.append)
    assert {step.path for step in done.steps} == {*_local(run), "README.md"}
    assert said == [f"hub:{NAME}: the hub was not asked; listed is what an empty repository would get"]
    assert not hub.requests
    with pytest.raises(si.InputError, match="HF_HUB_OFFLINE"):
        si.push(NAME, run=run)


@pytest.mark.thorough
@pytest.mark.parametrize("multipart", [False, True])
def test_large_files_go_by_lfs_and_come_back_whole(hub: FakeHub, made: Made, multipart: bool) -> None:
    hub.large_from, hub.multipart = 100, multipart
    run = made()
    si.push(NAME, run=run)
    assert hub.objects
    assert all(
        "authorization" not in one.headers
        for one in hub.requests
        if one.path.startswith("/lfs/") and not one.path.endswith("/verify")
    )
    assert {path: _published(hub)[path] for path in _local(run)} == _local(run)
    assert not si.diff(f"hub:{NAME}", run).changes
    assert not si.push(NAME, run=run).steps


@pytest.mark.thorough
def test_a_race_in_other_files_is_told_and_tried_again_on_top(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    repository = hub.repositories[NAME]

    def another(sent: Sent) -> Answer | None:
        if "/commit/" in sent.path:
            hub.fault = lambda _: None
            repository.change("notes.txt", b"of somebody else\n")
        return None

    hub.fault = another
    said: list[str] = []
    done = si.push(NAME, run=run, pull_request=False, say=said.append)
    assert done.made
    assert _published(hub)["notes.txt"] == b"of somebody else\n"
    assert {path: _published(hub)[path] for path in _local(run)} == _local(run)
    assert any("has moved" in line for line in said)
    assert len(_commits(hub)) == 3


@pytest.mark.thorough
def test_a_card_that_a_person_edited_meanwhile_keeps_the_edit(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    repository = hub.repositories[NAME]

    def another(sent: Sent) -> Answer | None:
        if "/commit/" in sent.path:
            hub.fault = lambda _: None
            repository.change("README.md", _published(hub)["README.md"] + b"\nSeen by Mei.\n")
        return None

    hub.fault = another
    si.push(NAME, run=run, pull_request=False)
    assert _published(hub)["README.md"].endswith(b"\nSeen by Mei.\n")


def test_a_race_in_the_same_files_publishes_nothing_and_names_them(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    repository = hub.repositories[NAME]
    theirs: list[dict[str, bytes]] = []

    def another(sent: Sent) -> Answer | None:
        if "/commit/" in sent.path:
            repository.change("train/en.jsonl", b'{"instruction": "Name a river.", "output": "Rhine"}\n')
            theirs.append(_published(hub))
        return None

    hub.fault = another
    with pytest.raises(FindingsError, match=r"train/en\.jsonl.*nothing was published.*selfinstruct diff hub:me/rivers"):
        si.push(NAME, run=run, pull_request=False)
    assert _published(hub) == theirs[-1]


@pytest.mark.thorough
def test_a_branch_that_never_rests_is_given_up_after_the_second_try(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    repository = hub.repositories[NAME]

    def another(sent: Sent) -> Answer | None:
        if "/commit/" in sent.path:
            repository.change("notes.txt", str(len(hub.requests)).encode())
        return None

    hub.fault = another
    with pytest.raises(FindingsError, match="second time"):
        si.push(NAME, run=run, pull_request=False)
    assert len(_commits(hub)) == 3


def test_a_hub_that_still_names_the_old_head_is_not_asked_again_and_again(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    refusal = Answer(412, {"error": "A commit has happened since. Please refresh and try again."})
    hub.fault = lambda sent: refusal if "/commit/" in sent.path else None
    with pytest.raises(FindingsError, match="does not name the new commit yet"):
        si.push(NAME, run=run, pull_request=False)
    assert len(_commits(hub)) == 2


def test_rows_that_hold_a_secret_are_refused_in_the_words_of_the_hub(hub: FakeHub, made: Made) -> None:
    said = "It appears that one or more of your files contain valid Hugging Face secrets, such as tokens or API keys."
    hub.fault = lambda sent: Answer(400, {"error": said}) if "/commit/" in sent.path else None
    with pytest.raises(InputError, match="contain valid Hugging Face secrets"):
        si.push(NAME, run=made())


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("fault", [Answer(500, {"error": "Internal"}), Answer(0)], ids=["500", "cut"])
def test_a_broken_upload_publishes_nothing(hub: FakeHub, made: Made, fault: Answer) -> None:
    hub.large_from = 100
    hub.fault = lambda sent: fault if sent.method == "PUT" else None
    with pytest.raises(FailedError, match="nothing was published"):
        si.push(NAME, run=made())
    assert set(_published(hub)) == {".gitattributes"}


def test_an_upload_that_arrives_otherwise_is_found_before_the_commit(hub: FakeHub, made: Made) -> None:
    hub.large_from = 100
    hub.after = lambda sent, answer: (
        (hub.objects.update({sent.path[5:69]: b"x"}), answer)[1] if sent.method == "PUT" else answer
    )
    with pytest.raises((FailedError, InputError)):
        si.push(NAME, run=made())
    assert set(_published(hub)) == {".gitattributes"}


@pytest.mark.thorough
@pytest.mark.parametrize("as_request", [False, True])
def test_a_commit_whose_answer_was_lost_is_found_and_not_made_twice(hub: FakeHub, made: Made, as_request: bool) -> None:
    run = made()
    si.push(NAME, run=run)
    made(4)
    hub.after = lambda sent, answer: Answer(500, {"error": "Internal Error"}) if "/commit/" in sent.path else answer
    said: list[str] = []
    done = si.push(NAME, run=run, pull_request=as_request, say=said.append)
    assert done.made
    assert len(_commits(hub)) == 2
    assert any("which stands" in line for line in said)
    assert done.made.pull_request == (1 if as_request else None)


@pytest.mark.usefixtures("no_pauses")
def test_a_hub_that_fails_before_the_commit_leaves_all_as_it_was(hub: FakeHub, made: Made) -> None:
    run = made()
    si.push(NAME, run=run)
    before = _published(hub)
    made(4)
    hub.fault = lambda sent: Answer(502, {"error": "Bad Gateway"}) if "/commit/" in sent.path else None
    with pytest.raises(FailedError, match=r"502.*nothing was published"):
        si.push(NAME, run=run, pull_request=False)
    assert _published(hub) == before


def test_a_file_that_the_repository_ignores_is_not_lost_in_silence(hub: FakeHub, made: Made) -> None:
    hub.make(NAME, {".gitignore": b"*.jsonl\n"})
    with pytest.raises(InputError, match=r"does not hold .*jsonl.*\.gitignore"):
        si.push(NAME, run=made(), pull_request=False)


def test_shards_that_are_no_more_are_removed_and_other_files_stay(hub: FakeHub, made: Made) -> None:
    hub.make(NAME, {"train/en-0.jsonl": b"{}\n", "train/fr.jsonl": b"{}\n", "notes.txt": b"mine\n"})
    done = si.push(NAME, run=made(), pull_request=False)
    assert "train/en-0.jsonl" not in _published(hub)
    assert _published(hub)["train/fr.jsonl"] == b"{}\n"
    assert _published(hub)["notes.txt"] == b"mine\n"
    assert [step.path for step in done.steps if step.change == "removed"] == ["train/en-0.jsonl"]


def test_a_readme_of_a_person_is_kept_around_our_block(hub: FakeHub, made: Made) -> None:
    theirs = b"---\nlicense: cc-by-4.0 # asked the lawyers\ntags:\n- water\n---\n# Rivers\n\nBy hand.\n"
    hub.make(NAME, {"README.md": theirs})
    si.push(NAME, run=made())
    text = _published(hub)["README.md"].decode()
    assert "license: cc-by-4.0 # asked the lawyers\n" in text
    assert "# Rivers\n\nBy hand.\n" in text
    front = metadata_of(text, "README.md")
    assert front["tags"][0] == "water"
    assert {one["config_name"] for one in front["configs"]} == {"all", "en", "zh"}
    assert [one["name"] for one in front["dataset_info"][0]["features"]][:3] == ["id", "language", "instruction"]


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")
def test_datasets_loads_what_was_published_by_the_types_of_the_card(hub: FakeHub, made: Made, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    run = made()
    theirs = b"---\nconfigs:\n- config_name: talks\n  default: true\n  data_files: talks.jsonl\n---\n# Mine\n"
    hub.make(NAME, {"README.md": theirs, "talks.jsonl": b'{"text": "Hello"}\n'})
    si.push(NAME, run=run, pull_request=False)
    for path, data in _published(hub).items():
        (tmp_path / "clone" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "clone" / path).write_bytes(data)
    loaded = {
        name: datasets.load_dataset(str(tmp_path / "clone"), *config, cache_dir=str(tmp_path / "loaded"))
        for name, config in (("all", ["all"]), ("theirs", []))
    }
    rows = [json.loads(line) for path, data in sorted(_local(run).items()) for line in data.splitlines()]
    found = [row for split in loaded["all"].values() for row in split]
    assert sorted(found, key=str) == sorted(rows, key=str)
    assert list(loaded["theirs"]["train"]) == [{"text": "Hello"}]


@pytest.mark.thorough
def test_a_tree_of_many_pages_is_read_whole(hub: FakeHub, made: Made) -> None:
    hub.page = 2
    run = made()
    si.push(NAME, run=run)
    assert not si.push(NAME, run=run).steps


@pytest.mark.parametrize("large", [False, True])
def test_whoever_may_not_write_opens_a_pull_request_in_a_public_repository(
    hub: FakeHub, made: Made, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    hub.make(NAME, {"train/en.jsonl": b"{}\n"})
    hub.large_from = 1 if large else hub.large_from
    monkeypatch.setenv("HF_TOKEN", STRANGER)
    run = made()
    with pytest.raises(HubRefusedError, match="no right"):
        si.push(NAME, run=run, pull_request=False)
    done = si.push(NAME, run=run)
    assert done.made
    assert done.made.pull_request == 1
    assert _local(run).items() <= _published(hub, "refs/pr/1").items()
    assert _published(hub)["train/en.jsonl"] == b"{}\n"


@pytest.mark.parametrize(
    ("token", "said"),
    [("", "HF_TOKEN"), (READER, "no right to this"), ("hf_wrongwrongwrong", "does not know the token")],
)
def test_a_token_without_rights_is_told_and_never_shown(
    hub: FakeHub, made: Made, monkeypatch: pytest.MonkeyPatch, token: str, said: str
) -> None:
    hub.make(NAME, {"train/en.jsonl": b"{}\n"})
    monkeypatch.setenv("HF_TOKEN", token)
    if not token:
        monkeypatch.delenv("HF_TOKEN")
    with pytest.raises((HubRefusedError, InputError)) as told:
        si.push(NAME, run=made(), pull_request=False)
    assert said in str(told.value)
    assert not token or token not in str(told.value)


@pytest.mark.thorough
def test_a_planted_token_stands_in_nothing_that_is_written_or_said(
    hub: FakeHub, made: Made, selfinstruct: Cli, tmp_path: Path
) -> None:
    run = made()
    echo = {"error": f"token {WRITER} is odd"}
    hub.after = lambda sent, answer: (
        Answer(400, echo, {"X-Error-Message": echo["error"]}) if "/commit/" in sent.path else answer
    )
    failed = selfinstruct("push", NAME, "--run", run)
    assert failed.returncode == 2, failed.stderr
    hub.after = lambda _, answer: answer
    hub.repositories.clear()
    done = selfinstruct("push", NAME, "--run", run, "--json")
    assert done.returncode == 0, done.stderr
    for text in (failed.stdout, failed.stderr, done.stdout, done.stderr):
        assert WRITER not in text
    for path in (one for one in tmp_path.rglob("*") if one.is_file()):
        assert WRITER.encode() not in path.read_bytes(), path


@pytest.mark.thorough
def test_the_command_line_says_what_it_did(hub: FakeHub, made: Made, selfinstruct: Cli) -> None:
    run = made()
    dry = selfinstruct("push", NAME, "--run", run, "--dry-run", "--json")
    assert dry.returncode == 0, dry.stderr
    document: dict[str, Any] = json.loads(dry.stdout)
    assert document["dry_run"]
    assert document["new"]
    assert document["commit"] is None
    assert document["bytes"] == sum(one["bytes"] for one in document["files"])
    done = selfinstruct("push", NAME, "--run", run)
    assert done.returncode == 0, done.stderr
    assert hub.repositories[NAME].refs["main"] in done.stdout
    again = selfinstruct("push", NAME, "--run", run)
    assert "has this dataset already" in again.stdout


@pytest.mark.parametrize("name", ["rivers", "me/rivers/zh", "me/../x", "me/a--b", "我/河", "me/rivers.git", ""])
def test_what_is_no_name_of_a_repository_is_refused_before_anything_is_read(name: str) -> None:
    with pytest.raises(InputError, match="OWNER/NAME"):
        si.push(name, run="nowhere")


def test_a_run_that_was_edited_by_hand_is_filtered_first(hub: FakeHub, made: Made) -> None:
    run = made()
    file = run / "dataset" / "en.jsonl"
    file.write_bytes(file.read_bytes() + b"{}\n")
    with pytest.raises(InputError, match=r"selfinstruct filter"):
        si.push(NAME, run=run)
    assert not hub.requests


def test_a_hub_that_does_not_answer_is_told_at_once(hub: FakeHub, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    run = made()
    monkeypatch.setattr(constants, "ENDPOINT", "http://me:secret@127.0.0.1:9")
    with pytest.raises(InputError, match=r"http://127\.0\.0\.1:9 does not answer") as told:
        si.push(NAME, run=run)
    assert "secret" not in str(told.value)
    assert not hub.requests
