"""Which prompts the recipes of a configuration read."""

from selfinstruct.config import Config
from selfinstruct.prompts.template import LATER


def later_prompts(config: Config) -> tuple[str, ...]:
    """Return the names of the prompts beside the first ones that the recipes in use read, in the order of their list."""
    used: set[str] = set()
    if "steered" in config.recipes and config.small_teacher:
        used |= {"plain", "exercise"}
    if config.generate.confirm and {"steered", "checked"} & set(config.recipes):
        used.add("confirm")
    if config.generate.answerable and {"steered", "checked"} & set(config.recipes):
        used.add("answerable")
    if "checked" in config.recipes:
        used |= {"plain", "wording", "passage", "meet"}
    if "documents" in config.recipes:
        used |= {"question", "reread", "closed"}
    if "evolve" in config.recipes:
        used |= {"evolve", "answerable"}
    if "conversation" in config.recipes:
        used.add("follow")
    return tuple(name for name in LATER if name in used)
