"""What a judge is asked: both answers in either order, the rubric of its language, a reference where there is one."""

import pytest

from selfinstruct.config import Config
from selfinstruct.judging.pair import Pair, Speaker, compose_pair
from selfinstruct.records import LanguageCode
from selfinstruct.runs.certification import read_rubric

WHO = Speaker("judge", 42, 400)


@pytest.mark.parametrize(("language", "shape"), [("en", '"better": "1 | 2 | tie"}'), ("zh", '"更好": "1 | 2 | 平"}')])
def test_the_orders_differ_in_nothing_but_the_place_of_the_answers(language: LanguageCode, shape: str) -> None:
    rubric = read_rubric(Config(), language)
    pair = Pair(language=language, question="Q $x ${y} 100 %", first="ONE $1", second="TWO", name="n")
    straight, swapped = (compose_pair(pair, order, rubric, WHO) for order in ("compare.1", "compare.2"))
    texts = [request.messages[-1].content for request in (straight, swapped)]
    assert texts[0].replace("ONE $1", "x").replace("TWO", "y") == texts[1].replace("ONE $1", "y").replace("TWO", "x")
    assert texts[0].index("ONE $1") < texts[0].index("TWO")
    assert texts[0].endswith(shape)
    assert all(name in texts[0] for name in rubric.criteria)
    assert straight.slot != swapped.slot
    assert (straight.sampling.temperature, straight.shown) == (0.0, ("n",))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_reference_is_shown_where_there_is_one(language: LanguageCode) -> None:
    rubric = read_rubric(Config(), language)
    pair = Pair(language=language, question="Q", first="ONE", second="TWO")
    plain, informed = (
        compose_pair(one, "compare.1", rubric, WHO) for one in (pair, pair.model_copy(update={"reference": "RIGHT"}))
    )
    assert "RIGHT\n\n===" in informed.messages[-1].content
    assert "$" not in plain.messages[-1].content
    assert plain.slot != informed.slot


def test_the_number_of_a_request_is_drawn_from_all_that_it_asks_and_from_nothing_else() -> None:
    rubric = read_rubric(Config(), "en")
    pair = Pair(language="en", question="Q", first="ONE", second="TWO", name="a")
    slot = compose_pair(pair, "compare.1", rubric, WHO).slot
    assert compose_pair(pair.model_copy(update={"name": "b"}), "compare.1", rubric, WHO).slot == slot
    for other in (
        WHO._replace(model="x"),
        WHO._replace(seed=1),
        WHO._replace(max_tokens=1),
        WHO._replace(where="https://x"),
    ):
        assert compose_pair(pair, "compare.1", rubric, other).slot != slot
