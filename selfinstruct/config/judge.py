"""`[judge]`: who judges rows and answers, and what a row must reach."""

from pydantic import Field, ValidationInfo, field_validator

from selfinstruct.config.address import check_address
from selfinstruct.config.sections import Section
from selfinstruct.config.teacher import Price, Teacher


class Judge(Section):
    """`[judge]`: one judge for `compare`, for the rows of a run and for the choice between answers; off in a run by default, as it costs two more replies per row."""

    least: float = Field(0, ge=0, le=5)
    """Minimum mean score of a row, 1 to 5; 0: rows are not judged."""
    orders: int = Field(2, ge=1, le=2)
    """Judgements per row; the second has the criteria in reverse order, which shows how consistent the judge is."""
    model: str | None = None
    """Its model; None: the teacher's."""
    base_url: str | None = None
    """Its endpoint, OpenAI-compatible; None: the teacher's."""
    api_key_env: str | None = None
    """Environment variable with its key; None: the teacher's at the teacher's endpoint, else OPENAI_API_KEY."""
    price: Price | None = None
    """USD per million tokens; None: that of the price table, or the teacher's where the judge is the teacher."""

    max_tokens: int | None = Field(None, ge=16)
    """Maximum tokens of a verdict; None: 400 on two answers, 200 on a row. A judge that thinks first needs some thousands."""
    rows_per_request: int | None = Field(None, ge=1, le=16)
    """Rows of one reply of the recipe `batch` that are judged together at most; None: 1."""
    answers: bool | None = None
    """Whether it chooses between the answers of `[generate] answers` where checks and agreement do not; None: where `least` or `model` is set."""
    force: bool | None = None
    """Whether a judge below the bar is asked all the same."""

    @field_validator("base_url")
    @classmethod
    def _without_secrets(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url == "":
            raise ValueError("is empty; write the judge's address, or remove the line where it is the teacher's")
        if url:
            check_address(url)
            if not info.data.get("model"):
                raise ValueError("names an endpoint, and [judge] model no model there; set both")
        return url

    @property
    def chooses(self) -> bool:
        """Whether it has a word between several answers to one instruction."""
        return bool(self.least or self.is_named) if self.answers is None else self.answers

    @property
    def is_named(self) -> bool:
        """Whether it is another than the teacher."""
        return bool(self.model or self.base_url)

    def speaks(self, teacher: Teacher) -> Teacher:
        """Return the endpoint and model that judges, with the teacher's settings where nothing else is said."""
        if self.base_url:
            named = {"model": self.model, "base_url": self.base_url, "price": self.price}
            key = {"api_key_env": self.api_key_env} if self.api_key_env else {}
            return Teacher.model_validate({"kind": "openai"} | named | key)
        changed = {name: getattr(self, name) for name in ("model", "api_key_env") if getattr(self, name)}
        other_price = {"price": self.price} if self.price or self.model else {}
        return teacher.model_copy(update=changed | other_price)
