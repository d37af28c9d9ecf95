"""The item format: parsing of unusual replies, and round trips."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.language import ENGLISH, LANGUAGES, Language
from selfinstruct.prompts import parse_items, render_items
from selfinstruct.records import Task
from tests.support.corpus import CASES
from tests.support.corpus.case import Case
from tests.support.floods import seconds
from tests.support.items_measures import lost
from tests.support.items_strategies import PIECES, languages, plain, tasks

SIZE = 64 * 1024
FLOODS = [
    *(
        "{",
        "[",
        "#",
        "*",
        "\n",
        " ",
        "\t",
        "\r",
        "_",
        "-",
        ">",
        "`",
        "~",
        "\\",
        '"',
        "a",
        "字",
        "1",
        "十",
        "【",
        "(",
        "\u3000",
    ),
    *(
        "1. Instruction:\n",
        "Instruction:\n",
        "1. Input:\n",
        "Output:\n",
        "指令：\n",
        "###\n",
        "```\n",
        "```a\n",
        "````\n```\n",
        "---\n",
    ),
    *(
        "1. Instruction:\nInstruction:\n",
        "Task 4: a\n",
        "5. a\n",
        "5. a\nInput:\n",
        "**Output:** ",
        "# 4\n\n",
        "第4题\n",
        "> - * ",
    ),
    *(
        '{"a":',
        '{"instruction":',
        '[{"a":[',
        '{"instruction":"a"},',
        '{"a":1}',
        '{"',
        '{ "a',
        '{"x": "\\',
        "[[",
        '{"a":[' * 9 + "\n",
    ),
    *(
        "Instruction:\nOutput:\n",
        "Output:\n###\n",
        "###\nInput:\n",
        "Task 4:\n\n",
        "# # ",
        "4.4.",
        "Let me know ",
        "以上",
        "no input",
        "\n#",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_reply_is_read_as_a_careful_human_reads_it(case: Case) -> None:
    assert [item[:4] for item in parse_items(case.reply, case.cut)] == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_of_a_reply_is_lost(case: Case) -> None:
    assert not lost(case.reply, parse_items(case.reply, case.cut))


def test_names_of_cases_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 70


@given(st.lists(tasks(), max_size=4), languages, st.integers(0, 10**9))
def test_reading_gives_back_what_was_written(written: list[Task], language: str, first: int) -> None:
    read = parse_items(render_items(written, LANGUAGES[language], first))
    assert [item[:3] for item in read] == [plain(task) for task in written]


def test_whole_items_have_no_fault() -> None:
    written = [Task(id="t", instruction="a", input="b", output="c")] * 3
    assert [item.fault for item in parse_items(render_items(written, ENGLISH))] == ["", "", ""]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=60).map("".join), st.booleans())
def test_any_reply_is_read_without_loss(reply: str, cut: bool) -> None:
    items = parse_items(reply, cut)
    assert not lost(reply, items)
    assert bool(items) == bool(reply.strip()) or all(not item.text for item in items)


@given(st.sampled_from(CASES), st.data())
def test_any_part_of_a_reply_is_read_without_loss(case: Case, data: st.DataObject) -> None:
    ends = st.integers(0, len(case.reply))
    start, end = sorted((data.draw(ends), data.draw(ends)))
    assert not lost(case.reply[start:end], parse_items(case.reply[start:end], cut=True))


def _mutilations(item: str) -> list[str]:
    """Return ways to break an item that stays behind its separator."""
    lines = item.split("\n")
    without = ["\n".join(lines[:i] + lines[i + 1 :]) for i in range(1, len(lines))]
    garbled = [item.replace(word, "Xyz") for words in LANGUAGES["en"].field_words.values() for word in words[:1]]
    opened = [item.replace("Output:\n", "Output:\n```\n"), item.replace("Input:\n", "Input:\n~~~py\n")]
    cut = [item[:length] for length in range(4, len(item), 3)]
    return [
        *without,
        *garbled,
        *opened,
        *cut,
        item.replace(":", ""),
        "###\n" + item[4:].upper(),
        "###\n",
        "###\nno item",
    ]


@pytest.mark.parametrize("with_fence", [False, True])
def test_a_mutilated_item_does_not_take_its_neighbours_with_it(with_fence: bool) -> None:
    answer = "```py\nprint(1)\n```" if with_fence else "one\n\ntwo"
    first, middle, last = (Task(id="t", instruction=f"Do {name}.", input="some", output=answer) for name in "abc")
    parts = [render_items([task], ENGLISH, number) for number, task in enumerate((first, middle, last), 4)]
    for broken in _mutilations(parts[1]):
        reply = "\n".join((parts[0], broken, parts[2]))
        read = [item[:3] for item in parse_items(reply) if not item.fault]
        assert plain(first) in read, broken
        assert plain(last) in read, broken


@pytest.mark.parametrize("piece", FLOODS, ids=repr)
def test_64_kib_of_anything_are_read_in_a_moment(piece: str) -> None:
    reply = (piece * SIZE)[:SIZE]
    assert seconds(lambda: parse_items(reply, cut=True)) < 1


def test_64_kib_of_random_pieces_are_read_in_a_moment() -> None:
    reply = "".join(random.Random(1).choices(PIECES, k=SIZE // 2))[:SIZE]
    assert seconds(lambda: parse_items(reply)) < 1


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_every_way_to_say_no_input_is_no_input(language: Language) -> None:
    words = language.field_words
    for variant in [*language.no_input, *(f"({word.upper()})." for word in language.no_input)]:
        reply = f"{words['instruction'][0]}: x\n{words['input'][0]}: {variant}\n{words['output'][0]}: y"
        assert parse_items(reply)[0].input == "", variant
