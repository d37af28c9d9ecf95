"""Awkward replies, written by hand; the expected items are what a careful human would want, not what the code does."""

from tests.support.corpus import answers_en, answers_zh, faults_en, faults_zh, json_replies, marks_en, marks_zh
from tests.support.corpus.case import Case

CASES: list[Case] = [
    *marks_en.CASES,
    *answers_en.CASES,
    *faults_en.CASES,
    *marks_zh.CASES,
    *answers_zh.CASES,
    *faults_zh.CASES,
    *json_replies.CASES,
]
