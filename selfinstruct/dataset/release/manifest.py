"""A run's manifest: what it holds, and reading it."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from selfinstruct.dataset.release.asked import Asking, Keeping, Language
from selfinstruct.dataset.release.funnel import STEPS
from selfinstruct.dataset.release.judge import JudgeFigures, StatedCertificate
from selfinstruct.dataset.release.reviewed import Reviewed
from selfinstruct.errors import InputError
from selfinstruct.records import Recipe
from selfinstruct.system.conflicts import marker_line
from selfinstruct.system.documents import (
    Count,
    DecimalText,
    Hex,
    HexOrNone,
    Open,
    Share,
    Stated,
    Word,
    fit,
    fitting,
    like,
    parse_object,
)
from selfinstruct.system.files import read_text

MANIFEST = "manifest.json"
_BOTH_WRITE = "manifest.json config.lock.toml dataset/README.md"
"""Files of a run that every emission rewrites, so that merging two branches that both emitted always conflicts."""
_ALWAYS = ("name", "fingerprint", "stop", "asking", "keeping")
"""Fields that every run has written since before its first request."""


def _with_total(ledger: dict[str, Any]) -> dict[str, Any]:
    if ledger and "total" not in ledger:
        raise ValueError("must have a `total`")
    return ledger


def _with_steps(steps: dict[str, int]) -> dict[str, int]:
    if missing := [step for step in STEPS if step not in steps]:
        raise ValueError(f"must have a number for `{missing[0]}`")
    return steps


Part = Annotated[str, like("en|zh|total", "a language or `total`")]
DatasetFile = Annotated[str, like(r"dataset/([a-z_]{1,20}/)?(en|zh)(-[01]{1,64})?\.jsonl", "a dataset file of the run")]
GIVEN = (
    "generate.recipe",
    "generate.mix",
    "generate.slice",
    "teacher.kind",
    "teacher.model",
    "teacher.base_url",
    "teacher.api_key_env",
    "teacher.transport",
    "run.seeds",
    "run.prompts",
    "limits.budget_usd",
    "limits.max_candidates",
    "limits.max_total_tokens",
)
"""Settings that belong to a run once flags gave them: what was asked under them is in its journal, and these caps are of the whole run."""
GivenKey = Annotated[str, like("|".join((*GIVEN, "target.en", "target.zh")), "a setting that a flag can give")]
Funnel = Annotated[dict[Word, Count], AfterValidator(_with_steps)]


class Counts(Stated):
    """The ledger of one language, or of all."""

    candidates: Count
    accepted: Count
    rejected: dict[Word, Count]
    pending: Count
    survived: Count = 0
    edited_by_hand: Count = 0
    """Of the accepted."""
    added_by_hand: Count = 0
    """Beside the accepted: the dataset has accepted + added_by_hand rows."""


class Requests(Stated):
    """The requests of a run."""

    answered: Count = 0
    gone: Count = 0
    """Replies that were paid for beside these, and that the journal has no more."""
    twice: Count = 0
    """Replies that were paid for beside these: they were gone, were bought again, and are back."""
    uncertain: Count = 0
    spare: Count = 0
    unread: Count = 0
    """Candidates in the spare replies: those beyond the request that reached the target."""

    @property
    def paid(self) -> int:
        """All replies that were paid for."""
        return self.answered + self.gone + self.twice


class Tokens(Stated):
    """The tokens of all replies."""

    prompt: Count = 0
    completion: Count = 0
    replies_without_usage: Count = 0
    at_most_unreported: Count = 0
    """Tokens of those replies, beside the others, at their worst case."""

    def told(self) -> dict[str, int]:
        """Return the counts, those of replies without `usage` only where there are any."""
        return self.model_dump(
            exclude=None if self.replies_without_usage else {"replies_without_usage", "at_most_unreported"}
        )


class Digest(Stated):
    """One dataset file as it was emitted."""

    rows: Count
    sha256: Hex


class StatedWeights(Stated):
    """Where the weights of an embedded teacher come from."""

    origin: str
    licence: str
    sha256: Hex


class RecipeFigures(Stated):
    """What a recipe, or a kind of provable task, brought."""

    requests: Count
    """First requests whose candidates are judged."""
    rows: Count
    by_code: Count = 0
    """Rows in the words of code alone."""
    proved: Count = 0
    """Rows with checks that hold."""


class TranslationFigures(Stated):
    """What became of the rows that one language took over from the other."""

    rows: Count
    translated: Count
    adapted: Count
    kept: Count
    dropped: Count
    rejected: dict[Word, Count] = Field({})
    pending: Count = 0
    back: dict[Word, float] = Field({})
    """How many were translated back, and the median ROUGE-L to their source."""


class Manifest(Open):
    """The manifest of a run; None and empty for what it does not say: it is going on, or an older version wrote it."""

    schema_version: Literal[1] = Field(1, alias="schema")
    selfinstruct: str = ""
    name: str = ""
    fingerprint: HexOrNone = ""
    stop: str = ""
    asking: Asking = Asking()
    keeping: Keeping = Keeping()
    made_under: Keeping | None = None
    """The settings of the last emission, while a run goes on that may have others; None after its end."""
    given: dict[GivenKey, Count | str | dict[Recipe, Share]] = Field({})
    """What flags gave the run in place of its configuration file; commands without these flags go on with it."""
    joined: Count = 0
    """Slices that were united to this run; 0 for one that was asked as a whole."""
    sources: dict[str, Hex] = Field({})
    weights: StatedWeights | None = None
    ledger: Annotated[dict[Part, Counts], AfterValidator(_with_total)] = Field({})
    funnel: dict[Language, Funnel] = Field({})
    flags: dict[Language, dict[Word, Count]] = Field({})
    broken_by_hand: dict[Language, dict[Hex, tuple[Word, ...]]] = Field({})
    """{id of a row made by hand: rules that it breaks}; it is kept all the same."""
    requests: Requests | None = None
    tokens: Tokens | None = None
    cost_usd: DecimalText | None = None
    uncertain_usd: DecimalText | None = None
    datasets: dict[DatasetFile, Digest] = Field({})
    splits: dict[DatasetFile, Digest] = Field({})
    cards: tuple[Hex, ...] = ()
    """Hash of the dataset card as it was written; of two while one takes the place of the other."""
    review: HexOrNone = ""
    """Hash of `review.jsonl` as it was applied; empty where nothing was decided."""
    reviewed: dict[str, Reviewed] = Field({})
    """What people read: all rows, a language, a recipe in it."""
    judge: dict[Language, JudgeFigures] = Field({})
    certificate: StatedCertificate | None = None
    """What the judge was worth before its first verdict."""
    recipes: dict[Language, dict[Word, RecipeFigures]] = Field({})
    """By recipe; empty for a run of `batch` or `steered` alone."""
    kinds: dict[Language, dict[Word, RecipeFigures]] = Field({})
    """By kind of provable task."""
    translation: dict[Language, TranslationFigures] = Field({})
    """Of the languages whose rows are translations."""


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of a run; raises InputError with a remedy for merge conflicts and for a field that does not fit."""
    remedy = _remedy(path)
    value = _object(path)
    if missing := [name for name in _ALWAYS if name not in value]:
        raise InputError(f"{path}: field `{missing[0]}` is missing; {remedy}")
    return fit(Manifest, value, str(path), remedy)


def read_any_manifest(path: Path) -> tuple[Manifest, tuple[str, ...]]:
    """Return the manifest of a run that may be older or foreign, and the names of its fields that are not understood.

    These count as not stated. Raises InputError for merge conflicts and anything but a JSON object.
    """
    return fitting(Manifest, _object(path))


def _object(path: Path) -> dict[str, Any]:
    text = read_text(path)
    if line := marker_line(text.encode("utf-8", "surrogatepass")):
        raise InputError(
            f"{path}:{line}: has conflict markers of a git merge; in its folder take one side, `git checkout --ours -- {_BOTH_WRITE}` (or --theirs), "
            f"then `git add {_BOTH_WRITE}`; if provenance.jsonl has markers too, keep one line for each `id` there; no row is lost: the merged dataset has those of both sides"
        )
    return parse_object(text, str(path), _remedy(path))


def _remedy(path: Path) -> str:
    return f"restore it from git: `git checkout HEAD -- {path}`"
