"""Behaviour on GPUs, as far as it can be tested on a CPU."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from selfinstruct.errors import InputError, StorageError
from selfinstruct.training.data.encode import format_of
from selfinstruct.training.model.attach import attach
from selfinstruct.training.model.load import load_model, load_tokenizer, locate, sketch
from selfinstruct.training.model.memory import GIB, Memory, check, enough, estimate
from selfinstruct.training.model.methods import resolved
from selfinstruct.training.output.adapter import check_losses
from tests.support.encoded import encode_one
from tests.support.models import SETTINGS, silent, toy_rows

pytestmark = pytest.mark.finetune


def sketched(model: Path, method: str) -> tuple[Any, Any]:
    settings = resolved(SETTINGS.model_copy(update={"method": method, "learning_rate": None}))
    return attach(sketch(locate(str(model), silent), method), settings), settings


def test_a_model_is_measured_as_accelerate_computes_while_training(
    chat_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from selfinstruct.training.loop import measure

    source = locate(str(chat_model), silent)
    tokenizer, model, seen = load_tokenizer(source), load_model(source), []
    examples = [encode_one(row, tokenizer, format_of(tokenizer)) for row in toy_rows(2)]
    model.register_forward_pre_hook(lambda *_: seen.append(torch.is_autocast_enabled("cpu")))
    for cuda in (False, True):
        monkeypatch.setattr(measure, "has_cuda", lambda cuda=cuda: cuda)
        measure.measure(model, examples, pad=1, batch_size=2)
    assert seen == [False, True]


def test_losses_may_differ_by_more_where_sums_are_made_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfinstruct.training.output.adapter.has_cuda", lambda: True)
    check_losses(1.0, 1.01, Path("out"))
    with pytest.raises(StorageError, match="The last checkpoint stays: the same command saves and compares again"):
        check_losses(1.0, 1.03, Path("out"))


def test_one_gpu_of_several_is_used_and_that_is_said() -> None:
    from selfinstruct.training.loop.train import one_gpu

    said: list[str] = []
    for count in (0, 1, 4):
        args = SimpleNamespace(device="cuda:0", n_gpu=count, _n_gpu=count)
        assert one_gpu(args, said.append)._n_gpu == min(count, 1)
    assert said == [
        "one GPU of 4 is used; for all of them: PYTHONSAFEPATH=1 accelerate launch -m selfinstruct finetune ..."
    ]


def test_the_base_of_qlora_counts_half_a_byte_for_each_value_of_its_layers(chat_model: Path) -> None:
    model, settings = sketched(chat_model, "qlora")
    layers = [value for name, value in model.named_parameters() if "proj" in name and "lora" not in name]
    small = sum(value.numel() for value in layers)
    rest = sum(value.numel() for value in model.parameters()) - small
    assert small > rest / 10
    assert estimate(model, settings, 100, 50).weights == pytest.approx(0.53 * small + 4 * rest, abs=1)


@pytest.mark.parametrize(("name", "parts"), [("FSDP", 4), ("DEEPSPEED", 1)])
def test_fsdp_cuts_weights_and_optimizer_among_the_processes(
    name: str, parts: int, chat_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, settings = sketched(chat_model, "full")
    whole = estimate(model, settings, 100, 50)
    monkeypatch.setenv(f"ACCELERATE_USE_{name}", "true")
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert estimate(model, settings, 100, 50).certain == pytest.approx(whole.certain / parts, abs=4)


def test_qlora_is_not_told_to_use_qlora() -> None:
    with pytest.raises(InputError, match=r"are free; use a smaller model$"):
        check(Memory(weights=30 * GIB, training=0, activations=0, available=GIB), resolved(SETTINGS.model_copy(update={"method": "qlora"})))  # fmt: skip


def test_memory_that_ran_out_is_an_input_error_with_what_to_set() -> None:
    import torch

    with pytest.raises(InputError, match=r"memory ran out .*; set a smaller micro_batch_size"), enough("a smaller micro_batch_size"):  # fmt: skip
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
    with pytest.raises(InputError, match="memory ran out"), enough("a smaller micro_batch_size"):
        torch.empty(2**50)
    with pytest.raises(RuntimeError, match="shapes"), enough("a smaller micro_batch_size"):
        raise RuntimeError("shapes do not fit")
