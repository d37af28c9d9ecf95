"""A hub that does not answer: one sentence soon, and the cache where the model is in it."""

import pytest

from selfinstruct.errors import InputError
from selfinstruct.hub.reach import check_hub
from selfinstruct.training.model.load import Source, load_tokenizer

pytestmark = pytest.mark.finetune


@pytest.fixture(autouse=True)
def _no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    check_hub.cache_clear()


def test_a_hub_that_does_not_answer_is_told_in_one_sentence_with_what_stands_in_for_it() -> None:
    with pytest.raises(InputError) as told:
        load_tokenizer(Source(name="somebody/nothing", local=False))
    said = str(told.value)
    assert "\n" not in said
    for words in ("http://127.0.0.1:9 does not answer", "HF_ENDPOINT", "--model somebody/nothing", ".gguf file"):
        assert words in said


def test_a_model_in_the_cache_is_read_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub
    from huggingface_hub import constants

    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_: "/cache/config.json")
    check_hub("somebody/cached")
    assert constants.HF_HUB_OFFLINE
