"""The schedule of a mix: rows come in its shares, requests depend on nothing but what stood before, and what never works steps back."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.bootstrap.schedule import Schedule
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import LanguageCode, Recipe
from selfinstruct.requests import Visible
from selfinstruct.requests.checked import kind_at
from selfinstruct.verifiers.registry import KINDS
from tests.support.bootstraps import outcome, run, scripted
from tests.support.mixes import MIX, STEPS, Recording, mixed_plan, settle_rows

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again

EXACT: dict[Recipe, float] = {"steered": 0.5, "checked": 0.3, "documents": 0.2}
YIELDS: list[dict[Recipe, float]] = [
    {"steered": 1.0, "checked": 1.0, "documents": 1.0},
    {"steered": 0.9, "checked": 0.5, "documents": 0.3},
    {"steered": 0.2, "checked": 0.9, "documents": 0.5},
]


def rows_of(schedule: Schedule, yields: dict[Recipe, float], window: int, requests: int = 200) -> list[Recipe]:
    """Return the recipes of the rows: every recipe brings a row as often as its yield says, evenly."""
    asked: Counter[Recipe] = Counter()
    found: list[Recipe] = []
    for index in range(requests):
        schedule.recipe_of(index + window - 1)  # as many in flight as there may be
        recipe = schedule.recipe_of(index)
        before, asked[recipe] = asked[recipe], asked[recipe] + 1
        rows = int(asked[recipe] * yields[recipe]) - int(before * yields[recipe])
        found += [settle_rows(schedule, index, rows)] * rows
    return found


@pytest.mark.parametrize("yields", YIELDS)
def test_rows_come_in_the_shares_of_the_mix(yields: dict[Recipe, float]) -> None:
    rows = rows_of(Schedule(mixed_plan("en", EXACT, window=1)), yields, 1)
    assert len(rows) > 50
    for count in range(1, len(rows) + 1):
        so_far = Counter(rows[:count])
        assert max(abs(so_far[recipe] - share * count) for recipe, share in EXACT.items()) <= 1.2


@pytest.mark.parametrize("yields", YIELDS)
@pytest.mark.parametrize("window", [5, 64])
def test_what_is_in_flight_is_counted_as_it_will_turn_out(window: int, yields: dict[Recipe, float]) -> None:
    rows = Counter(rows_of(Schedule(mixed_plan("en", EXACT, window=window)), yields, window, 400))
    total = rows.total()
    assert max(abs(rows[recipe] - share * total) for recipe, share in EXACT.items()) <= (3 if window == 5 else 8)


def test_a_batch_of_several_tasks_counts_as_several_rows() -> None:
    plan = mixed_plan("en", {"batch": 0.5, "checked": 0.5}, window=1)
    schedule, rows = Schedule(plan), Counter[Recipe]()
    for index in range(100):
        rows[schedule.recipe_of(index)] += (many := 4 if schedule.recipe_of(index) == "batch" else 1)
        settle_rows(schedule, index, many)
    assert abs(rows["batch"] - rows["checked"]) <= 4


def test_a_recipe_that_never_brings_a_row_does_not_take_every_request() -> None:
    yields: dict[Recipe, float] = {"steered": 0.8, "checked": 0.8, "documents": 0.0}
    for window in (1, 64):
        schedule = Schedule(mixed_plan("en", EXACT, window=window))
        rows = Counter(rows_of(schedule, yields, window, 400))
        asked = Counter(schedule.recipe_of(index) for index in range(400))
        assert asked["documents"] < 30 + 400 / 20 + window
        assert asked["documents"] > 30
        assert abs(rows["steered"] - rows.total() * 5 / 8) < 8  # the others in their own shares
        assert {schedule.recipe_of(index) for index in range(300, 400)} == set(EXACT)  # tried again


def test_where_nothing_works_every_recipe_is_tried_and_the_run_goes_on() -> None:
    schedule = Schedule(mixed_plan("en", EXACT, window=2))
    rows_of(schedule, dict.fromkeys(EXACT, 0.0), 2, 300)
    asked = Counter(schedule.recipe_of(index) for index in range(300))
    assert min(asked[recipe] for recipe in EXACT) >= 30


@settings(max_examples=8, deadline=None)
@given(concurrency=st.integers(1, 8), seed=st.integers(0, 2**16))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_concurrency_and_order_of_arrival_do_not_change_a_verdict(
    language: LanguageCode, concurrency: int, seed: int
) -> None:
    plan = mixed_plan(language)
    expected = run(plan, scripted, 1, random.Random(0))
    assert {verdict.candidate.recipe for verdict in expected.verdicts} == set(MIX)
    assert outcome(run(plan, scripted, concurrency, random.Random(seed))) == outcome(expected)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["openai", "embedded"])
def test_a_higher_target_changes_no_earlier_request_and_no_earlier_row(language: LanguageCode, kind: str) -> None:
    low, high = Recording(), Recording()
    few = run(mixed_plan(language, target=8, kind=kind), low, 4, random.Random(1))
    many = run(mixed_plan(language, target=24, kind=kind), high, 4, random.Random(2))
    assert many.rows[: len(few.rows)] == few.rows
    asked, settled = high.by_slot(), [one for one in low.by_slot().values() if one.index < few.settled]
    assert len(settled) > 10
    assert all(asked[one.slot] == one for one in settled if one.slot in asked)
    assert {one.slot for one in settled if one.step in STEPS.values()} <= set(asked)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_cut_after_any_reply_and_continued_it_ends_the_same(language: LanguageCode) -> None:
    plan = mixed_plan(language, window=3, confirm=True)
    teacher = Recording()
    expected = outcome(run(plan, teacher, 4, random.Random(5)))
    for kept in range(0, len(teacher.heard), 3):
        bootstrap = Bootstrap(plan)
        for request, reply in teacher.heard[:kept]:
            bootstrap.hear(request, reply)
        while asked := bootstrap.ask():
            bootstrap.hear(asked, scripted(asked))
        assert outcome(bootstrap) == expected


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**16), window=st.integers(1, 12))
def test_what_is_decided_early_and_late_is_the_same(seed: int, window: int) -> None:
    """Request i depends on requests up to i - window, however many more have settled when it is decided."""
    plan, rng = mixed_plan("en", EXACT, window=window), random.Random(seed)
    rows = [rng.randrange(2) for _ in range(80)]
    early, late = Schedule(plan), Schedule(plan)
    for index in range(80):
        early.recipe_of(index + window - 1)
        ahead = early.visible(index, [])
        assert late.visible(index, []) == ahead
        assert ahead.number == sum(early.recipe_of(one) == early.recipe_of(index) for one in range(index))
        assert settle_rows(early, index, rows[index], "units") == settle_rows(late, index, rows[index], "units")


@pytest.mark.parametrize(("teacher", "tasks"), [("openai", 1 / 3), ("embedded", 1 / 6)])
def test_every_kind_has_its_turn_before_one_comes_again(teacher: str, tasks: float) -> None:
    plan = mixed_plan("en", {"checked": 1.0}, kind=teacher)
    turns = [kind_at(plan, Visible(number=number)) for number in range(600)]
    for part in ("passage", "wording", "task"):
        kinds = {name for name, kind in KINDS.items() if kind.part == part and name != "quote"}
        kinds |= {"label"} & set(turns) if part == "passage" else set()
        of_it = [kind for kind in turns if kind in kinds]
        assert all(set(of_it[at : at + len(kinds)]) == kinds for at in range(0, len(of_it) - len(kinds), len(kinds)))
    assert sum(kind in KINDS and KINDS[kind].part == "task" for kind in turns) == 600 * tasks


def test_a_kind_that_never_works_steps_back_and_is_tried_now_and_then() -> None:
    plan, numbers = mixed_plan("en", {"checked": 1.0}), range(2000)
    free = [kind_at(plan, Visible(number=number)) for number in numbers]
    failing = free[60]
    tired = {failing: (8, 0)}
    turns = [kind_at(plan, Visible(number=number, yields=tired)) for number in numbers]
    tried = [number for number in numbers if turns[number] == failing]
    assert 0 < len(tried) < free.count(failing) / 4
    assert all(number % 20 == 0 for number in tried)
    assert all(turns[number] == free[number] for number in numbers if free[number] != failing)
    assert kind_at(plan, Visible(number=free.index(failing), yields={failing: (7, 0)})) == failing  # too early to say


def test_the_yields_of_kinds_come_from_what_stood_before() -> None:
    schedule = Schedule(mixed_plan("en", {"checked": 1.0}, window=4))
    for index in range(30):
        settle_rows(schedule, index, index % 2, "units" if index % 3 else "no_comma")
    assert schedule.visible(30, []).yields == {"no_comma": (9, 4), "units": (17, 9)}  # of requests 0 to 25
