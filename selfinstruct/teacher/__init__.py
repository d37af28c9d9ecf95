"""The teacher: a client for any OpenAI-compatible endpoint, and an embedded teacher served on loopback."""

from selfinstruct.teacher.billing.bill import bill_of
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.billing.prices import judge_of, price_of, prices_of
from selfinstruct.teacher.client import Ask, TeacherClient, check_teacher, open_teacher
from selfinstruct.teacher.consent import Confirm
from selfinstruct.teacher.http.body import read_reply
from selfinstruct.teacher.with_judge import check_judge, open_with_judge

__all__ = [
    "Ask",
    "Budget",
    "Confirm",
    "TeacherClient",
    "bill_of",
    "check_judge",
    "check_teacher",
    "judge_of",
    "open_teacher",
    "open_with_judge",
    "price_of",
    "prices_of",
    "read_reply",
]
