"""The sections of a report on recipes, documents and quality."""

from pathlib import Path

import pytest

from selfinstruct.documents.passages import Passage
from selfinstruct.language import LANGUAGES
from selfinstruct.records import Check, LanguageCode, Row, Source
from selfinstruct.reports.run.figures import figures_of
from selfinstruct.reports.run.gather import ReplyFigures, gather
from selfinstruct.reports.run.origins import documents_of
from selfinstruct.reports.run.page import page
from selfinstruct.reports.run.quality import Likelihoods, quality_of, shortened_for_measure, sides_of
from tests.support.proved_runs import proved_run
from tests.support.reports import made, material
from tests.support.rows import distinct, row
from tests.support.runs import MakeConfig, start


def quoting(document: str, span: tuple[int, int], number: int, quote: str = "the sky") -> Row:
    given = "Under the sky."
    check = Check(kind="quote", arguments={"quote": quote}, span=(6, 13))
    source = Source(document=document, span=span)
    asked = row(f"Where does bird number {number} fly?", "Under the sky.", given)
    return asked.model_copy(update={"checks": (check,), "source": source})


def test_characters_quoted_twice_count_once() -> None:
    rows = [quoting("a.txt", (0, 10), 1), quoting("a.txt", (5, 15), 2), quoting("a.txt", (40, 50), 3)]
    passages = [
        Passage("1" * 16, "a.txt", 0, "x" * 60, "en"),
        Passage("2" * 16, "a.txt", 70, "x" * 40, "en"),
        Passage("3" * 16, "b.txt", 0, "x" * 50, "en"),
    ]
    replies = [ReplyFigures(("en", at), 1, 0, name) for at, name in enumerate(("a.txt", "a.txt", "b.txt", ""))]
    first, second = documents_of(material(rows, passages=passages, replies=replies))
    assert first == ("a.txt", 2, 2, 3, 25, 0.25)
    assert second == ("b.txt", 1, 1, 0, 0, 0.0)


def test_a_file_alone_says_what_it_can_of_its_documents() -> None:
    (only,) = documents_of(material([quoting("a.txt", (0, 10), 1)]))
    assert only == ("a.txt", None, None, 1, 10, None)
    assert "<td class=text>not known</td>" in made([quoting("a.txt", (0, 10), 1)])
    assert documents_of(material(distinct(4))) == ()


@pytest.mark.thorough
def test_a_run_shows_recipes_documents_and_rows_beside_seeds(make_config: MakeConfig, tmp_path: Path) -> None:
    config, folder = proved_run(make_config, tmp_path)
    given = gather(folder, config)
    figures = figures_of(given)
    assert sum(one.rows for one in figures.recipes) == len(given.rows)
    assert all(one.proved == one.rows for one in figures.recipes if one.recipe != "steered")
    assert {one.document: one.passages for one in figures.documents} == {"town.txt": 3, "小镇.txt": 3} | {
        one.document: one.passages for one in figures.documents
    }
    assert all(one.asked and one.covered and one.rows for one in figures.documents)
    for rows, seeds in figures.quality.values():
        assert (rows.name, seeds.name, rows.rows) == ("rows", "seeds", seeds.rows)
        assert (rows.proved > 0, seeds.proved) == (True, 0)
    text = page(given, figures)
    for title in ("Recipes", "Documents", "Quality: English", "Quality: Chinese"):
        assert f"<h2>{title}</h2>" in text


def test_a_row_whose_check_no_longer_holds_is_not_proved() -> None:
    rows = [quoting("a.txt", (0, 10), 1), quoting("a.txt", (0, 10), 2, quote="the sea"), *distinct(2)]
    one, other = quality_of(material(rows))["en"]
    assert (one.proved + other.proved) / 2 == 0.25


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_alone_is_its_own_control_in_two_halves_that_share_no_row(language: LanguageCode) -> None:
    given = material(distinct(21, language))
    left, right = sides_of(given)[language]
    assert (len(left.drawn), len(right.drawn)) == (10, 10)
    assert not {one.id for one in left.drawn} & {one.id for one in right.drawn}
    assert sides_of(material(distinct(21, language)[::-1])) == sides_of(given)
    assert sides_of(material(distinct(3, language))) == {}
    assert "the file is its own control" in made(distinct(21, language))


@pytest.mark.parametrize(("language", "answer"), [("en", "One two three."), ("zh", "春天来了。")])
def test_perplexity_is_of_a_word_or_a_character(language: LanguageCode, answer: str) -> None:
    units = LANGUAGES[language].units(answer)
    known: Likelihoods = {(language, "one half"): [(answer, -2.0 * units), (answer, -2.0 * units)]}
    left, right = quality_of(material(distinct(8, language)), known)[language]
    assert left.perplexity == pytest.approx(7.389, abs=1e-3)
    assert (left.measured, right.perplexity, right.measured) == (2, None, 0)


def test_long_answers_are_measured_from_their_beginning() -> None:
    assert shortened_for_measure(" one two ", "en") == "one two"
    assert shortened_for_measure("word " * 200, "en") == ("word " * 80).strip()
    assert shortened_for_measure("山" * 200, "zh") == "山" * 150


@pytest.mark.thorough
def test_a_run_shows_what_survives_of_each_operation_and_turn(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config("auto", generate__mix={"evolve": 0.5, "conversation": 0.5}, target={"en": 8, "zh": 8})
    manifest = start(config, tmp_path / "run")
    given = gather(tmp_path / "run", config)
    figures = figures_of(given)
    for language in ("en", "zh"):
        kinds = manifest["kinds"][language]
        shown = {(one.kind, one.round): (one.asked, one.rows) for one in figures.survivals if one.language == language}
        assert len(shown) == len(kinds)
        for kind, one in kinds.items():
            name, _, number = kind.partition(".")
            assert shown[name, int(number or 0)] == (one["requests"], one["rows"])
    talks = [row for row in given.rows if row.history]
    assert sum(one.rows for one in figures.turns) == len(talks)
    shown_page = page(given, figures)
    for text in ("<h2>Evolution</h2>", "<h2>Conversations</h2>", "follow up", "<td class=text>breadth</td>"):
        assert text in shown_page


def test_a_file_alone_shows_its_conversations_by_turns() -> None:
    talk = row("And a pear?", "It has pips.").model_copy(
        update={"history": (("Has a plum a stone?", "Yes."),), "source": Source(parent="0123456789abcdef")}
    )
    figures = figures_of(material([talk]))
    assert figures.survivals == ()
    assert figures.turns == (("en", 2, 1, ()),)
    assert "<h2>Evolution</h2>" not in made([talk])
