"""The sections of the configuration: each default once, with its source.

A section knows its own keys only; what they decide together is `config.py`.
"""

import difflib
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from selfinstruct.records import LanguageCode


def _decimal(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError('write a decimal string such as "0.15"') from error
    if not value.is_finite() or value < 0:
        raise ValueError('write a decimal string of at least 0, such as "0.15"')
    return text


DecimalText = Annotated[str, AfterValidator(_decimal)]


def _row_id(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{16}", text):
        raise ValueError('write the id of a row, 16 hex digits such as "0123456789abcdef"')
    return text


RowId = Annotated[str, AfterValidator(_row_id)]


def _folder_name(text: str) -> str:
    if not re.fullmatch(r"\w[\w.-]{0,99}", text):
        raise ValueError(
            "write at most 100 letters, digits, dots and dashes, the first a letter or digit; Chinese ones too"
        )
    return text


FolderName = Annotated[str, AfterValidator(_folder_name)]


class Section(BaseModel):
    """Base of all sections: immutable, unknown keys refused, input never echoed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Run(Section):
    """`[run]`: the run's name, its randomness, and where seeds and prompts are."""

    name: FolderName = "demo"
    seed: int = 42
    seeds: str = ""
    """Folder with `<language>.jsonl`; empty: those that ship with selfinstruct."""
    prompts: str = ""
    """Folder with `<language>/*.txt`; empty: those that ship with selfinstruct."""
    licence: str = Field("", pattern=r"^[A-Za-z0-9.+-]*$")
    """Of the dataset, for its card: a name that the Hub knows, e.g. apache-2.0; empty: not chosen yet."""


class Price(Section):
    """USD per million tokens, as decimal strings."""

    input: DecimalText
    output: DecimalText


class Teacher(Section):
    """`[teacher]`: who answers, and with which sampling."""

    kind: Literal["embedded", "openai"] = "embedded"
    model: str = "qwen2.5-coder-0.5b-instruct"
    base_url: str = ""
    api_key_env: str = "OPENAI_API_KEY"
    temperature: float = Field(1.0, ge=0, le=2)
    """1.0, as in Stanford Alpaca: diversity matters more here than any single instruction."""
    answer_temperature: float = Field(0.7, ge=0, le=2)
    """Answers are drawn cooler than instructions, as in self-instruct (0.7 against 0)."""
    top_p: float = Field(0.95, gt=0, le=1)
    max_tokens: int = Field(4096, ge=16)
    """Most tokens of a batch reply. Alpaca's 3072 would cut four of ten Chinese replies with eight tasks as long as the seeds; 4096
    holds 19 of 20."""
    max_instruction_tokens: int = Field(96, ge=16)
    max_answer_tokens: int = Field(512, ge=16)
    extra: dict[str, Any] = Field(default_factory=dict)
    """Further fields of the request body that only some providers know, e.g. { min_p = 0.05 }."""
    transport: Literal["direct", "batch_api"] = "direct"
    """batch_api: through the provider's Batch API, at its own price, with replies within 24 hours; the same requests."""
    price: Price | None = None
    batch_price: Price | None = None
    """Price of the Batch API; without it that of the table, else `price`, which is then more than is billed."""
    weights: str = ""
    """Embedded teacher only: a GGUF file to use instead of fetching one."""
    threads: int = Field(0, ge=0)
    """Embedded teacher only: CPU threads; 0 takes the cores that are idle when it starts."""

    @field_validator("base_url")
    @classmethod
    def _no_user_info(cls, url: str) -> str:
        if re.match(r"[a-z]+://[^/]*@", url):
            raise ValueError("must not contain a user or password; name the key's variable in api_key_env")
        if url and not re.match(r"https://|http://(localhost|127\.|\[::1\])", url):
            raise ValueError("must begin with https:// (http:// only for this machine itself)")
        return url

    @model_validator(mode="after")
    def _endpoint(self) -> Self:
        if self.kind == "embedded" and self.transport == "batch_api":
            raise ValueError(
                'transport = "batch_api" is for a provider with a Batch API; the embedded teacher has none'
            )
        if self.kind == "openai" and not self.base_url:
            return self.model_copy(update={"base_url": "https://api.openai.com/v1"})
        return self


class Generate(Section):
    """`[generate]`: how requests are composed."""

    recipe: Literal["auto", "batch", "steered"] = "auto"
    """auto: `steered` for the embedded teacher, `batch` for any other."""
    seeds_per_prompt: int = Field(6, ge=1)
    """In-context seed tasks; 6 with 2 machine tasks as in self-instruct, 3 with 0 as in Alpaca."""
    machine_per_prompt: int = Field(2, ge=0)
    """In-context accepted tasks, when there are that many; else seeds take their place."""
    tasks_per_request: int = Field(8, ge=1, le=40)
    """Batch recipe: new tasks asked for in one reply. As long as the seeds, eight take 1,800 tokens in English, 3,000 in Chinese."""
    window: int = Field(64, ge=1)
    """Requests that may be unresolved at once: request i sees the pool as it stood after request i - window."""


class PerLanguage(Section):
    """A value for each language."""

    en: float = Field(0.7, ge=0, le=1)
    zh: float = Field(0.7, ge=0, le=1)


class Filter(Section):
    """`[filter]`: the near-duplicate filter."""

    threshold: PerLanguage = PerLanguage()
    """Highest ROUGE-L that is still kept; 0.7 as in self-instruct and Alpaca. A number sets both languages."""
    held_out: tuple[str, ...] = ()
    """Files of evaluation sets that no row may repeat, exactly or nearly."""

    @field_validator("threshold", mode="before")
    @classmethod
    def _both(cls, value: object) -> object:
        return {"en": value, "zh": value} if isinstance(value, int | float) else value


class Validate(Section):
    """`[validate]`: the content rules."""

    disable: dict[LanguageCode, tuple[str, ...]] = Field({"en": (), "zh": ()})
    """Names of rules that are not applied, per language; a plain list is for both. docs/rules.md has them all."""
    exclude: tuple[RowId, ...] = ()
    """Ids of rows that a reader does not want: they stay in rejected.jsonl, by the rule `excluded`."""

    @field_validator("disable", mode="before")
    @classmethod
    def _each(cls, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return {"en": value, "zh": value}
        return {"en": (), "zh": ()} | value if isinstance(value, dict) else value

    @field_validator("disable")
    @classmethod
    def _known(cls, disable: dict[LanguageCode, tuple[str, ...]], info: ValidationInfo) -> Any:
        """Refuse names that no rule has; the rules are above this floor and are given as the context."""
        known: Sequence[str] = (info.context or {}).get("rules", ())
        for name in (name for names in disable.values() for name in names if known and name not in known):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            hint = f"did you mean `{near[0]}`?" if near else "docs/rules.md lists the rules"
            raise ValueError(f"unknown rule `{name}`; {hint}")
        return disable


class Judge(Section):
    """`[judge]`: the teacher scores rows that pass every rule; off by default, because it buys two more replies for each row."""

    least: float = Field(0, ge=0, le=5)
    """Mean score from 1 to 5 that a row needs; 0: nobody is asked."""
    orders: int = Field(2, ge=1, le=2)
    """Times each row is judged; the second time with the criteria in reverse order, which shows how far the judge agrees with itself."""


class Limits(Section):
    """`[limits]`: how fast and how far; never changes what is generated."""

    concurrency: int = Field(8, ge=1, le=4096)
    budget_usd: DecimalText | None = None
    max_candidates: int | None = Field(None, ge=1)
    max_total_tokens: int | None = Field(None, ge=1)
    """Prompt and completion tokens of the whole run, all commands together."""
    max_minutes: float | None = Field(None, gt=0)
    """Minutes of one command."""
    max_fruitless: int = Field(200, ge=1)
    """Stop after this many requests of a language in a row without an accepted row."""
    timeout_s: float = Field(180.0, gt=0)
    """Total time for one reply, in seconds."""
    retries: int = Field(6, ge=0)
    """Further tries of a request that was surely not billed: a rate limit, no connection."""
    billed_retries: int = Field(1, ge=0)
    """Further tries of a request that may have been billed: an error of the endpoint (5xx), an answer that was cut or never came."""
    uncertain: Literal["resend", "hold", "reconcile"] = "resend"
    """What becomes of a request that may have been billed without its reply reaching us. resend: it is sent again, so that the
    dataset is that of an uninterrupted run. hold: it is left out, so that nothing is bought twice. reconcile: the provider is asked
    to keep every completion, and asked for it before anything is sent again; what it cannot say is held."""
    batch_requests: int = Field(50_000, ge=1, le=50_000)
    """Most requests in one batch of the Batch API; 50,000 is OpenAI's limit. It shrinks by itself at a limit on queued tokens."""
    batch_poll_s: float = Field(60.0, gt=0)
    """Seconds between two looks at the batches that are awaited."""
    requests_per_minute: int | None = Field(None, ge=1)
    tokens_per_minute: int | None = Field(None, ge=1)
    """Of your account, prompt and answer together. Without them the pace is found by trying."""
    max_outage_s: float = Field(1800.0, gt=0)
    """Seconds without a single proper answer after which the run stops; until then it asks again, one request at a time."""
