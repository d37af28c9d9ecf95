"""The teacher: one client for every OpenAI-compatible endpoint, and the embedded one that is served on loopback."""

from selfinstruct.teacher.body import read_reply
from selfinstruct.teacher.budget import Budget, price_of
from selfinstruct.teacher.client import Ask, check_teacher, open_teacher

__all__ = ["Ask", "Budget", "check_teacher", "open_teacher", "price_of", "read_reply"]
