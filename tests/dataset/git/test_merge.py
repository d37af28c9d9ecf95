"""The merge of three versions of a dataset, row by row."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.cli.messages import in_chinese
from selfinstruct.dataset.git.merge import NotRowsError, merge, readable
from tests.support.diff_rows import en, lines, with_id, write, zh
from tests.support.repository import IDENTITY, git

pytestmark = pytest.mark.thorough

ids = st.integers(0, 30).map(lambda number: f"{number:016x}")
tables = st.dictionaries(ids, st.sampled_from(("v0", "v1", "答一", "答二")), max_size=12)


def text_of(table: dict[str, str]) -> str:
    return lines(*({"id": one, "output": table[one]} for one in sorted(table)))


def table_of(text: str) -> dict[str, str]:
    return {one["id"]: one["output"] for one in map(json.loads, text.splitlines())}


@st.composite
def disjoint(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Draw a table and two edits of it that touch different rows: adding, removing and changing."""
    base = draw(tables)
    touched = draw(st.dictionaries(ids, st.tuples(st.booleans(), st.sampled_from((None, "w0", "改")))))
    sides = [dict(base), dict(base)]
    for identifier, (which, value) in touched.items():
        if value is None:
            sides[which].pop(identifier, None)
        else:
            sides[which][identifier] = value
    return base, sides[0], sides[1]


@pytest.mark.thorough
@settings(max_examples=400, deadline=None)
@given(disjoint())
def test_edits_of_different_rows_merge_to_their_union(
    three: tuple[dict[str, str], dict[str, str], dict[str, str]],
) -> None:
    base, ours, theirs = three
    wanted = {
        one: ours.get(one) if ours.get(one) != base.get(one) else theirs.get(one) for one in {*base, *ours, *theirs}
    }
    merged = merge(text_of(base), text_of(ours), text_of(theirs))
    assert merged.conflicts == ()
    assert merged.text == text_of({one: value for one, value in wanted.items() if value is not None})


