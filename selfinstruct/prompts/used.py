"""Which prompts the recipes of a configuration read."""

from collections.abc import Mapping
from typing import Final

from selfinstruct.config import Config
from selfinstruct.prompts.parts import LATER
from selfinstruct.records import Recipe

_READ: Final[Mapping[Recipe, tuple[str, ...]]] = {
    "checked": ("plain", "wording", "passage", "meet"),
    "documents": ("question", "reread", "closed"),
    "evolve": ("evolve", "answerable"),
    "conversation": ("follow",),
    "translate": ("translate", "translate_part", "back"),
}
"""{recipe: its prompts}, whatever the settings are."""


def later_prompts(config: Config) -> tuple[str, ...]:
    """Return the names of the prompts beside the first ones that the recipes in use read, in the order of their list."""
    used = {name for recipe in config.recipes for name in _READ.get(recipe, ())}
    if "steered" in config.recipes and config.small_teacher:
        used |= {"plain", "exercise"}
    if config.generate.confirm and {"steered", "checked", "evolve"} & set(config.recipes):
        used |= {"confirm"}
    if config.generate.answerable and {"steered", "checked"} & set(config.recipes):
        used |= {"answerable"}
    used |= {"compare"} if config.judges_answers else set()
    used |= {"judge_rows"} if config.judge_steps and (config.judge.rows_per_request or 1) > 1 else set()
    return tuple(name for name in LATER if name in used)
