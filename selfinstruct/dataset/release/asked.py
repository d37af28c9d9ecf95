"""What a manifest says of the settings: those that determine the requests, and those that determine which candidates become rows."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from selfinstruct.config import part_of
from selfinstruct.records import Recipe
from selfinstruct.system.documents import Count, Number, Open, Share, like

Language = Annotated[str, like("en|zh", "a language: en or zh")]


def _address(url: str) -> str:
    try:
        _ = urlsplit(url).hostname
    except ValueError as error:
        raise ValueError("must be an address") from error
    return url


def _slice(text: str) -> str:
    part_of(text)
    return text


class AskedTeacher(Open):
    """The teacher that was asked."""

    kind: Literal["", "embedded", "openai"] = ""
    model: str = ""
    base_url: Annotated[str, AfterValidator(_address)] = ""
    temperature: Number = 0.0
    top_p: Number = 0.0


class AskedGenerate(Open):
    """How requests were composed."""

    recipe: Literal["", "auto", Recipe] = ""
    mix: dict[Recipe, Share] = Field({})
    """{recipe: share of the rows}, in place of one recipe."""
    slice: Annotated[str, AfterValidator(_slice)] = ""
    """The part of the run that was asked, as `3/8`; empty: the whole."""
    translate: str = ""
    """Language whose rows are translations of the other's."""
    seeds_per_prompt: Count = 0
    machine_per_prompt: Count = 0

    @property
    def recipes(self) -> tuple[str, ...]:
        """The recipes in use."""
        return tuple(name for name, share in self.mix.items() if share) or (self.recipe,)


class Asking(Open):
    """The settings that determine the requests."""

    seed: int = 0
    teacher: AskedTeacher = AskedTeacher()
    generate: AskedGenerate = AskedGenerate()


class Thresholds(Open):
    """Highest ROUGE-L that was kept, per language."""

    en: Share | None = None
    zh: Share | None = None


class KeptFilter(Open):
    """The near-duplicate filter."""

    threshold: Thresholds = Thresholds()


class Keeping(Open):
    """The settings that determine which candidates become rows."""

    target: dict[Language, Count] = Field({})
    filter: KeptFilter = KeptFilter()
