"""Attempts behaves like a dictionary."""

from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.journal.attempts import Attempts

SLOTS = st.one_of(
    st.builds(
        "{}/{}.{}/{}".format,
        st.sampled_from(["en", "zh"]),
        st.integers(0, 40),
        st.integers(0, 3),
        st.sampled_from(["batch", "answer"]),
    ),
    st.sampled_from(
        [
            "en/1024.0/batch",
            "en/1065.0/batch",
            "en/999999999999.0/batch",
            "judge",
            "",
            "x007",
            "x07",
            "7",
            "07",
            "1٢",
            "١",
            "1²",
        ]
    ),
    st.text("01/٢x", max_size=6),
)
"""Slots of runs, slots with large numbers, and arbitrary names."""


@given(st.lists(st.tuples(SLOTS, st.sampled_from([0, 1, 2, 255, 256]))))
def test_attempts_are_what_a_dictionary_holds(changes: list[tuple[str, int]]) -> None:
    found, wanted = Attempts(), dict[str, int]()
    for slot, attempt in changes:  # 0 takes a slot out
        if attempt:
            found[slot] = wanted[slot] = attempt
        else:
            assert found.pop(slot, None) == wanted.pop(slot, None)
        assert len(found) == len(wanted)

    assert dict(found) == wanted
    assert all((slot in found) == (slot in wanted) for slot, _ in changes)


def test_a_lone_large_number_takes_no_array() -> None:
    found = Attempts()
    found["en/900000.0/batch"] = 1

    assert dict(found) == {"en/900000.0/batch": 1}
    assert not found._numbered


def test_a_hundred_thousand_slots_take_a_byte_each() -> None:
    found = Attempts()
    for number in range(100_000):
        found[f"en/{number}.0/batch"] = 1

    assert len(found) == 100_000
    assert sum(map(len, found._numbered.values())) == 100_000
    assert not found._named
