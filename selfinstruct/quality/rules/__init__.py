"""The rules a candidate must pass: small pure functions named after the defect they find, which is the reported reason.

A rule takes (candidate, its language) and returns a detail for the reader, or nothing. INSTRUCTION_RULES need the
instruction alone and run before an input or an answer is bought; ROW_RULES need all three; what breaks one of these is
rejected. WARNINGS cannot be precise enough for that: they flag a row and never reject it; so do DOUBTS, wider forms of
rules that reject. Each docstring says what a rule finds and where it comes from, with examples that it finds or flags and
near misses that it keeps (`describe` reads them).
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.quality.rules.answer import echoes_input, echoes_instruction, empty_output, may_echo_input
from selfinstruct.quality.rules.arithmetic import wrong_arithmetic
from selfinstruct.quality.rules.characters import control_characters, escaped_escapes, invisible_characters, mojibake
from selfinstruct.quality.rules.counting import names_twice, wrong_count
from selfinstruct.quality.rules.describe import Description, RuleExample, describe
from selfinstruct.quality.rules.ending import no_final_mark, open_bracket, open_fence, unfinished_output
from selfinstruct.quality.rules.identity import identity_number
from selfinstruct.quality.rules.instruction import (
    may_be_unfinished,
    several_lines,
    stammers,
    starts_with_mark,
    too_long,
    too_short,
    unfinished_instruction,
)
from selfinstruct.quality.rules.labels import outside_options
from selfinstruct.quality.rules.language_match import wrong_language, wrong_language_output
from selfinstruct.quality.rules.leak import control_tokens, leaked_scaffold, merged_items, no_input_marker
from selfinstruct.quality.rules.media import asks_for_media, may_need_media, missing_media
from selfinstruct.quality.rules.private import email_address, phone_number, secret_key
from selfinstruct.quality.rules.proof import check_failed, unknown_check
from selfinstruct.quality.rules.relation import may_lack_input, mentions_missing_input
from selfinstruct.quality.rules.repetition import repeats_itself
from selfinstruct.quality.rules.request import asks_for_program, bare_link
from selfinstruct.quality.rules.results import wrong_result
from selfinstruct.quality.rules.selection import not_sorted, wrong_filter
from selfinstruct.quality.rules.syntax import invalid_json, invalid_python, translated_code
from selfinstruct.quality.rules.word_use import unused_word
from selfinstruct.quality.rules.wording import placeholder_output, refusal, self_reference, unsafe
from selfinstruct.records import Candidate, Severity

Rule = Callable[[Candidate, Language], str]

_ANY_FIELD: tuple[Rule, ...] = (
    control_tokens,
    leaked_scaffold,
    control_characters,
    invisible_characters,
    mojibake,
    escaped_escapes,
    email_address,
    phone_number,
    identity_number,
    secret_key,
)
INSTRUCTION_RULES: tuple[Rule, ...] = (
    too_short,
    too_long,
    starts_with_mark,
    stammers,
    unfinished_instruction,
    *_ANY_FIELD,
    wrong_language,
    asks_for_media,
    unsafe,
)
ROW_RULES: tuple[Rule, ...] = (
    no_input_marker,
    mentions_missing_input,
    bare_link,
    missing_media,
    empty_output,
    placeholder_output,
    *_ANY_FIELD,
    merged_items,
    self_reference,
    refusal,
    echoes_instruction,
    echoes_input,
    wrong_language_output,
    repeats_itself,
    open_fence,
    open_bracket,
    unfinished_output,
    outside_options,
    invalid_python,
    invalid_json,
    translated_code,
    wrong_arithmetic,
    wrong_count,
    names_twice,
    unused_word,
    not_sorted,
    wrong_filter,
    wrong_result,
)
WARNINGS: tuple[Rule, ...] = (several_lines, no_final_mark, asks_for_program)
DOUBTS: dict[str, Rule] = {
    mentions_missing_input.__name__: may_lack_input,
    asks_for_media.__name__: may_need_media,
    echoes_input.__name__: may_echo_input,
    unfinished_instruction.__name__: may_be_unfinished,
}
"""Rule -> its wider form, which flags under the rule's name what is too often right to be rejected."""

ERRORS: tuple[Rule, ...] = tuple(dict.fromkeys((*INSTRUCTION_RULES, *ROW_RULES)))
RULES: dict[str, Rule] = {rule.__name__: rule for rule in (*ERRORS, *WARNINGS)}
PROOFS: tuple[Rule, ...] = (check_failed,)
"""Rules for rows that say what proved them; an error each."""
MALFORMED_CHECKS = "malformed_checks"
"""A warning on `checks` that cannot be read, so that no rule for them applies; it is found where rows are read."""
RULE_NAMES: tuple[str, ...] = (*RULES, check_failed.__name__, unknown_check.__name__, MALFORMED_CHECKS)

__all__ = [
    "DOUBTS",
    "ERRORS",
    "INSTRUCTION_RULES",
    "MALFORMED_CHECKS",
    "PROOFS",
    "ROW_RULES",
    "RULES",
    "RULE_NAMES",
    "WARNINGS",
    "Description",
    "Rule",
    "RuleExample",
    "all_broken",
    "all_flags",
    "describe",
    "first_broken",
    "repeats",
    "severity_of",
]


def first_broken(rules: Sequence[Rule], candidate: Candidate, disabled: Container[str] = ()) -> tuple[str, str] | None:
    """Return (name, detail) of the first rule that a candidate breaks, or None."""
    language = LANGUAGES[candidate.language]
    for rule in rules:
        if rule.__name__ not in disabled and (detail := rule(candidate, language)):
            return rule.__name__, detail
    return None


def all_broken(candidate: Candidate, disabled: Container[str] = ()) -> list[tuple[str, str]]:
    """Return (name, detail) of every rule that a complete candidate breaks, without warnings."""
    return _found((*ERRORS, *PROOFS) if candidate.checks else ERRORS, candidate, disabled)


def all_flags(candidate: Candidate, disabled: Container[str] = ()) -> list[tuple[str, str]]:
    """Return (name, detail) of every warning on a complete candidate; warnings never reject."""
    found = _found((*WARNINGS, unknown_check) if candidate.checks else WARNINGS, candidate, disabled)
    return [*found, *_doubts(candidate, disabled)]


def _doubts(candidate: Candidate, disabled: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, detail) of what a wider form finds and the rule does not."""
    language = LANGUAGES[candidate.language]
    for name, wider in DOUBTS.items():
        if name not in disabled and (detail := wider(candidate, language)) and not RULES[name](candidate, language):
            yield name, detail


def severity_of(name: str) -> Severity:
    """Return the severity of a rule: `error` rejects a row, `warning` only flags it."""
    return "warning" if name in {unknown_check.__name__, MALFORMED_CHECKS} or RULES.get(name) in WARNINGS else "error"


def repeats(output: str, earlier: str) -> str:
    """Return the name of the defect of a row with the task of an earlier row: a copy, or a second answer.

    Self-Instruct drops every instance of such a task (`prepare_for_finetuning.py`); here the first row stands.
    """
    return "duplicate" if output.split() == earlier.split() else "conflicting_answers"


def _found(rules: Iterable[Rule], candidate: Candidate, disabled: Container[str]) -> list[tuple[str, str]]:
    language = LANGUAGES[candidate.language]
    names = ((rule.__name__, rule) for rule in rules if rule.__name__ not in disabled)
    return [(name, detail) for name, rule in names if (detail := rule(candidate, language))]
