"""The report: its numbers and its page."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from selfinstruct.dataset.io.write import save
from selfinstruct.dataset.release.reviewed import Reviewed
from selfinstruct.records import LanguageCode, Row
from selfinstruct.reports.run import plots
from selfinstruct.reports.run.figures import figures_of
from selfinstruct.reports.run.gather import ReplyFigures
from selfinstruct.reports.run.page import page
from selfinstruct.reports.run.sample import REJECTED, ROWS, sample
from tests.support.reports import HOSTILE, made, material, origins, rejection
from tests.support.rows import distinct, row
from tests.support.teacher_server import TeacherServer

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def test_lengths_verbs_and_inputs_are_counted_in_the_units_of_the_language() -> None:
    rows = [
        row("Write a short poem about rain.", "One two three."),
        row("Write a letter to a friend.", "One.", "For Ann"),
        row("Explain why it rains.", "One two."),
        row("写一首关于春天的诗。", "春天来了。", language="zh"),
    ]
    found = figures_of(material(rows, validation_ids=frozenset({rows[0].id}))).languages
    assert found["en"].instruction_lengths == (4, 6, 6)
    assert found["en"].output_lengths == (1, 2, 3)
    assert (found["en"].rows, found["en"].held_out, found["en"].with_input) == (3, 1, 1)
    assert found["en"].verbs == (("write", 2, (("letter", 1), ("poem", 1))), ("explain", 1, ()))
    assert (found["en"].verb_count, found["en"].with_verb, found["en"].with_noun) == (2, 3, 2)
    assert found["zh"].verbs == (("写", 1, (("诗", 1),)),)
    assert found["zh"].output_lengths == (4,)


def test_nearest_neighbours_are_those_of_the_filter_where_the_run_knows_them() -> None:
    rows = distinct(4)
    assert figures_of(material(rows, provenance=origins(rows, 0.25))).languages["en"].nearest == (0.25,) * 4
    twice = [*distinct(2), row(distinct(1)[0].instruction + " please")]
    assert max(figures_of(material(twice)).languages["en"].nearest) > 0.9


def test_money_and_rows_add_up_over_the_replies() -> None:
    rows = distinct(4)
    replies = [ReplyFigures(("en", 0), 100, 5), ReplyFigures(("en", 1), 50, 7), ReplyFigures(("en", 0), 10, 0)]
    course = figures_of(material(rows, provenance=origins(rows), replies=replies)).course
    assert [(one.replies, one.tokens, one.rows) for one in course] == [(1, 100, 0), (2, 150, 2), (3, 160, 4)]
    assert [one.usd for one in course] == [5e-6, 12e-6, 12e-6]


def test_a_price_that_is_not_known_makes_no_curve_of_nothing() -> None:
    course = figures_of(
        material([], replies=[ReplyFigures(("en", 0), 100, 5), ReplyFigures(("en", 1), 50, None)], provenance={})
    ).course
    assert course[-1].usd is None


def test_a_long_run_is_drawn_with_a_few_hundred_points_and_ends_where_it_ended() -> None:
    replies = [ReplyFigures(("en", at), 1, 1) for at in range(5000)]
    course = figures_of(material([], replies=replies, provenance={})).course
    assert len(course) <= 400
    assert course[-1].replies == 5000
    assert course[-1].tokens == 5000


def test_the_sample_is_the_same_for_everybody_and_each_rule_and_language_has_its_share() -> None:
    rows = [*distinct(400), *distinct(20, "zh")]
    rejected = [
        rejection(rule, at, text="x", instruction="x")
        for rule in ("near_duplicate", "too_short")
        for at in range(100 if rule == "near_duplicate" else 3)
    ]
    found = sample(material(rows, rejected=rejected))
    count = {state: sum(one["state"] == state for one in found) for state in ("row", "near_duplicate", "too_short")}
    assert count == {"row": ROWS + 20, "near_duplicate": REJECTED, "too_short": 3}
    assert sorted(map(str, sample(material(rows[::-1], rejected=rejected[::-1])))) == sorted(map(str, found))


def test_a_rejected_candidate_has_its_reason_its_neighbour_and_what_the_teacher_wrote() -> None:
    texts = {"detail": "d", "instruction": "写诗。", "output": "好。", "text": "1. 写诗。"}
    rejected = rejection("near_duplicate", 3, language="zh", position=1, nearest="s1", score=0.8, **texts)
    found = sample(material([], rejected=[rejected], seeds={"s1": "写一首诗。"}))[0]
    assert (found["name"], found["state"]) == ("zh/3.1", "near_duplicate")
    assert found["nearest"] == {"name": "s1", "score": 0.8, "text": "写一首诗。"}
    assert found["texts"] == [["instruction", "写诗。"], ["output", "好。"], ["as the teacher wrote it", "1. 写诗。"]]


def test_a_text_of_many_pages_is_cut_and_says_so() -> None:
    found = sample(material([row("Write a book.", "x" * 20_000)]))[0]
    assert found["texts"][1][1].endswith("… (14,000 characters more)")


@pytest.mark.thorough
@pytest.mark.parametrize(
    "rows", [[], distinct(1), [*distinct(30), *distinct(20, "zh")], [row(HOSTILE, HOSTILE, HOSTILE)]]
)
def test_every_plot_is_sound_and_has_no_style_of_its_own(rows: list[Row]) -> None:
    drawn = re.findall(r"<svg.*?</svg>", made(rows), re.DOTALL)
    for one in drawn:
        ET.fromstring(one)  # noqa: S314 - made here
        assert " style=" not in one
        assert "<style" not in one
        assert "#000000" not in one
    names = re.findall(r' id="([^"]+)"', "".join(drawn))
    assert len(names) == len(set(names))


@pytest.mark.thorough
def test_the_same_material_gives_the_same_bytes() -> None:
    rows = [*distinct(30), *distinct(20, "zh")]
    assert made(rows) == made(rows)


def test_what_a_teacher_said_cannot_become_part_of_the_page() -> None:
    text = made([row(HOSTILE, HOSTILE, HOSTILE)], name=HOSTILE, seeds={"s1": HOSTILE})
    assert text.count("<script") == 2
    assert "<img" not in text
    assert text.count("</script>") == 2


def test_dollars_in_a_label_are_no_formula() -> None:
    assert ">$\\frac$<" in plots.bars(["$\\frac$"], {"en": [1]}, "name", "label")


@pytest.fixture
def run(selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path) -> Path:
    write_config("batch")
    assert selfinstruct("generate", "-q", "--target", "en=15,zh=15").returncode == 0
    return tmp_path / "outputs" / "test"


@pytest.mark.thorough
def test_the_report_of_a_run_says_what_its_manifest_says(run: Path, selfinstruct: Cli, server: TeacherServer) -> None:
    server.close()
    done = selfinstruct("report", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert document["rows"] == 30
    assert {rule: sum(one.values()) for rule, one in document["rejections"].items()} == manifest["ledger"]["total"][
        "rejected"
    ]
    last = document["course"][-1]
    assert (last["replies"], last["rows"]) == (manifest["requests"]["answered"], 30)
    assert last["tokens"] == manifest["tokens"]["prompt"] + manifest["tokens"]["completion"]
    assert last["usd"] == pytest.approx(float(manifest["cost_usd"]))
    text = (run / "report.html").read_text(encoding="utf-8")
    assert f"<b>${manifest['cost_usd']}</b>cost" in text
    assert "Not in this folder" not in text


@pytest.mark.thorough
def test_a_clone_without_journal_and_rejected_rows_has_a_report_that_says_what_is_missing(
    run: Path, selfinstruct: Cli
) -> None:
    for path in (run / "journal").iterdir():
        path.unlink()
    (run / "rejected.jsonl").unlink()
    assert selfinstruct("report").returncode == 0
    text = (run / "report.html").read_text(encoding="utf-8")
    assert "Not in this folder: the journal of a run" in text
    assert "Not in this folder: rejected.jsonl" in text


@pytest.mark.thorough
def test_any_instruction_file_has_a_report(selfinstruct: Cli, tmp_path: Path) -> None:
    save(tmp_path / "in.json", [one.model_dump() for one in distinct(5)])
    refused = selfinstruct("report", "--dataset", "in.json", "--output", "pages/in.html")
    assert (refused.returncode, (tmp_path / "pages").exists()) == (2, False)
    assert "the folder pages is not there" in refused.stderr
    (tmp_path / "pages").mkdir()
    done = selfinstruct("report", "--dataset", "in.json", "--output", "pages/in.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert "A dataset without its run" in (tmp_path / "pages" / "in.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("prepare", "arguments", "message"),
    [
        (lambda _: None, (), "outputs/demo: holds no run; `selfinstruct generate` makes one"),
        (lambda _: None, ("--dataset", "none.jsonl"), "none.jsonl: no such file"),
        (lambda path: (path / "in.jsonl").write_text('{"instruction": "a", "output": "b"}\n{', encoding="utf-8"), ("--dataset", "in.jsonl"), "in.jsonl:2: not JSON"),
        (lambda path: (path / "empty").mkdir(), ("--run", "empty"), "empty: holds no dataset"),
    ],
)  # fmt: skip
def test_what_cannot_be_reported_on_is_said_with_a_remedy(
    selfinstruct: Cli, tmp_path: Path, prepare: Callable[[Path], object], arguments: tuple[str, ...], message: str
) -> None:
    prepare(tmp_path)
    done = selfinstruct("report", *arguments)
    assert (done.returncode, message in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert not list(tmp_path.rglob("report.html"))


@pytest.mark.parametrize(
    ("language", "wanted"), [("en", ("rows as made", "all of 49 left")), ("zh", ("原有行数", "剩下 49 行全读"))]
)
def test_where_the_rows_that_are_left_are_fewer_than_the_bound_needs_all_of_them_are_asked_for(
    language: LanguageCode, wanted: tuple[str, ...]
) -> None:
    figures = {"accepted": 17, "rejected": 2, "edited": 1, "sample": 20, "seen": 20, "bad": 3, "at_most": 0.344}
    pages = []
    for rows in (69, 900):
        given = material(distinct(4), reviewed={"total": Reviewed(rows=rows, read=20, more=133, **figures)})
        pages.append(page(given, figures_of(given), language))
    few, many = pages
    assert all(word in few for word in wanted)
    assert wanted[0] in many
    assert wanted[1] not in many
    assert ">133<" in many
