"""What preparing rows needs to know of a model, without its weights."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from selfinstruct.training.model.load import Source, context_of, load_config
from selfinstruct.training.model.strangers import reading


class ModelFacts(NamedTuple):
    """What preparing rows needs to know of a model."""

    context: int | None = None
    """Maximum number of positions; None if the configuration does not say."""
    vocabulary: int | None = None
    """Number of embeddings."""
    ends: tuple[int, ...] = ()
    """Tokens that end its answers."""


def facts_of(source: Source) -> ModelFacts:
    """Return the facts of a model, without loading weights."""
    from transformers import GenerationConfig

    config = load_config(source)
    text = config.get_text_config()
    ends = getattr(text, "eos_token_id", None)
    vocabulary = getattr(text, "vocab_size", None)
    has_file = (Path(source.name) / "generation_config.json").exists()  # many have none
    absent: tuple[type[OSError], ...] = () if has_file else (OSError,)
    with reading(source.name, "repair or remove its generation_config.json"), suppress(*absent):
        ends = GenerationConfig.from_pretrained(source.name, local_files_only=source.local).eos_token_id
    listed = ends if isinstance(ends, list) else [ends]
    return ModelFacts(
        context_of(config),
        vocabulary if type(vocabulary) is int and vocabulary > 0 else None,
        tuple(one for one in listed if type(one) is int and 0 <= one < 2**31),
    )
