from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.errors import InputError
from selfinstruct.training import TrainingJob
from selfinstruct.training.data.batches import Order, padding_share
from selfinstruct.training.data.prepare import prepare
from selfinstruct.training.data.remarks import remarks
from selfinstruct.training.data.split import instruction_key
from selfinstruct.training.model.facts import ModelFacts
from tests.support.models import CHAT, SETTINGS, build_tokenizer, make_row, toy_rows
from tests.support.rich_rows import tool

pytestmark = pytest.mark.finetune


def job_of(**changes: Any) -> TrainingJob:
    return TrainingJob(settings=SETTINGS.model_copy(update=changes), model="none", output=Path(), seed=0)


some_lengths = st.lists(st.integers(1, 2000), min_size=1, max_size=300)


@settings(deadline=None)
@given(some_lengths, st.integers(1, 9), st.integers(0, 5))
def test_every_row_is_seen_once_an_epoch_in_whole_micro_batches(lengths: list[int], size: int, epoch: int) -> None:
    batches = Order(lengths, size, seed=1).micro_batches(epoch)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert all(len(batch) == size for batch in batches[:-1])


def test_the_order_is_a_function_of_seed_and_epoch() -> None:
    lengths = list(range(50))
    order, other = Order(lengths, 4, seed=1), Order(lengths, 4, seed=1)
    order.set_epoch(3)
    list(order)
    other.set_epoch(3)
    assert list(order) == list(other)
    other.set_epoch(4)
    assert list(order) != list(other)
    assert Order(lengths, 4, seed=2).micro_batches(3) != order.micro_batches(3)


def test_rows_of_a_length_stand_together_so_that_less_than_a_tenth_is_padding() -> None:
    """Lengths as of the seeds: from 40 to 900 tokens, most of them short."""
    lengths = [40 + (number * 7919) % 240 + (number % 7 == 0) * (number * 104729) % 620 for number in range(200)]
    assert padding_share(Order(lengths, 8, seed=1)) < 0.1
    assert padding_share(Order(lengths, 4, seed=1)) < 0.05
    assert padding_share(Order(lengths, 1, seed=1)) == 0


def test_long_and_short_batches_come_in_any_order() -> None:
    batches = Order(list(range(64)), 4, seed=1).micro_batches(0)
    firsts = [batch[0] for batch in batches]
    assert firsts != sorted(firsts)


def test_general_rows_make_up_their_share_and_none_of_them_is_measured() -> None:
    rows = toy_rows(40)
    general = [make_row("en", f"Say {number}.", "fine") for number in range(50)] + rows
    data = prepare(rows, build_tokenizer(chat=CHAT), job_of(replay_share=0.25), general)
    share = len(data.replay) / (len(data.replay) + len(data.train))
    assert share == pytest.approx(0.25, abs=0.02)
    validation = {instruction_key(one.row.instruction) for one in data.validation}
    assert not validation & {instruction_key(one.row.instruction) for one in data.replay}
    assert len(data.learned) == len(data.train) + len(data.replay)


def test_fewer_general_rows_than_wanted_are_all_taken() -> None:
    general = [make_row("en", "Say hello.", "Hello.")]
    data = prepare(toy_rows(40), build_tokenizer(chat=CHAT), job_of(), general)
    assert [one.row for one in data.replay] == general
    assert remarks(toy_rows(40), data, SETTINGS)[-1].startswith("1 general rows are mixed in, 8 were wanted")


def test_near_duplicates_of_measured_rows_and_copies_of_learned_ones_are_not_mixed_in() -> None:
    rows = [*toy_rows(24), make_row("en", "Please name the five largest animals of the world.", "cat")]
    job = job_of(replay_share=0.5).model_copy(update={"validation_ids": frozenset({rows[-1].id})})
    near = make_row("en", "Please name the five largest animals of the whole world.", "whale")
    copy, other = rows[0].model_copy(update={"output": "another answer"}), make_row("en", "Say hello.", "Hello.")
    data = prepare(rows, build_tokenizer(chat=CHAT), job, [near, copy, other])
    assert [one.row for one in data.replay] == [other]


def test_a_measured_instruction_without_words_is_not_mixed_in_either() -> None:
    """ROUGE-L sees words and characters only."""
    rows = [*toy_rows(), make_row("zh", "？！", "猫")]
    job = job_of(replay_share=0.5).model_copy(update={"validation_ids": frozenset({rows[-1].id})})
    assert not prepare(rows, build_tokenizer(chat=CHAT), job, [make_row("en", "?!", "cat")]).replay