@pytest.mark.thorough
@settings(max_examples=400, deadline=None)
@given(tables, tables, tables)
def test_no_version_that_either_side_wrote_is_ever_lost(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    merged = merge(text_of(base), text_of(ours), text_of(theirs))
    for side, other in ((ours, theirs), (theirs, ours)):
        for one, value in side.items():
            replaced_or_removed = value == base.get(one) and other.get(one) != value
            assert replaced_or_removed or json.dumps({"id": one, "output": value}, ensure_ascii=False) in merged.text
    clashing = {one for one in {*ours, *theirs} if base.get(one) != ours.get(one) != theirs.get(one) != base.get(one)}
    assert set(merged.conflicts) == clashing


@settings(deadline=None)
@given(tables, tables)
def test_the_sides_change_nothing_when_swapped(ours: dict[str, str], theirs: dict[str, str]) -> None:
    both = {**theirs, **ours}
    here, there = merge("", text_of(both), text_of(ours)), merge("", text_of(ours), text_of(both))
    assert (here.text, here.conflicts) == (there.text, there.conflicts)


def test_a_line_is_kept_as_it_stands() -> None:
    odd = '{"output":"é",   "id": "a", "x": [1,2]}\n'
    assert merge(odd, odd, odd + '{"id": "b"}\n').text == odd + '{"id": "b"}\n'


def test_another_order_of_keys_is_no_edit() -> None:
    merged = merge('{"id": "a", "x": 1}\n', '{"x": 1, "id": "a"}\n', '{"id": "a", "x": 2}\n')
    assert (merged.text, merged.conflicts) == ('{"id": "a", "x": 2}\n', ())


def test_a_row_edited_here_and_removed_there_is_a_conflict_that_shows_it() -> None:
    merged = merge('{"id": "a", "x": 1}\n', "", '{"id": "a", "x": 2}\n')
    assert merged.conflicts == ("a",)
    assert merged.text == '<<<<<<< ours\n=======\n{"id": "a", "x": 2}\n>>>>>>> theirs\n'


def test_rows_that_share_an_id_stay_together() -> None:
    twins = lines({"id": "a", "x": 1}, {"id": "a", "x": 2})
    assert merge(twins, twins, twins + lines({"id": "b"})).text == twins + lines({"id": "b"})
    assert merge(twins, lines({"id": "a", "x": 1}), twins).text == lines({"id": "a", "x": 1})


def test_a_row_without_id_is_known_by_its_text() -> None:
    row = en("Name a river in France.")
    assert merge(lines(row), lines(row | {"output": "Rhône."}), lines(row)).text == lines(row | {"output": "Rhône."})


@pytest.mark.parametrize("text", ["not json\n", "[1]\n", '{"x": 1}\n', "<<<<<<< ours\n"])
def test_what_is_not_rows_is_refused(text: str) -> None:
    with pytest.raises(NotRowsError, match="line 1"):
        merge(text, "", "")


def test_a_row_reads_one_field_a_line() -> None:
    assert readable(lines({"id": "a", "output": "一\n二"})) == "id: a\noutput: 一\n    二\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a dataset of six rows and the drivers installed."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    git(tmp_path, "init", "-q", "-b", "main")
    done = subprocess.run(
        [sys.executable, "-m", "selfinstruct", "git", "install"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ".gitattributes: 6 lines added" in done.stdout
    write(tmp_path / DATASET, *ROWS)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "base")
    return tmp_path


DATASET = "outputs/demo/dataset/zh.jsonl"
ROWS = sorted(
    (with_id(zh(f"写一首关于{what}的诗。", f"{what}来了。")) for what in "春夏秋冬山水"), key=lambda row: row["id"]
)


def branch(folder: Path, name: str, *edited: dict[str, str]) -> None:
    """Commit a version of the dataset on a branch of its own that begins at the base."""
    git(folder, "checkout", "-q", "-b", name, "main")
    write(folder / DATASET, *edited)
    git(folder, "commit", "-qam", name)


def test_git_merges_edits_of_neighbouring_rows_without_a_conflict(repository: Path) -> None:
    first, second, *others = ROWS
    branch(repository, "one", first | {"output": "一"}, second, *others[1:])
    branch(repository, "two", first, second | {"output": "二"}, *others)
    git(repository, "merge", "-q", "-m", "both", "one")
    merged = (repository / DATASET).read_text(encoding="utf-8")
    assert merged == lines(first | {"output": "一"}, second | {"output": "二"}, *others[1:])


def test_git_stops_only_where_both_sides_edited_the_same_row(repository: Path) -> None:
    first, *others = ROWS
    branch(repository, "one", first | {"output": "一"}, *others)
    branch(repository, "two", first | {"output": "二"}, *others)
    with pytest.raises(subprocess.CalledProcessError) as raised:
        git(repository, "merge", "-q", "-m", "both", "one")
    assert f"1 row edited on both sides: {first['id']}" in raised.value.stderr + raised.value.stdout
    assert git(repository, "status", "--short").split() == ["UU", DATASET]
    shown = (repository / DATASET).read_text(encoding="utf-8")
    assert shown.startswith(
        f"<<<<<<< ours\n{lines(first | {'output': '二'})}=======\n{lines(first | {'output': '一'})}>>>>>>> theirs\n"
    )
    assert shown.endswith(lines(*others))


@pytest.mark.thorough
def test_git_shows_a_row_by_its_fields(repository: Path) -> None:
    write(repository / DATASET, ROWS[0] | {"output": "改了。"}, *ROWS[1:])
    shown = git(repository, "diff")
    assert "+output: 改了。" in shown
    assert "-instruction" not in shown


@pytest.mark.thorough
def test_a_file_that_is_half_merged_is_shown_row_by_row_between_its_markers(repository: Path) -> None:
    first, *others = ROWS
    branch(repository, "one", first | {"output": "一"}, *others)
    branch(repository, "two", first | {"output": "二"}, *others)
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "-q", "-m", "both", "one")
    with (repository / DATASET).open("a", encoding="utf-8") as file:
        file.write('{"id": "half a row\n')
    shown = [line for line in git(repository, "diff", "HEAD").splitlines() if not line.startswith(("+++", "---"))]
    changed = [line for line in shown if line.startswith(("+", "-"))]
    for line in ("+<<<<<<< ours", "+=======", "+output: 一", "+>>>>>>> theirs", '+{"id": "half a row'):
        assert line in changed
    assert not [line for line in changed if line.startswith("-")], "what stands on our side is no change"
    assert not any("山" in line for line in changed), "nor a row that nobody changed"
    assert "output: 一" in git(repository, "diff"), "as git shows both sides"
    done = subprocess.run(
        [sys.executable, "-m", "selfinstruct", "git", "textconv", DATASET],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == (
        f"selfinstruct: {DATASET}:1: a git merge was left unfinished here; rows are shown between its markers\n"
    )
    assert "冲突标记" in in_chinese(done.stderr.strip())


def test_a_broken_file_is_merged_by_lines_and_shown_as_it_is(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "one", "main")
    (repository / DATASET).write_text(lines(*ROWS) + "broken\n", encoding="utf-8")
    assert "+broken" in git(repository, "diff")
    git(repository, "commit", "-qam", "one")
    branch(repository, "two", ROWS[0] | {"output": "二"}, *ROWS[1:])
    git(repository, "merge", "-q", "-m", "both", "one")
    merged = (repository / DATASET).read_text(encoding="utf-8")
    assert merged == lines(ROWS[0] | {"output": "二"}, *ROWS[1:]) + "broken\n"


@pytest.mark.thorough
def test_a_file_that_is_not_utf_8_is_shown_and_merged_by_lines_under_its_own_name(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "one", "main")
    (repository / DATASET).write_bytes(lines(*ROWS).encode() + '{"id": "z", "output": "编码"}\n'.encode("gb18030"))
    done = subprocess.run(["git", "diff"], cwd=repository, capture_output=True, check=False)
    assert (done.returncode, rb"\xb1\xe0\xc2\xeb" in done.stdout) == (0, True), done.stderr
    git(repository, "commit", "-qam", "one")
    branch(repository, "two", ROWS[0] | {"output": "二"}, *ROWS[1:])
    done = subprocess.run(
        ["git", *IDENTITY, "merge", "-m", "both", "one"], cwd=repository, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"selfinstruct: {DATASET}: not UTF-8 at byte".encode() in done.stdout + done.stderr
    merged = (repository / DATASET).read_bytes()
    assert merged.startswith(lines(ROWS[0] | {"output": "二"}, *ROWS[1:]).encode())
    assert "编码".encode("gb18030") in merged


@pytest.mark.thorough
def test_a_project_below_the_top_of_the_repository_is_covered_by_its_own_attributes(repository: Path) -> None:
    project = repository / "数据"
    project.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "selfinstruct", "git", "install"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "数据/outputs/*/dataset/**/*.jsonl" in done.stdout
    assert "数据/.gitattributes: 6 lines added" in done.stdout
    shown = git(project, "-c", "core.quotePath=false", "check-attr", "merge", DATASET, "outputs/demo/provenance.jsonl")
    assert [line.rpartition(": ")[2] for line in shown.splitlines()] == ["selfinstruct"] * 2


def test_installing_twice_adds_nothing(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "selfinstruct", "git", "install", "--json"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["attributes"] == []


def test_outside_a_repository_nothing_is_installed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "selfinstruct", "git", "install"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "not inside a git repository" in done.stderr) == (2, True)


RUN = "outputs/demo"
TEXTS = {
    "manifest.json": '{"rows": 6, "by": "%s"}\n',
    "config.lock.toml": 'name = "%s"\n',
    "dataset/README.md": "# %s\n",
}


def derived(folder: Path, name: str, review: dict[str, str], row: dict[str, str]) -> None:
    """Write what `filter` writes beside the rows, on a branch where one row was edited."""
    for file, text in TEXTS.items():
        (folder / RUN / file).write_text(text % name, encoding="utf-8")
    write(folder / RUN / "review.jsonl", review)
    write(folder / RUN / "provenance.jsonl", *(one | {"model": name} if one == row else one for one in ROWS))


@pytest.mark.thorough
@pytest.mark.parametrize("both", [False, True])
def test_two_branches_that_both_ran_filter_conflict_in_rows_alone(repository: Path, both: bool) -> None:
    first, second = ROWS[:2]
    derived(repository, "base", {"id": "0" * 16}, {})
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "run")
    edited = {"one": first, "two": first if both else second}
    for name, row in edited.items():
        git(repository, "checkout", "-q", "-b", name, "main")
        rows = [one | {"output": name} if one["id"] == row["id"] else one for one in ROWS]
        write(repository / DATASET, *rows)
        derived(repository, name, {"id": name[0] * 16}, row)
        git(repository, "commit", "-qam", name)
    done = subprocess.run(
        ["git", *IDENTITY, "merge", "-m", "both", "one"], cwd=repository, capture_output=True, text=True, check=False
    )
    assert done.returncode == (1 if both else 0), done.stderr + done.stdout
    unmerged = [line for line in git(repository, "status", "--short").splitlines() if "U" in line[:2]]
    assert unmerged == ([f"UU {DATASET}"] if both else [])
    assert f"{RUN}/manifest.json: both sides wrote it; this branch's stays until" in done.stderr + done.stdout
    assert {file: (repository / RUN / file).read_text(encoding="utf-8") for file in TEXTS} == {
        file: text % "two" for file, text in TEXTS.items()
    }
    decided = (repository / RUN / "review.jsonl").read_text(encoding="utf-8")
    assert sorted(json.loads(line)["id"][0] for line in decided.splitlines()) == ["o", "t"]
    origins = {
        row["id"]: row
        for row in map(json.loads, (repository / RUN / "provenance.jsonl").read_text("utf-8").splitlines())
    }
    assert {row["model"] for row in origins.values() if "model" in row} == ({"two"} if both else {"one", "two"})
