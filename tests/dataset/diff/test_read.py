"""Reading a side of a diff: files, runs, revisions, and errors."""

import os
from pathlib import Path

import pytest

from selfinstruct.dataset.diff import Side, compare
from selfinstruct.dataset.diff.read import operands, read_sides
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.errors import InputError
from tests.support.diff_rows import en, lines, with_id, write, zh
from tests.support.repository import git

ROW, OTHER = with_id(zh("写一首关于春天的诗。")), with_id(en("Name a river in France."))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one committed run, and the current folder in it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path / "outputs/demo/dataset/zh.jsonl", ROW)
    (tmp_path / "outputs/demo/manifest.json").write_text('{"fingerprint": "01d"}', encoding="utf-8")
    write(tmp_path / "outputs/demo/provenance.jsonl", {"id": ROW["id"], "request": 3, "model": "m", "score": 0.5})
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(base: str, head: str) -> tuple[Side, Side]:
    return read_sides(*operands(base, head))


@pytest.mark.usefixtures("repository")
def test_a_run_has_its_manifest_and_the_origin_of_its_rows() -> None:
    base, _ = read("outputs/demo", "outputs/demo")
    assert base.manifest == Manifest(fingerprint="01d")
    assert base.entries[0].origin == base.origins[ROW["id"]]
    assert base.entries[0].where == "outputs/demo/dataset/zh.jsonl:1"


def test_a_row_that_both_sides_have_stands_where_it_stands_on_each(repository: Path) -> None:
    write(repository / "outputs/demo/dataset/zh.jsonl", with_id(zh("写一首关于秋天的诗。")), ROW)
    write(repository / "outputs/demo/provenance.jsonl", {"id": ROW["id"], "request": 7, "model": "m", "score": 0.5})
    (old,), (_, new) = (side.entries for side in read("HEAD", "outputs/demo"))
    assert (old.where[-10:], new.where[-10:]) == ("zh.jsonl:1", "zh.jsonl:2")
    assert (old.origin and old.origin.request, new.origin and new.origin.request) == (3, 7)


@pytest.mark.parametrize("base", ["git:HEAD:outputs/demo", "HEAD", "main", "git:main:outputs/demo/dataset"])
def test_a_revision_is_read_without_touching_the_working_tree(repository: Path, base: str) -> None:
    write(repository / "outputs/demo/dataset/en.jsonl", OTHER)
    before, after = read(base, "outputs/demo")
    assert (len(before.entries), len(after.entries)) == (1, 2)
    assert before.entries[0].where.endswith("dataset/zh.jsonl:1")
    assert git(repository, "status", "--short").split() == ["??", "outputs/demo/dataset/en.jsonl"]


@pytest.mark.usefixtures("repository")
def test_a_revision_has_manifest_and_provenance_too() -> None:
    base, _ = read("HEAD", "outputs/demo")
    assert base.manifest == Manifest(fingerprint="01d")
    assert list(base.origins) == [ROW["id"]]


@pytest.mark.parametrize("path", ["dataset", "dataset/zh.jsonl", "dataset/train/zh.jsonl", "dataset/train"])
@pytest.mark.parametrize("inside", ["", "outputs/demo", "outputs/demo/dataset"])
def test_a_part_of_a_run_has_its_manifest_and_provenance_in_the_worktree_and_at_a_revision(
    repository: Path, monkeypatch: pytest.MonkeyPatch, path: str, inside: str
) -> None:
    write(repository / "outputs/demo/dataset/train/zh.jsonl", ROW)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "two")
    monkeypatch.chdir(repository / inside)
    relative = os.path.relpath(repository / "outputs/demo" / path)
    for side in read(f"git:main:{relative}", relative):
        assert side.manifest == Manifest(fingerprint="01d")
        assert side.entries[0].origin == side.origins[ROW["id"]]


@pytest.mark.usefixtures("repository")
def test_a_dataset_at_a_revision_that_is_no_part_of_a_run_has_no_manifest(repository: Path) -> None:
    write(repository / "数据.jsonl", ROW)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "two")
    base, _ = read("git:main:数据.jsonl", "数据.jsonl")
    assert (base.manifest, len(base.entries)) == (None, 1)


def test_a_copy_that_was_set_aside_is_part_of_no_run(repository: Path) -> None:
    write(repository / "outputs/demo/dataset.before-0123abcd/zh.jsonl", ROW)
    base, head = read("outputs/demo/dataset.before-0123abcd", "outputs/demo")
    assert (base.manifest, base.origins, len(base.entries), len(head.entries)) == (None, {}, 1, 1)


