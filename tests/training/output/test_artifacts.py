"""The output folder of a run: wrong paths, a full disk, files of another method."""

import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError, StorageError
from selfinstruct.training import EvaluationJob, TrainingJob, evaluate, finetune
from selfinstruct.training.model.load import load_model, load_tokenizer, locate
from selfinstruct.training.output.adapter import load_tuned, save
from tests.support.models import CHAT, SETTINGS, build_model, build_tokenizer, silent, toy_rows

pytestmark = pytest.mark.finetune


def trained(model: Path, output: Path, **changes: Any) -> None:
    settings = {name: changes.pop(name) for name in list(changes) if name not in TrainingJob.model_fields}
    job = TrainingJob(
        settings=SETTINGS.model_copy(update=settings), model=str(model), output=output, seed=7, max_steps=1
    )
    finetune(toy_rows(), [], job.model_copy(update=changes), silent)


def evaluated(model: Path, adapter: Path, said: list[str] | None = None) -> Any:
    job = EvaluationJob(model=str(model), adapter=adapter, max_new_tokens=4)
    return evaluate(toy_rows(24), {}, job, silent if said is None else said.append)


@contextmanager
def small_files() -> Iterator[None]:
    """A disk that takes no file above 10 kB: what the tests' adapters are, and smaller than their models.

    Around the call alone, for pytest too must be able to write to its log.
    """
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_mistaken_command_leaves_a_finished_run_whole(chat_model: Path, tmp_path: Path) -> None:
    trained(chat_model, tmp_path)
    before = (tmp_path / "finetune.json").read_bytes()
    with pytest.raises(InputError, match="no such model"):
        trained(tmp_path / "typo", tmp_path)
    assert (tmp_path / "finetune.json").read_bytes() == before


def test_a_run_that_has_not_ended_is_not_evaluated(chat_model: Path, tmp_path: Path) -> None:
    trained(chat_model, tmp_path)
    (tmp_path / "finetune.json").unlink()
    with pytest.raises(InputError, match=r"has not ended: finetune\.json is missing"):
        evaluated(chat_model, tmp_path)


def test_what_another_trainer_wrote_is_evaluated_with_a_warning(chat_model: Path, tmp_path: Path) -> None:
    trained(chat_model, tmp_path)
    for name in ("finetune.json", "split.json"):
        (tmp_path / name).unlink()
    said: list[str] = []
    found = evaluated(chat_model, tmp_path, said)
    assert found.rows == 24
    assert "which rows it has learned is not known" in said[0]


@pytest.mark.parametrize("text", ["{", "[]", "{}", "3"])
def test_a_broken_summary_is_an_input_error(text: str, chat_model: Path, tmp_path: Path) -> None:
    trained(chat_model, tmp_path)
    (tmp_path / "finetune.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"finetune\.json: "):
        evaluated(chat_model, tmp_path)


def test_another_method_replaces_what_the_run_before_left(chat_model: Path, tmp_path: Path) -> None:
    """An adapter beside a whole model would be loaded on top of it."""
    trained(chat_model, tmp_path, merge=True)
    (tmp_path / "evaluation.json").write_text("{}", encoding="utf-8")
    trained(chat_model, tmp_path, method="full")
    names = {path.name for path in tmp_path.iterdir()}
    assert not names & {"adapter_config.json", "adapter_model.safetensors", "merged", "evaluation.json"}
    trained(chat_model, tmp_path)
    assert not {path.name for path in tmp_path.iterdir()} & {"model.safetensors", "config.json"}


def test_a_model_that_no_run_wrote_is_not_replaced(chat_model: Path, tmp_path: Path) -> None:
    build_model(tmp_path / "mine", build_tokenizer(chat=CHAT))
    with pytest.raises(InputError, match=r"holds config\.json, which no run of `finetune` wrote"):
        trained(chat_model, tmp_path / "mine")


@pytest.mark.parametrize("name", ["", "merged"])
def test_the_base_model_is_not_replaced(name: str, chat_model: Path, tmp_path: Path) -> None:
    trained(chat_model, tmp_path, **({"merge": True} if name else {"method": "full"}))
    with pytest.raises(InputError, match="the base model stands there"):
        trained(tmp_path / name, tmp_path)
    assert (tmp_path / name / "model.safetensors").is_file()


@pytest.mark.parametrize("method", ["lora", "full"])
def test_a_full_disk_is_a_storage_error_and_leaves_no_half_checkpoint(
    method: str, chat_model: Path, tmp_path: Path
) -> None:
    with small_files(), pytest.raises(StorageError, match=r"the checkpoint could not be written .*free the disk"):
        trained(chat_model, tmp_path, method=method)
    assert not list((tmp_path / "checkpoints").glob("checkpoint-*"))


def test_a_disk_that_is_full_after_training_is_a_storage_error(chat_model: Path, tmp_path: Path) -> None:
    source = locate(str(chat_model), silent)
    model, tokenizer = load_model(source), load_tokenizer(source)
    with small_files(), pytest.raises(StorageError, match="the adapter could not be written"):
        save(model, tokenizer, tmp_path / "out")


def test_an_adapter_is_read_back_on_the_base_that_its_method_has(
    chat_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no summary yet when the run compares: qlora's base must be in 4 bits then too."""
    trained(chat_model, tmp_path)
    methods: list[str] = []

    def noted(source: Any, method: str = "lora") -> Any:
        methods.append(method)
        return load_model(source)

    monkeypatch.setattr("selfinstruct.training.output.adapter.load_model", noted)
    source = locate(str(chat_model), silent)
    summary = json.loads((tmp_path / "finetune.json").read_text(encoding="utf-8"))
    summary["settings"]["method"] = "dora"
    (tmp_path / "finetune.json").write_text(json.dumps(summary), encoding="utf-8")
    load_tuned(source, tmp_path)
    (tmp_path / "finetune.json").unlink()
    load_tuned(source, tmp_path, "qlora")
    load_tuned(source, chat_model)
    assert methods == ["dora", "qlora", "full"]


@pytest.mark.parametrize("pickled", [True, False])
def test_an_adapter_without_safetensors_is_refused_before_the_base_model_is_loaded(
    pickled: bool, chat_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(chat_model, tmp_path)
    weights = tmp_path / "adapter_model.safetensors"
    weights.rename(tmp_path / "adapter_model.bin") if pickled else weights.unlink()
    monkeypatch.setattr(
        "selfinstruct.training.evaluation.compare.load_model", lambda *_: pytest.fail("the base was loaded")
    )
    with pytest.raises(InputError, match=r"has no adapter_model\.safetensors"):
        evaluated(chat_model, tmp_path)
