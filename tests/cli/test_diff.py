"""`selfinstruct diff` as a user and a script see it, and the workflow that runs it on pull requests."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.reports.diff.pull_request import workflow
from selfinstruct.system.origin import Origin, installed_from
from tests.support.diff_rows import en, with_id, write, zh
from tests.support.repository import git

Cli = Callable[..., "subprocess.CompletedProcess[str]"]
SPRING, RIVER = zh("写一首关于春天的诗。", "春眠不觉晓。"), en("Name a river in France.", "The Loire.")


def test_json_on_stdout_is_one_document(selfinstruct: Cli, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", SPRING, RIVER)
    write(tmp_path / "b.jsonl", SPRING)
    done = selfinstruct("diff", "a.jsonl", "b.jsonl", "--json")
    value = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (value["counts"]["removed"], value["counts"]["unchanged"]) == (1, 1)
    assert json.loads(selfinstruct("diff", "a.jsonl", "b.jsonl", "--format", "json").stdout) == value


def test_every_face_can_be_written_beside_the_one_on_stdout(selfinstruct: Cli, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", SPRING)
    write(tmp_path / "b.jsonl", RIVER)
    outputs = [part for name in ("d.md", "d.html", "d.json", "d.txt") for part in ("--output", name)]
    done = selfinstruct("diff", "a.jsonl", "b.jsonl", "--format", "markdown", *outputs)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (tmp_path / "d.md").read_text(encoding="utf-8")
    assert (tmp_path / "d.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))["counts"]["added"] == 1
    assert "Read these" in (tmp_path / "d.txt").read_text(encoding="utf-8")


def test_the_rules_of_many_rows_find_what_they_find_in_few(selfinstruct: Cli, tmp_path: Path) -> None:
    refusal = {**RIVER, "output": "I'm sorry, but as an AI language model I cannot answer that."}
    many = [en(f"Say how far it is from place {n} to the sea.", f"About {n} miles, by road.") for n in range(600)]
    found = []
    for rest in ([], many):
        write(tmp_path / "a.jsonl", SPRING, RIVER, *rest)
        write(tmp_path / "b.jsonl", SPRING, refusal, *rest)
        done = selfinstruct("diff", "a.jsonl", "b.jsonl", "--json", "--fail-on", "findings>0")
        assert done.returncode == 1, done.stderr
        found.append(json.loads(done.stdout)["findings"])
    assert found[0] == found[1]
    assert {one["rule"] for one in found[0]["introduced"]} == {"self_reference", "refusal"}


def test_a_condition_that_holds_exits_1_after_the_diff_was_shown(selfinstruct: Cli, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", SPRING, RIVER)
    write(tmp_path / "b.jsonl", SPRING)
    done = selfinstruct("diff", "a.jsonl", "b.jsonl", "--fail-on", "removed>1%, added>0", "--output", "d.json")
    assert done.returncode == 1
    assert "failed: removed>1% (is 50%)" in done.stderr
    assert "FAILED  removed>1%" in done.stdout
    assert [one["failed"] for one in json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))["gates"]] == [
        True,
        False,
    ]
    assert selfinstruct("diff", "a.jsonl", "b.jsonl", "--fail-on", "removed>50%", "-q").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a.jsonl", "nowhere.jsonl"), "nowhere.jsonl: no such file or directory"),
        (("a.jsonl", "a.jsonl", "--fail-on", "removd>1"), "did you mean `removed`?"),
        (
            ("a.jsonl", "a.jsonl", "--output", "d.pdf"),
            "--output: d.pdf: the ending says which format; choose .txt, .md, .html, .json",
        ),
        (("a.jsonl", "broken.jsonl"), "broken.jsonl:2: not JSON"),
        (("a.jsonl", "a.jsonl", "--held-out", "nowhere.jsonl"), "nowhere.jsonl: no such file or directory"),
        (("a.jsonl", "a.jsonl", "--format", "pdf"), "'pdf' is not one of"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_to_do(
    selfinstruct: Cli, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    write(tmp_path / "a.jsonl", SPRING)
    (tmp_path / "broken.jsonl").write_text('{"instruction": "a", "output": "b"}\n{\n', encoding="utf-8")
    done = selfinstruct("diff", *arguments)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_row_near_a_held_out_row_is_a_leak(selfinstruct: Cli, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", RIVER)
    write(tmp_path / "b.jsonl", RIVER, SPRING)
    write(tmp_path / "test.jsonl", SPRING | {"instruction": "写两首关于春天的诗。"})
    done = selfinstruct("diff", "a.jsonl", "b.jsonl", "--held-out", "test.jsonl", "--fail-on", "leaks>0", "--json")
    (near,) = json.loads(done.stdout)["near_duplicates"]
    assert (done.returncode, near["against"], near["other"]) == (1, "held_out", "test.jsonl:1")


def test_head_is_the_run_directory_when_it_is_left_out(selfinstruct: Cli, tmp_path: Path) -> None:
    write(tmp_path / "outputs/demo/dataset/zh.jsonl", SPRING)
    write(tmp_path / "a.jsonl", RIVER)
    assert json.loads(selfinstruct("diff", "a.jsonl", "--json").stdout)["head"]["name"] == "outputs/demo"


def _step(name: str) -> str:
    """Return the script of one step of the workflow."""
    found = re.search(rf"- name: {name}\n.*?run: \|\n((?: {{10}}.*\n)+)", workflow(None), re.DOTALL)
    assert found is not None
    return textwrap.dedent(found[1])


def _command(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)


@pytest.fixture
def pull_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout as the workflow sees it: the merge of a branch that edited one run, added one, removed one and left one alone."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for name in ("edited", "removed", "left", "春天"):
        write(folder / f"outputs/{name}/dataset/zh.jsonl", with_id(SPRING))
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "base")
    git(folder, "checkout", "-qb", "branch")
    write(folder / "outputs/edited/dataset/zh.jsonl", with_id(SPRING) | {"output": "改了。"})
    write(folder / "outputs/new/dataset/en.jsonl", with_id(RIVER))
    write(folder / "outputs/春天/dataset/zh.jsonl", with_id(SPRING) | {"output": "春天来了。"})
    git(folder, "rm", "-qr", "outputs/removed")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "branch")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "merge", "branch")
    _command(tmp_path / "bin", "selfinstruct", f'exec "{sys.executable}" -m selfinstruct "$@"\n')
    return folder


def _run(folder: Path, script: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    path = f"{folder.parent / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _diffed(pull_request: Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the step that writes the comments; its summary is beside the repository."""
    names = {
        "SELFINSTRUCT_LANG": language,
        "GITHUB_STEP_SUMMARY": str(pull_request.parent / "summary.md"),
        "FAIL_ON": "removed>1%",
        "PAGE": "https://x",
    }
    return _run(pull_request, _step("Diff each run that changed"), **names)


