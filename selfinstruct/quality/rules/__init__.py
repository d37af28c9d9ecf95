"""The rules a candidate must pass: small pure functions named after the defect they find, which is the reported reason.

A rule takes (candidate, its language) and returns a detail for the reader, or nothing. INSTRUCTION_RULES need the
instruction alone and run before an input or an answer is bought; ROW_RULES need all three; what breaks one of these is
rejected. WARNINGS cannot be precise enough for that: they flag a row and never reject it; so do DOUBTS, wider forms of
rules that reject. Each docstring says what a rule finds and where it comes from (`describe` reads it); examples of what it finds, flags
and keeps stand in `tests/support/rule_examples.txt`.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.quality.rules import (  # fmt: skip
    answer,
    arithmetic,
    characters,
    control,
    counting,
    ending,
    identity,
    instruction,
    items,
    labels,
    language_match,
    leak,
    media,
    private,
    proof,
    relation,
    repetition,
    request,
    results,
    selection,
    syntax,
    word_use,
    wording,
)
from selfinstruct.quality.rules.describe import Description, describe
from selfinstruct.records import Candidate, Severity

Rule = Callable[[Candidate, Language], str]

_OF_CHARACTERS: tuple[Rule, ...] = (
    characters.control_characters, characters.invisible_characters, characters.mojibake, characters.escaped_escapes,
    private.email_address, private.phone_number, identity.identity_number, private.secret_key,
)  # fmt: skip
_ANY_FIELD = (control.control_tokens, leak.leaked_scaffold, *_OF_CHARACTERS)
INSTRUCTION_RULES: tuple[Rule, ...] = (
    instruction.too_short, instruction.too_long, instruction.starts_with_mark, instruction.stammers, instruction.unfinished_instruction,
    *_ANY_FIELD, language_match.wrong_language, media.asks_for_media, wording.unsafe,
)  # fmt: skip
ROW_RULES: tuple[Rule, ...] = (
    items.no_input_marker, relation.mentions_missing_input, request.bare_link, media.missing_media,
    answer.empty_output, wording.placeholder_output, *_ANY_FIELD, items.merged_items, wording.self_reference, wording.refusal,
    answer.echoes_instruction, answer.echoes_input, language_match.wrong_language_output, repetition.repeats_itself,
    ending.open_fence, ending.open_bracket, ending.unfinished_output, labels.outside_options,
    syntax.invalid_python, syntax.invalid_json, syntax.translated_code, arithmetic.wrong_arithmetic,
    counting.wrong_count, counting.names_twice, word_use.unused_word, selection.not_sorted, selection.wrong_filter, results.wrong_result,
)  # fmt: skip
WARNINGS: tuple[Rule, ...] = (instruction.several_lines, ending.no_final_mark, request.asks_for_program)
DOUBTS: dict[str, Rule] = {
    "mentions_missing_input": relation.may_lack_input,
    "asks_for_media": media.may_need_media,
    "echoes_input": answer.may_echo_input,
    "unfinished_instruction": instruction.may_be_unfinished,
    "starts_with_mark": instruction.may_be_numbered,
    "stammers": instruction.may_stammer,
    "too_long": instruction.may_be_too_long,
    "escaped_escapes": characters.may_be_escaped,
    "invalid_python": syntax.may_lack_names,
    "invisible_characters": characters.may_hide_characters,
    "control_characters": characters.may_be_private,
    "email_address": private.may_be_address,
    "phone_number": private.may_be_number,
    "not_sorted": selection.may_be_unsorted,
    "self_reference": wording.may_name_maker,
}
"""Rule -> its wider form, which flags under the rule's name what is too often right to be rejected."""

ERRORS: tuple[Rule, ...] = tuple(dict.fromkeys((*INSTRUCTION_RULES, *ROW_RULES)))
_ERRORS_OF_PLAIN_TEXT = tuple(rule for rule in ERRORS if rule not in {control.control_tokens, *_OF_CHARACTERS})
_ODD = re.compile(r"[^\t\n !-$'-/:;=-?A-Z\]^`a-z{-~]")
"""A text without such a character and without five dashes breaks no other rule: of English ones every second."""
RULES: dict[str, Rule] = {rule.__name__: rule for rule in (*ERRORS, *WARNINGS)}
PROOFS: tuple[Rule, ...] = (proof.check_failed,)
"""Rules for rows that say what proved them; an error each."""
MALFORMED_CHECKS = "malformed_checks"
"""A warning on `checks` that cannot be read, so that no rule for them applies; it is found where rows are read."""
RULE_NAMES: tuple[str, ...] = (*RULES, "check_failed", "unknown_check", MALFORMED_CHECKS)

__all__ = [
    "DOUBTS", "ERRORS", "INSTRUCTION_RULES", "MALFORMED_CHECKS", "PROOFS", "ROW_RULES", "RULES", "RULE_NAMES", "WARNINGS", "Description", "Rule",
    "all_broken", "all_flags", "describe", "first_broken", "repeats", "severity_of",
]  # fmt: skip


def first_broken(rules: Sequence[Rule], candidate: Candidate, disabled: Container[str] = ()) -> tuple[str, str] | None:
    """Return (name, detail) of the first rule that a candidate breaks, or None."""
    language = LANGUAGES[candidate.language]
    for rule in rules:
        if rule.__name__ not in disabled and (detail := rule(candidate, language)):
            return rule.__name__, detail
    return None


def all_broken(candidate: Candidate, disabled: Container[str] = ()) -> list[tuple[str, str]]:
    """Return (name, detail) of every rule that a complete candidate breaks, without warnings."""
    text = f"{candidate.instruction}\n{candidate.input}\n{candidate.output}"
    errors = ERRORS if _ODD.search(text) or "-----" in text else _ERRORS_OF_PLAIN_TEXT
    return _found((*errors, *PROOFS) if candidate.checks else errors, candidate, disabled)


def all_flags(candidate: Candidate, disabled: Container[str] = ()) -> list[tuple[str, str]]:
    """Return (name, detail) of every warning on a complete candidate; warnings never reject."""
    found = _found((*WARNINGS, proof.unknown_check) if candidate.checks else WARNINGS, candidate, disabled)
    return [*found, *_doubts(candidate, disabled)]


def _doubts(candidate: Candidate, disabled: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, detail) of what a wider form finds and the rule does not."""
    language = LANGUAGES[candidate.language]
    for name, wider in DOUBTS.items():
        if name not in disabled and (detail := wider(candidate, language)) and not RULES[name](candidate, language):
            yield name, detail


def severity_of(name: str) -> Severity:
    """Return the severity of a rule: `error` rejects a row, `warning` only flags it."""
    return "warning" if name in {"unknown_check", MALFORMED_CHECKS} or RULES.get(name) in WARNINGS else "error"


def repeats(output: str, earlier: str) -> str:
    """Return the name of the defect of a row with the task of an earlier row: a copy, or a second answer.

    Self-Instruct drops every instance of such a task (`prepare_for_finetuning.py`); here the first row stands.
    """
    return "duplicate" if output.split() == earlier.split() else "conflicting_answers"


def _found(rules: Iterable[Rule], candidate: Candidate, disabled: Container[str]) -> list[tuple[str, str]]:
    language = LANGUAGES[candidate.language]
    found = [(rule.__name__, detail) for rule in rules if (detail := rule(candidate, language))]
    return [(name, detail) for name, detail in found if name not in disabled]
