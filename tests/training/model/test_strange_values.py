"""Settings of a model in which one value is none that a model has: used or refused, and never an error of Python's."""

import json
import shutil
from itertools import islice
from pathlib import Path

import pytest

from selfinstruct.errors import SelfInstructError
from selfinstruct.training import EvaluationJob, TrainingJob
from selfinstruct.training.data.encode import format_of
from selfinstruct.training.evaluation.answers import score_rows
from selfinstruct.training.model.load import load_model
from selfinstruct.training.run import begin, needed
from tests.support.models import SETTINGS, silent, toy_rows
from tests.support.strange import VALUES, dumped, mutations

pytestmark = [pytest.mark.finetune, pytest.mark.bounds]

EVERY = 3
"""One in so many mutations is tried: all take a minute."""
STRANGE = VALUES | {"zero": 0, "huge": 10**30, "third": 1 / 3, "hub": "kernels-community/flash"}


def use(model: Path, output: Path) -> None:
    job = TrainingJob(settings=SETTINGS, model=str(model), output=output, seed=1, max_steps=1)
    source, tokenizer, data = begin(toy_rows(), [], job, silent)
    needed(source, data, job)
    options = {"rows_per_language": 1, "batch_size": 2, "max_new_tokens": 2, "samples": 1}
    examined = EvaluationJob.model_validate({"model": str(model), "adapter": output} | options)
    score_rows(load_model(source), toy_rows()[:2], tokenizer, format_of(tokenizer), examined)


@pytest.mark.parametrize("name", ["config.json", "generation_config.json", "tokenizer_config.json"])
def test_no_value_of_a_models_settings_is_a_defect(name: str, chat_model: Path, tmp_path: Path) -> None:
    use(chat_model, tmp_path / "out")
    document = json.loads((chat_model / name).read_text(encoding="utf-8"))
    refused = 0
    for what, changed in islice(mutations(document, STRANGE), 0, None, EVERY):
        shutil.copytree(chat_model, tmp_path / what.replace("/", "-")[:80], dirs_exist_ok=True)
        (tmp_path / what.replace("/", "-")[:80] / name).write_text(dumped(changed), encoding="utf-8")
        try:
            use(tmp_path / what.replace("/", "-")[:80], tmp_path / "out")
        except SelfInstructError:
            refused += 1
    assert refused or name == "generation_config.json"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("config.json", {"num_hidden_layers": 0}),
        ("tokenizer_config.json", {"model_max_length": "x"}),
        ("tokenizer_config.json", {"model_max_length": []}),
    ],
)
def test_a_value_that_is_looked_at_late_is_refused_as_well(
    name: str, value: dict[str, object], chat_model: Path, tmp_path: Path
) -> None:
    shutil.copytree(chat_model, tmp_path / "hostile")
    path = tmp_path / "hostile" / name
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | value), encoding="utf-8")
    with pytest.raises(SelfInstructError, match="hostile: cannot be loaded"):
        use(tmp_path / "hostile", tmp_path / "out")
