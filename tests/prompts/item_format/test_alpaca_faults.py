"""Alpaca's format with each fault that its and BELLE's parsers have: no complete item is lost.

The list: AlpacaDataCleaned's README, and what running Alpaca's `post_process_gpt3_response` showed.
"""

import pytest

from selfinstruct.prompts import parse_items

Fields = tuple[str, str, str]
TASKS: list[Fields] = [
    (f"Do thing {number}.", "" if number % 2 else f"with {number}", f"Done {number}.") for number in range(4, 8)
]


def _alpaca(tasks: list[Fields], first: int = 4, separator: str = "###", no_input: str = "<noinput>") -> str:
    """Return a reply as Alpaca's prompt opens it: `4. Instruction:` stands in the prompt already."""
    items = [
        f"{number}. Instruction: {instruction}\n{number}. Input:\n{given or no_input}\n{number}. Output:\n{output}\n"
        for number, (instruction, given, output) in enumerate(tasks, first)
    ]
    return f"{separator}\n".join(items).removeprefix(f"{first}. Instruction:")


def _complete(reply: str, cut: bool = False) -> list[Fields]:
    return [item[:3] for item in parse_items(reply, cut) if not item.fault]


def _faults(reply: str, cut: bool = False) -> list[str]:
    return [item.fault for item in parse_items(reply, cut)]


def _with_output(output: str) -> list[Fields]:
    return [TASKS[0], (*TASKS[1][:2], output), *TASKS[2:]]


def test_a_faultless_reply_is_read_whole() -> None:
    assert _complete(_alpaca(TASKS)) == TASKS


@pytest.mark.parametrize("separator", ["##", "#####", "", "---", "### ", "\n###\n"])
def test_another_separator_merges_no_items(separator: str) -> None:
    assert _complete(_alpaca(TASKS, separator=separator)) == TASKS


def test_one_separator_with_a_hash_too_few_merges_no_items() -> None:
    assert _complete(_alpaca(TASKS).replace("###\n6.", "##\n6.")) == TASKS


@pytest.mark.parametrize("output", ["### Title\nText.", "# A\n\n## B\n\n### 1. C\n\n#### D", "Text.\n### Title"])
def test_a_heading_in_an_answer_neither_empties_it_nor_ends_the_reply(output: str) -> None:
    assert _complete(_alpaca(_with_output(output))) == _with_output(output)


@pytest.mark.parametrize(
    "output", ["It was passed in 20. It then lapsed.", "19. a\n20. b\n21. c", "20.", "They were\n20"]
)
def test_the_number_20_ends_nothing(output: str) -> None:
    assert _complete(_alpaca(_with_output(output))) == _with_output(output)


def test_items_after_number_20_are_read() -> None:
    assert _complete(_alpaca(TASKS, first=18)) == TASKS


def test_an_empty_output_is_a_fault_of_its_item_alone() -> None:
    reply = _alpaca(_with_output(""))
    assert _complete(reply) == [TASKS[0], *TASKS[2:]]
    assert _faults(reply) == ["", "missing_output", "", ""]


@pytest.mark.parametrize(
    "word",
    ["<no input>", "No input", "noinput", "<noinput>", "[noinput]", "(no input).", "NoInput", "<无输入>", "None"],
)
def test_every_no_input_is_an_empty_input(word: str) -> None:
    assert _complete(_alpaca(TASKS, no_input=word)) == TASKS


@pytest.mark.parametrize("numbers", [(4, 5, 5, 6), (4, 6, 7, 8), (1, 2, 3, 4), (9, 8, 7, 6), (4, 1, 2, 3)])
def test_numbers_that_are_not_those_expected_lose_no_item(numbers: tuple[int, ...]) -> None:
    reply = "###\n".join(_alpaca([task], number) for number, task in zip(numbers, TASKS, strict=True))
    heads = iter(numbers)
    reply = "".join(f"{next(heads)}. Instruction:{part}" if i % 2 else part for i, part in enumerate(_split(reply)))
    assert _complete(reply) == TASKS


def _split(reply: str) -> list[str]:
    """Return empty strings and the parts of a reply that lack their first head, in turn."""
    return [piece for part in reply.split("###\n") for piece in ("###\n", part)]


def test_a_reply_cut_by_length_keeps_its_complete_items() -> None:
    reply = _alpaca(TASKS)[:-4]
    assert _complete(reply, cut=True) == TASKS[:3]
    assert _faults(reply, cut=True) == ["", "", "", "truncated"]


def test_a_field_without_its_mark_costs_one_item() -> None:
    reply = _alpaca(TASKS).replace("5. Output:\n", "")
    assert _complete(reply) == [TASKS[0], *TASKS[2:]]
    assert _faults(reply) == ["", "missing_output", "", ""]


@pytest.mark.parametrize("output", ["N/A", "<no output>", "a\x00\x1b[0mb", 'a\\"b\\"', "```python\n```"])
def test_what_content_rules_judge_is_handed_on_as_it_was_sent(output: str) -> None:
    assert _complete(_alpaca(_with_output(output))) == _with_output(output)


@pytest.mark.parametrize("colon", [":", "："])
@pytest.mark.parametrize("separator", ["###\n", "\n", ""])
def test_belle_replies_are_read_with_any_colon_and_separator(colon: str, separator: str) -> None:
    tasks = [
        (f"做第{number}件事。", "" if number % 2 else f"用{number}", f"做完{number}了。") for number in range(4, 8)
    ]
    reply = separator.join(
        f"{number}. 指令{colon}{instruction}\n{number}. 输入{colon}\n{given or '<无输入>'}\n{number}. 输出{colon}\n{output}\n"
        for number, (instruction, given, output) in enumerate(tasks, 4)
    )
    assert _complete(reply) == tasks
