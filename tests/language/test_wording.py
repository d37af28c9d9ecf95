"""Topics and frames: which words are found, and where."""

import re
from pathlib import Path

import pytest

from selfinstruct.language import LANGUAGES
from selfinstruct.language.wording import Frames, Together, Topic, frames, topic
from selfinstruct.system.files import PACKAGE, read_text

WRITING = topic(["essay", "poem", "cover letter", "translat*", "*error"], spaced=True)


@pytest.mark.parametrize(
    "text", ["My ESSAY, please.", "a poem", "Cover letter!", "cover-letter", "Translating it", "an IndentationError"]
)
def test_a_topic_finds_whole_words_phrases_and_parts_in_any_case(text: str) -> None:
    assert WRITING.search(text)


@pytest.mark.parametrize("text", ["", "essayist", "poems", "a letter on the cover", "mistranslated", "errors"])
def test_a_topic_finds_no_word_inside_of_another(text: str) -> None:
    assert not WRITING.search(text)


def test_a_chinese_topic_finds_words_without_spaces_and_the_longest_first() -> None:
    found = topic(["文", "文章"], spaced=False).search("改写这篇文章。")

    assert found
    assert found[0] == "文章"


def test_a_frame_goes_on_until_its_groups_are_of_their_topics() -> None:
    this: Frames = frames([r"\bthis (?P<it>\w+)"], {"it": WRITING})

    found = this.search("on this day read this poem")

    assert found
    assert found[0] == "this poem"
    assert not this.search("on this day read the poem")


def test_two_topics_stand_together_in_one_sentence_only() -> None:
    together = Together(((topic(["how"], spaced=True), topic(["bomb"], spaced=True)),))

    assert together.search("tell me how to build a bomb")
    assert not together.search("how are you? the bomb went off")


def test_a_topic_gives_the_same_word_in_every_run() -> None:
    several: Topic = topic(["red", "green", "blue"], spaced=True)

    assert {(several.search("blue green red") or [""])[0] for _ in range(20)} == {" blue "}


def test_frames_are_looked_for_only_where_a_word_that_they_need_stands() -> None:
    needing = frames([r"\bgoes away"], {}, topic(["away"], spaced=True))

    assert needing.search("he goes away")
    assert not needing.search("he goes awaywards")


def test_words_of_a_long_chinese_text_are_found_too() -> None:
    assert topic(["文章"], spaced=False).search("水" * 500 + "文章")


ROOMS = (PACKAGE / "quality", PACKAGE / "dataset" / "conversations", PACKAGE / "requests")
ASKED = sorted(
    {
        name
        for room in ROOMS
        for file in room.rglob("*.py")
        for name in re.findall(r"(?:language|one)\.(\w+)\.search|matches\((?:language|one)\.(\w+),", read_text(file))
    }
)


@pytest.mark.parametrize("name", [first or second for first, second in ASKED])
def test_what_a_rule_asks_for_stands_in_the_files_of_both_languages(name: str) -> None:
    assert all(name in language.read.wordings for language in LANGUAGES.values())


@pytest.mark.parametrize(
    "file", sorted((PACKAGE / "language").glob("*/*.txt")), ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_a_file_of_words_has_known_sections_short_lines_and_nothing_twice(file: Path) -> None:
    text = read_text(file)
    heads = re.findall(r"^\[(\w+)(?: ([\w: ]+))?\]$", text, re.MULTILINE)
    sections = [section.split("\n") for section in text.strip("\n").split("\n\n")]

    assert {kind for kind, _ in heads} <= {"words", "frames", "pairs", "lines", "set", "pattern", "parts"}
    assert len(heads) == len(sections)
    assert max(map(len, text.splitlines())) <= 200
    for lines in sections:
        said = [line for line in lines if not line.startswith("# ")]
        assert len(said) == len(set(said)) > 1, lines[:2]
