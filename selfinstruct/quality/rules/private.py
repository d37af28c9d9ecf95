"""E-mail addresses, telephone numbers and secrets, in any field, that may be real.

Addresses, numbers and keys that documentation reserves for examples are kept, and so are those of a desk or shop.
"""

import re

from selfinstruct.language import Language
from selfinstruct.quality.rules.numerals import DIGIT
from selfinstruct.quality.rules.personal import fields, is_made_up, is_term, masked, with_figures
from selfinstruct.quality.rules.text import looks_like_code
from selfinstruct.records import Candidate

_EMAIL = re.compile(r"(?<![A-Za-z0-9_.+-])([A-Za-z0-9][A-Za-z0-9_.+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,15})(?![A-Za-z0-9_-])")  # fmt: skip
_RESERVED_TEXT = "example test invalid localhost local mail email domain company yourcompany your-domain yourdomain mycompany site website sample acme abc xyz foo bar placeholder mysite demo school university organization business store shop company-name companyname domain-name domainname somewhere provider host server yourschool yourorg"
_RESERVED = frozenset(_RESERVED_TEXT.split())
"""Names of domains that are nobody's, or stand for any."""
_ABOUT_ADDRESSES = re.compile(
    r"e-?mail|address|(?a:\b)contact|telephone|(?a:\b)phone|number|regex|邮[箱件]|地址|联系|电话|号码|手机|[校验]验|正则|验证",
    re.IGNORECASE,
)
"""A task that works on addresses or numbers, or wants one: what is in it was made up for it."""
_OWN = re.compile(r"(?a:\b)(?:my|me)(?a:\b)|我", re.IGNORECASE)
_DESKS_TEXT = "info support sales contact help helpdesk admin administrator hr press media noreply service services kefu office team hello hi jobs career careers recruit recruiting recruitment customer customerservice customercare billing order orders return returns feedback news newsletter event events marketing privacy legal security webmaster postmaster enquiries enquiry inquiries inquiry reservation reservations booking bookings membership library donate volunteer volunteers rsvp account accounts git name firstname lastname alerts offers deals promotions rewards updates statements receipts notifications notification abc email someone recipient sender application applications editor complaint complaints frontdesk reception user username"
_DESKS = frozenset(_DESKS_TEXT.split())
_MADE_UP = re.compile(r"(?:your|lorem|my|first[._-]?name|example|test|user)|x{2,}\Z", re.IGNORECASE)
"""How the name before an @ begins that stands for any."""
_SEVEN = re.compile(r"[0-9](?:[ ().－—-]{0,2}[0-9]){6}")
"""Digits without which no number is a telephone's."""
_PHONES = (
    re.compile(r"(?<![\d.\-+])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?(\d{4})[ -]?(\d{4})(?![\d.]\d|\d|-\d)"),
    re.compile(
        r"(?<![\d.\-/])(?:\+?1[ .-]?)?(?:\((?!555|[89]00|8(\d)\1|400)[2-9]\d{2}\) ?|(?!555|[89]00|8(\d)\2|400)[2-9]\d{2}[ .-])(?!555)([2-9]\d{2})[ .-](\d{4})(?![\d-])"
    ),
    re.compile(r"(?<![A-Za-z0-9_])\+(?!1(?a:\b)|86)\d{1,3}[ ().-]?(?:\(0\))?((?:\d[ ().-]?){7,11}\d)(?!\d)"),
    re.compile(r"(?<![\d.\-])[(（]?0(?:10|2\d|[3-9]\d{2})(?:[)）] ?|[- －—])([2-9]\d{6,7})(?![\d-])"),
    re.compile(
        r"(?<![\d.\-/+])0(?!7700[ -]?900|1632|20 ?7946|1[1-6]1 ?496|80[08]|[389]\d\d)((?:7\d{3}[ -]?\d{3}|20[ -]\d{4}|1\d1[ -]\d{3}|1\d{3}[ -]\d{3})[ -]?\d{3,4})(?![\d-])"
    ),
)
"""China, North America, abroad, Chinese landlines, Britain; the groups hold the digits that tell a number that is made up."""
_SECRETS = (
    (("sk-",), re.compile(r"\bsk-(?:proj-|ant-[a-z0-9]+-|or-v1-)?[A-Za-z0-9_-]{20,}", re.ASCII)),
    (("akia", "asia", "aiza", "akid", "ltai"), re.compile(r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}\b|AIza[\w-]{35}|AKID[A-Za-z0-9]{28,}|LTAI[A-Za-z0-9]{12,})", re.ASCII)),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "hf_", "_live_", "npm_"), re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,}|hf_[A-Za-z]{30,}|[sr]k_live_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,})", re.ASCII)),
    (("glpat-", "xox", "pypi-"), re.compile(r"\b(?:glpat-[\w-]{20,}|xox[abprs]-[A-Za-z0-9-]{20,}|pypi-[\w-]{40,})", re.ASCII)),
    (("sg.", "eyj"), re.compile(r"\b(?:SG\.[\w-]{20,}\.[\w-]{20,}|eyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,})", re.ASCII)),
    (("private key",), re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{60,}")),
    (("://",), re.compile(r"\b[a-z][a-z0-9+]{2,12}://[\w.+-]{1,40}:(?P<said>(?=[^\s/@]*\d)(?=[^\s/@]*[A-Za-z])[^\s/@:]{6,64})@[\w.-]+", re.ASCII)),
    (("passw", "pwd", "key", "secret", "token", "密码", "口令", "密钥", "秘钥"), re.compile(
        r"(?:passw(?:or)?d|pwd|api[_ -]?key|secret(?:_access)?(?:_key)?|token|密码|口令|[密秘]钥)[\"']?\s?(?:[:=：]|is|是|为)\s?[\"']?(?P<said>(?=[^\s\"'，。]{0,30}\d)(?=[^\s\"'，。]{0,30}[A-Za-z])[^\s\"'<>{}\[\]，。；、]{8,64})",
        re.IGNORECASE,
    )),
)  # fmt: skip
"""(what one of is in every such secret in lower case, pattern): looking for the first is ten times as fast."""
_SIGNS = tuple(sign for signs, _ in _SECRETS for sign in signs)
_FICTION = re.compile(r"example|sample|xxx|your|placeholder|dummy|test|fake|redacted|changeme|\*{3}|\.{3}|1234567|abcdef|000000|os\.|env|process|\(|config|hunter2|p[a@][s$]{2}|secret_?key|insert|here", re.IGNORECASE)  # fmt: skip
_IS_CLASS, _LONGEST_CLASS = re.compile(r"[A-Za-z]Token is [A-Za-z0-9]+\Z"), 80
"""A class in Solidity that inherits from one: `contract RedToken is ERC721`."""
_ASKS_FOR_SECRET = re.compile(r"password|passphrase|random string|hash|密码|口令|密钥|随机", re.IGNORECASE)


