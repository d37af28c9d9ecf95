"""A removed row and an added one that share a template are no rewording: both count, and stand beside each other."""

import io
import json
import re

import pytest
from rich.console import Console

from selfinstruct.dataset.diff import DatasetDiff
from selfinstruct.dataset.diff.match import RELATED_ABOVE, REWRITTEN_FROM
from selfinstruct.reports.diff import render
from selfinstruct.reports.diff.terminal import show
from selfinstruct.reports.diff.words import MEANINGS
from tests.support.diff_rows import Row, diff, en, with_id, zh

ALIKE = {
    "en": (
        en("Explain to a young child why the sea is salty.", "Rivers bring salt into it."),
        en("Explain to a young child how bees make honey.", "They collect nectar and dry it."),
    ),
    "zh": (
        zh("用一句话给小学生解释海水为什么是咸的。", "河流把盐带进了大海。"),
        zh("用一句话给小学生解释蜜蜂怎样酿蜂蜜。", "它们采来花蜜，再把水分扇干。"),
    ),
}
"""Two tasks of one template, with ROUGE-L between 0.5 and 0.7."""
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


def kept(count: int) -> list[Row]:
    return [en(f"Say {number} things about {chr(97 + number % 26) * 3}{number}.") for number in range(count)]


@LANGUAGES
def test_another_task_of_the_same_template_is_removed_and_added_and_fails_the_gate(language: str) -> None:
    gone, new = ALIKE[language]
    found = diff([*kept(50), gone], [*kept(50), new], f"removed>1%, removed.{language}>0, rewritten>0")
    assert (found.counts["removed"], found.counts["added"], found.counts["rewritten"]) == (1, 1, 0)
    assert [gate.failed for gate in found.gates] == [True, True, False]
    assert found.risk.reasons[0] == "1 row removed (2.0% of base), 1 with a similar row added"


@LANGUAGES
def test_each_of_the_two_has_the_other_beside_it_with_their_similarity(language: str) -> None:
    gone, new = ALIKE[language]
    found = diff([gone], [new])
    removed, added = found.changes
    assert removed.nearest
    assert added.nearest
    assert (removed.kind, removed.nearest.id, removed.nearest.instruction) == ("removed", added.id, new["instruction"])
    assert (added.kind, added.nearest.id, added.nearest.instruction) == ("added", removed.id, gone["instruction"])
    assert 0.5 < removed.nearest.score == added.nearest.score < 0.7
    assert (removed.score, found.replaced) == (None, 1)


@LANGUAGES
def test_with_the_same_long_answer_they_are_one_reworded_row(language: str) -> None:
    answer = {
        "en": "Think of what water carries along.",
        "zh": "想一想，水在流向大海的路上会把什么东西一起带走，又留下什么。",
    }
    gone, new = (row | {"output": answer[language]} for row in ALIKE[language])
    found = diff([gone], [new])
    assert (found.counts["rewritten"], found.replaced) == (1, 0)


@LANGUAGES
def test_with_the_same_short_answer_they_are_not(language: str) -> None:
    gone, new = (row | {"output": "Yes." if language == "en" else "是的。"} for row in ALIKE[language])
    assert diff([gone], [new]).counts["removed"] == 1


@LANGUAGES
def test_with_the_same_stated_id_they_are_one_reworded_row(language: str) -> None:
    gone, new = (row | {"id": "row 7"} for row in ALIKE[language])
    assert diff([gone], [new]).counts["rewritten"] == 1


def test_exactly_at_the_bound_a_row_was_reworded() -> None:
    base, head = en("a b c d e f g x y z", "One."), en("a b c d e f g u v w", "Two.")
    (change,) = diff([base], [head]).changes
    assert (change.kind, change.score) == ("rewritten", 0.7)


def test_a_row_with_the_same_answer_goes_before_a_more_similar_one() -> None:
    answer = "They collect nectar, and dry it with their wings."
    base = [en("Explain to a young child why the sea is salty.", answer), en("Name one dry wind.", answer)]
    near = en("Explain to a young child how the moon was made once.", "Long ago it rained.")
    same = en("Explain to a young child how bees make honey.", answer)
    found = diff(base, [near, same])
    assert [one.head and one.head.output for one in found.changes if one.kind == "rewritten"] == [answer]


def shown(found: DatasetDiff) -> str:
    file = io.StringIO()
    show(found, Console(file=file, width=200, color_system=None))
    return file.getvalue()


@LANGUAGES
def test_every_face_shows_them_beside_each_other(language: str) -> None:
    gone, new = ALIKE[language]
    found = diff([gone], [new])
    removed, added = found.changes
    near = removed.nearest
    assert near
    line = f"similar row added: {near.score:.3f} {added.id} {new['instruction']}"
    assert shown(found).count(line) == 2
    assert f"similar row removed: {near.score:.3f} {removed.id} {gone['instruction']}" in shown(found)
    marked = f"similar row added: {near.score:.3f} <code>{added.id}</code> <code>"
    assert render(found, "markdown").count(marked) == 2
    assert f"similar row added {added.id}, ROUGE-L {near.score:.3f}" in render(found, "html")
    value = json.loads(render(found, "json"))
    assert value["replaced"] == 1
    assert value["changes"][0]["nearest"] == {"id": added.id, "instruction": new["instruction"], "score": near.score}
    assert all("1 with a similar row added" in face for face in (shown(found), *_texts(found)))


def _texts(found: DatasetDiff) -> list[str]:
    return [re.sub(r"\s+", " ", render(found, name)) for name in ("markdown", "html", "json")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (en("Name a bird of the far north.", "The snowy owl."), en("How long is a marathon?", "It is 42.195 km.")),
        (zh("说出一种北方的鸟。", "雪鸮。"), zh("马拉松有多长？", "42.195 公里。")),
    ],
)
def test_a_row_that_was_edited_in_its_place_is_rewritten_however_far_and_the_legend_says_so(
    before: Row, after: Row
) -> None:
    stated = with_id(before)
    found = diff([stated], [{**after, "id": stated["id"]}])
    assert found.counts["rewritten"] == 1
    meaning = MEANINGS["rewritten"]
    assert "edited in its place" in meaning
    assert f"from {REWRITTEN_FROM}" in meaning
    assert f"above {RELATED_ABOVE}" in meaning
