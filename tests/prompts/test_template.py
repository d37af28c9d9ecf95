"""Prompt files: errors name the place, and the shipped files are valid."""

from pathlib import Path

import pytest

from selfinstruct.errors import PromptError
from selfinstruct.prompts import parse_prompts
from selfinstruct.prompts.parts import PARTS
from selfinstruct.prompts.template import LISTS
from selfinstruct.records import LanguageCode

SHIPPED = Path(__file__).parents[2] / "prompts"
LANGUAGE_CODES: tuple[LanguageCode, ...] = ("en", "zh")


def _shipped(language: LanguageCode) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (SHIPPED / language).iterdir()}


def _message(name: str, text: str | None) -> str:
    """Return what is said of the English prompts when one file has another text, or is not there."""
    files = _shipped("en")
    if text is None:
        del files[name]
    else:
        files[name] = text
    with pytest.raises(PromptError) as caught:
        parse_prompts("en", files, "my/en")
    return str(caught.value)


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_the_shipped_prompts_are_read(language: LanguageCode) -> None:
    prompts = parse_prompts(language, _shipped(language), f"prompts/{language}")
    assert set(prompts.templates) == {"batch", "instruction", "input", "answer", "label"}
    assert all(template.version >= 1 for template in prompts.templates.values())
    read = {f"{step}.txt" for step in PARTS} | set(LISTS)
    assert set(prompts.sources) == {f"prompts/{language}/{name}" for name in read}


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_topics_and_verbs_are_many_and_none_comes_twice(language: LanguageCode) -> None:
    prompts = parse_prompts(language, _shipped(language), language)
    for entries, least in ((prompts.topics, 200), (prompts.verbs, 80)):
        assert len({entry.casefold() for entry in entries}) == len(entries) >= least


def test_a_part_becomes_a_chat_turn_with_its_placeholders_filled() -> None:
    template = parse_prompts("en", _shipped("en"), "en").templates["answer"]
    turn = template.turn("user with input", instruction="Add $this.", input="2, 3")
    assert turn.role == "user"
    assert "Add $this." in turn.content
    assert "2, 3" in turn.content


def test_two_dollar_signs_are_one() -> None:
    files = _shipped("en") | {"input.txt": "version: 3\n[system]\n5 $$\n[user]\n$instruction\n[assistant]\n$input"}
    assert parse_prompts("en", files, "en").templates["input"].turn("system").content == "5 $"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    files = _shipped("en")
    windows = {name: "\ufeff" + text.replace("\n", "\r\n") for name, text in files.items()}
    plain, other = (parse_prompts("en", texts, "en") for texts in (files, windows))
    assert (plain.templates, plain.topics, plain.verbs) == (other.templates, other.topics, other.verbs)


def test_the_longest_verb_that_begins_an_instruction_is_found() -> None:
    files = _shipped("en") | {"verbs.txt": "Write\nWrite down\n"}
    prompts = parse_prompts("en", files, "en")
    assert prompts.leading_verb("write down three names") == "Write down"
    assert prompts.leading_verb("Sing.") == ""


def test_a_missing_file_is_named() -> None:
    assert _message("label.txt", None).startswith("my/en/label.txt: no such prompt file")


@pytest.mark.parametrize("first", ["", "[system]", "version: two", "version 1", "Version: 1 beta"])
def test_a_file_without_its_version_line_is_named(first: str) -> None:
    assert _message("input.txt", f"{first}\n[system]\n") == "my/en/input.txt:1: must be `version: N`"


def test_a_missing_part_is_named() -> None:
    assert (
        _message("input.txt", "version: 1\n[system]\nHi\n[user]\n$instruction")
        == "my/en/input.txt: lacks the part [assistant]"
    )


def test_an_unknown_part_is_named_with_those_known() -> None:
    text = "version: 1\n[system]\n[user]\n$instruction\n[assistant]\n$input\n[footer]\nBye"
    assert (
        _message("input.txt", text) == "my/en/input.txt:7: unknown part [footer]; known: [system], [user], [assistant]"
    )


@pytest.mark.parametrize("heading", ["[用户]", "【user】", "[User]", "[user message]"])
def test_a_renamed_part_is_named_rather_than_what_its_text_then_lacks(heading: str) -> None:
    text = f"version: 1\n[system]\nHi\n{heading}\n$instruction\n[assistant]\n$input"
    assert _message("input.txt", text).startswith(f"my/en/input.txt:4: unknown part {heading}; known: [system]")


def test_a_renamed_first_part_is_named() -> None:
    text = "version: 1\n[系统]\nHi\n[user]\n$instruction\n[assistant]\n$input"
    assert _message("input.txt", text).startswith("my/en/input.txt:2: unknown part [系统]; known: [system]")


def test_brackets_on_a_line_of_their_own_are_text_where_no_part_is_missing() -> None:
    text = "version: 1\n[system]\n[Your Name]\n【例】\n[user]\n$instruction\n[assistant]\n$input"
    template = parse_prompts("en", _shipped("en") | {"input.txt": text}, "en").templates["input"]
    assert template.parts["system"] == "[Your Name]\n【例】"


def test_a_part_that_comes_twice_is_named() -> None:
    text = "version: 1\n[system]\n[user]\n$instruction\n[assistant]\n$input\n[user]\n$instruction"
    assert _message("input.txt", text) == "my/en/input.txt: the part [user] comes twice"


def test_text_before_the_first_part_is_not_ignored() -> None:
    text = "version: 1\nBe brief.\n[system]\n[user]\n$instruction\n[assistant]\n$input"
    assert _message("input.txt", text) == "my/en/input.txt:2: text before the first part; begin with [system]"


def test_a_missing_placeholder_is_named() -> None:
    text = "version: 1\n[system]\n[user]\nGo\n[assistant]\n$input"
    assert _message("input.txt", text) == "my/en/input.txt:3: [user]: lacks the placeholder $instruction"


def test_an_unknown_placeholder_is_named_with_those_known() -> None:
    text = "version: 1\n[system]\n[user]\n$instruction $topik\n[assistant]\n$input"
    assert (
        _message("input.txt", text) == "my/en/input.txt:4: [user]: unknown placeholder $topik; known here: $instruction"
    )


@pytest.mark.parametrize("typed", ["$instrution", "${instrution}"])
def test_a_misspelt_placeholder_is_named_with_its_line_and_what_was_meant(typed: str) -> None:
    text = f"version: 1\n[system]\n\n[user]\n\nFor\n{typed}\n[assistant]\n$input"
    assert _message("input.txt", text) == (
        "my/en/input.txt:7: [user]: unknown placeholder $instrution; did you mean $instruction? Known here: $instruction"
    )


@pytest.mark.parametrize("text", ["5 $ a day", "$", "${instruction", "$1"])
def test_a_lone_dollar_sign_is_explained(text: str) -> None:
    message = _message("input.txt", f"version: 1\n[system]\n[user]\n$instruction {text}\n[assistant]\n$input")
    assert message == "my/en/input.txt:4: [user]: a lone `$`; write `$$` for a dollar sign"


@pytest.mark.parametrize("name", ["topics.txt", "verbs.txt"])
def test_an_empty_list_is_named(name: str) -> None:
    assert _message(name, " \n\n") == f"my/en/{name}: is empty; put one entry on a line"