@pytest.mark.thorough
def test_the_workflow_diffs_each_run_that_a_pull_request_touches(pull_request: Path) -> None:
    summary = pull_request.parent / "summary.md"
    done = _diffed(pull_request)
    assert (done.returncode, "failed: removed>1% (is 100%)" in done.stderr) == (1, True), done.stderr
    names = {"edited", "new", "removed", "春天"}
    assert {path.name for path in (pull_request / "diff").iterdir()} == {"runs"} | {
        f"{name}.{face}" for name in names for face in ("md", "html", "json")
    }
    counts = json.loads((pull_request / "diff/edited.json").read_text(encoding="utf-8"))["counts"]
    assert {kind: count for kind, count in counts.items() if count} == {"changed": 1}
    text = summary.read_text(encoding="utf-8")
    assert all(f"<!-- selfinstruct diff outputs/{name} " in text for name in names)
    assert "artifact `dataset-diff` of [this run](https://x)" in text


@pytest.mark.thorough
def test_the_workflow_comments_in_chinese_where_it_says_so(pull_request: Path) -> None:
    _diffed(pull_request)
    marker = (pull_request / "diff/edited.md").read_text(encoding="utf-8").splitlines()[0]
    assert _diffed(pull_request, "zh").returncode == 1
    said = (pull_request / "diff/edited.md").read_text(encoding="utf-8")
    assert (said.splitlines()[0], said.splitlines()[2]) == (marker, "## 数据集差异：中风险")
    assert said.endswith("\n完整的差异是一张网页，在[这次运行](https://x)的附件 `dataset-diff` 里\n")
    assert '<html lang="zh-CN">' in (pull_request / "diff/edited.html").read_text(encoding="utf-8")
    _command(pull_request.parent / "bin", "selfinstruct", "exit 1\n")
    _diffed(pull_request, "zh")
    said = (pull_request / "diff/edited.md").read_text(encoding="utf-8")
    assert said == f"{marker}\n\n## 数据集差异：没有比成\n\n被外部终止，详情见任务的日志。\n"