@pytest.mark.parametrize(("method", "virtual"), [("lora", 0), ("prompt-tuning", 8)])
def test_the_model_s_context_is_a_limit_as_well_and_virtual_tokens_stand_in_it(method: str, virtual: int) -> None:
    tokenizer, rows = build_tokenizer(chat=CHAT), toy_rows()
    longest = max(one.length for one in prepare(rows, tokenizer, job_of()).train)
    job = job_of(method=method, virtual_tokens=8)
    assert not prepare(rows, tokenizer, job, model=ModelFacts(context=longest + virtual)).left_out
    data = prepare(rows, tokenizer, job, model=ModelFacts(context=longest + virtual - 1))
    assert data.left_out
    assert f"longer than the {longest - 1} tokens of the model's context" in remarks(rows, data, SETTINGS)[0]
    with pytest.raises(InputError, match=r"fit into the \d+ tokens of the model's context.*longer context"):
        prepare(rows, tokenizer, job, model=ModelFacts(context=12))


def test_a_language_whose_rows_are_all_too_long_is_said_not_to_be_learned() -> None:
    rows = [row if row.language == "en" else make_row("zh", row.instruction, "猫" * 300) for row in toy_rows()]
    long, faded = remarks(rows, prepare(rows, build_tokenizer(chat=CHAT), job_of()), SETTINGS)
    assert "(zh 6 of 6)" in long
    assert faded.startswith("all rows that are learned are English: nothing is learned or measured in Chinese")


def test_a_language_that_is_learned_and_not_measured_is_named() -> None:
    rows = toy_rows()
    job = job_of().model_copy(update={"validation_ids": frozenset({rows[0].id})})
    said = remarks(rows, prepare(rows, build_tokenizer(chat=CHAT), job), SETTINGS)
    assert said == ["no Chinese row is for validation: what is learned in it is not measured"]


@pytest.mark.parametrize(("language", "expected"), [("en", "all rows are English"), ("zh", "all rows are Chinese")])
def test_a_dataset_of_one_language_is_said_to_be_one(language: str, expected: str) -> None:
    rows = [row for row in toy_rows() if row.language == language]
    data = prepare(rows, build_tokenizer(chat=CHAT), job_of())
    assert expected in remarks(rows, data, SETTINGS)[0]
    assert remarks(toy_rows(), prepare(toy_rows(), build_tokenizer(chat=CHAT), job_of()), SETTINGS) == []


def test_the_longest_rows_that_are_left_out_are_named() -> None:
    rows = [*toy_rows(), *(make_row("en", f"Story {number}.", "cat " * (300 + number)) for number in range(5))]
    data = prepare(rows, build_tokenizer(chat=CHAT), job_of())
    said = remarks(rows, data, SETTINGS)[0]
    assert "5 of 17 rows are longer than max_length = 256 tokens and are left out, not cut (en 5 of 11)" in said
    assert rows[-1].id in said
    assert said.endswith("and 2 more")


def test_rows_without_a_place_are_counted_by_reason_and_conversations_that_are_several_examples_are_said() -> None:
    dropping = "{% set messages = messages[-1:] %}" + CHAT
    called = make_row("en", "Weather?", "Sun.").model_copy(update={"tools": (tool("weather"),)})
    talk = make_row("zh", "再说一个。", "是土。").model_copy(
        update={"history": (("说水。", "水。"), ("一个。", "是金。"))}
    )
    rows = [*toy_rows(), called, talk]
    job = job_of().model_copy(update={"validation_ids": frozenset({rows[0].id})})
    data = prepare(rows, build_tokenizer(chat=dropping), job)
    first, second, *_ = remarks(rows, data, SETTINGS)
    assert first.startswith(
        f"1 of {len(rows)} rows are left out ({called.id}): the chat template has no place for tools;"
    )
    assert second.startswith("1 conversation learned as 3 examples:")
    assert data.ids_without_place == {called.id: "the chat template has no place for tools"}
    assert len(data.learned) == len(data.train) + 2


def test_a_row_of_exactly_the_length_is_kept() -> None:
    tokenizer, rows = build_tokenizer(chat=CHAT), toy_rows()
    longest = max(one.length for one in prepare(rows, tokenizer, job_of()).train)
    exact = prepare(rows, tokenizer, job_of(max_length=longest))
    assert not exact.left_out
    shorter = prepare(rows, tokenizer, job_of(max_length=longest - 1))
    assert shorter.left_out


def test_rows_that_the_dataset_holds_out_are_the_ones_that_are_measured() -> None:
    rows = toy_rows(12)
    job = job_of().model_copy(update={"validation_ids": frozenset({rows[2].id, rows[8].id})})
    data = prepare(rows, build_tokenizer(chat=CHAT), job)
    assert [one.row for one in data.validation] == [rows[2], rows[8]]
