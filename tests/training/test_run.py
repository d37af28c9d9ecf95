import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from selfinstruct.config import Finetune
from selfinstruct.errors import ConfigError, InputError, StorageError
from selfinstruct.records import Row
from selfinstruct.system.files import to_line
from selfinstruct.system.writing import write_bytes
from selfinstruct.training import Result, TrainingJob, check_installed, finetune
from tests.support.models import SETTINGS, build_model, build_tokenizer, make_row, silent, toy_rows

pytestmark = pytest.mark.finetune

DROPOUT = SETTINGS.model_copy(update={"lora_dropout": 0.1})


def tuned(model: Path, output: Path, rows: list[Row], **changes: object) -> tuple[Result, list[str]]:
    said: list[str] = []
    settings = SETTINGS.model_copy(update=changes)
    return finetune(
        rows, [], TrainingJob(settings=settings, model=str(model), output=output, seed=7), said.append
    ), said


@pytest.mark.usefixtures("no_network")
def test_training_lowers_the_held_out_loss_and_the_adapter_on_disk_is_the_trained_one(
    chat_model: Path, tmp_path: Path
) -> None:
    result, said = tuned(chat_model, tmp_path / "adapter", toy_rows(24))
    assert result.loss_after < result.loss_before - 0.3
    assert result.loss_reloaded == pytest.approx(result.loss_after, abs=1e-4)
    assert result.train_rows + result.held_out_rows == result.rows == 24
    assert 0 < result.trainable_parameters < result.parameters
    assert any("tokens/s" in line and "left" in line for line in said)


def test_the_summary_tells_result_settings_losses_and_dataset(chat_model: Path, tmp_path: Path) -> None:
    rows = toy_rows()
    result, _ = tuned(chat_model, tmp_path, rows, epochs=1)
    summary = json.loads((tmp_path / "finetune.json").read_text(encoding="utf-8"))
    assert Result.model_validate(summary["result"]) == result
    assert summary["settings"]["epochs"] == 1
    assert summary["prompt"] == "chat"
    losses = json.loads((tmp_path / "losses.json").read_text(encoding="utf-8"))
    assert len(losses["train"]) == result.steps == 2
    assert losses["held_out"][-1] == {"step": 2, "loss": result.loss_after}
    assert (tmp_path / "losses.png").read_bytes().startswith(b"\x89PNG")
    dataset = "".join(to_line(row.model_dump()) + "\n" for row in rows).encode()
    write_bytes(tmp_path / "dataset.jsonl", dataset)
    digest = subprocess.run(["sha256sum", tmp_path / "dataset.jsonl"], capture_output=True, text=True, check=True)
    assert digest.stdout.split()[0] == result.dataset_sha256


def test_the_same_seed_gives_the_same_losses_and_another_seed_others(chat_model: Path, tmp_path: Path) -> None:
    losses = []
    for number, seed in enumerate((1, 1, 2)):
        job = TrainingJob(
            settings=DROPOUT, model=str(chat_model), output=tmp_path / str(number), seed=seed, max_steps=3
        )
        finetune(toy_rows(), [], job, silent)
        losses.append((tmp_path / str(number) / "losses.json").read_text(encoding="utf-8"))
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


def test_a_step_learns_the_same_in_one_piece_and_in_many(chat_model: Path, tmp_path: Path) -> None:
    """A piece of short answers must not weigh as much as one of long answers."""
    rows = [row.model_copy(update={"output": row.output * (1 + number)}) for number, row in enumerate(toy_rows())]
    sizes = {"batch_size": 16, "epochs": 3}
    whole, _ = tuned(chat_model, tmp_path / "whole", rows, micro_batch_size=16, **sizes)
    parts, _ = tuned(chat_model, tmp_path / "parts", rows, micro_batch_size=1, **sizes)
    assert whole.steps == parts.steps == 3
    assert whole.loss_after == pytest.approx(parts.loss_after, abs=1e-4)


def test_max_steps_beats_epochs(chat_model: Path, tmp_path: Path) -> None:
    job = TrainingJob(settings=SETTINGS, model=str(chat_model), output=tmp_path, seed=1, max_steps=2)
    assert finetune(toy_rows(), [], job, silent).steps == 2


def test_a_model_without_chat_template_and_padding_token_is_trained_on_the_alpaca_prompt(tmp_path: Path) -> None:
    model = build_model(tmp_path / "model", build_tokenizer(bos=True, pad=None))
    result, _ = tuned(model, tmp_path / "adapter", toy_rows())
    assert json.loads((tmp_path / "adapter" / "finetune.json").read_text(encoding="utf-8"))["prompt"] == "alpaca-v1"
    assert result.loss_after < result.loss_before


def test_a_batch_that_is_not_whole_micro_batches_is_refused() -> None:
    with pytest.raises(ValidationError, match="multiple of micro_batch_size"):
        Finetune(batch_size=6, micro_batch_size=4)


def test_a_negative_seed_is_a_seed(chat_model: Path, tmp_path: Path) -> None:
    job = TrainingJob(settings=SETTINGS, model=str(chat_model), output=tmp_path, seed=-1, max_steps=1)
    assert finetune(toy_rows(), [], job, silent).steps == 1


def test_long_rows_are_counted(chat_model: Path, tmp_path: Path) -> None:
    long = make_row("en", "Tell a long story about a cat.", "a small grey cat " * 200)
    result, said = tuned(chat_model, tmp_path, [*toy_rows(), long], epochs=1)
    assert (result.rows, result.left_out, result.train_rows + result.held_out_rows) == (13, 1, 12)
    expected = f"longer than max_length = 256 tokens and are left out, not cut (en 1 of 7): en {long.id} ("
    assert f"1 of 13 rows are {expected}" in said[1]
    assert json.loads((tmp_path / "split.json").read_text(encoding="utf-8"))["left_out"].keys() == {long.id}


def test_fewer_than_two_rows_that_fit_are_refused(chat_model: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"0 of 12 rows fit into max_length = 16 tokens.*raise max_length"):
        tuned(chat_model, tmp_path, toy_rows(), max_length=16)


def test_an_empty_dataset_is_refused(chat_model: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="dataset is empty"):
        tuned(chat_model, tmp_path, [])


def test_an_unknown_method_is_refused_with_the_known_ones(chat_model: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no method `lorra`; did you mean `lora`"):
        tuned(chat_model, tmp_path, toy_rows(), method="lorra")


def test_missing_packages_are_named_with_the_remedy() -> None:
    with pytest.raises(InputError, match=r"needs no_such_package, .*\[finetune\]"):
        check_installed(["json", "no_such_package"])


def test_an_output_that_is_a_file_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(StorageError, match="choose another --output"):
        tuned(tmp_path / "no-model", tmp_path / "taken", toy_rows())


def test_importing_the_package_loads_no_torch() -> None:
    code = "import sys, selfinstruct.training; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_versions_are_written_down(chat_model: Path, tmp_path: Path) -> None:
    tuned(chat_model, tmp_path, toy_rows(), epochs=1)
    versions = json.loads((tmp_path / "finetune.json").read_text(encoding="utf-8"))["versions"]
    assert versions["peft"] == importlib.metadata.version("peft")
