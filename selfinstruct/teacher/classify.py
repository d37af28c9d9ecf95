"""What an answer of the endpoint means for the run: one pure function over status, type and body."""

from typing import Literal, NamedTuple

from selfinstruct.config import Teacher
from selfinstruct.teacher.body import error_of

Meaning = Literal["done", "retry", "failed", "refused"]
"""done: keep and read. retry: ask again later. failed: this request alone will never work. refused: the whole run stops."""

_QUOTA = ("insufficient_quota", "insufficient balance", "exceeded your current quota", "billing", "余额不足", "欠费")
_MODEL = (
    "model not exist",
    "model_not_found",
    "does not exist",
    "no such model",
    "unknown model",
    "invalid model",
    "model not found",
    "模型不存在",
)


class Answer(NamedTuple):
    """What an endpoint sent back, its body whole."""

    status: int
    content_type: str
    retry_after_s: float
    body: bytes


def classify(answer: Answer) -> Meaning:
    """Return what to do with an answer."""
    status = answer.status
    text = answer.body[:4000].decode("utf-8", "replace").lower()
    if status == 200:
        return "refused" if "html" in answer.content_type or text.lstrip().startswith("<") else "done"
    if status in {401, 402, 403, 404} or 300 <= status < 400:
        return "refused"
    if status == 429:
        return "refused" if any(word in text for word in _QUOTA) else "retry"
    if status in {408, 409, 425} or status >= 500:
        return "retry"
    return "refused" if any(word in text for word in _MODEL) else "failed"


def explain_refusal(answer: Answer, base_url: str, teacher: Teacher) -> str:
    """Return one message: what the endpoint said, and what to change."""
    status, key = answer.status, teacher.api_key_env
    said = f" It said: {error_of(answer.body)}" if error_of(answer.body) else ""
    if status == 200 or "html" in answer.content_type:
        return f"{base_url} answers with a web page, not with JSON (status {status}); check base_url, which usually ends in /v1"
    if status in {401, 403}:
        return f"{base_url} refuses the key in {key} (status {status}).{said} Set {key} to a valid key and run the same command again"
    if status in {402, 429}:
        return f"{base_url} reports that the quota or balance is used up (status {status}).{said} Top it up and run the same command again"
    if 300 <= status < 400:
        return f"{base_url} redirects elsewhere (status {status}); redirects are not followed, set base_url to the final address"
    return f"{base_url} does not serve the model {teacher.model} (status {status}).{said} Check [teacher] model and base_url"
