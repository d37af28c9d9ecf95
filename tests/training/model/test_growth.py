"""Tokenizers that make a text longer and longer: refused before tokenizers would abort the process."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.training.model.growth import check_file, check_loaded, growth
from selfinstruct.training.model.load import Source, load_tokenizer
from tests.support.models import CHAT, build_tokenizer

pytestmark = pytest.mark.finetune


def charsmap(longest: int) -> str:
    trie = b"\0" * 8
    return base64.b64encode(len(trie).to_bytes(4, "little") + trie + b"ab\0" + b"x" * longest + b"\0").decode()


def sequence(name: str, *rules: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Sequence", name: list(rules)}


THOUSAND = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000}
TEMPLATE = {"single": [{"Sequence": {"id": "A", "type_id": 0}}] * 9999, "special_tokens": {}}
LONG_TOKEN = {"single": [{"SpecialToken": {"id": "x"}}], "special_tokens": {"x": {"ids": [1] * 9999}}}
BOMBS = {
    "five times a thousand": {"normalizer": sequence("normalizers", *[THOUSAND] * 5)},
    "without types": {"normalizer": {"normalizers": [{"pattern": {"String": "a"}, "content": "aa"}] * 30}},
    "between any two": {"normalizer": sequence("normalizers", *[{"pattern": {"Regex": "b*"}, "content": "x"}] * 30)},
    "before it": {"normalizer": sequence("normalizers", *[{"type": "Prepend", "prepend": "x" * 99}] * 9)},
    "bytes of bytes": {"normalizer": sequence("normalizers", *[{"type": "ByteLevel"}] * 30)},
    "one long character": {"normalizer": {"type": "Precompiled", "precompiled_charsmap": charsmap(9999)}},
    "sequences of sequences": {"normalizer": sequence("normalizers", sequence("normalizers", *[THOUSAND] * 5))},
    "cut into bytes": {"pre_tokenizer": sequence("pretokenizers", *[{"type": "ByteLevel"}] * 30)},
    "the text again and again": {"post_processor": TEMPLATE},
    "a token again and again": {"post_processor": sequence("processors", LONG_TOKEN)},
    "when read back": {"decoder": sequence("decoders", *[THOUSAND] * 5)},
}
ALBERT = sequence(
    "normalizers",
    {"type": "Replace", "pattern": {"String": "``"}, "content": '"'},
    {"type": "Replace", "pattern": {"String": "''"}, "content": '"'},
    {"type": "NFKD"},
    {"type": "StripAccents"},
    {"type": "Lowercase"},
    {"type": "Precompiled", "precompiled_charsmap": charsmap(33)},
    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
)
LLAMA = sequence(
    "normalizers",
    {"type": "Prepend", "prepend": "▁"},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
)


@pytest.mark.parametrize("bomb", BOMBS)
def test_rules_that_multiply_a_text_are_refused_by_file_and_part(bomb: str, chat_model: Path, tmp_path: Path) -> None:
    shutil.copytree(chat_model, tmp_path / "hostile")
    path = tmp_path / "hostile" / "tokenizer.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | BOMBS[bomb]), encoding="utf-8")
    part = next(iter(BOMBS[bomb]))
    with pytest.raises(InputError, match=rf"tokenizer\.json: `{part}` of the tokenizer may make a text [\d,]+ times"):
        load_tokenizer(Source(name=str(tmp_path / "hostile"), local=True))


def test_a_part_that_is_hidden_behind_another_of_its_name_is_refused(tmp_path: Path) -> None:
    bomb = json.dumps(BOMBS["five times a thousand"]["normalizer"])
    (tmp_path / "tokenizer.json").write_text(f'{{"normalizer": {bomb}, "normalizer": null}}', encoding="utf-8")
    with pytest.raises(ValueError, match="there twice"):
        check_file(tmp_path / "tokenizer.json")


def test_rules_that_came_in_another_file_are_refused_once_they_are_loaded() -> None:
    from tokenizers import normalizers

    tokenizer = build_tokenizer(chat=CHAT)
    check_loaded(tokenizer, "model")
    tokenizer.backend_tokenizer.normalizer = normalizers.Sequence([normalizers.Replace("a", "a" * 1000)] * 5)
    with pytest.raises(InputError, match="model: `normalizer` of the tokenizer may make a text"):
        check_loaded(tokenizer, "model")


@pytest.mark.parametrize(
    "rules", [ALBERT, LLAMA, None, {"type": "BertNormalizer"}], ids=["albert", "llama", "", "bert"]
)
def test_rules_of_real_models_stay_far_below(rules: dict[str, Any] | None) -> None:
    assert growth(rules) < 1500
