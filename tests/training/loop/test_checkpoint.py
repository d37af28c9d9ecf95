import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError, InterruptedRunError, StorageError
from selfinstruct.records import Row
from selfinstruct.system.writing import write_jsonl
from selfinstruct.training import Result, TrainingJob, finetune
from selfinstruct.training.loop.checkpoint import last_checkpoint
from selfinstruct.training.output.metadata import check_finished
from tests.support.models import SETTINGS, silent, toy_rows

pytestmark = pytest.mark.finetune


def job_of(model: Path, output: Path, **changes: Any) -> TrainingJob:
    settings = {"lora_dropout": 0.1, "epochs": 4, "evaluations": 6, "patience": 0}
    settings |= {name: changes.pop(name) for name in list(changes) if name not in TrainingJob.model_fields}
    return TrainingJob(
        settings=SETTINGS.model_copy(update=settings), model=str(model), output=output, seed=7, **changes
    )


def losses(output: Path) -> Any:
    return json.loads((output / "losses.json").read_text(encoding="utf-8"))


def interrupted_at(step: int, rows: list[Row], job: TrainingJob) -> None:
    """Train until a progress line names the step, and send Ctrl-C to this process then."""

    def say(line: str) -> None:
        if line.startswith(f"step {step}/") and "tokens/s" in line:
            os.kill(os.getpid(), signal.SIGINT)

    finetune(rows, [], job, say)


@pytest.mark.parametrize("method", ["lora", "full", "prefix-tuning", "p-tuning"])
@pytest.mark.parametrize("step", [2, 7])
def test_a_run_that_was_stopped_by_ctrl_c_goes_on_to_the_same_losses(
    method: str, step: int, chat_model: Path, tmp_path: Path
) -> None:
    """Steps 3 and 8, one in each of two epochs; of prefix-tuning and p-tuning the adapter alone would not be enough."""
    whole = finetune(toy_rows(24), [], job_of(chat_model, tmp_path / "whole", method=method), silent)
    job, handler = job_of(chat_model, tmp_path / "stopped", method=method), signal.getsignal(signal.SIGINT)
    with pytest.raises(InterruptedRunError, match="run the same command again"):
        interrupted_at(step, toy_rows(24), job)
    assert signal.getsignal(signal.SIGINT) is handler
    said: list[str] = []
    resumed = finetune(toy_rows(24), [], job, said.append)
    assert f"going on from checkpoint-{step + 1}" in said
    assert losses(job.output) == losses(tmp_path / "whole")
    assert resumed.loss_after == whole.loss_after
    assert not job.checkpoints.exists()


def test_a_run_that_was_killed_goes_on_to_the_same_losses(chat_model: Path, tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    write_jsonl(data, [row.model_dump() for row in toy_rows(24)])
    (tmp_path / "selfinstruct.toml").write_text(
        "[finetune]\nepochs = 12\nevaluations = 30\npatience = 0\nbatch_size = 4\nlora_dropout = 0.1\n",
        encoding="utf-8",
    )

    def start(output: str) -> subprocess.Popen[str]:
        options = ["--dataset", data, "--model", chat_model, "--output", tmp_path / output]
        command = [sys.executable, "-m", "selfinstruct", "finetune", *map(str, options)]
        return subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)

    killed = start("killed")
    assert killed.stderr
    for line in killed.stderr:
        if line.startswith("step 2"):
            killed.send_signal(signal.SIGKILL)
            break
    killed.communicate()
    assert not (tmp_path / "killed" / "finetune.json").exists()
    for output in ("killed", "whole"):
        process = start(output)
        said = process.communicate()[1]
        assert process.returncode == 0, said
    assert losses(tmp_path / "killed") == losses(tmp_path / "whole")


