"""What a provider says when it refuses: its own words out of any JSON, and whether every further request would hear the same.

Providers put them into `error.message`, `detail`, `base_resp.status_msg`, arrays, JSON within strings, and under statuses from 200 to 529.
Each phrase below is one that a provider was reported or documented to send; `tests/providers/` has them with their sources.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal

from selfinstruct.system.text import harmless

LONGEST = 500
"""Most characters of a provider's words that are shown."""
_DEEPEST = 8
_MOST = 50
"""Most words that are read of one error; no error has as many."""
_WORDS = (
    "message",
    "msg",
    "detail",
    "details",
    "error",
    "errors",
    "error_msg",
    "errormsg",
    "error_description",
    "status_msg",
    "raw",
)
"""Keys under which words stand, or an object that has them."""
_CODES = {"code", "type", "status", "reason", "title"}

Refusal = Literal["key", "credit", "suspended", "daily_quota", "model", "address"]
"""Why every request would be refused until somebody changes something."""

_PHRASES: dict[Refusal, tuple[str, ...]] = {
    "credit": (
        "insufficient_quota", "billing_hard_limit", "billing_not_active", "exceeded your current quota", "insufficient balance",
        "insufficient_balance", "insufficient credit", "insufficient account balance", "insufficient_user_quota", "insufficient funds",
        "credit balance is too low", "balance is not enough", "not enough balance", "not enough credit", "out of credits", "no credits",
        "requires more credits", "can only afford", "payment required", "arrearage", "accountoverdue", "overdue balance",
        "overdue-payment", "account in good standing", "account is in good standing", "prepayment credits", "spending limit", "spend limit",
        "余额不足", "欠费", "余额已用尽", "额度不足", "额度已用尽", "无可用资源包", "余量已用尽", "套餐已到期", "subscription has expired", "plan has expired", "limit: 0,", "budget has been exceeded", "预扣费额度失败", "账户额度", "请充值",
    ),
    "suspended": (
        "account_deactivated", "account has been deactivated", "account is not active", "account has been disabled", "account is suspended",
        "has been suspended", "account suspended", "organization has been disabled", "账号已被封", "账户已被", "被封禁", "已停用",
    ),
    "daily_quota": (
        "per day", "perday", "per-day", "daily limit", "daily quota", "daily request", "(rpd)", "(tpd)", "每日", "当日", "今日",
    ),
    "key": (
        "invalid_api_key", "incorrect api key", "invalid api key", "invalid api-key", "api key not valid", "api_key_invalid", "invalid x-api-key",
        "invalid_authentication", "invalid authentication", "authentication_error", "authentication fails", "authenticationerror",
        "no api key", "no api-key", "missing api key", "api key is invalid", "apikey is invalid", "invalid token", "token expired", "login fail",
        "incorrect_api_key", "无效的令牌", "令牌已过期", "令牌不可用", "该令牌", "身份验证失败", "鉴权失败", "无效的api", "apikey错误", "key无效",
        "access token invalid", "access token expired", "token is invalid", "token is expired", "app_id无效", "密钥无效", "密钥错误",
    ),
    "model": (
        "model not exist", "model_not_found", "no such model", "unknown model", "unknown_model", "invalid model", "model not found",
        "model does not exist", "not a valid model", "supported api model names", "deploymentnotfound", "deployment for this resource does not",
        "no endpoints found", "no models loaded", "model is not available", "model_not_available", "modelnotopen", "model not open", "not activated the model",
        "model_decommissioned", "has been decommissioned", "model has been deprecated", "has been retired", "is no longer available",
        "model_not_supported", "model is not supported", "not supported model", "unsupported model", "invalid_model", "model access denied",
        "模型不存在", "模型未开通", "未开通", "模型已下线", "无可用渠道", "没有可用渠道", "无效的模型",
    ),
    "address": ("unexpected endpoint", "unknown endpoint", "no route for that uri", "unknown request url", "invalid url (post", "no static resource"),
}  # fmt: skip
_PER_MINUTE_TOO = {"exceeded your current quota"}
"""Gemini says so of limits per minute as well, but then names a delay."""
_MODEL_PATTERN = re.compile(
    r"\bmodels?\b.{0,120}(?:does not exist|not found|doesn't exist|is not found)|no model\b.{0,60}\bfound", re.DOTALL
)

_MINIMAX: dict[int, int] = {
    1002: 429,
    1004: 401,
    1008: 402,
    1026: 400,
    1027: 400,
    1039: 400,
    2013: 400,
    2049: 401,
    2056: 402,
}
"""MiniMax `base_resp.status_code` -> the HTTP status that others send for it."""
_BARE_CODES = ("code", "error_code", "errcode", "err_code", "errorCode", "status_code", "retcode")
"""Keys of a code beside the words of an answer that is an error: Zhipu, Baidu, Tencent, iFlytek, SiliconFlow and gateways of Spring."""
_SUCCESS = {"", "0", "200", "10000", "none", "ok", "success", "succeed", "true"}
_STATUS_OF: dict[Refusal | None, int] = {"key": 401, "credit": 402, "suspended": 403, "model": 404, "daily_quota": 429}
_TOO_MANY = re.compile(
    r"rate.?limit|too many requests|too.?frequent|\bqps\b|频率|频繁|并发|限流|限速|速率|访问量过大|超过.{0,6}请求"
)
_FILTERED = (
    "content_filter", "content management policy", "contentfilter", "content_policy_violation", "data_inspection_failed", "datainspectionfailed",
    "inappropriate content", "sensitive", "safety system", "was flagged", "input was flagged", "moderation", "敏感", "不安全或", "内容安全", "违规",
)  # fmt: skip


