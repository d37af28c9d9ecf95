"""Numbers that identify a person or an account, in any field, recognized by check digits."""

import re
from datetime import date

from selfinstruct.language import Language
from selfinstruct.quality.rules.personal import is_made_up, is_term, masked, with_figures
from selfinstruct.records import Candidate

_MANY_DIGITS = re.compile(r"\d[\d -]{5}")
"""Part of every identifying number; searching for it first skips the patterns for most texts."""
_ID_CN = re.compile(
    r"(?<![\dA-Za-z])([1-8]\d{5})((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{3})([\dXx])(?![\dA-Za-z])"
)
_SSN = re.compile(r"(?<![\d-])(?!000|666|9)(\d{3})-(?!00)(\d{2})-(?!0000)(\d{4})(?![\d-])")
_NINO = re.compile(
    r"(?<![A-Za-z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ|AB ?12 ?34)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])"
)
_CARD = re.compile(
    r"(?<![\d.\-])(?:[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}|3[47]\d{2}([ -]?)\d{6}\2\d{5}|62\d{2}([ -]?)\d{4}\3\d{4}\3\d{4}\3\d{1,3}|62\d{4}[ -]?\d{13})(?![\d.]\d|\d)"
)
"""Groups of digits, with the same mark between all of them or none."""
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?(?![A-Z0-9])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(candidate: Candidate, _: Language) -> str:
    """Identity card, social security, national insurance, payment card or bank account number whose check digits are right.

    Check digits tell them from other long numbers (social security and national insurance have none: their form tells); the card
    networks' test numbers are kept.
    Source: GB 11643-1999, ISO/IEC 7812 (Luhn), ISO 13616, HMRC's NIM39110
    """
    for text in with_figures(candidate):
        if not _MANY_DIGITS.search(text):
            continue
        for kind, found in _numbers(text):
            return f"contains {kind} {masked(found)}"
    return ""


def _numbers(text: str) -> list[tuple[str, str]]:
    found = [("identity card", one[0]) for one in _ID_CN.finditer(text) if _is_id_card(one)]
    found += [
        ("social security number", one[0])
        for one in _SSN.finditer(text)
        if one[0] not in {"123-45-6789", "078-05-1120", "111-11-1111"}
    ]
    found += [
        ("national insurance number", one[0])
        for one in _NINO.finditer(text)
        if not is_made_up(re.sub(r"\D", "", one[0]))
    ]
    cards = ((one[0], re.sub(r"\D", "", one[0])) for one in _CARD.finditer(text) if not is_term(one))
    found += [("card number", whole) for whole, digits in cards if _is_luhn(digits) and not _is_test_card(digits)]
    found += [("bank account", one[0]) for one in _IBAN.finditer(text) if _is_iban(re.sub(r"\s", "", one[0]))]
    return found


def _is_id_card(found: re.Match[str]) -> bool:
    """Return whether date and check digit are valid; published example numbers do not count."""
    if found[0].upper() in {"11010519491231002X", "34052419800101001X", "440524188001010014"}:
        return False
    try:
        date(int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return False
    digits = found[0]
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[-1].upper()


def _is_luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if position % 2 else 1) for position, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_test_card(digits: str) -> bool:
    return len(set(digits)) <= 3 or digits in {
        "4242424242424242",
        "5555555555554444",
        "378282246310005",
        "4012888888881881",
        "5105105105105100",
        "6011111111111117",
        "4532015112830366",
    }


def _is_iban(text: str) -> bool:
    moved = "".join(str(int(mark, 36)) for mark in text[4:] + text[:4])
    return int(moved) % 97 == 1 and text not in {"GB82WEST12345698765432", "DE89370400440532013000"}
