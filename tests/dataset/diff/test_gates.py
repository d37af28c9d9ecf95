"""Conditions of --fail-on."""

import pytest

from selfinstruct.dataset.diff import parse_gates
from selfinstruct.errors import ConfigError
from tests.support.diff_rows import diff, en, zh

BASE = [
    zh("写一首关于春天的诗。"),
    zh("解释什么是光合作用。"),
    en("Name a river in France."),
    en("Tell a joke about cats."),
]


@pytest.mark.parametrize(
    ("expression", "value", "failed"),
    [
        ("removed>1%", 25.0, True),
        ("removed>25%", 25.0, False),
        ("removed>=25%", 25.0, True),
        ("removed>1", 1.0, False),
        ("removed.zh>0", 1.0, True),
        ("removed.en>0", 0.0, False),
        ("removed.zh>=50%", 50.0, True),
        ("unchanged<=3", 3.0, True),
        ("unchanged < 3", 3.0, False),
        ("near_duplicates>0", 0.0, False),
        ("leaks>0", 0.0, False),
        ("findings>0.5", 0.0, False),
    ],
)
def test_a_condition_is_compared_in_rows_or_in_percent_of_base(expression: str, value: float, failed: bool) -> None:
    (gate,) = diff(BASE, BASE[1:], expression).gates
    assert (gate.expression, gate.value, gate.failed) == (expression, value, failed)


def test_several_conditions_are_judged_each() -> None:
    gates = diff(BASE, BASE[1:], "removed>1%, added>0").gates
    assert [gate.failed for gate in gates] == [True, False]


def test_of_an_empty_base_anything_is_all() -> None:
    assert (diff([], BASE, "added>50%").gates[0].failed, diff([], BASE, "added>50%").gates[0].value) == (True, 100.0)
    assert not diff([], [], "added>0%").gates[0].failed


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("removd>1", "did you mean `removed`?"),
        ("removed", "is not understood"),
        ("removed>", "is not understood"),
        ("removed>1,", "`` is not understood"),
        ("removed>-1", "is not understood"),
        ("removed>1%%", "is not understood"),
        ("xyz>1", "known: removed"),
        ("removed.fr>1", "only kinds of rows have a language"),
        ("findings.zh>1", "only kinds of rows have a language"),
    ],
)
def test_a_condition_that_is_not_understood_says_what_to_write(expression: str, message: str) -> None:
    with pytest.raises(ConfigError, match="--fail-on") as raised:
        parse_gates(expression)
    assert message in str(raised.value)