def words_of(value: Any) -> str:
    """Return the provider's own words in a parsed body or a text, on one line, at most LONGEST characters.

    >>> words_of([{"error": {"code": 400, "message": "API key not valid."}}])
    'API key not valid.'
    >>> words_of({"message": {"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}})
    'seed: Extra inputs are not permitted'
    """
    found = dict.fromkeys(islice(_words(value, _DEEPEST), _MOST))
    shown: list[str] = []
    for one in found:
        if not any(one in other for other in shown):
            shown.append(one)
    return " ".join(harmless(": ".join(shown)[:2000]).split())[:LONGEST]


def _words(value: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, str):
        yield from _within(value, depth)
    elif isinstance(value, list):
        for one in value[:3]:
            yield from _words(one, depth - 1)
    elif isinstance(value, dict):
        field = f"{value['loc'][-1]}: " if isinstance(value.get("loc"), list) and value["loc"] else ""
        names = {str(key).lower(): key for key in value}
        for name in (*_WORDS, "response", "base_resp", "metadata", "innererror"):
            if name in names:
                yield from (f"{field}{word}" for word in _words(value[names[name]], depth - 1))


def _within(text: str, depth: int) -> Iterator[str]:
    """Yield a text, or the words of the JSON that it holds."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            yield from _words(json.loads(text[:20_000]), depth - 1)
        except (ValueError, RecursionError):
            pass
        else:
            return
    if text.strip():
        yield text.strip()[:4000]


def refusal_of(data: Any, *, has_delay: bool = False) -> Refusal | None:
    """Return why every request would be refused, from a parsed body or text; None when it may concern this one only.

    `has_delay`: the response says when to try again, so that a quota is one per minute.

    >>> refusal_of({"error": {"message": "Insufficient Balance", "code": "invalid_request_error"}})
    'credit'
    """
    text = _plain(data)
    for kind, phrases in _PHRASES.items():
        if has_delay and kind == "daily_quota":
            continue
        if any(phrase in text for phrase in phrases if not (has_delay and phrase in _PER_MINUTE_TOO)):
            return kind
    return "model" if _MODEL_PATTERN.search(text) else None


def is_filtered(data: Any) -> bool:
    """Return whether a refusal is about what this prompt says."""
    text = _plain(data)
    return any(phrase in text for phrase in _FILTERED)


def _plain(data: Any) -> str:
    """Return the words and codes of an error in lower case; nothing of the request that a provider repeats in it."""
    words = [*islice(_words(data, _DEEPEST), _MOST), *islice(_codes(data, _DEEPEST), _MOST)]
    return " ".join(word[:500] for word in words)[:4000].lower()


def _codes(value: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _CODES and isinstance(inner, str | int):
                yield str(inner)
            elif key in {"error", "details", "innererror", "metadata", "base_resp"}:
                yield from _codes(inner, depth - 1)


def status_within(data: Any) -> int:
    """Return the HTTP status that an error inside a 2xx body stands for; 0 when it holds none.

    >>> status_within({"error": {"message": "Provider returned error", "code": 429}})
    429
    >>> status_within({"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}})
    402
    """
    if not isinstance(data, dict):
        return 0
    usage = data.get("usage")
    if isinstance(usage, dict) and any(type(count) is int and count > 0 for count in usage.values()):
        return 0  # it was billed, whatever became of it
    base = data.get("base_resp")
    if isinstance(base, dict) and type(base.get("status_code")) is int and base["status_code"] != 0:
        return _MINIMAX.get(base["status_code"], 503)
    if isinstance(data.get("Response"), dict) and data["Response"].get("Error"):
        data = {"error": data["Response"]["Error"]}
    choices = data.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    error = data.get("error") or (None if first.get("message", {}) else first.get("error"))
    if first.get("message"):
        return 0
    if not error:
        return 0 if choices else _status_of_bare(data)
    code = error.get("code", error.get("status")) if isinstance(error, dict) else data.get("code")
    return _status_of_code(code) or (400 if is_filtered(data) or refusal_of(data) else 503)


def _status_of_bare(data: dict[str, Any]) -> int:
    """Return the status of an answer that is nothing but a code, or `success` false, with words; 0 for any other one."""
    codes = [data[name] for name in _BARE_CODES if name in data]
    failed = data.get("success") is False or any(str(code).lower() not in _SUCCESS for code in codes)
    if not failed or not words_of(data):
        return 0
    if number := next(filter(None, map(_status_of_code, codes)), 0):
        return number
    if _TOO_MANY.search(_plain(data)):
        return 429
    return _STATUS_OF.get(refusal_of(data), 400 if is_filtered(data) else 503)


def _status_of_code(code: Any) -> int:
    number = int(str(code)) if re.fullmatch(r"\d{3}", str(code), re.ASCII) else 0
    return number if 400 <= number < 600 else 0
