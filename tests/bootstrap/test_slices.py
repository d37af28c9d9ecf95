"""Slices of a run: each is a pure function of its own replies, their shares add up to the whole, and their union is one run's dataset."""

import json
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.config import Config, Part, parse_config, part_of
from selfinstruct.errors import ConfigError
from selfinstruct.records import LanguageCode
from tests.support.bootstraps import make_plan, outcome
from tests.support.slices import asked, sliced, slices, united


@given(st.integers(0, 10**6), st.integers(1, 300))
def test_shares_add_up_to_the_whole_and_are_as_equal_as_can_be(whole: int, of: int) -> None:
    shares = [Part(number, of).share(whole) for number in range(of)]
    assert sum(shares) == whole
    assert max(shares) - min(shares) <= 1


@given(st.decimals(0, 10**6, places=4), st.integers(1, 300))
def test_shares_of_money_add_up_to_the_budget(whole: Decimal, of: int) -> None:
    assert sum(Decimal(Part(number, of).money(f"{whole:f}")) for number in range(of)) == whole


@given(st.integers(1, 50), st.integers(0, 1000))
def test_every_request_is_of_one_slice(of: int, index: int) -> None:
    of_it = [part for number in range(of) if (part := Part(number, of)).index_at(part.place(index)) == index]
    assert of_it == [Part(index % of, of)]


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "3/", "/3", "a/b", "-1/3", "1.5/3", "1/3/5", "٣/٨", "1 / 3"])
def test_what_is_no_slice_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError, match=r"\[generate.slice\]: must be I/N, part I of N, such as 3/8"):
        parse_config(f'[generate]\nslice = "{text}"\n', "x.toml")


def test_a_slice_has_its_shares_of_targets_and_limits() -> None:
    text = '[target]\nen = 100\nzh = 5\n[limits]\nbudget_usd = "1.00"\nmax_candidates = 301\nconcurrency = 7\n'
    shares = [parse_config(text, "x", {"generate.slice": f"{number}/3"}) for number in (1, 2, 3)]
    assert [(one.wanted("en"), one.wanted("zh")) for one in shares] == [(33, 1), (33, 2), (34, 2)]
    assert [one.own_limits.budget_usd for one in shares] == ["0.333333", "0.333333", "0.333334"]
    assert [one.own_limits.max_candidates for one in shares] == [100, 100, 101]
    assert {one.own_limits.concurrency for one in shares} == {7}


def test_a_whole_run_and_its_fingerprint_do_not_know_of_slices() -> None:
    config = Config()
    assert config.part == part_of("") == Part(0, 1)
    assert "slice" not in config.request_settings()["generate"]
    assert config.own_limits is config.limits
    assert parse_config("", "x", {"generate.slice": "2/3"}).fingerprint({}) != config.fingerprint({})


@pytest.mark.parametrize("generate", ['recipe = "translate"', 'translate = "zh"'])
def test_a_translation_is_not_sliced(generate: str) -> None:
    with pytest.raises(ConfigError, match="does not go with translation"):
        parse_config(f'[generate]\n{generate}\nslice = "1/2"\n', "x")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("recipe", ["batch", "steered"])
def test_a_slice_asks_only_its_own_requests_and_reaches_its_share(language: LanguageCode, recipe: str) -> None:
    plan = make_plan(language, recipe, target=10)
    for number, (bootstrap, heard) in enumerate(slices(plan, 3)):
        assert {request.index % 3 for request, _ in heard} == {number}
        assert sorted(bootstrap.requests) == list(range(number, 3 * len(bootstrap.requests), 3))
        assert len(bootstrap.rows) >= Part(number, 3).share(10)


@pytest.mark.parametrize("recipe", ["batch", "steered"])
def test_what_a_slice_asks_depends_neither_on_concurrency_nor_on_arrival(recipe: str) -> None:
    plan = sliced(make_plan("en", recipe, target=20), "2/3")
    once, again = asked(plan, concurrency=1), asked(plan, concurrency=5, seed=7)
    assert outcome(once[0]) == outcome(again[0])
    firsts = [{index: request.messages for index, request in one[0].requests.items()} for one in (once, again)]
    shared = firsts[0].keys() & firsts[1].keys()
    assert len(shared) >= 3
    assert all(firsts[0][index] == firsts[1][index] for index in shared)


@pytest.mark.parametrize("recipe", ["batch", "steered"])
def test_one_slice_of_one_is_the_whole_run(recipe: str) -> None:
    plan = make_plan("zh", recipe, target=8)
    assert outcome(asked(sliced(plan, "1/1"))[0]) == outcome(asked(plan)[0])


@pytest.mark.parametrize("recipe", ["batch", "steered"])
def test_the_union_does_not_depend_on_the_order_of_slices_and_replies(recipe: str) -> None:
    plan = make_plan("en", recipe, target=12)
    heard = [one for _, one in slices(plan, 3)]
    expected = outcome(united(plan, heard))
    rng = random.Random(0)
    for _ in range(3):
        replies = [pair for one in heard for pair in one]
        rng.shuffle(replies)
        assert outcome(united(plan, [replies])) == expected
    rows = json.loads(expected)
    assert len(rows) > 10


def test_a_row_that_two_slices_found_counts_once() -> None:
    plan = make_plan("en", "batch", target=60)
    made = slices(plan, 3)
    whole = united(plan, [heard for _, heard in made])
    ids = [row.id for row in whole.rows]
    assert len(ids) == len(set(ids))
    assert whole.acceptance.rejected["near_duplicate"] > sum(
        one.acceptance.rejected["near_duplicate"] for one, _ in made
    )
