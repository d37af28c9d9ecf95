"""The sections of the configuration, with all defaults and their sources.

A section covers its own keys only; what depends on several sections is in `config.py`.
"""

import difflib
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from selfinstruct.config.licences import Licence
from selfinstruct.config.part import Part, part_of
from selfinstruct.config.values import DecimalText, FolderName, PathText, RateText, RowId
from selfinstruct.records import LanguageCode, Recipe

THRESHOLD = 0.7
"""Highest ROUGE-L of two instructions that are not near-duplicates: self-instruct (Wang et al. 2022), Stanford Alpaca."""


_SURE = 0.6


class Section(BaseModel):
    """Base of all sections: immutable, unknown keys rejected, input never repeated in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)


class RunSettings(Section):
    """`[run]`: name, random seed, and the folders of seeds and prompts."""

    name: FolderName = "demo"
    """Name of the run; it lies in `outputs/<name>`."""
    seed: int = 42
    """Randomness of what is drawn for each request."""
    seeds: PathText = ""
    """Folder with `<language>.jsonl`; empty: the bundled seeds."""
    prompts: PathText = ""
    """Folder with `<language>/*.txt`; empty: the bundled prompts."""
    licence: Licence = ""
    """Licence of the dataset, for its card: a Hub identifier such as apache-2.0, or a name of its own; empty: not chosen yet."""


class Generate(Section):
    """`[generate]`: how requests are composed."""

    recipe: Literal["auto", Recipe] = "auto"
    """auto: `steered` for the embedded teacher, `batch` for any other."""
    mix: dict[Recipe, float] = Field({})
    """{recipe: share of the rows}, in place of one recipe."""
    documents: PathText = ""
    """Folder or file of documents that the recipe `documents` asks questions on."""
    parents: PathText = ""
    """Run, dataset or file whose rows the recipes `evolve` and `conversation` start from, and `translate` translates; empty: rows of this run, or else the seeds."""
    translate: Literal["", "en", "zh"] = ""
    """Language whose rows are translations of the other's in this run; empty: each language has rows of its own."""
    glossary: PathText = ""
    """File of `term<TAB>translation` lines that translations keep to."""
    translate_comments: bool = False
    """Have comments and strings of fenced code translated too; they stay as they are otherwise."""
    back_translate: str = Field("", pattern=r"^(all|[0-9]{1,9})?$")
    """Translations that are translated back, to be measured: a number, drawn, or `all`; empty: none."""
    turns: str = Field("", pattern=r"^([2-4](-[2-4])?)?$")
    """Turns of a conversation, the first that of its row: a number or `least-most`, 2 to 4; empty: 2-4."""
    confirm: bool = False
    """Have the teacher say whether its own answer is right, and reject it as `unsure_answer` where it is not sure."""
    sure: float | dict[LanguageCode, float] = _SURE
    """Lowest probability of `yes` with which an answer is kept; per language: { en = 0.6, zh = 0.9 }."""

    answerable: float = Field(0.0, ge=0, le=1)
    """Lowest probability of `yes` with which a task is answered, when the teacher is asked whether it can be done as it stands; 0: it is not asked."""

    answers: int | None = Field(None, ge=2, le=4)
    """Answers of the teacher to each instruction that passed its rules, of which the best one stands; None: one. Recipes steered, checked and evolve."""

    slice: str = Field("", max_length=9)
    """`I/N`: ask only each N-th request, from the I-th on, with an N-th of targets, budget and caps; empty: the whole run."""

    OF_LATER_RECIPES: ClassVar = (
        "mix", "slice", "documents", "parents", "translate", "glossary", "translate_comments", "back_translate", "turns", "confirm", "sure", "answerable", "answers",
    )  # fmt: skip
    """Settings that leave no trace in the lock and the fingerprint where nothing uses them."""

    @property
    def unused(self) -> set[str]:
        """Names of the settings that nothing uses: empty ones, and what goes with a confirmation that is off."""
        return {name for name in self.OF_LATER_RECIPES if not getattr(self, name)} | (
            set() if self.confirm else {"sure"}
        )

    def sure_of(self, language: LanguageCode) -> float:
        """Return the lowest probability of `yes` with which an answer in this language is kept."""
        return self.sure.get(language, _SURE) if isinstance(self.sure, dict) else self.sure

    @property
    def least_and_most_turns(self) -> tuple[int, int]:
        """Fewest and most turns of a conversation, the first that of its row."""
        least, _, most = (self.turns or "2-4").partition("-")
        return int(least), max(int(most or least), int(least))

    @property
    def most_back(self) -> int | None:
        """Most translations that are translated back; None for all."""
        return None if self.back_translate == "all" else int(self.back_translate or 0)

    seeds_per_prompt: int = Field(6, ge=1)
    """In-context seed tasks; 6 with 2 machine tasks as in self-instruct, 3 with 0 as in Alpaca."""
    machine_per_prompt: int = Field(2, ge=0)
    """In-context accepted tasks; seeds replace them while there are too few."""
    tasks_per_request: int = Field(8, ge=1, le=40)
    """Batch recipe: new tasks per reply. Eight as long as the seeds take 1,800 tokens in English, 3,000 in Chinese."""
    window: int = Field(64, ge=1)
    """Maximum unresolved requests: request i is composed from the pool after request i - window."""

    @property
    def part(self) -> Part:
        """The part of the run that is asked here."""
        return part_of(self.slice)

    @field_validator("slice")
    @classmethod
    def _known_part(cls, text: str, info: ValidationInfo) -> str:
        part_of(text)
        others = info.data
        if text and ("translate" in {others.get("recipe"), *others.get("mix", {})} or others.get("translate")):
            raise ValueError(
                "does not go with translation, whose requests are the rows of another file; translate parts of that file"
            )
        return text

    @field_validator("sure", mode="before")
    @classmethod
    def _probabilities(cls, sure: object) -> object:
        given = list(sure.values()) if isinstance(sure, dict) and set(sure) <= {"en", "zh"} else [sure]
        if not all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 1 for one in given):
            raise ValueError("must be a number from 0 to 1, or a table of languages: { en = 0.6, zh = 0.9 }")
        return sure

    @field_validator("mix")
    @classmethod
    def _shares(cls, mix: dict[Recipe, float]) -> dict[Recipe, float]:
        if mix and (any(share < 0 for share in mix.values()) or sum(mix.values()) <= 0):
            raise ValueError(
                "must give each recipe a share of at least 0, and one of them more; { steered = 0.6, checked = 0.4 }"
            )
        return mix


