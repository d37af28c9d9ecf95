from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.records import Candidate, row_id, row_of


def test_an_edited_answer_keeps_its_id() -> None:
    first = Candidate(language="en", index=0, position=0, instruction="Name a river.", output="The Rhine.")
    second = first.model_copy(update={"output": "The Danube."})
    assert row_of(first).id == row_of(second).id


def test_width_case_and_whitespace_do_not_change_the_id() -> None:
    assert row_id("zh", "用 Python 写诗", "") == row_id("zh", "用 ｐｙｔｈｏｎ\n写诗 ", " ")
    assert row_id("zh", "用 Python 写诗", "") != row_id("zh", "用 Python 写词", "")


def test_the_id_is_that_of_the_contract() -> None:
    assert row_id("en", "Name  a River.", "") == "1bc0e1c02725eca5"


def test_instruction_and_input_cannot_run_into_each_other() -> None:
    assert row_id("en", "a", "b") != row_id("en", "a b", "")


@given(st.text(), st.text())
def test_an_id_is_sixteen_hex_digits_of_any_text(instruction: str, given_input: str) -> None:
    identifier = row_id("en", instruction, given_input)
    assert len(identifier) == 16
    assert int(identifier, 16) >= 0


def test_a_row_is_nfc_and_its_lines_end_in_newline() -> None:
    row = row_of(Candidate(language="en", index=0, position=0, instruction="Spell cafe\u0301.", output="c\r\na"))
    assert row.instruction == "Spell caf\u00e9."
    assert row.output == "c\na"


def test_records_of_the_same_given_fields_share_the_set_of_these_and_a_copy_leaves_it_alone() -> None:
    """For each record one of its own took as much memory as what it holds."""
    one, other = (Candidate(language="en", index=number, position=0, instruction="Name a river.") for number in (1, 2))
    given = {"language", "index", "position", "instruction"}
    assert one.model_fields_set is other.model_fields_set
    copy = one.model_copy(update={"output": "The Loire."})
    assert (copy.model_fields_set, one.model_fields_set) == (given | {"output"}, given)
