"""The whole configuration, and the fingerprint of what it generates."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from selfinstruct.config.finetune import Finetune
from selfinstruct.config.judge import Judge
from selfinstruct.config.part import Part
from selfinstruct.config.sections import Filter, Generate, Limits, RunSettings, Section, Validate
from selfinstruct.config.teacher import Teacher
from selfinstruct.records import LanguageCode, Recipe, Step

SPELLING = {"omit", "rename", "stream", "headers", "insecure_http"}
"""Keys of `[teacher]` that change how a request is spelt on the wire, not what it asks."""
NOT_REQUEST_SETTINGS = {"price", "batch_price", "transport", "api_key_env", "weights", "threads"} | SPELLING
"""Keys of `[teacher]` that do not change the requests."""


class Config(Section):
    """The whole configuration."""

    run: RunSettings = RunSettings()
    target: dict[LanguageCode, int] = Field({"en": 12, "zh": 12})
    """Accepted examples wanted per language."""
    teacher: Teacher = Teacher()
    generate: Generate = Generate()
    filter: Filter = Filter()
    validate_: Validate = Field(Validate(), alias="validate")
    judge: Judge = Judge()
    limits: Limits = Limits()
    finetune: Finetune = Finetune()

    @field_validator("target")
    @classmethod
    def _positive(cls, target: dict[str, int]) -> dict[str, int]:
        if not target or any(wanted < 0 for wanted in target.values()):
            raise ValueError("must name en, zh or both, each with a number of rows of at least 0")
        return target

    @property
    def part(self) -> Part:
        """The part of the run that is asked here; the whole unless `[generate] slice` says otherwise."""
        return self.generate.part

    def wanted(self, language: LanguageCode) -> int:
        """Return how many rows of a language are wanted here: the part's share of the target."""
        return self.part.share(self.target[language])

    @property
    def own_limits(self) -> Limits:
        """The limits with the part's shares of budget, candidates and tokens."""
        limits, part = self.limits, self.part
        if part.of == 1:
            return limits
        counts = {name: getattr(limits, name) for name in ("max_candidates", "max_total_tokens")}
        shares: dict[str, Any] = {name: part.share(count) for name, count in counts.items() if count is not None}
        if limits.budget_usd is not None:
            shares["budget_usd"] = part.money(limits.budget_usd)
        return limits.model_copy(update=shares)

    @property
    def recipes(self) -> dict[Recipe, float]:
        """{recipe in use: its share of the rows}; `auto` resolved."""
        mix = self.generate.mix
        if any(mix.values()):
            return {recipe: share / sum(mix.values()) for recipe, share in mix.items() if share}
        if self.generate.recipe == "auto":
            return {"steered" if self.small_teacher else "batch": 1.0}
        return {self.generate.recipe: 1.0}

    @property
    def recipe(self) -> str:
        """The recipes in use, as messages and pages name them."""
        return " and ".join(self.recipes)

    @property
    def level(self) -> Literal[1, 2]:
        """How hard the tasks are that code draws: 1 for a small teacher, 2 for any other."""
        return 1 if self.small_teacher else 2

    @property
    def small_teacher(self) -> bool:
        """Whether the teacher is a small one, which is shown plain tasks and asked for easy ones."""
        return self.teacher.kind == "embedded"

    def setting(self, dotted: str) -> Any:
        """Return the value of a key, such as `generate.recipe`; None for a language without a target."""
        value: Any = self
        for name in dotted.split("."):
            value = value.get(name) if isinstance(value, Mapping) else getattr(value, name)
        return value

    def request_settings(self) -> dict[str, Any]:
        """Return the settings that determine the requests; a run can be resumed only while they are unchanged."""
        teacher = self.teacher.model_dump(exclude=NOT_REQUEST_SETTINGS)
        return {
            "seed": self.run.seed,
            "teacher": teacher,
            "generate": self._generate_settings(),
        }

    def _generate_settings(self) -> dict[str, Any]:
        """Return the settings of requests, those of recipes that are not in use left out."""
        one = {} if self.generate.mix else {"recipe": self.recipe}
        # these count by what they hold, which is in `sources`, not by where they lie; a measurement changes no row
        beside = {"documents", "parents", "glossary", "back_translate"}
        return self.generate.model_dump(exclude=self.generate.unused | beside) | one

    @property
    def seeded_target(self) -> dict[LanguageCode, int]:
        """The target of the languages whose rows begin with seeds; those of a translation begin with rows."""
        return {name: rows for name, rows in self.target.items() if "translate" not in self.of_language(name).recipes}

    def of_language(self, language: LanguageCode) -> "Config":
        """Return the configuration that the requests of one language are made under: that of a translation, where its rows are translations."""
        if self.generate.translate != language:
            return self
        fields = {"recipe": "translate", "mix": {}, "translate": ""}
        return self.model_copy(update={"generate": self.generate.model_copy(update=fields)})

    @property
    def judge_steps(self) -> tuple[Step, ...]:
        """The judge steps of a row; empty when the judge is off."""
        steps: tuple[Step, ...] = ("judge.1", "judge.2")
        return steps[: self.judge.orders] if self.judge.least else ()

    @property
    def judges_answers(self) -> bool:
        """Whether the judge chooses between several answers to one instruction."""
        return bool(self.generate.answers) and self.judge.chooses

    @property
    def asks_judge(self) -> bool:
        """Whether a run asks the judge at all, which takes a certificate first."""
        return bool(self.judge_steps) or self.judges_answers

    def acceptance_settings(self) -> dict[str, Any]:
        """Return the settings that determine which candidates become rows."""
        beside = {"api_key_env", "price", "max_tokens", "force"}
        judge = {"judge": self.judge.model_dump(exclude_none=True, exclude=beside)} if self.asks_judge else {}
        unused = {name for name in ("exclude", "keep_reasoning") if not getattr(self.validate_, name)}
        return judge | {
            "target": dict(sorted(self.target.items())),
            "filter": self.filter.model_dump(exclude={"held_out"}),  # the contents of those files are in `sources`
            "held_out": self.finetune.held_out,
            "validate": self.validate_.model_dump(mode="json", exclude=unused),
        }

    def fingerprint(self, sources: Mapping[str, str]) -> str:
        """Return the sha256 of everything that determines the data: settings and {seed, prompt or evaluation file: sha256}."""
        value = {
            "asking": self.request_settings(),
            "keeping": self.acceptance_settings(),
            "sources": dict(sorted(sources.items())),
        }
        return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
