"""What a judge compares two answers by: the criteria of `judge.txt`, asked for in the words of `compare.txt`."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from selfinstruct.prompts.parts import LATER
from selfinstruct.prompts.template import Template, parse_judge, parse_template
from selfinstruct.records import LanguageCode

FILES = ("judge.txt", "compare.txt")


class Rubric(NamedTuple):
    """The rubric of one language."""

    language: LanguageCode
    criteria: dict[str, str]
    """{criterion: what is looked at}, the most important one first."""
    template: Template


def criteria_in(template: Template) -> dict[str, str]:
    """Return {criterion: what is looked at} of a parsed `judge.txt`, in its order."""
    split = (re.split("[:：]", line, maxsplit=1) for line in template.parts["criteria"].split("\n"))
    return {name.strip(): meaning.strip() for name, meaning in split}


def parse_rubric(language: LanguageCode, files: Mapping[str, str], where: str) -> Rubric:
    """Return the rubric in {file name: text}; raises PromptError for a part or placeholder that is missing or not known."""
    judge, compare = (files[name].removeprefix("\ufeff").replace("\r\n", "\n") for name in FILES)
    criteria = criteria_in(parse_judge(judge, f"{where}/judge.txt"))
    return Rubric(language, criteria, parse_template(compare, LATER["compare"], f"{where}/compare.txt"))
