"""Each trainer learns from our exports what we learn: `make test-trainers`, once a week. pytest does not find it by its name."""

import math
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.export.families import has_no_system
from selfinstruct.dataset.export.turns import messages_of, system_in_user_turn
from selfinstruct.training.data.encode import encode, format_of
from tests.trainers.differences import AXOLOTL, LLAMAFACTORY, SWIFT, TEMPLATE, expected
from tests.trainers.models import FAMILIES, Family, build
from tests.trainers.rows import kinds_in, rows_for
from tests.trainers.run import ENVIRONMENTS, marked, train


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.mark.parametrize("name", FAMILIES)
def test_the_template_writes_what_we_learn_and_only_ends_behind_it(name: str, models: Path) -> None:
    family = FAMILIES[name]
    tokenizer = _tokenizer(family, models)
    written = {kind: _rendered(row, tokenizer, family) for kind, row in rows_for(thinks=family.thinks).items()}
    wanted = expected(TEMPLATE, name, _ours(family, tokenizer))
    behind = {
        text.removeprefix(wanted[kind]).strip() for kind, text in written.items() if text.startswith(wanted[kind])
    }
    assert {kind: text[: len(wanted[kind])] for kind, text in written.items()} == wanted
    assert behind <= {"", family.tokens.text_end}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("trainer", [LLAMAFACTORY, AXOLOTL, SWIFT])
def test_a_trainer_learns_what_we_learn_in_two_steps(trainer: str, name: str, models: Path, tmp_path: Path) -> None:
    family = FAMILIES[name]
    tokenizer = _tokenizer(family, models)
    steps = train(trainer, family, models / family.name, tmp_path)
    texts = [marked(tokenizer, *one) for step in steps for one in step.rows]
    rows = rows_for(thinks=family.thinks)
    learned = {kind: text[: text.rindex("]]") + 2] for text in texts for kind in kinds_in(text, rows)}
    assert learned == expected(trainer, name, _ours(family, tokenizer))
    assert [len(step.rows) for step in steps] == [4, 4]
    assert all(math.isfinite(step.loss) and step.loss > 0 for step in steps)


def _tokenizer(family: Family, models: Path) -> Any:
    from transformers import AutoTokenizer

    if not (models / family.name).exists():
        build(family, ENVIRONMENTS / "trl" / "trl" / "chat_templates", models)
    return AutoTokenizer.from_pretrained(models / family.name)


def _ours(family: Family, tokenizer: Any) -> dict[str, str]:
    """Return what our own trainer learns of each row: of several examples the last, in which earlier answers are context."""
    ends = tokenizer.convert_tokens_to_ids([family.tokens.turn_end, family.tokens.text_end])
    form = format_of(tokenizer, model_ends=ends)
    examples = {kind: encode(row, tokenizer, form)[-1] for kind, row in rows_for(thinks=family.thinks).items()}
    return {kind: marked(tokenizer, one["input_ids"], one["labels"]) for kind, one in examples.items()}


def _rendered(row: Any, tokenizer: Any, family: Family) -> str:
    """Return a row as the chat template writes it; some know no system turn."""
    row = system_in_user_turn(row) if has_no_system(family.name) else row
    return str(tokenizer.apply_chat_template(messages_of(row), tokenize=False))
