"""What a provider does in silence is said once: it bills more, reads less, or answers with another model."""

import pytest

from selfinstruct.config import Price
from selfinstruct.errors import CapReachedError
from selfinstruct.records import Message, Reply, Request, Sampling, Usage
from selfinstruct.teacher.billing.budget import Budget, dearer_than
from selfinstruct.teacher.billing.watch import ReplyWatch

PRICE = Price(input="1", output="2")


def request(text: str = "Describe a harbour.", model: str = "m", max_tokens: int = 100) -> Request:
    sampling = Sampling(model=model, temperature=1, top_p=1, max_tokens=max_tokens, seed=0)
    message = Message(role="user", content=text)
    return Request(language="en", index=0, step="batch", messages=(message,), sampling=sampling)


def took(prompt: int = 20, completion: int = 50, micro: int | None = None) -> Usage:
    return Usage(prompt_tokens=prompt, completion_tokens=completion, cost_micro_usd=micro)


def watch_of(budget: Budget | None = None) -> tuple[ReplyWatch, list[str]]:
    said: list[str] = []
    return ReplyWatch(budget or Budget(PRICE, "1", 0), said.append), said


def test_a_reply_that_takes_what_it_may_is_not_worth_a_word() -> None:
    watch, said = watch_of()
    for completion in (0, 50, 100):
        watch.observe(request(), Reply(model="m"), took(completion=completion))
    assert not said


def test_a_reply_beyond_its_bound_is_said_once_and_reserved_from_then_on() -> None:
    budget = Budget(PRICE, "1", 0)
    watch, said = watch_of(budget)
    before = budget.reserve(request())
    for completion in (3100, 200, 2000):
        watch.observe(request(), Reply(), took(completion=completion))
    assert budget.reserve(request()) == before + 2 * 3000
    assert len(said) == 1
    assert "bills 3,100 tokens of a reply that may take 100" in said[0]


def test_a_prompt_that_grows_on_the_way_is_said_once_and_reserved_from_then_on() -> None:
    budget = Budget(PRICE, "1", 0)
    watch, said = watch_of(budget)
    before, bound = budget.reserve(request()), len("Describe a harbour.") + 16
    for prompt in (bound + 2000, bound, bound + 1):
        watch.observe(request(), Reply(), took(prompt=prompt))
    assert budget.reserve(request()) == before + 2000
    assert len(said) == 1
    assert "a text added on the way" in said[0]


def test_a_provider_that_charges_more_than_our_price_is_reserved_for() -> None:
    budget = Budget(PRICE, "1", 0)
    watch, _ = watch_of(budget)
    before = budget.reserve(request())
    watch.observe(request(), Reply(), took(prompt=20, completion=50, micro=360))
    watch.observe(request(), Reply(), took(prompt=20, completion=50, micro=1))
    assert budget.reserve(request()) == 3 * before


@pytest.mark.parametrize(
    ("usage", "factor"),
    [(took(0, 50, 300), 3), (took(0, 50, 50), 1), (took(0, 50, 0), 1), (took(0, 50), 1), (took(0, 0, 9), 1)],
)
def test_how_much_dearer_a_reply_was_is_at_least_one(usage: Usage, factor: int) -> None:
    assert dearer_than(PRICE, usage) == factor
    assert dearer_than(None, usage) == 1


def test_a_budget_that_starts_with_what_was_learnt_reserves_it() -> None:
    plain = Budget(PRICE, "1", 0).reserve(request())
    learnt = Budget(PRICE, "1", 0)
    watch, said = watch_of(learnt)
    watch.observe(request(), Reply(), took(completion=1100))
    again = Budget(PRICE, "1", 0, beyond=Usage(completion_tokens=1000))
    assert again.reserve(request()) == learnt.reserve(request()) == plain + 2000
    watch_of(again)[0].observe(request(), Reply(), took(completion=1100))
    assert len(said) == 1
    with pytest.raises(CapReachedError):
        Budget(PRICE, "0.002", 0, beyond=Usage(completion_tokens=1000)).reserve(request())


@pytest.mark.parametrize(
    ("asked", "named", "warns"),
    [
        ("gpt-4o", "gpt-4o-2026-08-06", False),
        ("openai/gpt-4o", "gpt-4o", False),
        ("gpt-4o", "openai/gpt-4o", False),
        ("Qwen3", "qwen3", False),
        ("qwen3-max", "qwen3", False),
        ("qwen3", "", False),
        ("deepseek-chat", "deepseek-v4-flash", True),
        ("qwen3", "glm-5", True),
    ],
)
def test_an_answer_of_another_model_is_said_once(asked: str, named: str, warns: bool) -> None:
    watch, said = watch_of()
    for _ in range(3):
        watch.observe(request(model=asked), Reply(model=named), took())
    assert len(said) == warns
    assert all(named in one for one in said)


def test_the_name_of_another_model_cannot_drive_the_terminal() -> None:
    watch, said = watch_of()
    watch.observe(request(model="m"), Reply(model="x\x1b[2J\u202e"), took())
    assert not set("\x1b\u202e") & set(said[0])


@pytest.mark.parametrize("text", ["Describe the harbour of a town. " * 200, "请描述一座小镇的港口。" * 200])
def test_a_server_that_cuts_prompts_in_silence_is_said_once(text: str) -> None:
    watch, said = watch_of()
    for _ in range(3):
        watch.observe(request(text), Reply(model="m"), took(prompt=200))
    assert len(said) == 1
    assert "it cuts prompts without a word" in said[0]


@pytest.mark.parametrize("text", ["Describe the harbour of a town. " * 200, "请描述一座小镇的港口。" * 200])
@pytest.mark.parametrize("share", [0.9, 1.0, 2.0])
def test_a_server_that_reads_it_all_is_not_worth_a_word(text: str, share: float) -> None:
    watch, said = watch_of()
    likely = 0.24 * len(text) if text.isascii() else 0.7 * len(text)
    watch.observe(request(text), Reply(model="m"), took(prompt=round(share * likely)))
    watch.observe(request("short"), Reply(model="m"), took(prompt=1))
    watch.observe(request(text), Reply(model="m"), took(prompt=0))
    assert not said
