"""What `import` writes is what the trainer learns: every answer of a conversation."""

from pathlib import Path

import pytest

from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.training.data.encode import format_of
from tests.support.awkward_conversations import talk
from tests.support.encoded import encode_one, marked
from tests.support.imports import import_rows
from tests.support.models import CHAT, build_tokenizer

pytestmark = pytest.mark.finetune


@pytest.mark.parametrize(
    ("texts", "answers"),
    [
        (
            ("Name a cat.", "Tom, he is called Tom", "Its colour?", "It is grey."),
            ("Tom, he is called Tom", "It is grey."),
        ),
        (("给猫起名。", "它叫小灰", "那只狗呢？", "它叫大黄"), ("它叫小灰", "它叫大黄")),
    ],
)
def test_both_answers_of_a_conversation_of_two_questions_are_learned(
    texts: tuple[str, ...], answers: tuple[str, str], tmp_path: Path
) -> None:
    found = import_rows(tmp_path, [talk(*texts)])
    (row,) = load_rows(found.done.path)
    tokenizer = build_tokenizer(chat=CHAT)
    text = marked(tokenizer, encode_one(row, tokenizer, format_of(tokenizer, "auto")))
    assert [part.partition("]]")[0] for part in text.split("[[")[1:]] == [f"{answer}<|end|>" for answer in answers]