@pytest.mark.parametrize(
    "changes", [{"max_steps": 18}, {"epochs": 60, "evaluations": 30, "patience": 2, "learning_rate": 3e-2}]
)
def test_a_run_that_died_after_its_last_step_does_none_more(
    changes: dict[str, Any], chat_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eighteen steps end in the middle of an epoch; the other run stops early."""
    rows = [row.model_copy(update={"output": row.id}) for row in toy_rows(16)]
    whole = finetune(rows, [], job_of(chat_model, tmp_path / "whole", **changes), silent)
    job = job_of(chat_model, tmp_path / "died", **changes)
    with monkeypatch.context() as patch:
        patch.setattr("selfinstruct.training.run.save", full_disk)
        with pytest.raises(StorageError):
            finetune(rows, [], job, silent)
    resumed = finetune(rows, [], job, silent)
    assert (resumed.steps, resumed.best_step, resumed.loss_after) == (whole.steps, whole.best_step, whole.loss_after)
    assert losses(job.output) == losses(tmp_path / "whole")


def test_a_finished_adapter_stays_whole_until_the_next_run_is_finished(chat_model: Path, tmp_path: Path) -> None:
    job = job_of(chat_model, tmp_path / "out")
    finetune(toy_rows(24), [], job, silent)
    (job.output / "evaluation.md").write_text("of the first", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in job.output.iterdir()}
    with pytest.raises(InterruptedRunError):
        interrupted_at(2, toy_rows(22), job)
    assert {path.name: path.read_bytes() for path in job.output.iterdir() if path.is_file()} == before
    (warned,) = check_finished(job.output)
    assert "a later run in it has not ended" in warned
    finetune(toy_rows(22), [], job, silent)
    assert {path.name for path in job.output.iterdir()} == before.keys() - {"evaluation.md"}
    assert (job.output / "adapter_model.safetensors").read_bytes() != before["adapter_model.safetensors"]
    assert not check_finished(job.output)


def full_disk(*_: Any) -> None:
    raise StorageError("no room")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"method": "rslora"}, "method is lora, now rslora"),
        ({"epochs": 5}, r"epochs is 4.0, now 5"),
        ({"lora_rank": 4}, "lora_rank"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused_with_what_differs(
    changes: dict[str, Any], name: str, chat_model: Path, tmp_path: Path
) -> None:
    with pytest.raises(InterruptedRunError):
        interrupted_at(2, toy_rows(24), job_of(chat_model, tmp_path))
    with pytest.raises(InputError, match=f"{name}.*--fresh"):
        finetune(toy_rows(24), [], job_of(chat_model, tmp_path, **changes), silent)
    result = finetune(toy_rows(24), [], job_of(chat_model, tmp_path, fresh=True, **changes), silent)
    assert result.loss_after < result.loss_before


@pytest.mark.parametrize(
    "name",
    ["job.json", "trained.safetensors", "trainer_state.json", "optimizer.pt", "scheduler.pt", "rng_state.pth"],
)
def test_a_broken_checkpoint_is_an_input_error_with_what_to_do(name: str, chat_model: Path, tmp_path: Path) -> None:
    job = job_of(chat_model, tmp_path)
    with pytest.raises(InterruptedRunError):
        interrupted_at(2, toy_rows(24), job)
    for path in job.checkpoints.rglob(name):
        path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"checkpoints/(?:checkpoint-3|job\.json).*--fresh"):
        finetune(toy_rows(24), [], job, silent)


def test_a_checkpoint_with_the_values_of_another_model_is_refused(chat_model: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    job = job_of(chat_model, tmp_path)
    with pytest.raises(InterruptedRunError):
        interrupted_at(2, toy_rows(24), job)
    (path,) = job.checkpoints.rglob("trained.safetensors")
    values = load_file(path)
    first = next(iter(values))
    for changed in (
        {first: values[first]},
        values | {"other": values[first].clone()},
        values | {first: torch.zeros(3, 3)},
    ):
        save_file(changed, path)
        with pytest.raises(InputError, match=r"trained\.safetensors: .*--fresh"):
            finetune(toy_rows(24), [], job, silent)


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_last_good_checkpoint(
    chat_model: Path, tmp_path: Path
) -> None:
    job = job_of(chat_model, tmp_path, method="full", learning_rate=1e18, evaluations=20)
    with pytest.raises(InputError, match=r"at step \d+: the loss is no number .*learning_rate below 1e\+18"):
        finetune(toy_rows(24), [], job, silent)
    assert not (tmp_path / "finetune.json").exists()
    for path in job.checkpoints.glob("checkpoint-*/trained.safetensors"):
        check_finite(path)


def check_finite(path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    assert all(torch.isfinite(value).all() for value in load_file(path).values())


def test_the_best_step_is_kept_and_training_stops_when_it_gets_no_better(chat_model: Path, tmp_path: Path) -> None:
    """Answers that nobody can guess: the validation loss falls while the model unlearns chance, then rises."""
    rows = [row.model_copy(update={"output": row.id}) for row in toy_rows(16)]
    job = job_of(chat_model, tmp_path, epochs=60, evaluations=30, patience=2, learning_rate=3e-2, lora_dropout=0)
    result: Result = finetune(rows, [], job, silent)
    measured = {entry["step"]: entry["loss"] for entry in losses(tmp_path)["held_out"]}
    assert result.loss_after == min(measured.values()) == measured[result.best_step]
    assert result.best_step < result.steps < 60 * 3
    assert result.loss_reloaded == pytest.approx(result.loss_after, abs=1e-4)


def test_a_checkpoint_is_written_by_the_clock_too() -> None:
    from types import SimpleNamespace

    from selfinstruct.training.data.batches import Order
    from selfinstruct.training.loop.callbacks import SAVE_EVERY_S, TrainingMonitor

    now = [0.0]
    watch = TrainingMonitor(silent, 0, Order([1], 1, 0), clock=lambda: now[0])
    state, saved = SimpleNamespace(global_step=1, max_steps=9, num_input_tokens_seen=0), []
    watch.on_train_begin(None, state, None)
    for now[0] in (1.0, SAVE_EVERY_S + 1, SAVE_EVERY_S + 2):
        control = SimpleNamespace(should_save=False)
        watch.on_step_end(None, state, control)
        saved.append(control.should_save)
    assert saved == [False, True, False]


def test_a_checkpoint_by_the_clock_is_agreed_upon_by_all_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clocks pass the ten minutes at different steps; the one that saves waits for the other."""
    from types import SimpleNamespace

    from selfinstruct.training.data.batches import Order
    from selfinstruct.training.loop import callbacks as room

    wishes: list[bool] = []

    def the_other_wants_to_save(wish: bool) -> bool:
        wishes.append(wish)
        return len(wishes) == 2  # the first question is whether to stop

    monkeypatch.setattr(room, "_any_process", the_other_wants_to_save)
    watch = room.TrainingMonitor(silent, 0, Order([1], 1, 0), clock=lambda: 0.0)
    control = SimpleNamespace(should_save=False)
    watch.on_step_end(None, SimpleNamespace(global_step=1, max_steps=9, num_input_tokens_seen=0), control)
    assert (wishes, control.should_save) == ([False, False], True)


def test_a_signal_that_comes_twice_at_once_is_one_and_a_later_one_stops_at_once(tmp_path: Path) -> None:
    from selfinstruct.training.data.batches import Order
    from selfinstruct.training.loop.callbacks import StopOnInterrupt, TrainingMonitor

    now = [0.0]
    watch = TrainingMonitor(silent, 0, Order([1], 1, 0), clock=lambda: now[0])
    heard = StopOnInterrupt(watch, tmp_path)
    with pytest.raises(InterruptedRunError), heard:
        raised(signal.SIGINT, signal.SIGTERM, signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), heard:
        raised(signal.SIGINT, at=(now, 2.0))


def raised(*numbers: signal.Signals, at: tuple[list[float], float] | None = None) -> None:
    if at:
        at[0][0] = at[1]
    for number in numbers:
        signal.raise_signal(number)


class Evil:
    """What a pickle can do."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


@pytest.fixture(scope="module")
def stopped(chat_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output folder of a run that was stopped at its third step."""
    folder = tmp_path_factory.mktemp("stopped") / "out"
    with pytest.raises(InterruptedRunError):
        interrupted_at(2, toy_rows(24), job_of(chat_model, folder))
    return folder


STATES = ("optimizer.pt", "scheduler.pt", "rng_state.pth")
BROKEN = [(name, kind) for name in STATES for kind in ("garbage", "empty", "list", "pickle", "evil")]
BROKEN += [("trainer_state.json", kind) for kind in ("garbage", "empty", "brackets", "deep", "wrong")]
BROKEN += [("trained.safetensors", kind) for kind in ("garbage", "empty", "pickle")]
BROKEN += [("../job.json", kind) for kind in ("empty", "brackets", "deep")]


@pytest.mark.parametrize(("name", "kind"), BROKEN)
@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_a_broken_or_hostile_checkpoint_is_refused_and_nothing_of_it_is_run(
    chat_model: Path, stopped: Path, tmp_path: Path, name: str, kind: str
) -> None:
    import torch

    shutil.copytree(stopped, tmp_path / "out")
    (folder,) = (tmp_path / "out" / "checkpoints").glob("checkpoint-*")
    evil = Evil(tmp_path / "run")
    contents = {"garbage": b"\x9a)\x01|", "empty": b"", "brackets": b"[]", "deep": b"[" * 100_000}
    contents |= {"wrong": b'{"global_step": "x", "log_history": 7}', "pickle": pickle.dumps(evil, protocol=2)}
    if kind in contents:
        (folder / name).write_bytes(contents[kind])
    else:
        torch.save([1] if kind == "list" else {"state": evil}, folder / name)
    with pytest.raises(InputError, match="--fresh") as refused:
        finetune(toy_rows(24), [], job_of(chat_model, tmp_path / "out"), silent)
    assert not (tmp_path / "run").exists()
    assert "weights_only" not in str(refused.value)
    if kind == "evil" and name in STATES:
        assert "it is broken, or holds more than tensors and numbers, which is never run" in str(refused.value)


def test_a_folder_that_only_looks_like_a_checkpoint_is_passed_over(tmp_path: Path) -> None:
    for name in ("checkpoint-x", "checkpoint-3", "checkpoint-12", "checkpoint-"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "trainer_state.json").touch()
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-12"
