"""The learning rate of a run that states none: small models learn at the method's own, large ones at what is usual for their size."""

from pathlib import Path

import pytest

from selfinstruct.config import Finetune
from selfinstruct.training import silent
from selfinstruct.training.model.load import Source, locate
from selfinstruct.training.model.methods import METHODS
from selfinstruct.training.records import TrainingJob
from selfinstruct.training.run import rated


def job(method: str = "lora", **settings: float) -> TrainingJob:
    return TrainingJob(settings=Finetune(method=method, **settings), model="any", output=Path("out"), seed=1)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Two layers of the 70B model, 1.7 billion values, of which nothing but the shape is there."""
    from transformers import LlamaConfig

    folder = tmp_path_factory.mktemp("weights-of-somebody")
    shape = {"hidden_size": 8192, "intermediate_size": 28672, "num_attention_heads": 64, "num_key_value_heads": 8}
    LlamaConfig(**shape, vocab_size=512, num_hidden_layers=2).save_pretrained(folder)
    return locate(str(folder), silent)


@pytest.mark.parametrize(("method", "rate"), [("lora", 2e-4), ("rslora", 1e-4), ("full", 2e-5), ("ia3", 1e-2)])
def test_a_model_of_billions_is_counted_whatever_its_folder_is_called(large: Source, method: str, rate: float) -> None:
    assert rated(job(method), large).settings.learning_rate == rate


def test_a_small_model_learns_at_the_method_s_own_rate(chat_model: Path) -> None:
    assert rated(job(), locate(str(chat_model), silent)).settings.learning_rate == METHODS["lora"].learning_rate


def test_a_rate_that_was_set_stays(large: Source) -> None:
    assert rated(job(learning_rate=3e-3), large).settings.learning_rate == 3e-3
