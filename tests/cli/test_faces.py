"""Everything that a stranger wrote, on every face: no dangerous character arrives, no line and no element is the stranger's."""

import html
import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from markdown_it import MarkdownIt

from selfinstruct.cli import DEFECT, main
from selfinstruct.errors import InputError
from tests.support.hostile import FILE_NAME, PROBE, raw
from tests.support.hostile_run import SEED, make_hostile, write_rows
from tests.support.runs import MakeConfig, start

pytestmark = pytest.mark.bounds

FOREIGN_LINES = ("# approved", "## y", "![beacon]", "- selfinstruct", "<script", "a|b")
"""How the lines begin that the stranger would have us show as ours."""


class Shown(NamedTuple):
    code: int
    out: str
    err: str


Call = Callable[..., Shown]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run the command line in this process."""

    def run(*args: str | Path) -> Shown:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["selfinstruct", *map(str, args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Shown(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def hostile(make_config: MakeConfig, tmp_path: Path) -> Path:
    """A hostile run, and the same one before it was."""
    run = tmp_path / FILE_NAME
    start(make_config("batch"), run)
    start(make_config("batch"), tmp_path / "base")
    make_hostile(run)
    return run


def check(shown: Shown, code: int) -> None:
    assert shown.code == code, shown.err
    assert raw(shown.out + shown.err) == set()
    assert not [line for line in (shown.out + shown.err).split("\n") if line.startswith(FOREIGN_LINES)]


def first_id(run: Path) -> str:
    return str(json.loads((run / "provenance.jsonl").read_text(encoding="utf-8").split("\n")[0])["id"])


def test_a_terminal_gets_the_run_of_a_stranger_as_text(call: Call, hostile: Path) -> None:
    check(call("status", "--run", hostile), 0)
    check(call("diff", "base", hostile), 0)
    check(call("diff", hostile, "base"), 0)
    check(call("diff", "base", hostile, "--fail-on", f"removed>{PROBE}"), 2)
    check(call("validate", hostile), 1)
    check(call("explain", PROBE, "--run", hostile), 2)
    check(call("explain", first_id(hostile), "--run", "base"), 2)  # it was asked by another teacher
    check(call("estimate", "--run", hostile, "--model", PROBE), 0)
    check(call("export", "--run", hostile, "--format", "alpaca", "--output", FILE_NAME), 0)


def test_the_prompts_and_replies_of_a_run_are_shown_as_text(
    call: Call, make_config: MakeConfig, tmp_path: Path, write_config: Callable[..., Path]
) -> None:
    (tmp_path / "seeds").mkdir()
    for language in ("en", "zh"):
        lines = [SEED | {"id": f"{number}{PROBE}", "instruction": f"{number}{PROBE}"} for number in range(9)]
        text = "".join(json.dumps(one) + "\n" for one in lines)
        (tmp_path / "seeds" / f"{language}.jsonl").write_text(text, encoding="utf-8")
    seeds = str(tmp_path / "seeds")
    start(make_config("batch", run__seeds=seeds), tmp_path / "run")
    write_config("batch")
    check(call("generate", "--dry-run", "--run", "new", "--seeds", seeds, "--model", PROBE), 0)
    (tmp_path / "selfinstruct.toml").write_text((tmp_path / "run" / "config.lock.toml").read_text(encoding="utf-8"))
    check(call("explain", "en/0.0", "--run", "run"), 0)
    check(call("seeds", Path(seeds) / "en.jsonl"), 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--run"),
        ("diff", "base"),
        ("validate",),
        ("report", "--dataset"),
        ("seeds",),
        ("export", "--format", "alpaca", "--output", "x", "--dataset"),
        ("finetune", "--dataset"),
        ("--config",),
        ("explain",),
        ("teacher",),
        ("status", f"--{PROBE[:40]}"),
        ("diff", "--format"),
        ("generate", "--target"),
        ("generate", "--concurrency"),
        ("estimate", "--api-key-env"),
        ("estimate", "--base-url"),
        ("git", "merge-file", "a", "b", "c"),
        ("git", "textconv"),
        (),
    ],
)
def test_an_error_repeats_what_was_typed_as_text(call: Call, arguments: tuple[str, ...]) -> None:
    shown = call(*arguments, PROBE.replace("\0", ""))
    assert shown.code not in {0, DEFECT}
    check(shown, shown.code)


@pytest.mark.parametrize("arguments", [("validate",), ("status", "--run"), ("diff", "base"), ("seeds",), ("--config",)])
def test_a_name_that_is_too_long_is_refused(call: Call, arguments: tuple[str, ...]) -> None:
    arguments = ("status", *arguments) if arguments[0].startswith("--") else arguments
    shown = call(*arguments, "\u202e" + "y" * 300)
    check(shown, 2)
    assert len(shown.err) < 800


@pytest.mark.parametrize("format_name", ["text", "markdown", "html", "json"])
def test_a_file_whose_name_is_no_utf_8_is_compared(call: Call, tmp_path: Path, format_name: str) -> None:
    names = ("a.jsonl", "b\udcff.jsonl")
    for name in names:
        (tmp_path / name).write_text(f'{{"instruction": "Say it.", "output": "{name[0]}"}}', encoding="utf-8")
    shown = call("diff", *names, "--format", format_name)
    assert (shown.code, raw(shown.out + shown.err)) == (0, set())
    assert format_name != "json" or json.loads(shown.out)["head"]["name"] == names[1]


def test_a_file_that_cannot_be_read_is_named_as_text(call: Call, tmp_path: Path) -> None:
    for content in ("{", '{"instruction": 1}', f'{{"messages": [{{"role": {json.dumps(PROBE)}}}]}}'):
        (tmp_path / f"{FILE_NAME}.jsonl").write_text(content, encoding="utf-8")
        check(call("validate", f"{FILE_NAME}.jsonl"), 2)
    (tmp_path / f"{FILE_NAME}.toml").write_text(f"[run]\n{json.dumps(FILE_NAME)} = 1\n[{json.dumps(PROBE)}]\n")
    check(call("status", "--config", f"{FILE_NAME}.toml"), 2)


def test_an_error_that_nobody_foresaw_is_shown_as_text(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise LookupError(PROBE)

    monkeypatch.setattr("selfinstruct.api.settings.parse_config", broken)
    check(call("status"), DEFECT)


def test_progress_and_messages_are_text(call: Call, hostile: Path) -> None:
    shown = call("filter", "--run", hostile)  # the manifest says that another teacher was asked
    check(shown, 2)
    assert "teacher.kind (was " in shown.err


def test_what_git_shows_and_merges_is_text(call: Call, tmp_path: Path) -> None:
    path = write_rows(tmp_path)
    shown = call("git", "textconv", path)
    check(shown, 0)
    names = [line.partition(": ")[0] for line in shown.out.split("\n") if line and not line.startswith("    ")]
    assert names[:5] == ["id", "language", "instruction", "input", "output"]
    (tmp_path / "broken").write_bytes(b'{"a": \x9b\x1b[2J' + PROBE.encode())
    assert raw(call("git", "textconv", "broken").out) == set()
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(write_rows(tmp_path, output=name).read_text(encoding="utf-8"), encoding="utf-8")
    check(call("git", "merge-file", "base", "ours", "theirs", PROBE), 1)
    (tmp_path / "ours").write_text("{", encoding="utf-8")
    shown = call("git", "merge-file", "base", "ours", "theirs", PROBE)
    assert raw(shown.err) == set()


@pytest.mark.bounds
def test_json_on_standard_output_is_the_same_value(call: Call, hostile: Path) -> None:
    for arguments in (
        ("status", "--run", hostile),
        ("validate", hostile),
        ("report", "--run", hostile, "--output", "page.html"),
        ("estimate", "--run", hostile, "--model", PROBE),
        ("export", "--run", hostile, "--format", "alpaca", "--output", FILE_NAME),
    ):
        shown = call(*arguments, "--json")
        assert raw(shown.out) == set()
        value = json.loads(shown.out)
        if arguments[0] == "status":
            assert (value["run"], value["stop"]) == (PROBE, PROBE)
    text = call("diff", "base", hostile, "--json").out
    assert raw(text) == set()
    difference = json.loads(text)
    assert PROBE in {one["head"]["output"] for one in difference["changes"] if one["head"]}


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


def check_markdown(text: str, tags: set[str]) -> str:
    """Check that a page has no element, mention or address but ours; returns it as HTML."""
    assert raw(text) == set()
    shown = rendered(text)
    assert {tag.lower() for tag in re.findall(r"</?([a-zA-Z][\w-]*)", shown)} <= tags
    outside = html.unescape(re.sub(r"<code.*?</code>", "", shown, flags=re.DOTALL))
    assert not re.search(r"@octocat|#1\b|evil\.example|approved", outside)
    return shown


def test_a_comment_has_no_element_and_no_mention_of_a_stranger(call: Call, hostile: Path) -> None:
    tags = {"h2", "p", "b", "sub", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "code", "del", "ins", "br"}
    for base, head in (("base", hostile), (hostile, "base")):
        shown = call("diff", base, head, "--format", "markdown", "--held-out", write_rows(hostile.parent))
        check(shown, 0)
        assert check_markdown(shown.out, {*tags, "details", "summary"}).count("<h2>") == 1


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.attributes: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        assert tag not in {"img", "iframe", "a", "base", "form"} or (tag == "form" and not dict(attrs).get("action"))
        if tag == "script":
            self.scripts.append(dict(attrs))


@pytest.mark.parametrize("verb", ["diff", "report"])
def test_a_page_has_no_element_of_a_stranger(call: Call, hostile: Path, tmp_path: Path, verb: str) -> None:
    arguments = ("diff", "base", hostile) if verb == "diff" else ("report", "--run", hostile)
    check(call(*arguments, "--output", "page.html"), 0)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert raw(page) == set()
    found = Elements(page)
    assert found.scripts == [{"type": "application/json", "id": "data"}, {}]
    assert not [name for name in found.attributes if name.startswith("on") or name in {"src", "srcdoc"}]
    data = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert data
    texts = json.dumps(json.loads(data[1]), ensure_ascii=False)
    assert "beacon" in texts
    assert raw(texts) == set()


def test_the_card_of_a_dataset_shows_names_as_text(make_config: MakeConfig, tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    (tmp_path / FILE_NAME).write_text('{"instruction": "Anything else?", "output": "No."}', encoding="utf-8")
    held_out = [str(tmp_path / FILE_NAME)]
    start(make_config("batch", teacher__model=PROBE, filter__held_out=held_out), tmp_path / "run")
    _, front, body = (tmp_path / "run" / "dataset" / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(front)["pretty_name"] == "test"
    tags = {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "details", "summary"}
    shown = check_markdown(body, tags)
    assert (shown.count("<h1>"), shown.count("<h2>")) == (1, 5)


@pytest.mark.parametrize("format_name", ["llamafactory", "axolotl", "swift"])
def test_what_another_trainer_is_told_is_the_name_of_the_model_and_nothing_more(
    call: Call, hostile: Path, tmp_path: Path, format_name: str
) -> None:
    yaml = pytest.importorskip("yaml")
    arguments = ("export", "--dataset", hostile, "--format", format_name, "--output", "out", "--model", PROBE)
    check(call(*arguments), 0)
    text = next((tmp_path / "out").glob("*.yaml")).read_text(encoding="utf-8")
    assert raw(text) == set()
    options = yaml.safe_load(text)
    assert PROBE in options.values()
    assert "# approved" not in options


def test_the_names_of_a_run_are_text_in_a_notebook(hostile: Path, make_config: MakeConfig) -> None:
    import selfinstruct as si

    run = si.open_run(hostile, config=make_config("batch"))
    assert raw(repr(run)) == set()
    assert "\n" not in repr(run)
    with pytest.raises(InputError):
        si.validate(hostile.parent / "nowhere")