@pytest.mark.bounds
def test_a_run_that_cannot_be_read_has_a_comment_that_replaces_the_older_one(pull_request: Path) -> None:
    _diffed(pull_request)
    older = (pull_request / "diff/edited.md").read_text(encoding="utf-8").splitlines()[0]
    (pull_request / "outputs/edited/dataset/zh.jsonl").write_text('{"instruction": \n', encoding="utf-8")
    assert _diffed(pull_request).returncode == 1
    said = (pull_request / "diff/edited.md").read_text(encoding="utf-8")
    assert said.splitlines()[0] == older
    assert "Dataset diff: not made" in said
    assert "zh.jsonl:1: not JSON" in said.replace("&#46;", ".").replace("&#58;", ":")
    assert "artifact" not in said


@pytest.mark.kill
def test_a_diff_that_is_killed_has_a_comment_that_replaces_the_older_one(pull_request: Path) -> None:
    _diffed(pull_request)
    older = (pull_request / "diff/edited.md").read_text(encoding="utf-8").splitlines()[0]
    _command(pull_request.parent / "bin", "selfinstruct", "kill -9 $$\n")
    assert _diffed(pull_request).returncode == 1
    said = (pull_request / "diff/edited.md").read_text(encoding="utf-8")
    assert (said.splitlines()[0], "Dataset diff: not made" in said) == (older, True)


def test_the_workflow_comments_once_and_edits_that_comment_later(pull_request: Path) -> None:
    (pull_request / "diff").mkdir()
    for name in ("old", "new"):
        (pull_request / f"diff/{name}.md").write_text(
            f"<!-- selfinstruct diff outputs/{name} -->\ntext\n", encoding="utf-8"
        )
    calls = pull_request.parent / "calls"
    _command(
        pull_request.parent / "bin",
        "gh",
        f'case "$*" in *--paginate*) case "$EXACT" in *old*) echo 7; echo 8;; esac;; *) echo "$*" >> {calls};; esac\n',
    )
    done = _run(pull_request, _step("Comment"), GITHUB_REPOSITORY="o/r", NUMBER="3")
    assert done.returncode == 0, done.stderr
    assert calls.read_text(encoding="utf-8").splitlines() == [
        "api --silent --method POST repos/o/r/issues/3/comments --field body=@diff/new.md",
        "api --silent --method PATCH repos/o/r/issues/comments/7 --field body=@diff/old.md",
    ]


@pytest.mark.thorough
@pytest.mark.skipif(not shutil.which("jq"), reason="GitHub's own command has it built in")
@pytest.mark.parametrize("name", [pytest.param("edited", marks=pytest.mark.thorough), "春天"])
def test_a_comment_of_a_killed_diff_is_written_over_the_older_one_whatever_the_run_is_called(
    pull_request: Path, name: str
) -> None:
    _diffed(pull_request)
    older = (pull_request / f"diff/{name}.md").read_text(encoding="utf-8")
    _command(pull_request.parent / "bin", "selfinstruct", "kill -9 $$\n")
    _diffed(pull_request)
    for path in (pull_request / "diff").glob("*.md"):
        if path.stem != name:
            path.unlink()
    by, calls = {"user": {"login": "github-actions[bot]"}}, pull_request.parent / "calls"
    bodies = ["<!-- selfinstruct diff outputs/x 00000000 -->", older.replace("\n", "\r\n")]
    comments = pull_request.parent / "comments.json"
    comments.write_text(
        json.dumps([by | {"id": at, "body": body} for at, body in enumerate(bodies, 6)]), encoding="utf-8"
    )
    script = f'case "$*" in *--paginate*) jq -r "$5" {comments};; *) echo "$*" >> {calls};; esac\n'
    _command(pull_request.parent / "bin", "gh", script)
    done = _run(pull_request, _step("Comment"), GITHUB_REPOSITORY="o/r", NUMBER="3")
    assert done.returncode == 0, done.stderr
    wanted = f"api --silent --method PATCH repos/o/r/issues/comments/7 --field body=@diff/{name}.md"
    assert calls.read_text(encoding="utf-8").splitlines() == [wanted]


