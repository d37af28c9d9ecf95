"""The validation split by instruction cluster: near-duplicates together, and stable when rows are added."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.dataset.release.split import Link, instruction_key, links_of, split_links, validation_flags
from selfinstruct.errors import InputError
from selfinstruct.records import Candidate, LanguageCode, Neighbour, Row, Verdict, row_of
from selfinstruct.rouge import score, tokens
from tests.support.rows import distinct, row

WORDS = ("name", "a", "river", "in", "france", "describe", "the", "sea", "now", "briefly")
LANGUAGES: tuple[LanguageCode, ...] = ("en", "zh")
some_rows = st.lists(
    st.builds(
        lambda words, language: row(" ".join(words), language=language),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=7),
        st.sampled_from(LANGUAGES),
    ),
    min_size=2,
    max_size=30,
)
shares = st.floats(0.01, 0.99)


def flags_of(rows: list[Row], share: float) -> list[bool] | None:
    try:
        return validation_flags(rows, share)
    except InputError:
        return None


@settings(deadline=None)
@given(some_rows, shares)
def test_there_is_always_a_row_to_learn_and_a_row_to_measure(rows: list[Row], share: float) -> None:
    assert flags_of(rows, share) is None or set(validation_flags(rows, share)) == {True, False}


@settings(deadline=None)
@given(some_rows, shares)
def test_a_row_is_on_the_side_of_the_nearest_before_it(rows: list[Row], share: float) -> None:
    flags = flags_of(rows, share)
    keys = [instruction_key(one.instruction) for one in rows]
    for position, one in enumerate(rows if flags else []):
        if flags and (same := keys.index(keys[position])) < position:
            assert flags[position] == flags[same]  # in another language too
            continue
        before = [
            (score(tokens(one.instruction), tokens(rows[at].instruction)), at)
            for at in range(position)
            if rows[at].language == one.language
        ]
        nearest = max((value for value, _ in before), default=0.0)
        if nearest > 0.7 and flags:
            assert flags[position] in {flags[at] for value, at in before if value == nearest}


@pytest.mark.thorough
@settings(deadline=None)
@given(some_rows, some_rows, shares)
def test_rows_that_come_later_move_none_of_those_before(rows: list[Row], more: list[Row], share: float) -> None:
    before = [row("Plan a week in the hills."), row("Translate this letter."), *rows]
    assert validation_flags([*before, *more], share)[: len(before)] == validation_flags(before, share)


def test_near_duplicates_of_each_other_stay_together() -> None:
    rows = [*distinct(60), *(row(f"{one.instruction} please") for one in distinct(60))]
    flags = validation_flags(rows, 0.5)
    assert flags[:60] == flags[60:]
    assert set(flags) == {True, False}


def test_the_same_instruction_with_other_inputs_is_one_cluster() -> None:
    rows = [row("Classify the sentiment of this review.", given=f"Review {number}.") for number in range(9)]
    with pytest.raises(InputError, match="1 different instruction"):
        validation_flags(rows, 0.5)


def test_chinese_near_duplicates_stay_together() -> None:
    texts = (
        "给出三个保持健康的提示。",
        "给出三个保持健康的小提示！",
        "介绍一座你喜欢的桥。",
        "用一句话说明潮汐的成因。",
        "请给出三个保持健康的提示。",
    )
    flags = validation_flags([row(text, language="zh") for text in texts], 0.5)
    assert flags[0] == flags[1] == flags[4]


def test_a_chain_of_near_duplicates_is_one_cluster() -> None:
    chain = ("a b c d e f", "b c d e f g", "c d e f g h", "d e f g h i")
    assert score(tokens(chain[0]), tokens(chain[3])) <= 0.7
    rows = [row("Name a river."), row("Describe the sea now."), *(row(text) for text in chain)]
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        assert len(set(validation_flags(rows, share)[2:])) == 1


def test_the_same_instruction_without_a_letter_in_it_is_one_cluster() -> None:
    assert validation_flags([row("？！"), row("？！", given="x"), row("Name a river.")], 0.5) == [False, False, True]


def test_the_nearest_neighbour_that_the_filter_found_is_followed_above_the_threshold_only() -> None:
    def verdict(number: int, nearest: Neighbour | None, rule: str = "") -> Verdict:
        candidate = Candidate(language="en", index=number, position=0, instruction=f"Rank {number}.", output="a")
        return Verdict(candidate=candidate, nearest=nearest, rule=rule)

    near, far = Neighbour(id="seed", score=0.71), Neighbour(id="seed", score=0.7)
    verdicts = [verdict(0, None), verdict(1, near), verdict(2, far), verdict(3, near, rule="too_short")]
    links = list(links_of(verdicts, [row_of(one.candidate) for one in verdicts if one.accepted]))
    assert [(link.instruction, link.near) for link in links] == [
        ("Rank 0.", None),
        ("Rank 1.", "seed"),
        ("Rank 2.", None),
    ]


def test_rows_that_are_near_one_seed_stay_together() -> None:
    links = [
        Link(name, "en", text, near)
        for name, text, near in (
            ("1", "Name a river.", None),
            ("2", "Describe the sea.", None),
            ("3", "Plan a trip.", "seed"),
            ("4", "Rank the seas.", "seed"),
        )
    ]
    for share in (0.01, 0.5, 0.99):
        assert split_links(links, share)[2] == split_links(links, share)[3]


def test_the_share_is_about_what_was_asked() -> None:
    assert sum(validation_flags(distinct(1000), 0.2)) == pytest.approx(200, abs=40)


def test_both_languages_are_held_out_and_learned_when_each_has_two_instructions() -> None:
    rows = [*distinct(2), *distinct(2, "zh")]
    for share in (0.001, 0.999):
        assert validation_flags(rows, share) == [False, True, False, True]


def test_one_row_in_each_of_two_languages_is_enough() -> None:
    assert validation_flags([row("Name a river."), row("说出一条河流。", language="zh")], 0.2) == [False, True]


@pytest.mark.parametrize(
    "rows", [[], [row("Name a cat")], [row("Name a  CAT"), row("name a cat!"), row("Ｎame a cat")]]
)
def test_fewer_than_two_instructions_are_refused_with_a_remedy(rows: list[Row]) -> None:
    with pytest.raises(InputError, match=r"generate more rows"):
        validation_flags(rows, 0.5)


def test_the_split_is_the_same_on_every_machine() -> None:
    assert [position for position, flag in enumerate(validation_flags(distinct(12), 0.3)) if flag] == [1, 4, 5]
