"""What is compared, and what judges: an endpoint, the embedded model, a model on this machine, or a file of answers.

teacher                      the `[teacher]` of the configuration
embedded, embedded:MODEL     the embedded model, served for the comparison
https://HOST/v1#MODEL        an OpenAI-compatible endpoint
DIR                          what `finetune` wrote, or a model with its config.json
FILE                         answers: JSON lines with `id` or `instruction`, and `answer` or `output`
OWNER/NAME                   a model of the hub
"""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from selfinstruct.config import Config, Teacher
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.system.documents import describe

Operand = str | Path | Mapping[str, Any]
"""As the command line has it, or the keys of `[teacher]`."""
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_WEIGHTS = ("*.safetensors", "*.gguf", "*.bin", "config.json", "adapter_config.json", "tokenizer.json")
_LOOK = 1 << 16
"""Bytes at each end of a file of weights that tell it from another of the same size."""


class Side(NamedTuple):
    """One side of a comparison, or its judge."""

    kind: Literal["endpoint", "local", "file"]
    name: str
    """As the report has it; no path of this machine but the last part."""
    teacher: Teacher | None = None
    """Of an endpoint, the embedded one included."""
    path: Path | None = None
    """Folder of a model on this machine, or the file of answers."""
    hub_id: str = ""
    typed: bool = False
    """The user named the endpoint himself, so that its key may go there."""

    @property
    def address(self) -> tuple[str, str, str]:
        """What two sides that are the same model have in common."""
        if self.teacher:
            return (
                self.teacher.kind,
                self.teacher.base_url.rstrip("/") if self.teacher.kind == "openai" else "",
                self.teacher.model,
            )
        return (self.kind, str(self.path.resolve()) if self.path else "", self.hub_id)


def side_of(operand: Operand, config: Config, api_key_env: str | None = None, price: str | None = None) -> Side:
    """Return the side that an operand names; raises InputError or ConfigError with what it may be.

    Of an address, `api_key_env` names the variable of its key, and `price` is IN,OUT in USD per million tokens.
    """
    if isinstance(operand, Mapping):
        return _endpoint({"kind": "openai"} | dict(operand), "settings")
    text = str(operand)
    if text == "teacher":
        return endpoint_side(config.teacher)
    if text == "embedded" or text.startswith("embedded:"):
        model = text.partition(":")[2] or (
            config.teacher.model if config.teacher.kind == "embedded" else Teacher().model
        )
        return _endpoint({"kind": "embedded", "model": model}, text)
    if re.match(r"https?://", text):
        return _of_url(text, config, api_key_env, price)
    return _of_path(text)


def endpoint_side(teacher: Teacher, *, typed: bool = False) -> Side:
    """Return an endpoint as a side."""
    return Side("endpoint", teacher.title, teacher, typed=typed)


def fingerprint(folder: Path) -> str:
    """Return what tells a model on this machine from another: names, sizes and ends of its files. An adapter that is trained anew is another."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _WEIGHTS for path in folder.glob(pattern)):
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_LOOK)
            file.seek(max(0, size - _LOOK))
            digest.update(f"{path.name} {size} ".encode() + head + file.read(_LOOK))
    return digest.hexdigest()[:16]


def _of_url(text: str, config: Config, api_key_env: str | None, price: str | None) -> Side:
    url, _, model = text.partition("#")
    if not model:
        raise ConfigError(
            "an endpoint is named with its model, and one of them names no model; write https://HOST/v1#MODEL"
        )
    if api_key_env and not os.environ.get(api_key_env):
        raise ConfigError(f"the environment variable {api_key_env} is not set; put the key of {url} there")
    teacher = config.teacher
    is_teacher = teacher.kind == "openai" and (teacher.base_url.rstrip("/"), teacher.model) == (url.rstrip("/"), model)
    if is_teacher and not api_key_env and not price:
        return endpoint_side(teacher, typed=True)
    own: dict[str, Any] = {"api_key_env": api_key_env} if api_key_env else {}
    own |= {"price": _price(price)} if price else {}
    return _endpoint({"kind": "openai", "base_url": url, "model": model} | own, "an endpoint", typed=True)


def _price(text: str) -> dict[str, str]:
    given, separator, made = text.partition(",")
    if not separator:
        raise ConfigError(f"the price {text}: must be IN,OUT in USD per million tokens, such as 0.15,0.60")
    return {"input": given.strip(), "output": made.strip()}


def _endpoint(settings: dict[str, Any], where: str, *, typed: bool = True) -> Side:
    try:
        return endpoint_side(Teacher.model_validate(settings), typed=typed)
    except ValidationError as error:
        raise ConfigError(f"{where}: {describe(error)}; it has base_url, model and api_key_env") from error


def _of_path(text: str) -> Side:
    path = Path(text).expanduser()
    if path.is_file():
        return Side("file", path.name, path=path)
    if path.is_dir():
        if any((path / name).is_file() for name in ("adapter_config.json", "config.json")):
            return Side("local", path.resolve().name, path=path)
        raise InputError(
            f"{path}: holds no model: a folder that `finetune` wrote, or a model with its config.json, is wanted"
        )
    if _HUB_ID.fullmatch(text):
        return Side("local", text, hub_id=text)
    raise InputError(
        f"{text}: no such file or folder, and nothing else that can be compared: teacher, embedded, embedded:MODEL, https://HOST/v1#MODEL, the folder "
        "of a model, a file of answers, or a hub id OWNER/NAME"
    )
