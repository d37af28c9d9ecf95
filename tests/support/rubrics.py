"""Plans with the judge on, and its criteria."""

from typing import Any

from selfinstruct.records import LanguageCode
from selfinstruct.requests import Plan
from selfinstruct.runs.inputs import load_inputs
from tests.support.runs import MakeConfig

JUDGE: dict[str, Any] = {"judge__least": 3.5}


EN, ZH = ("followed", "correct", "clear"), ("切题", "正确", "通顺")
"""The criteria of the shipped rubrics."""


def plan_of(make_config: MakeConfig, language: LanguageCode, **settings: Any) -> Plan:
    return load_inputs(make_config(**{"recipe": "batch"} | JUDGE | settings)).plans[language]
