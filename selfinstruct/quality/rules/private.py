"""E-mail addresses, telephone numbers and secrets, in any field, that may be real.

Addresses, numbers and keys that documentation reserves for examples are kept, and so are those of a desk or shop.
"""

import re

from selfinstruct.language import Language
from selfinstruct.quality.rules.personal import fields, is_made_up, masked
from selfinstruct.records import Candidate

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+-])([A-Za-z0-9][A-Za-z0-9_.+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,15})(?![A-Za-z0-9_-])"
)
_RESERVED = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost|local)(?:\.\w{2,4}){0,2}$"
    r"|^(?:[\w-]*\.)?(?:e?mail|domain|company|yourcompany|your-?domain|mycompany|site|website|sample|acme|abc|xyz|foo|bar|placeholder|mysite|test|demo"
    r"|school|university|organization|business|store|shop|company-?name|domain-?name|somewhere|provider|host|server|xxx+|yourschool|yourorg)\.\w{2,4}(?:\.cn)?$",
    re.IGNORECASE,
)
_CHECKS_EMAIL = re.compile(
    r"(?:valid|regex|regular|format|check|pattern)\w*\b.{0,40}\be-?mail|\be-?mail.{0,60}\b(?:valid|regex|regular|format|pattern)|(?:校验|验证|正则|格式|合法).{0,12}邮箱|邮箱.{0,12}(?:校验|验证|正则|格式|合法)",
    re.IGNORECASE,
)
"""The task is to tell what an address looks like; the one in it is made up for that."""
_DESK = re.compile(
    r"^(?:info|support|sales|contact|help|helpdesk|admin|administrator|hr|press|media|no-?reply|service|services|kefu|office|team|hello|hi|jobs|career"
    r"s?|recruit\w*|customer\w*|billing|orders?|returns|feedback|news\w*|events?|marketing|privacy|legal|security|webmaster|postmaster|enquir\w+|inquir\w+"
    r"|reservations?|booking\w*|membership|library|donate|volunteer\w*|rsvp|accounts?|your[\w.-]*|lorem\S*|git|my[\w.-]*|user(?:name)?\d{0,3}|name|first[._-]?name\S*|example\w*|test\w*|x{2,}|abc|email|someone|recipient|sender|applications?|editor|complaints?|frontdesk|reception)$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{3,4}")
_LONG = re.compile(r"\d{7}")
_PHONE_CN = re.compile(r"(?<![\d.\-+])(?:(?:\+|00)?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?![\d.]\d|\d|-\d)")
_PHONE_US = re.compile(
    r"(?<![\d.\-/])(?:\+?1[ .-]?)?(?:\(([2-9]\d{2})\) ?|([2-9]\d{2})[ .-])([2-9]\d{2})[ .-](\d{4})(?![\d-])"
)
_PHONE_ABROAD = re.compile(r"(?<![A-Za-z0-9_])\+(?!1(?a:\b)|86)\d{1,3}[ -.]?(?:\(0\))?(?:\d[ -.]?){7,11}\d(?!\d)")
_PHONE_LAND = re.compile(r"(?<![\d.\-])[(（]?0(?:10|2\d|[3-9]\d{2})(?:[)）] ?|[- －—])([2-9]\d{6,7})(?![\d-])")
_PHONE_UK = re.compile(
    r"(?<![\d.\-/+])0(?!7700[ -]?900|1632|20 ?7946|1[1-6]1 ?496|800|808|3\d\d|8\d\d|9\d\d)(?:7\d{3}[ -]?\d{3}[ -]?\d{3}|20[ -]\d{4}[ -]\d{4}|1\d1[ -]\d{3}[ -]\d{4}|1\d{3}[ -]\d{6}|1\d{3}[ -]\d{3}[ -]\d{3})(?![\d-])"
)
_SECRET = re.compile(
    r"(?a:\b)sk-(?:proj-|ant-[a-z0-9]+-|or-v1-)?[A-Za-z0-9_-]{20,}|(?a:\b)(?:AKIA|ASIA)[A-Z0-9]{16}(?a:\b)|(?a:\b)gh[pousr]_[A-Za-z0-9]{30,}|(?a:\b)github_pat_\w{40,}|(?a:\b)glpat-[\w-]{20,}"
    r"|(?a:\b)xox[abprs]-[A-Za-z0-9-]{20,}|(?a:\b)AIza[\w-]{35}|(?a:\b)hf_[A-Za-z]{30,}|(?a:\b)[sr]k_live_[A-Za-z0-9]{20,}|(?a:\b)LTAI[A-Za-z0-9]{12,}|(?a:\b)AKID[A-Za-z0-9]{28,}|(?a:\b)SG\.[\w-]{20,}\.[\w-]{20,}|(?a:\b)npm_[A-Za-z0-9]{30,}|(?a:\b)pypi-[\w-]{40,}"
    r"|(?a:\b)[a-z][a-z0-9+]{2,12}://[\w.+-]{1,40}:((?=[^\s/@]*\d)(?=[^\s/@]*[A-Za-z])[^\s/@:]{6,64})@[\w.-]+"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{60,}|(?a:\b)eyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}"
    r"|(?:password|passwd|pwd|api[_ -]?key|secret|access[_ -]?token|token|密码|口令|密钥|秘钥)[\"']?\s?(?:[:=：]|is|是|为)\s?[\"']?((?=[^\s\"'，。]{0,30}\d)(?=[^\s\"'，。]{0,30}[A-Za-z])[^\s\"'<>{}\[\]，。；、]{8,64})",
    re.IGNORECASE,
)
_SECRET_SIGNS = (
    "sk-",
    "akia",
    "asia",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "aiza",
    "hf_",
    "_live_",
    "ltai",
    "akid",
    "sg.",
    "npm_",
    "pypi-",
    "eyj",
    "passw",
    "pwd",
    "key",
    "secret",
    "token",
    "密码",
    "口令",
    "密钥",
    "秘钥",
    "://",
)
"""One of these is in every secret that the pattern finds; searching for them first is ten times as fast."""
_FICTION = re.compile(
    r"example|sample|xxx|your|placeholder|dummy|test|fake|redacted|changeme|\*{3}|\.{3}|1234567|abcdef|000000|os\.|env|process|getenv|\(|config|hunter2|p@ssw0rd|password|secret_?key|insert|here",
    re.IGNORECASE,
)
_ASKS_FOR_SECRET = re.compile(r"password|passphrase|random string|hash|密码|口令|密钥|随机", re.IGNORECASE)