def email_address(candidate: Candidate, _: Language) -> str:
    """E-mail address that could be somebody's, a name with a figure, a dot or ten letters, where the task speaks of no address; else a warning.

    Reserved domains, placeholders, a firm's desks, short names such as `bob` and data of a program are kept.

    Source: RFC 2606 for the reserved names; datasets are published
    """
    return "" if _is_made_for(candidate) else _address(candidate)


def _is_made_for(candidate: Candidate) -> bool:
    """Return whether an address or number was made up for its task, which speaks of one and in which nobody gives an own one."""
    asked = candidate.instruction
    is_own = ("@" in asked or _SEVEN.search(asked)) and _OWN.search(asked)
    return bool(_ABOUT_ADDRESSES.search(asked) and not is_own)


def may_be_address(candidate: Candidate, _: Language) -> str:
    """E-mail address of a task that works on one or wants one: nearly always made up."""
    return _address(candidate)


def _address(candidate: Candidate) -> str:
    for text in fields(candidate):
        for found in _EMAIL.finditer(text) if "@" in text else ():
            if _is_somebodys(found[1], found[2]):
                return "" if looks_like_code(candidate.output) else f"contains {masked(found[0])}"
    return ""


def _is_somebodys(name: str, domain: str) -> bool:
    reserved = any(part in _RESERVED or part.startswith("xxx") for part in domain.lower().split("."))
    desk = re.sub(r"[\d._-]", "", name.lower()) in _DESKS or _MADE_UP.match(name)
    return not (reserved or desk or is_made_up(name)) and (len(name) >= 10 or not name.isalpha())


def phone_number(candidate: Candidate, language: Language) -> str:
    """Telephone number that could be somebody's, where the task speaks of no number; else a warning.

    555 numbers, service lines, and rows of one digit or counting up are kept.
    Source: the numbering plans of China, North America and Britain; 555-01xx and Ofcom's drama numbers are reserved for fiction
    """
    return "" if _is_made_for(candidate) else _number(candidate, language)


def may_be_number(candidate: Candidate, language: Language) -> str:
    """Telephone number of a task that works on one or wants one: nearly always made up."""
    return _number(candidate, language)


def _number(candidate: Candidate, language: Language) -> str:
    for text in with_figures(candidate):
        if not _SEVEN.search(text):
            continue
        numbers = (found for pattern in _PHONES for found in pattern.finditer(text) if _is_real(found))
        if (found := next(numbers, None)) and not language.matches(language.about_numbers, text):
            return f"contains {masked(found[0])}"
    return ""


def _is_real(found: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", "".join(part for part in found.groups() if part and len(part) > 1))
    return not (is_made_up(digits[-8:]) or is_term(found))


def secret_key(candidate: Candidate, _: Language) -> str:
    """Key, token or password that looks real: the prefixes of well-known services, private keys, signed tokens.

    Source: the prefixes that the services publish for secret scanning
    """
    text = "\n".join(fields(candidate))
    coded = "_" in text or "-----" in text or any(map(DIGIT.search, with_figures(candidate)))
    lowered = text.lower() if coded else ""
    if not any(map(lowered.__contains__, _SIGNS)):
        return ""
    for signs, pattern in _SECRETS:
        for found in pattern.finditer(text) if any(sign in lowered for sign in signs) else ():
            said = found.groupdict().get("said")
            asked_for = said and (said in candidate.input or _ASKS_FOR_SECRET.search(candidate.instruction))
            is_named = asked_for or _IS_CLASS.search(text[: found.end()][-_LONGEST_CLASS:])
            if not is_named and not _FICTION.search(said or found[0]) and len(set(said or found[0])) >= 6:
                return f"contains {masked(found[0])}"
    return ""
