"""`[teacher]`: the endpoint, the model, and how requests to it are spelt and sampled."""

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator, model_validator

from selfinstruct.config.address import check_address
from selfinstruct.config.sections import Section
from selfinstruct.config.values import DecimalText, JsonTable, PathText

_FIXED = {"model", "messages", "stream"}
_SECRET = re.compile(r"authori[sz]ation|(^|[-_])key$|api-?key|token|secret|passw|cookie|credential|^sig", re.IGNORECASE)
"""Names of headers and query fields whose value must not stand in a file."""


class Price(Section):
    """USD per million tokens, as decimal strings."""

    input: DecimalText
    output: DecimalText


class Teacher(Section):
    """`[teacher]`: endpoint, model and sampling."""

    kind: Literal["embedded", "openai"] = "embedded"
    """embedded: a small model on this machine; openai: any OpenAI-compatible endpoint."""
    model: str = "qwen2.5-coder-1.5b-instruct"
    """Name of the model, as the endpoint has it."""
    insecure_http: bool = False
    """Allow http:// to a private address, such as a server in the next room; the key and all texts travel in clear."""
    base_url: str = ""
    """Address of the endpoint, to `/v1` or as its provider writes it; empty: OpenAI's."""
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable that holds the key."""
    temperature: float = Field(1.0, ge=0, le=2)
    """1.0, as in Stanford Alpaca: diversity matters more here than any single instruction."""
    answer_temperature: float = Field(0.7, ge=0, le=2)
    """Lower than for instructions, as in self-instruct (0.7 against 0)."""
    top_p: float = Field(0.95, gt=0, le=1)
    """Share of the probability that a token is drawn from."""
    max_tokens: int = Field(4096, ge=16)
    """Maximum tokens of a batch reply. With eight tasks as long as the seeds, Alpaca's 3072 would truncate four of ten Chinese
    replies; 4096 fits 19 of 20."""
    max_instruction_tokens: int = Field(96, ge=16)
    """Maximum tokens of an instruction, where it has a reply of its own."""
    max_answer_tokens: int = Field(512, ge=16)
    """Maximum tokens of an answer, where it has a reply of its own."""
    extra: JsonTable = Field(default_factory=dict)
    """Additional, provider-specific fields of the request body, e.g. { min_p = 0.05 }."""
    omit: tuple[str, ...] = ()
    """Fields of the request body that the provider refuses and that are not sent, e.g. ["seed"]; learnt from a refusal otherwise."""
    rename: dict[str, str] = Field(default_factory=dict)
    """{field: name under which it is sent}, e.g. { max_tokens = "max_completion_tokens" }; learnt from a refusal otherwise."""
    stream: bool = False
    """Ask for streamed replies; learnt from a refusal otherwise."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Additional HTTP headers; `$NAME` or `${NAME}` in a value is that environment variable."""
    transport: Literal["direct", "batch_api"] = "direct"
    """batch_api: send the same requests through the provider's Batch API, at its price, with replies within 24 hours."""
    price: Price | None = None
    """USD per million tokens, decimals as text: { input = "0.15", output = "0.60" }; None: that of the price table."""
    batch_price: Price | None = None
    """Price of the Batch API; None: that of the price table, else `price`, which then overestimates the bill."""
    weights: PathText = ""
    """Embedded teacher only: a GGUF file to use instead of fetching one."""
    threads: int = Field(0, ge=0)
    """Embedded teacher only: CPU threads; 0: the number of cores idle at its start."""

    @property
    def title(self) -> str:
        """Model and place, as reports name them."""
        host = urlsplit(self.base_url).hostname
        return f"{self.model} (embedded)" if self.kind == "embedded" else f"{self.model} at {host}"

    @field_validator("api_key_env")
    @classmethod
    def _a_name(cls, name: str) -> str:
        if name and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise ValueError(
                "must be the name of an environment variable, such as OPENAI_API_KEY, and not the key itself"
            )
        return name

    @field_validator("omit")
    @classmethod
    def _sendable(cls, omit: tuple[str, ...]) -> tuple[str, ...]:
        if kept := {"model", "messages"} & set(omit):
            raise ValueError(f"{min(kept)} cannot be left out of a request")
        return omit

    @field_validator("rename")
    @classmethod
    def _renamable(cls, rename: dict[str, str]) -> dict[str, str]:
        for name, sent in rename.items():
            if not sent or {name, sent} & _FIXED:
                raise ValueError(f"{name} = {sent!r}: a name is wanted, and {', '.join(sorted(_FIXED))} keep theirs")
        return rename

    @field_validator("headers")
    @classmethod
    def _header(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or not re.fullmatch(r"[\x20-\x7e]*", value):
                raise ValueError(f"{name!r}: a header has a name and a value of one line of ASCII")
            if _SECRET.search(name) and "$" not in value:
                raise ValueError(
                    f"{name!r} holds a secret, which would stand in config.lock.toml; write $NAME, an environment variable"
                )
        return headers

    @field_validator("base_url")
    @classmethod
    def _without_secrets(cls, url: str, info: ValidationInfo) -> str:
        if url:
            check_address(url, insecure_http=bool(info.data.get("insecure_http")))
        elif info.data.get("kind") == "openai":
            raise ValueError(
                "is empty; write the provider's address, such as https://api.example.com/v1 (OpenAI's own is https://api.openai.com/v1)"
            )
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


VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))", re.ASCII)
"""An environment variable in the value of a header."""


def header_variables(teacher: Teacher) -> tuple[str, ...]:
    """Return the names of the environment variables that the headers hold, each once.

    >>> header_variables(Teacher(headers={"X-Gateway": "Bearer ${TOKEN}", "X-Team": "$TEAM"}))
    ('TOKEN', 'TEAM')
    """
    found = (VARIABLE.findall(value) for value in teacher.headers.values())
    return tuple(dict.fromkeys(braced or bare for pairs in found for braced, bare in pairs))