def test_the_job_that_may_write_runs_nothing_from_the_pull_request() -> None:
    reading, writing = workflow(None).split("\n  comment:\n")
    assert "permissions:\n  contents: read" in reading
    assert "write" not in reading.split("jobs:")[1]
    assert "checkout" not in writing
    assert not re.search(r"\$\{\{[^}]*(title|body|head_ref|head\.ref)", workflow(None))


def test_the_workflow_installs_one_commit_before_it_checks_out_the_pull_request(tmp_path: Path) -> None:
    text = workflow(Origin("https://example.org/o/r.git", "a" * 40))
    assert 'REPOSITORY: "https://example.org/o/r.git"' in text
    assert text.index("pip install --require-hashes") < text.index("actions/checkout")
    step = _step("Install selfinstruct, while nothing of the pull request is on the disk")
    done = _run(tmp_path, step, COMMIT="main", REPOSITORY="x", RUNNER_TEMP=str(tmp_path))
    assert (done.returncode, "set REPOSITORY and COMMIT" in done.stdout) == (1, True)
    assert not (tmp_path / "selfinstruct").exists()


def test_init_writes_the_workflow_and_the_attributes(selfinstruct: Cli, tmp_path: Path) -> None:
    assert selfinstruct("init", "mine").returncode == 0
    assert (tmp_path / "mine/.github/workflows/dataset-diff.yml").read_text(encoding="utf-8") == workflow(
        installed_from()
    )
    assert selfinstruct("--lang", "zh", "init", "ours").returncode == 0
    assert 'SELFINSTRUCT_LANG: "zh"' in (tmp_path / "ours/.github/workflows/dataset-diff.yml").read_text(
        encoding="utf-8"
    )
    assert "merge=selfinstruct" in (tmp_path / "mine/.gitattributes").read_text(encoding="utf-8")


@pytest.mark.thorough
def test_two_states_of_a_real_run_say_why_they_differ(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "-q").returncode == 0
    shutil.copytree(tmp_path / "outputs/test", tmp_path / "before")
    assert selfinstruct("filter", "-q").returncode == 0
    same = json.loads(selfinstruct("diff", "before", "outputs/test", "--json").stdout)
    assert (same["counts"]["unchanged"], same["changes"]) == (6, [])
    assert selfinstruct("generate", "-q", "--target", "en=4,zh=4").returncode == 0
    dataset = tmp_path / "outputs/test/dataset/zh.jsonl"
    first, *others = dataset.read_text(encoding="utf-8").splitlines(keepends=True)
    edited = json.loads(first) | {"output": "这一行是手改的。"}
    dataset.write_text(json.dumps(edited, ensure_ascii=False) + "\n" + "".join(others), encoding="utf-8")
    value = json.loads(selfinstruct("diff", "before", "outputs/test", "--json").stdout)
    causes = {one["cause"]: one["rows"] for one in value["causes"]}
    assert causes.pop("by_hand") == {"changed": 1}
    assert causes.keys() <= {"more_requests", "settings"}  # a row may have stood over the target before
    assert sum(rows["added"] for rows in causes.values()) == 2
    assert any("keeping.target.en: 3 -> 4" in one["detail"] for one in value["causes"])
    before, after = value["usage"]["prompt_tokens"]
    assert (value["risk"]["level"], before < after) == ("medium", True)
