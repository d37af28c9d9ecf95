"""What is read back of a finished run: typed, or refused by file and field."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.training.output.adapter_config import ADAPTER
from selfinstruct.training.output.metadata import SPLIT, SUMMARY, split_of, summary_of, virtual_tokens_of
from tests.support.strange import WHOLE, dumped, mutations

PROMPT_TUNING = {"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 20, "token_dim": 8, "num_layers": 2}
PROMPT_TUNING |= {"num_attention_heads": 2}
DOCUMENTS: dict[str, tuple[Callable[[Path], object], dict[str, Any]]] = {
    SUMMARY: (summary_of, {"model": "m", "base": "llama", "prompt": "chat", "settings": {"method": "lora"}, "new": 1}),
    SPLIT: (split_of, {"train": ["a"], "learned_instructions": ["00ff"]}),
    ADAPTER: (virtual_tokens_of, PROMPT_TUNING),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_that_is_not_there_says_nothing(name: str, tmp_path: Path) -> None:
    assert not DOCUMENTS[name][0](tmp_path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_value_that_no_run_wrote_is_read_or_refused_with_what_to_do(name: str, tmp_path: Path) -> None:
    read, document = DOCUMENTS[name]
    for what, text in [*((what, dumped(one)) for what, one in mutations(document)), *WHOLE.items()]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        said = refusal(read, tmp_path)
        assert not said or said.startswith(f"{tmp_path / name}: "), what
        assert not said or said.endswith("train again, or give another folder"), what


def refusal(read: Callable[[Path], object], folder: Path) -> str:
    try:
        read(folder)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (SUMMARY, {"model": ["m"]}, "field `model`"),
        (SUMMARY, {"prompt": "x\n## y"}, "field `prompt`: must be one of chat"),
        (SUMMARY, {"settings": {"method": "magic"}}, "field `settings.method`: must be one of lora"),
        (SPLIT, {"learned_instructions": ["<b>"]}, "field `learned_instructions.0`: must be a hash"),
        (ADAPTER, {"num_virtual_tokens": -1}, "field `num_virtual_tokens`"),
        (ADAPTER, {"num_virtual_tokens": True}, "field `num_virtual_tokens`"),
    ],
)
def test_a_value_that_does_not_fit_is_named(name: str, change: dict[str, Any], said: str, tmp_path: Path) -> None:
    read, document = DOCUMENTS[name]
    (tmp_path / name).write_text(dumped(document | change), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read(tmp_path)
