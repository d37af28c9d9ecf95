"""Pacing algorithms with explicit times: bucket, Retry-After gate, concurrency limit, circuit breaker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.teacher.pacing.pace import MINUTE_S, Breaker, Bucket, ConcurrencyLimit, RetryAfterGate, remaining

STEPS = st.lists(st.tuples(st.floats(0, 90), st.integers(1, 120), st.integers(0, 100)), min_size=1, max_size=40)


@given(STEPS, st.integers(1, 100))
def test_no_minute_ever_holds_more_than_the_rate(steps: list[tuple[float, int, int]], rate: int) -> None:
    bucket, now, sent = Bucket(rate), 0.0, []
    for pause, amount, used_percent in steps:
        now += pause
        while (wait := bucket.wait(amount, now)) > 0:
            now += wait
        charge = bucket.take(amount, now)
        used = amount * used_percent // 100
        sent.append((now, used))
        bucket.correct(charge, used)
    for start, _ in sent:
        window = [used for at, used in sent if used and start <= at < start + MINUTE_S]
        assert sum(window) <= rate or len(window) == 1  # one above the rate goes alone


@given(STEPS)
def test_a_bucket_never_waits_longer_than_a_minute(steps: list[tuple[float, int, int]]) -> None:
    bucket, now = Bucket(60), 0.0
    for pause, amount, _ in steps:
        now += pause
        wait = bucket.wait(amount, now)
        assert 0 <= wait <= MINUTE_S + 0.01
        bucket.take(amount, now + wait)
        now += wait


def test_the_worst_case_is_corrected_by_what_was_used() -> None:
    bucket = Bucket(100)
    charge = bucket.take(90, 0)
    assert bucket.wait(20, 1) > 0
    bucket.correct(charge, 10)
    assert bucket.wait(20, 1) == 0


def test_a_correction_that_comes_after_its_minute_changes_nothing() -> None:
    bucket = Bucket(100)
    charge = bucket.take(90, 0)
    assert bucket.wait(90, 61) == 0
    bucket.correct(charge, 10)
    bucket.take(90, 61)
    assert bucket.wait(11, 62) > 0


def test_what_others_used_counts_too() -> None:
    bucket = Bucket(100)
    bucket.take(10, 0)
    bucket.observe_remaining(None, 0)
    bucket.observe_remaining(95, 0)
    assert bucket.wait(90, 0) == 0
    bucket.observe_remaining(5, 0)
    assert bucket.wait(5, 0) == 0
    assert bucket.wait(6, 0) > 0


@pytest.mark.parametrize(
    ("said", "number"),
    [("12", 12), ("0", 0), ("", None), ("-3", None), ("1.5", None), ("many", None), ("9" * 5000, None), ("٣", None)],
)
def test_a_remaining_count_that_is_no_number_is_ignored(said: str, number: int | None) -> None:
    assert remaining({"x-ratelimit-remaining-tokens": said}, "tokens") == number
    assert remaining({}, "requests") is None


@given(st.floats(0.001, 5000), st.floats(0, 1), st.floats(0, 1))
def test_nobody_passes_the_gate_before_the_time_named_and_all_within_a_fifth_of_it(
    after: float, elapsed: float, chance: float
) -> None:
    gate = RetryAfterGate()
    gate.close(after, 100.0)
    now = 100.0 + after * elapsed * 0.999
    opens = now + gate.wait(now, chance)
    assert 100.0 + after <= opens <= 100.0 + after + min(after * 0.2, 30) + 0.01


def test_not_everybody_passes_the_gate_at_the_same_time() -> None:
    gate = RetryAfterGate()
    gate.close(100, 0)
    assert gate.wait(0, 1) == pytest.approx(120, abs=0.01)
    assert gate.wait(0, 0) == pytest.approx(100, abs=0.01)


def test_what_was_taken_counts_for_a_whole_minute() -> None:
    bucket = Bucket(100)
    bucket.take(100, 0)
    assert bucket.wait(1, 59.9) > 0
    assert bucket.wait(1, 60.1) == 0


def test_a_shorter_time_does_not_open_the_gate() -> None:
    gate = RetryAfterGate()
    assert gate.wait(5, 1) == 0
    gate.close(60, 0)
    gate.close(1, 0)
    assert gate.wait(30, 0) >= 30
    assert gate.wait(60, 1) == 0


def play(limiter: ConcurrencyLimit, answers: int, now: float = 0.0, in_flight: int | None = None) -> int:
    """Record successes with some requests in flight (by default as many as the limit), and return the limit."""
    for _ in range(answers):
        limiter.started(limiter.limit if in_flight is None else in_flight)
        limiter.succeeded(now)
    return limiter.limit


def test_it_begins_slowly_and_doubles_each_round_up_to_the_concurrency() -> None:
    limiter = ConcurrencyLimit(100)
    limits = [limiter.limit, play(limiter, 4), play(limiter, 8), play(limiter, 16 + 32 + 64), play(limiter, 100)]
    assert limits == [4, 8, 16, 100, 100]
    assert ConcurrencyLimit(3).limit == 3


def test_a_limit_that_is_not_used_does_not_grow() -> None:
    limiter = ConcurrencyLimit(100)
    assert play(limiter, 200, in_flight=3) == 4
    assert play(limiter, 4, in_flight=4) == 8


def test_one_cut_an_episode_however_many_are_told_to_wait() -> None:
    limiter = ConcurrencyLimit(100)
    play(limiter, 4 + 8 + 16 + 32 + 64)
    for second in range(15):
        limiter.limited(0, float(second))
    assert limiter.limit == 80
    limiter.limited(0, 15.0)
    assert limiter.limit == 64


def test_an_episode_lasts_as_long_as_the_endpoint_says() -> None:
    limiter = ConcurrencyLimit(100)
    play(limiter, 4 + 8)
    limiter.limited(50, 0)
    limiter.limited(0, 49)
    assert limiter.limit == 12
    assert play(limiter, 200, now=49) == 12


def test_after_a_cut_it_grows_by_one_in_twenty_a_round_and_at_least_by_one() -> None:
    limiter = ConcurrencyLimit(200)
    play(limiter, 4 + 8 + 16 + 32 + 64 + 128)
    limiter.limited(0, 0)
    assert [limiter.limit, play(limiter, 160, now=20), play(limiter, 168, now=20)] == [160, 168, 176]
    small = ConcurrencyLimit(10)
    play(small, 4 + 8)
    small.limited(0, 0)
    assert [small.limit, play(small, 8, now=20)] == [8, 9]


def test_it_never_falls_below_one() -> None:
    limiter = ConcurrencyLimit(2)
    for episode in range(5):
        limiter.limited(0, episode * 100.0)
    assert limiter.limit == 1


def test_an_outage_begins_the_round_again_but_cuts_nothing() -> None:
    limiter = ConcurrencyLimit(100)
    play(limiter, 3)
    limiter.failed()
    assert play(limiter, 3) == 4
    assert play(limiter, 1) == 8


def fail(breaker: Breaker, times: int, now: float = 0.0, *, probe: bool = False) -> None:
    for _ in range(times):
        breaker.failed(probe, now, 0.0)


def test_five_failures_in_a_row_open_the_breaker() -> None:
    breaker = Breaker(1000)
    fail(breaker, 4)
    breaker.succeeded(probe=False)
    fail(breaker, 4)
    assert breaker.state(0) == "closed"
    assert breaker.wait(0) == 0
    fail(breaker, 1)
    assert breaker.state(0) == "open"
    assert breaker.wait(0) == 5


def test_half_open_lets_one_probe_through() -> None:
    breaker = Breaker(1000)
    fail(breaker, 5)
    assert breaker.state(5) == "half-open"
    assert breaker.begin()
    assert breaker.wait(5) is None
    assert breaker.state(5) == "open"
    assert breaker.succeeded(probe=True)
    assert breaker.state(5) == "closed"
    assert not breaker.begin()


def test_a_probe_that_told_nothing_lets_another_go() -> None:
    breaker = Breaker(1000)
    fail(breaker, 5)
    breaker.begin()
    breaker.end()
    assert breaker.wait(5) == 0


def test_probes_are_twice_as_far_apart_each_time_up_to_five_minutes() -> None:
    breaker = Breaker(10_000)
    fail(breaker, 5)
    now, waits = 0.0, []
    for _ in range(9):
        wait = breaker.wait(now)
        assert wait is not None
        waits.append(round(wait))
        now += wait
        assert breaker.begin()
        fail(breaker, 1, now, probe=True)
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_what_was_sent_before_an_outage_neither_ends_nor_lengthens_it() -> None:
    breaker = Breaker(1000)
    fail(breaker, 5)
    fail(breaker, 9)
    assert breaker.wait(0) == 5
    assert not breaker.succeeded(probe=False)
    assert breaker.state(0) == "open"


def test_the_last_probe_goes_at_the_maximum_outage() -> None:
    breaker = Breaker(7)
    assert breaker.outage_s(100) == 0
    fail(breaker, 5, 100)
    breaker.begin()
    fail(breaker, 1, 105, probe=True)
    assert breaker.wait(105) == 2
    assert breaker.outage_s(107) == 7
    fail(breaker, 1, 200, probe=True)
    assert breaker.wait(200) == 0


@given(st.floats(0, 1))
def test_the_jitter_of_the_breaker_only_adds(chance: float) -> None:
    breaker = Breaker(1000)
    breaker.trip(0, chance)
    breaker.trip(3, chance)
    wait = breaker.wait(0)
    assert wait is not None
    assert 5 <= wait <= 6
