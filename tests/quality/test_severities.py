from selfinstruct.quality.findings import Checked, findings
from selfinstruct.records import LanguageCode


def row(line: int, output: str, instruction: str = "Name a ripe fruit.", language: LanguageCode = "en") -> Checked:
    return Checked(line, language, instruction, "", output)


def test_a_row_that_comes_again_is_a_duplicate_and_with_another_answer_a_conflict() -> None:
    found = findings([row(1, "Apple"), row(2, "Apple"), row(3, "Pear")])

    assert [(one.line, one.rule) for one in found] == [(2, "duplicate"), (3, "conflicting_answers")]


def test_a_finding_says_whether_it_rejects() -> None:
    found = findings([row(1, "N/A"), row(2, "Fine.", "Write a short poem.\n\nList four cars.")])

    assert [(one.rule, one.severity) for one in found] == [
        ("placeholder_output", "error"),
        ("several_lines", "warning"),
    ]


def test_a_rule_is_disabled_in_one_language_alone() -> None:
    rows = [row(1, "N/A"), row(2, "待补充", "说出一种水果。", "zh")]

    assert [one.line for one in findings(rows, {"zh": ("placeholder_output",)})] == [1]
