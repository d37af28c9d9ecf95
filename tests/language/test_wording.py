"""Topics and frames: which words are found, and where."""

import pytest

from selfinstruct.language.wording import Frames, Together, Topic, frames, topic

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
