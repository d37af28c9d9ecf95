"""An answer is told from the thought around it, and nothing of a thought is left in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.teacher.http.thoughts import split_thought

PAIRS = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<Thought>", "</Thought>"),
    ("<seed:think>", "</seed:think>"),
    ("<thinking>", "</thinking>"),
    ("<think >", "</think >"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<unused94>", "<unused95>"),
]
AT_START = [(f"<{name}>", f"</{name}>") for name in ("reasoning", "reflection", "analysis", "scratchpad")]


@pytest.mark.parametrize(("opening", "closing"), PAIRS + AT_START)
@pytest.mark.parametrize(("thought", "answer"), [("Let me see.", "The Loire."), ("先想一想。", "卢瓦尔河。")])
def test_what_stands_between_the_tags_of_a_thought_is_no_answer(
    opening: str, closing: str, thought: str, answer: str
) -> None:
    assert split_thought(f"{opening}\n{thought}\n{closing}\n\n{answer}") == (answer, thought)
    assert not split_thought(f"{opening}{thought}{closing}").answer


@pytest.mark.parametrize(("opening", "closing"), PAIRS)
def test_a_lone_closing_tag_ends_a_thought_and_a_lone_opening_one_begins_it(opening: str, closing: str) -> None:
    assert split_thought(f"Let me see.{closing}The Loire.") == ("The Loire.", "Let me see.")
    assert split_thought(f"{opening}Let me see, and see") == ("", "Let me see, and see")
    assert split_thought(f"The Loire.\n{opening}Is it so") == ("The Loire.", "Is it so")
    assert split_thought(f"The Loire.\n{opening}Is it so?{closing}") == ("The Loire.", "Is it so?")


@pytest.mark.parametrize(("opening", "closing"), PAIRS)
def test_a_second_thought_that_is_never_closed_is_no_answer(opening: str, closing: str) -> None:
    assert split_thought(f"{opening}One.{closing}The Loire.{opening}Two").answer == "The Loire."
    assert split_thought(f"{opening}One.{closing}\n{opening}Two.{closing}\nThe Loire.").answer == "The Loire."


@pytest.mark.parametrize("answer", ['"The Loire" is one.', "'The Loire'", "```text\nLoire\n```", "“卢瓦尔河”。"])
def test_an_answer_that_begins_with_a_quotation_mark_is_told_from_its_thought(answer: str) -> None:
    assert split_thought(f"Let me see.</think>{answer}").answer == answer
    assert split_thought(f"<think>It says “hm”</think>{answer}").answer == answer


@pytest.mark.parametrize(
    "text",
    [
        "Wrap it in <b>bold</b>.",
        "Models end their thought with `</think>`, a tag.",
        "The tag “</think>” ends it.",
        "<reasoning> is an element of the schema.",
        "Use the <think> tag for that.",
        "标签“</think>”表示思考结束。",
        "",
        "   ",
    ],
)
def test_a_text_without_a_thought_is_all_answer(text: str) -> None:
    assert split_thought(text) == (text, "")


def test_an_answer_about_the_tags_keeps_them_where_they_are_quoted() -> None:
    answer = "Write `<think>` first and `</think>` last."
    assert split_thought(f"<think>About tags.</think>{answer}") == (answer, "About tags.")


def test_a_thought_of_another_kind_after_a_thought_is_a_thought() -> None:
    assert split_thought("<think>a</think>\n<reflection>b</reflection>The Loire.") == ("The Loire.", "a\nb")


def test_the_marks_around_a_solution_are_not_part_of_it() -> None:
    text = "<|begin_of_thought|>Hm.<|end_of_thought|>\n<|begin_of_solution|>The Loire.<|end_of_solution|>"
    assert split_thought(text) == ("The Loire.", "Hm.")


@pytest.mark.parametrize(
    ("text", "answer", "thought"),
    [
        ("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Loire.<|return|>", "Loire.", "Hm."),
        ("<|channel|>final<|message|>Loire.", "Loire.", ""),
        ("<|channel|>analysis<|message|>Hm, and", "", "Hm, and"),
        ("<|channel|>commentary to=functions.find <|constrain|>json<|message|>{}<|call|>", "", ""),
        ("<|channel|>commentary<|message|>{}<|end|><|channel|>final<|message|>卢瓦尔河。<|end|>", "卢瓦尔河。", "{}"),
        ("analysisThe user wants one.assistantfinalThe Loire.", "The Loire.", "The user wants one."),
        ("analysis用户想要一条河。assistantfinal卢瓦尔河。", "卢瓦尔河。", "用户想要一条河。"),
        ("analysis is what we do. assistantfinal", "analysis is what we do. assistantfinal", ""),
    ],
)  # fmt: skip
def test_the_channels_of_harmony_are_told_apart(text: str, answer: str, thought: str) -> None:
    assert split_thought(text) == (answer, thought)


WORDS = st.sampled_from(["Loire ", "it rises ", "河", '"', "\n", "`x`", "1. ", "<b>", "“", " "])
THOUGHT = st.lists(st.sampled_from(["DRAFT", "草稿DRAFT", "\n", " DRAFT?", "“DRAFT”"]), min_size=1, max_size=5).map(
    "".join
)
ANSWER = st.lists(WORDS, max_size=6).map("".join)


@given(st.sampled_from(PAIRS), st.lists(THOUGHT, min_size=1, max_size=3), ANSWER, st.booleans())
def test_nothing_between_the_tags_of_a_thought_is_ever_answer(
    pair: tuple[str, str], thoughts: list[str], answer: str, is_cut: bool
) -> None:
    opening, closing = pair
    text = "\n".join(f"{opening}{thought}{closing}" for thought in thoughts) + answer
    text += f"{opening}{thoughts[0]}" if is_cut else ""
    assert "DRAFT" not in split_thought(text).answer
    if not is_cut:
        assert split_thought(text).answer == answer.strip()


@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from([*sum(PAIRS + AT_START, ()), "a", "\n", '"', "<|channel|>", "<|message|>", "final"])
    ).map("".join)
)
def test_no_text_makes_the_reader_raise_and_an_answer_is_part_of_the_text(text: str) -> None:
    spoken = split_thought(text)
    assert len(spoken.answer) <= len(text)
    assert len(spoken.thought) <= len(text) + 20


@pytest.mark.parametrize(
    ("text", "answer", "thought"),
    [
        ("<think>a</think>The Loire.<think>b</think>", "The Loire.", "a\nb"),
        (
            "<scratchpad>先想想。</scratchpad>卢瓦尔河。<scratchpad>检查。</scratchpad>",
            "卢瓦尔河。",
            "先想想。\n检查。",
        ),
        ("<think>a<think>b</think>a draft</think>", "", "a\nb\na draft"),
        ("<think>a</think>a draft</think>", "", "aa draft"),
    ],
)
def test_an_answer_between_two_thoughts_is_kept_and_a_draft_inside_one_is_not(
    text: str, answer: str, thought: str
) -> None:
    assert split_thought(text) == (answer, thought)