def email_address(candidate: Candidate, _: Language) -> str:
    """E-mail address that could be somebody's; reserved domains, placeholders and a firm's desks are kept.

    Source: RFC 2606 for the reserved names; datasets are published
    Finds: Write a short CV. → Jane Roe, jane.roe84@gmail.com
    Keeps: Write a short CV. → Jane Roe, jane.roe@example.com
    Keeps: Check that an email is valid with a regex. ‖ joe_doe@gmail.com → True
    Finds: 写一份简历。 → 张伟，邮箱zhangwei1987@qq.com常用
    Keeps: 用正则验证邮箱是否合法。 ‖ zhang_wei@qq.com → 合法
    Keeps: 写一则招聘启事。 → 简历请发至 hr@company.com
    """
    if _CHECKS_EMAIL.search(candidate.instruction):
        return ""
    for text in fields(candidate):
        for found in _EMAIL.finditer(text) if "@" in text else ():
            if len(found[1]) > 1 and not _RESERVED.search(found[2]) and not _DESK.match(found[1]):
                return f"contains {masked(found[0])}"
    return ""


def phone_number(candidate: Candidate, language: Language) -> str:
    """Telephone number that could be somebody's; 555 numbers, service lines, and rows of one digit or counting up are kept.

    Source: the numbering plans of China, North America and Britain; 555-01xx and Ofcom's drama numbers are reserved for fiction
    Finds: Write a short notice. → Call Anna at (376) 823-9067.
    Keeps: Write a short notice. → Call Anna at (415) 555-0132.
    Finds: 写一则启事。 → 联系人：李雷，电话15406517842。
    Finds: 写一张名片。 → 李雷，电话１５４０６５１７８４２。
    Keeps: 写一则启事。 → 联系人：李雷，电话138XXXX1234，服务热线400-820-8820。
    """
    if (found := _phone(candidate, language)) and not _is_of_task(found, candidate):
        return f"contains {masked(found)}"
    return ""


def _phone(candidate: Candidate, language: Language) -> str:
    """Return the first number that could be somebody's."""
    for text in fields(candidate):
        if (len(_DIGITS.findall(text)) < 2 and not _LONG.search(text)) or language.matches(
            language.about_numbers, text
        ):
            continue
        if found := next((one for one in _PHONE_CN.finditer(text) if not is_made_up(one[2] + one[3])), None):
            return found[0]
        for found in _PHONE_US.finditer(text):
            area, exchange = found[1] or found[2], found[3]
            if (
                "555" not in (area, exchange)
                and area not in {"800", "888", "877", "866", "855", "844", "833", "900", "400"}
                and not is_made_up(exchange + found[4])
            ):
                return found[0]
        for pattern in (_PHONE_ABROAD, _PHONE_LAND, _PHONE_UK):
            found = pattern.search(text)
            if found and not is_made_up(re.sub(r"\D", "", found[0])[-8:]):
                return found[0]
    return ""


def _is_of_task(number: str, candidate: Candidate) -> bool:
    """Return whether the task is to write a number that it gives in another way."""
    digits = re.sub(r"\D", "", number)[-10:]
    given = re.sub(r"\D", "", candidate.instruction + candidate.input)
    return digits in given and bool(re.search(r"(?a:\b)number|号码|格式|区号", candidate.instruction, re.IGNORECASE))


def secret_key(candidate: Candidate, _: Language) -> str:
    """Key, token or password that looks real: the prefixes of well-known services, private keys, signed tokens.

    Source: the prefixes that the services publish for secret scanning
    Finds: Write how to call the API. → Use the key sk-proj-9fQ2xLz81TnVb4KdYw7RmPc0.
    Keeps: Write how to call the API. → Use the key sk-xxxxxxxxxxxxxxxxxxxxxxxx.
    Finds: 写出连接数据库的配置。 → 用户 root，密码：Wq7#tz29Lm
    Keeps: 写出连接数据库的配置。 → 用户 root，密码：<你的密码>
    """
    for text in fields(candidate):
        lowered = text.lower()
        for found in _SECRET.finditer(text) if any(sign in lowered for sign in _SECRET_SIGNS) else ():
            if (found[1] or found[2]) and _ASKS_FOR_SECRET.search(candidate.instruction):
                continue
            if not _FICTION.search(found[1] or found[0]) and len(set(found[1] or found[0])) >= 6:
                return f"contains {masked(found[0])}"
    return ""
