"""Prices of a teacher: zero when embedded, else configured, else from the dated table, else unknown."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from selfinstruct.config import Config, Price
from selfinstruct.records import JUDGED_BY, Record, Request
from selfinstruct.system.files import read_text

TABLE = Path(__file__).with_name("prices.toml")


class Listed(Record):
    """One entry of the price table; USD per million tokens."""

    host: str
    models: tuple[str, ...]
    input: str
    output: str
    batch: str = ""
    """Factor of the Batch API price, e.g. `0.5`; empty without a Batch API."""
    known: str
    """Month in which the price was last checked."""


class Prices(NamedTuple):
    """What requests cost: those to the teacher, and those to the judge."""

    teacher: Price | None
    judge: Price | None

    def of(self, request: Request) -> Price | None:
        """Return the price of whom a request is for."""
        return self.judge if request.step in JUDGED_BY else self.teacher


def prices_of(config: Config) -> Prices:
    """Return the prices of teacher and judge; None for one that is not known."""
    return Prices(price_of(config), price_of(judge_of(config)))


def judge_of(config: Config) -> Config:
    """Return the configuration with the judge as its teacher: the same one where none is named, else asked directly."""
    if not config.judge.is_named:
        return config
    teacher = config.judge.speaks(config.teacher).model_copy(update={"transport": "direct"})
    return config.model_copy(update={"teacher": teacher})


def price_of(config: Config) -> Price | None:
    """Return the price in USD per million tokens, or None when unknown."""
    if config.teacher.kind == "embedded":
        return Price(input="0", output="0")
    listed = listed_price(config)
    if config.teacher.transport == "batch_api" and (price := _batch_price(config, listed)):
        return price
    return config.teacher.price or (Price(input=listed.input, output=listed.output) if listed else None)


def _batch_price(config: Config, listed: "Listed | None") -> Price | None:
    if config.teacher.batch_price or not listed or not listed.batch:
        return config.teacher.batch_price
    share = Decimal(listed.batch)
    return Price(input=f"{Decimal(listed.input) * share:f}", output=f"{Decimal(listed.output) * share:f}")


def listed_price(config: Config) -> Listed | None:
    """Return the table entry of this model at this host; None if there is none or the configuration overrides it."""
    teacher = config.teacher
    if teacher.kind == "embedded" or teacher.price or (teacher.batch_price and teacher.transport == "batch_api"):
        return None
    host = urlsplit(teacher.base_url).hostname
    return next((one for one in table() if one.host == host and teacher.model in one.models), None)


def describe_price(config: Config) -> str:
    """Return one line that describes the price and its origin."""
    price, listed = price_of(config), listed_price(config)
    if config.teacher.kind == "embedded":
        return "the embedded teacher costs nothing"
    if price is None:
        return (
            f"the price of {config.teacher.model} at {urlsplit(config.teacher.base_url).hostname} is not known; "
            'set [teacher] price = { input = "...", output = "..." } in USD per million tokens'
        )
    return f"${price.input} a million prompt tokens, ${price.output} a million completion tokens ({_origin(config, listed)})"


def _origin(config: Config, listed: Listed | None) -> str:
    teacher = config.teacher
    if teacher.transport == "direct":
        return f"list price of {listed.known}, look up today's and set [teacher] price" if listed else "[teacher] price"
    if listed and listed.batch:
        return f"list price of {listed.known} for the Batch API, look up today's and set [teacher] batch_price"
    if teacher.batch_price:
        return "[teacher] batch_price"
    return "the price without the Batch API, so the bill will be lower: set [teacher] batch_price"


@cache
def table() -> tuple[Listed, ...]:
    """Return all entries of the price table."""
    return tuple(Listed.model_validate(entry) for entry in tomllib.loads(read_text(TABLE))["price"])
