import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from selfinstruct.system.interpreter import python
from selfinstruct.system.writing import write_jsonl
from tests.support.models import make_row, toy_rows
from tests.support.planted import plant

pytestmark = pytest.mark.finetune

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    write_jsonl(path, [row.model_dump() for row in toy_rows(24)])
    return path


def test_neither_training_nor_its_measuring_imports_from_the_working_folder(
    chat_model: Path, rows: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "clone"
    folder.mkdir()
    plant(folder, tmp_path / "ran")
    model = ("--model", str(chat_model), "--dataset", str(rows), "-q")
    for verb in (("finetune", "--output", "out", "--max-steps", "1"), ("evaluate", "--adapter", "out")):
        done = subprocess.run(
            python("-m", "selfinstruct", *verb, *model), cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()


def test_the_command_for_several_gpus_that_help_gives_imports_nothing_from_the_working_folder_either(
    selfinstruct: Run, tmp_path: Path
) -> None:
    given = "PYTHONSAFEPATH=1 accelerate launch -m selfinstruct finetune"
    assert given in " ".join(selfinstruct("finetune", "--help").stdout.split())
    (tmp_path / "click.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').write('ran')", encoding="utf-8")
    setting, _, words = given.partition(" ")
    program = [str(Path(sys.executable).with_name("accelerate")), "launch", "--cpu", "--num_processes", "1"]
    done = subprocess.run(
        [*program, *words.split()[2:], "--help"],
        cwd=tmp_path,
        env=os.environ | dict([setting.split("=")]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_run_prints_one_json_document_and_leaves_all_its_files(
    selfinstruct: Run, chat_model: Path, rows: Path, tmp_path: Path
) -> None:
    options = (
        "--dataset",
        rows,
        "--model",
        chat_model,
        "--output",
        "out",
        "--max-steps",
        "3",
        "--seed",
        "5",
        "--merge",
    )
    done = selfinstruct("finetune", "--method", "dora", *options, "--json")
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    assert (value["steps"], value["train_rows"] + value["held_out_rows"]) == (3, 24)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names >= {
        "adapter_config.json",
        "adapter_model.safetensors",
        "finetune.json",
        "losses.json",
        "losses.png",
        "merged",
        "README.md",
        "split.json",
    }
    assert "checkpoints" not in names
    assert not [path for path in (tmp_path / "out").rglob("*") if path.suffix in {".bin", ".pt", ".pth"}]


def test_the_model_card_tells_dataset_method_and_losses(
    selfinstruct: Run, chat_model: Path, rows: Path, tmp_path: Path
) -> None:
    options = ("--dataset", rows, "--model", chat_model, "--output", "out", "--max-steps", "1")
    value = json.loads(selfinstruct("finetune", *options, "--json").stdout)
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlibrary_name: peft\n")
    for fact in (value["dataset_sha256"], "lora: Hu 2021", f"{value['loss_before']:.4f}", f"{value['loss_after']:.4f}"):
        assert fact in card


def test_the_end_says_what_tells_how_sure_the_difference_is(
    selfinstruct: Run, chat_model: Path, tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "many.jsonl", [row.model_dump() for row in toy_rows(60)])
    options = ("--dataset", tmp_path / "many.jsonl", "--model", chat_model, "--output", "my out", "--max-steps", "1")
    said = selfinstruct("finetune", *options).stdout
    assert "Next: `selfinstruct evaluate --adapter 'my out'` says how sure that difference is" in said


def test_the_fingerprint_of_the_run_that_made_the_rows_is_in_the_card(
    selfinstruct: Run, chat_model: Path, tmp_path: Path
) -> None:
    run = tmp_path / "outputs" / "demo"
    for language in ("en", "zh"):
        of_it = [row.model_dump() for row in toy_rows(24) if row.language == language]
        write_jsonl(run / "dataset" / f"{language}.jsonl", of_it)
    (run / "manifest.json").write_text('{"fingerprint": "f00d"}', encoding="utf-8")
    done = selfinstruct("finetune", "--model", chat_model, "--max-steps", "1")
    assert done.returncode == 0, done.stderr
    assert "`f00d`" in (run / "finetune" / "lora" / "README.md").read_text(encoding="utf-8")


def test_a_dry_run_prints_lengths_steps_and_memory(
    selfinstruct: Run, chat_model: Path, rows: Path, tmp_path: Path
) -> None:
    done = selfinstruct("finetune", "--dataset", rows, "--model", chat_model, "--output", "out", "--dry-run")
    assert done.returncode == 0, done.stderr
    for part in (
        "the 90th",
        "for validation",
        "% padding",
        "GiB",
        "Trained: 8,192",
        "steps; the learning rate begins at 0.001",
    ):
        assert part in done.stdout
    assert not (tmp_path / "out").exists()


def test_general_rows_are_mixed_in(selfinstruct: Run, chat_model: Path, rows: Path, tmp_path: Path) -> None:
    general = [make_row("en", f"Say {number}.", "fine").model_dump() for number in range(30)]
    write_jsonl(tmp_path / "general.jsonl", general)
    options = ("--dataset", rows, "--model", chat_model, "--output", "out", "--max-steps", "1", "--json")
    done = selfinstruct("finetune", "--replay", "general.jsonl", "--replay-share", "0.5", *options)
    value = json.loads(done.stdout)
    assert value["replay_rows"] == value["train_rows"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--dataset", "nothing.jsonl"], "nothing.jsonl: no such file"),
        (["--dataset", "empty.jsonl"], "dataset is empty"),
        (["--method", "lorra"], "did you mean `lora`?"),
        (["--model", "./nowhere"], "no such model"),
        (["--replay", "nothing.jsonl"], "nothing.jsonl: no such file"),
        (["--method", "p-tuning", "--merge"], "nothing to merge"),
        (["--learning-rate", "-1"], "--learning-rate: must be more than 0"),
    ],
)
def test_bad_input_is_refused_with_exit_code_2(
    options: list[str], said: str, selfinstruct: Run, chat_model: Path, rows: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    done = selfinstruct("finetune", "--dataset", rows, "--model", chat_model, "--output", "out", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "options", [["--dry-run"], ["--merge"], ["--fresh"], ["--max-steps", "3"], ["--replay", "general.jsonl"]]
)
def test_an_option_that_another_trainer_is_not_told_is_refused_with_export(
    options: list[str], selfinstruct: Run, rows: Path, tmp_path: Path
) -> None:
    done = selfinstruct("finetune", "--dataset", rows, "--export", "axolotl", "--output", "out", *options)
    assert done.returncode == 2
    assert f"{options[0]} does not go with --export" in done.stderr
    assert not (tmp_path / "out").exists()


def test_export_honours_seed_json_and_quiet_and_names_the_model_that_trainers_load(
    selfinstruct: Run, rows: Path, tmp_path: Path
) -> None:
    options = ("--dataset", rows, "--model", "qwen2.5-coder-0.5b-instruct", "--export", "axolotl", "--output", "out")
    done = selfinstruct("finetune", *options, "--seed", "7", "--json")
    assert json.loads(done.stdout)["rows"] == 24
    written = (tmp_path / "out" / "axolotl.yaml").read_text(encoding="utf-8")
    assert "seed: 7\n" in written
    assert "Qwen/Qwen2.5-Coder-0.5B-Instruct\n" in written.replace('"', "")
    assert selfinstruct("finetune", *options, "-q").stdout == ""


def test_the_model_of_the_teacher_is_not_the_one_to_tune(
    selfinstruct: Run, chat_model: Path, rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFINSTRUCT_MODEL", "gpt-of-the-teacher")
    monkeypatch.setenv("SELFINSTRUCT_FINETUNE_MODEL", str(chat_model))
    done = selfinstruct("finetune", "--dataset", rows, "--output", "out", "--dry-run")
    assert done.returncode == 0, done.stderr


def test_ctrl_c_exits_with_130_and_a_checkpoint(chat_model: Path, rows: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "selfinstruct", "finetune", "--epochs", "40"]
    options = ["--dataset", str(rows), "--model", str(chat_model), "--output", "out"]
    process = subprocess.Popen([*command, *options], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        if line.startswith("step"):
            process.send_signal(signal.SIGINT)
            break
    said = process.communicate()[1]
    assert process.returncode == 130
    assert "run the same command again to go on" in said
    assert list((tmp_path / "out" / "checkpoints").glob("checkpoint-*/trained.safetensors"))


def test_two_processes_learn_what_one_does(chat_model: Path, tmp_path: Path) -> None:
    """As `accelerate launch` starts them, on CPUs; the sums are added in another order, so not to the last digit.

    Of 30 rows 24 are learned, which two processes share evenly; else accelerate fills up the last batch of an epoch.
    """
    rows = tmp_path / "rows.jsonl"
    write_jsonl(rows, [row.model_dump() for row in toy_rows(30)])
    (tmp_path / "selfinstruct.toml").write_text("[finetune]\nlora_dropout = 0\n", encoding="utf-8")
    program = ["-m", "selfinstruct", "finetune", "--dataset", str(rows), "--model", str(chat_model), "--json"]
    both = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    found = []
    for start, output in ((both, "two"), ([sys.executable], "one")):
        done = subprocess.run(
            [*start, *program, "--output", output],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        found.append(json.loads(done.stdout))
    assert found[0]["steps"] == found[1]["steps"]
    assert found[0]["loss_after"] == pytest.approx(found[1]["loss_after"], abs=1e-4)