class PerLanguage(Section):
    """One value per language."""

    en: float = Field(THRESHOLD, ge=0, le=1)
    zh: float = Field(THRESHOLD, ge=0, le=1)


class Filter(Section):
    """`[filter]`: the near-duplicate filter."""

    threshold: PerLanguage = PerLanguage()
    """Highest ROUGE-L that is kept; 0.7 as in self-instruct and Alpaca. A single number sets both languages."""
    held_out: tuple[PathText, ...] = ()
    """Files of evaluation sets; a row that repeats one of them, exactly or nearly, is contamination and rejected."""

    @field_validator("threshold", mode="before")
    @classmethod
    def _both(cls, value: object) -> object:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"en": value, "zh": value}
        if not isinstance(value, dict | PerLanguage):
            raise ValueError("must be a number from 0 to 1, or a table of languages: { en = 0.7, zh = 0.7 }")  # noqa: TRY004 - pydantic takes ValueErrors
        return value


class Validate(Section):
    """`[validate]`: the content rules."""

    disable: dict[LanguageCode, tuple[str, ...]] = Field({"en": (), "zh": ()})
    """Names of disabled rules per language; a plain list applies to both. docs/rules.md lists all rules."""
    exclude: tuple[RowId, ...] = ()
    """Ids of rows excluded by a reviewer; they are written to rejected.jsonl with the rule `excluded`."""
    keep_reasoning: bool = False
    """Write what the teacher thought before an answer into the row, as `reasoning`; where each answer has a reply of its own (`steered`)."""

    @field_validator("disable", mode="before")
    @classmethod
    def _each(cls, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return {"en": value, "zh": value}
        return {"en": (), "zh": ()} | value if isinstance(value, dict) else value

    @field_validator("disable")
    @classmethod
    def _known(cls, disable: dict[LanguageCode, tuple[str, ...]], info: ValidationInfo) -> Any:
        """Reject unknown rule names; the known ones come as validation context, since rules are a higher layer."""
        known: Sequence[str] = (info.context or {}).get("rules", ())
        for name in (name for names in disable.values() for name in names if known and name not in known):
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "docs/rules.md lists the rules"
            raise ValueError(f"unknown rule `{name}`; {hint}")
        return disable


class Limits(Section):
    """`[limits]`: rates, retries and caps; they never change what is generated."""

    concurrency: int = Field(8, ge=1, le=4096)
    """Requests in flight at once."""
    budget_usd: DecimalText | None = None
    """Most that the whole run may cost, a decimal as text, such as "30"."""
    max_candidates: int | None = Field(None, ge=1)
    """Stop after this many candidates of the whole run."""
    max_total_tokens: int | None = Field(None, ge=1)
    """Prompt and completion tokens of the whole run, over all its commands."""
    max_minutes: float | None = Field(None, gt=0)
    """Minutes of one command."""
    max_fruitless: int = Field(200, ge=1)
    """Stop after this many consecutive requests of a language without an accepted row."""
    timeout_s: float = Field(180.0, gt=0)
    """Total time for one reply, in seconds."""
    retries: int = Field(6, ge=0)
    """Retries of a request that was certainly not billed: rate limit, no connection."""
    billed_retries: int = Field(1, ge=0)
    """Retries of a request that may have been billed: server error (5xx), incomplete or missing response."""
    uncertain: Literal["resend", "hold", "reconcile"] = "resend"
    """Policy for a request that may have been billed but whose reply was not received. resend: send it again; the dataset equals
    that of an uninterrupted run. hold: withhold it, so that nothing is bought twice. reconcile: have the provider store every
    completion and look it up before resending; a request whose outcome stays unknown is withheld."""
    batch_requests: int = Field(50_000, ge=1, le=50_000)
    """Maximum requests per batch of the Batch API; 50,000 is OpenAI's limit. Reduced automatically at a limit on queued tokens."""
    batch_poll_s: float = Field(60.0, gt=0)
    """Seconds between two polls of the outstanding batches."""
    requests_per_minute: int | None = Field(None, ge=1)
    """Rate limit of your account; None: the rate is found adaptively."""
    tokens_per_minute: int | None = Field(None, ge=1)
    """Rate limits of your account, prompt and completion tokens together. None: the rate is found adaptively."""
    cny_per_usd: RateText | None = None
    """Rate by which costs are shown in CNY too; None: in USD alone. Nothing is reckoned with it."""
    max_outage_s: float = Field(1800.0, gt=0)
    """Maximum length of an outage in seconds, after which the run stops; until then it probes with one request at a time."""
