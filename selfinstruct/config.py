"""The configuration: one TOML file, checked key by key, and the fingerprint of what it generates.

Flags beat environment, environment beats file, file beats the defaults written here. Reading no file but the TOML given as text.
"""

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from selfinstruct.errors import ConfigError
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


class Section(BaseModel):
    """Base of all sections: immutable, unknown keys refused, input never echoed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Run(Section):
    """`[run]`: the run's name, its randomness, and where seeds and prompts are."""

    name: str = Field("demo", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    seed: int = 42
    seeds: str = ""
    """Folder with `<language>.jsonl`; empty: those that ship with selfinstruct."""
    prompts: str = ""
    """Folder with `<language>/*.txt`; empty: those that ship with selfinstruct."""


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
    max_tokens: int = Field(3072, ge=16)
    """Most tokens of a batch reply; 3072 as in Stanford Alpaca."""
    max_instruction_tokens: int = Field(96, ge=16)
    max_answer_tokens: int = Field(512, ge=16)
    extra: dict[str, Any] = Field(default_factory=dict)
    """Further fields of the request body that only some providers know, e.g. { min_p = 0.05 }."""
    store: bool = False
    """Ask the provider to keep each completion, with run, slot and attempt, so that a lost one can be looked up."""
    price: Price | None = None
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
    tasks_per_request: int = Field(12, ge=1, le=40)
    """Batch recipe: new tasks asked for in one reply."""
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

    @field_validator("threshold", mode="before")
    @classmethod
    def _both(cls, value: object) -> object:
        return {"en": value, "zh": value} if isinstance(value, int | float) else value


class Validate(Section):
    """`[validate]`: the content rules."""

    disable: tuple[str, ...] = ()
    """Names of rules that are not applied."""


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
    requests_per_minute: int | None = Field(None, ge=1)
    tokens_per_minute: int | None = Field(None, ge=1)
    """Of your account, prompt and answer together. Without them the pace is found by trying."""
    max_outage_s: float = Field(1800.0, gt=0)
    """Seconds without a single proper answer after which the run stops; until then it asks again, one request at a time."""


class Finetune(Section):
    """`[finetune]`: the thin PEFT trainer."""

    model: str = "smollm2-135m-instruct"
    method: str = "lora"
    epochs: float = Field(2, gt=0)
    """Two, not alpaca-lora's three: two dozen long rows then take three and a half minutes on two CPU cores."""
    learning_rate: float = Field(1e-3, gt=0)
    """alpaca-lora's 3e-4 is for thousands of steps; in the ten of a small dataset the held-out loss barely moved."""
    batch_size: int = Field(4, ge=1)
    """Rows per step; 4, not alpaca-lora's 128: a small dataset needs its steps."""
    micro_batch_size: int = Field(1, ge=1)
    """Rows in memory at once. One pads nothing: on a CPU 1.6 times as fast as 8, in 3 GB, not 14. Raise it on a GPU."""
    max_length: int = Field(1024, ge=16)
    """Tokens; longer rows are left out and counted, never cut. At Alpaca's 512, SmolLM2, with two to three tokens for a
    Chinese character, would leave out six of ten Chinese seeds."""
    held_out: float = Field(0.2, gt=0, lt=1)
    """Share of the instructions that is kept for measuring."""
    lora_rank: int = Field(8, ge=1)
    lora_alpha: int = Field(16, ge=1)
    lora_dropout: float = Field(0.05, ge=0, lt=1)
    """Rank, alpha and dropout as in alpaca-lora."""

    @model_validator(mode="after")
    def _whole_batches(self) -> Self:
        if self.batch_size % self.micro_batch_size:
            raise ValueError("batch_size must be a multiple of micro_batch_size")
        return self


class Config(Section):
    """The whole configuration."""

    run: Run = Run()
    target: dict[LanguageCode, int] = {"en": 12, "zh": 12}
    """Accepted examples wanted per language."""
    teacher: Teacher = Teacher()
    generate: Generate = Generate()
    filter: Filter = Filter()
    validate_: Validate = Field(Validate(), alias="validate")
    limits: Limits = Limits()
    finetune: Finetune = Finetune()

    @field_validator("target")
    @classmethod
    def _positive(cls, target: dict[str, int]) -> dict[str, int]:
        if not target or any(wanted < 0 for wanted in target.values()):
            raise ValueError("must name en, zh or both, each with a number of rows of at least 0")
        return target

    @property
    def recipe(self) -> Literal["batch", "steered"]:
        """The recipe in force."""
        if self.generate.recipe == "auto":
            return "steered" if self.teacher.kind == "embedded" else "batch"
        return self.generate.recipe

    def asking(self) -> dict[str, Any]:
        """Return what decides the requests: a run directory can be continued only while this stays the same."""
        teacher = self.teacher.model_dump(exclude={"price", "api_key_env", "weights", "threads", "store"})
        return {
            "seed": self.run.seed,
            "teacher": teacher,
            "generate": self.generate.model_dump() | {"recipe": self.recipe},
        }

    def keeping(self) -> dict[str, Any]:
        """Return what decides which candidates become rows."""
        return {
            "target": dict(sorted(self.target.items())),
            "filter": self.filter.model_dump(),
            "validate": self.validate_.model_dump(mode="json"),
        }

    def fingerprint(self, sources: Mapping[str, str]) -> str:
        """Return the sha256 over all that changes the data: this configuration and {seed or prompt file: sha256}."""
        value = {"asking": self.asking(), "keeping": self.keeping(), "sources": dict(sorted(sources.items()))}
        return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def parse_config(text: str, name: str, overrides: Mapping[str, Any] | None = None) -> Config:
    """Return the configuration of a TOML text; `overrides` maps dotted keys (`run.name`) to values that beat it.

    Raises ConfigError with file, line, key, what is wrong and the nearest known key.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not valid TOML: {error}") from error
    for dotted, value in (overrides or {}).items():
        _set(data, dotted.split("."), value)
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        details = [_describe(finding["loc"], finding, text, name, overrides or {}) for finding in error.errors()]
        raise ConfigError("\n".join(details)) from error


def _set(data: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        data = data.setdefault(key, {})
    data[keys[-1]] = value


def _describe(location: tuple[Any, ...], finding: Any, text: str, name: str, overrides: Mapping[str, Any]) -> str:
    keys = [str(key) for key in location if not str(key).startswith("literal[")]
    dotted = ".".join(keys)
    where = f"--{keys[-1].replace('_', '-')}" if dotted in overrides else f"{name}{_line_of(text, keys)}: [{dotted}]"
    if finding["type"] != "extra_forbidden":
        return f"{where}: {finding['msg'].removeprefix('Value error, ')}"
    known = difflib.get_close_matches(keys[-1], _known_keys(keys[:-1]), n=1, cutoff=0.4)
    hint = f"did you mean `{known[0]}`?" if known else f"known keys: {', '.join(_known_keys(keys[:-1]))}"
    return f"{where}: unknown key; {hint}"


def _known_keys(path: list[str]) -> list[str]:
    section: Any = Config
    for key in path:
        annotation = section.model_fields["validate_" if key == "validate" else key].annotation
        section = next(
            (part for part in (annotation, *getattr(annotation, "__args__", ())) if hasattr(part, "model_fields")), None
        )
        if section is None:
            return []
    return [field.alias or key for key, field in section.model_fields.items()]


def _line_of(text: str, keys: list[str]) -> str:
    """Return `:LINE` of a key, found by its table header and name; empty when it stands nowhere."""
    table, found = "", ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            table = header.group(1).strip()
            found = f":{number}" if table == ".".join(keys) else found
        elif re.match(rf"\s*\"?{re.escape(keys[-1])}\"?\s*=", line) and table == ".".join(keys[:-1]):
            return f":{number}"
        elif len(keys) > 1 and re.match(rf"\s*{re.escape(keys[-2])}\s*=", line) and table == ".".join(keys[:-2]):
            found = f":{number}"
    return found


def to_toml(config: Config) -> str:
    """Return the resolved configuration as TOML, one table a section, defaults included."""
    sections = config.model_dump(mode="json", by_alias=True, exclude_none=True)
    lines = []
    for name, section in sections.items():
        lines += [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in section.items()), ""]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