def test_a_manifest_in_conflict_says_the_way_out(repository: Path) -> None:
    conflict = '{\n<<<<<<< HEAD\n "name": "春"\n=======\n "name": "秋"\n>>>>>>> one\n}\n'
    (repository / "outputs/demo/manifest.json").write_text(conflict, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read("HEAD", "outputs/demo")
    assert str(raised.value).startswith("outputs/demo/manifest.json:2: has conflict markers of a git merge")
    assert "git checkout --ours -- manifest.json config.lock.toml dataset/README.md" in str(raised.value)
    git(repository, "commit", "-qam", "two")
    with pytest.raises(InputError) as raised:
        read("git:HEAD:outputs/demo/dataset", "outputs/demo")
    assert str(raised.value).startswith("git:HEAD:outputs/demo/manifest.json:2: has conflict markers")


def test_a_path_is_relative_to_the_current_folder_at_a_revision_too(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "outputs")
    assert len(read("HEAD", "demo")[0].entries) == 1
    assert len(read("git:HEAD:demo/dataset/zh.jsonl", "demo")[0].entries) == 1


def test_a_file_wins_over_a_revision_of_the_same_name(repository: Path) -> None:
    write(repository / "main", OTHER, ROW)
    assert len(read("main", "outputs/demo")[0].entries) == 2


def test_a_dataset_that_is_new_or_gone_is_compared_with_nothing_and_says_so(repository: Path) -> None:
    write(repository / "outputs/new/dataset/en.jsonl", OTHER)
    base, head = read("HEAD", "outputs/new")
    assert (base.entries, len(head.entries)) == ((), 1)
    assert base.notes == ("git:HEAD:outputs/new does not exist: taken as empty",)
    for path in sorted((repository / "outputs/demo").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (repository / "outputs/demo").rmdir()
    base, head = read("git:HEAD:outputs/demo", "outputs/demo")
    assert compare(base, head).counts["removed"] == 1
    assert head.notes == ("outputs/demo does not exist: taken as empty",)


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("base", "head", "message"),
    [
        ("nowhere.jsonl", "outputs/demo", "nowhere.jsonl: no such file or directory"),
        ("outputs/demo", "nowhere", "nowhere: no such file or directory"),
        ("HEAD~99", "outputs/demo", "HEAD~99: no such revision; `git log --oneline` lists"),
        ("git:nope:outputs/demo", "outputs/demo", "git:nope:outputs/demo: no such revision; `git fetch` it"),
        ("git:HEAD:nowhere", "outputs/demo", "git:HEAD:nowhere: no such path at this revision"),
        ("HEAD", "nowhere", "nowhere: no such dataset on either side"),
        ("git:HEAD", "outputs/demo", "write git:REVISION:PATH"),
        ("git::outputs/demo", "outputs/demo", "write git:REVISION:PATH"),
        ("git:HEAD:../elsewhere", "outputs/demo", "lies outside the repository"),
        ("git:--upload-pack=x:outputs/demo", "outputs/demo", "no such revision"),
    ],
)
def test_a_side_that_is_not_there_says_what_to_do(base: str, head: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(base, head)
    assert message in str(raised.value)


def test_outside_a_repository_a_revision_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(InputError, match="no such revision"):
        read("git:HEAD:x", "x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"instruction": "a", \n', ":1: not JSON"),
        ("[1]\n", ", row 1: not a JSON object"),
        ('\n{"instruction": 1}\n', ":2: field `instruction` must be a text"),
        ('{"instruction": "\\ud800", "output": ""}\n', ":1: field `instruction` has half of a surrogate pair"),
    ],
)
def test_a_broken_line_is_named_at_a_revision_too(repository: Path, text: str, message: str) -> None:
    (repository / "broken.jsonl").write_text(text, encoding="utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "two")
    for name in ("broken.jsonl", "git:HEAD:broken.jsonl"):
        with pytest.raises(InputError) as raised:
            read(name, "outputs/demo")
        assert str(raised.value).startswith(name + message)


def test_history_is_part_of_a_row(tmp_path: Path) -> None:
    row = ROW | {"history": [["你好", "你好！"]]}
    (tmp_path / "a.jsonl").write_text(lines(row), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(lines(row | {"history": [["你好", "您好！"]]}), encoding="utf-8")
    (change,) = compare(*read(str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))).changes
    assert (change.kind, change.fields) == ("changed", ("history",))


def test_a_repository_without_a_commit_has_no_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path / "zh.jsonl", ROW)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="HEAD: no such revision; this repository has no commit yet"):
        read("HEAD", "zh.jsonl")
