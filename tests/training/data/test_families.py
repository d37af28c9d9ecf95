"""What is learned of the chat templates of eleven families: the served prompt is masked, all behind it up to the end is learned."""

import re
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.export.turns import messages_of
from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.training.data.chat_format import Thinking
from selfinstruct.training.data.chat_template import fill
from selfinstruct.training.data.encode import IGNORED, encode, format_of
from tests.support.encoded import encode_one, marked, prompt_ids
from tests.support.families import FAMILIES, ROWS, Family, ends_of, page, tokenizer_of
from tests.support.models import CHAT, build_tokenizer, make_row

pytestmark = pytest.mark.finetune
DAY = "2026-01-31"


def taught(family: str, row: Row, thinking: Thinking = "teach") -> str:
    tokenizer = tokenizer_of(FAMILIES[family])
    form = format_of(tokenizer, "auto", thinking, DAY, ends_of(FAMILIES[family], tokenizer))
    return "\n\n".join(marked(tokenizer, one) for one in encode(row, tokenizer, form))


def test_the_pages_on_fine_tuning_show_what_is_learned() -> None:
    """The Chinese one under titles of its own."""
    english, chinese = (
        Path(__file__, "../../../../docs", name).resolve().read_text(encoding="utf-8")
        for name in ("finetune.md", "finetune.zh-CN.md")
    )
    shown = page()
    assert shown in english
    assert re.findall(r"```text\n.*?```", chinese, re.DOTALL) == re.findall(r"```text\n.*?```", shown, re.DOTALL)


def asked(family: str, row: Row, thinking: Thinking) -> tuple[str, str, str]:
    """Return (prompt as a server sends it, as we have it, whole row with marks) of a row without system text."""
    tokenizer = tokenizer_of(FAMILIES[family])
    form = format_of(tokenizer, "auto", thinking, DAY, ends_of(FAMILIES[family], tokenizer))
    options = {"enable_thinking": False} if thinking == "off" else {}
    messages = messages_of(row)[:-1]
    served = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False, **options)
    whole = "\n\n".join(marked(tokenizer, one) for one in encode(row, tokenizer, form))
    return served, str(tokenizer.decode(prompt_ids(row, tokenizer, form))), whole


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("thinking", ["teach", "empty", "off"])
def test_the_prompt_is_the_one_that_a_server_sends(family: str, row: str, thinking: Thinking) -> None:
    """Of one question; in conversations earlier answers keep the form in which they are learned."""
    single = ROWS[row].model_copy(update={"history": (), "system": ""})
    served, given, whole = asked(family, single, thinking)
    assert (given == served) == (family != "Llama 3.2")  # its prompt has the day of the run
    assert whole.startswith(given + "[[")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("thinking", ["teach", "empty", "off"])
def test_no_block_of_thought_stays_open_and_the_last_token_is_the_model_s_end(
    family: str, row: str, thinking: Thinking
) -> None:
    tokenizer = tokenizer_of(FAMILIES[family])
    ends = ends_of(FAMILIES[family], tokenizer)
    examples = encode(ROWS[row], tokenizer, format_of(tokenizer, "auto", thinking, DAY, ends))
    texts = [str(tokenizer.decode(one["input_ids"])) for one in examples]
    assert all(text.count("<think>") == text.count("</think>") for text in texts)
    assert texts[-1].index("</think>") < texts[-1].rindex(ROWS[row].output) if "<think>" in texts[-1] else True
    assert all(one["labels"][-1] == one["input_ids"][-1] and one["labels"][-1] in ends for one in examples)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_answer_of_a_conversation_is_learned_in_the_form_of_the_last(family: str) -> None:
    row = ROWS["a conversation"]
    first, second = (part.split("]]")[0] for part in taught(family, row).split("[[")[1:])
    assert first.partition("The Seine.")[0] == second.partition("Paris.")[0]
    assert second.partition("Paris.")[2].startswith(first.partition("The Seine.")[2])


@pytest.mark.parametrize("family", ["Qwen3", "Qwen3-Thinking, QwQ", "DeepSeek-R1", "GLM-4.5", "gpt-oss"])
def test_a_thought_is_learned_before_its_answer_and_only_if_it_is_wanted(family: str) -> None:
    row = ROWS["a thought"]
    learned = taught(family, row).partition("[[")[2]
    assert learned.index(row.reasoning) < learned.index(row.output)
    assert row.reasoning not in taught(family, row, "empty") + taught(family, row, "off")


def test_a_thought_within_an_earlier_answer_is_learned_as_a_thought_and_left_out_of_what_follows() -> None:
    row = make_row("en", "And?", "Paris.").model_copy(
        update={"history": (("Name a river.", "<think>\nOf France?\n</think>\n\nThe Seine."),)}
    )
    first, second = taught("Qwen3", row).split("\n\n<|im_start|>")
    assert first.endswith("[[<think>\nOf France?\n</think>\n\nThe Seine.<|im_end|>]]")
    assert second.startswith("user\nName a river.<|im_end|>\n<|im_start|>assistant\nThe Seine.<|im_end|>\n")
    assert taught("GLM-4.5", row).count("<think>Of France?</think>\nThe Seine.") == 1


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("thinking", ["teach", "empty", "off"])
def test_every_answer_of_a_conversation_is_learned_behind_what_a_server_sends(family: str, thinking: Thinking) -> None:
    """The server is given the conversation as far as it has come; nothing that was learned differently stands before an answer."""
    tokenizer = tokenizer_of(FAMILIES[family])
    form = format_of(tokenizer, "auto", thinking, DAY, ends_of(FAMILIES[family], tokenizer))
    row = ROWS["a conversation"].model_copy(update={"system": ""})
    (asked, answered), *_ = row.history
    messages = [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    messages.append({"role": "user", "content": row.instruction})
    options = {"enable_thinking": False} if thinking == "off" else {}
    wanted = [fill(tokenizer, messages[:count], day=DAY, add_generation_prompt=True, **options) for count in (1, 3)]
    found = []
    for example in encode(row, tokenizer, form):
        text = marked(tokenizer, example)
        found += [text[: mark.start()].replace("[[", "").replace("]]", "") for mark in re.finditer(r"\[\[", text)]
    assert found == wanted


def test_a_template_that_writes_the_date_takes_the_day_of_the_run() -> None:
    assert "Today Date: 31 Jan 2026" in taught("Llama 3.2", ROWS["a question"])


def test_a_system_text_that_the_template_refuses_stands_before_the_first_question() -> None:
    assert "<start_of_turn>user\nBe brief.\n\nName a river.<end_of_turn>" in taught("Gemma 2", ROWS["a conversation"])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("thinking", ["teach", "empty", "off"])
def test_an_answer_is_asked_for_in_a_conversation_as_a_server_asks(family: str, thinking: Thinking) -> None:
    served, given, _ = asked(family, ROWS["a conversation"].model_copy(update={"system": ""}), thinking)
    assert (given == served) == (family != "Llama 3.2")  # its prompt has the day of the run


def test_an_earlier_answer_of_weight_0_is_context_with_its_end() -> None:
    row = ROWS["a conversation"].model_copy(update={"unlearned": (0,)})
    assert taught("GLM-4", row).count("[[") == 1


@pytest.mark.parametrize(
    "answer", ["  two blanks", "a break\n", "\n\tcode", "names <|im_end|> and <|user|>", "好\u3000"]
)
def test_an_answer_is_learned_as_it_stands(answer: str) -> None:
    row = make_row("en", "Write.", answer)
    assert taught("Qwen2.5, SmolLM2", row).endswith(f"[[{answer}<|im_end|>]]")
    tokenizer = tokenizer_of(FAMILIES["Qwen2.5, SmolLM2"])
    labels = encode_one(row, tokenizer, format_of(tokenizer))["labels"]
    assert sum(label in {1, 2, 15} for label in labels) == 1  # a name of a special token is text


@pytest.mark.parametrize("scheme", ["always", "first", "never"])
@pytest.mark.parametrize("between", ["\n", ""])
def test_no_blank_is_learned_that_the_template_does_not_write(scheme: str, between: str) -> None:
    """A tokenizer after SentencePiece writes a blank before each text that it is given."""
    tokenizer = metaspace(scheme)
    tokenizer.chat_template = CHAT.replace("\n", between)
    example = encode_one(make_row("en", "Name a cat.", "Tom"), tokenizer, format_of(tokenizer))
    turns = [{"role": "user", "content": "Name a cat."}, {"role": "assistant", "content": "Tom"}]
    whole = tokenizer.apply_chat_template(turns, tokenize=True)["input_ids"]
    assert example["input_ids"] == whole[: len(example["input_ids"])]
    learned = tokenizer.convert_ids_to_tokens([label for label in example["labels"] if label != IGNORED])
    assert "".join(learned[:-1]) == "Tom"


def test_the_blank_before_the_end_of_an_earlier_answer_is_one_as_before_that_of_the_last() -> None:
    """An older SentencePiece tokenizer writes a blank before each stretch of text; LLaMA 2's template has one there."""
    from tokenizers import normalizers

    tokenizer = metaspace("never")
    tokenizer.backend_tokenizer.normalizer = normalizers.Prepend("\u2581")
    tokenizer.chat_template = CHAT.replace("{{ message['content'] }}<|end|>", "{{ message['content'] }} <|end|>")
    row = make_row("en", "And?", "Rex").model_copy(update={"history": (("Cat?", "Tom"),)})
    labels = encode_one(row, tokenizer, format_of(tokenizer))["labels"]
    learned = "".join(tokenizer.convert_ids_to_tokens([label for label in labels if label != IGNORED]))
    assert learned == "Tom\u2581<|end|>Rex\u2581<|end|>"


def metaspace(scheme: str) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted({*"\u2581\n", *map(chr, range(33, 127))})
    vocabulary = {text: number for number, text in enumerate(["<|start|>", "<|end|>", *letters])}
    inner = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    inner.add_special_tokens(["<|start|>", "<|end|>"])
    inner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme)
    inner.decoder = decoders.Metaspace(prepend_scheme=scheme)
    return PreTrainedTokenizerFast(tokenizer_object=inner, **dict.fromkeys(("eos_token", "pad_token"), "<|end|>"))


SAYS = "{% for m in messages %}<|start|>{{ m.role }}\n{{ m.content }}"
PROMPT = "{% endfor %}{% if add_generation_prompt %}<|start|>assistant\n"


@pytest.mark.parametrize(
    ("chat", "learned"),
    [
        (SAYS + "<|message|><|end|>" + PROMPT + "{% endif %}", "Tom<|message|><|end|>"),
        (SAYS + "<|end|>\n" + PROMPT + "{% else %}<|end_of_text|>{% endif %}", "Tom<|end|>"),
    ],
    ids=["two tokens close a turn", "one more after the last turn"],
)
def test_what_closes_an_answer_is_learned_up_to_the_token_at_which_the_model_ends(chat: str, learned: str) -> None:
    tokenizer = tokenizer_of(Family(chat, ()))
    ends = tokenizer.convert_tokens_to_ids(["<|end|>"]) if "<|message|>" in chat else ()
    row = make_row("en", "And?", "Tom").model_copy(update={"history": (("Name a cat.", "Tom"),)})
    text = marked(tokenizer, encode_one(row, tokenizer, format_of(tokenizer, model_ends=ends)))
    assert text.count(f"[[{learned}]]") == 2


def test_what_only_the_next_turn_writes_before_the_end_is_learned_behind_each_answer() -> None:
    chat = (
        "{% for m in messages %}{{ '' if loop.first else '\\n' }}<|{{ m.role }}|>{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '\\n' }}<|assistant|>{% endif %}"
    )
    tokenizer = tokenizer_of(Family(chat, ()))
    ends = tokenizer.convert_tokens_to_ids(["<|user|>"])
    row = make_row("en", "And?", "Rex").model_copy(update={"history": (("Name a cat.", "Tom"),)})
    text = marked(tokenizer, encode_one(row, tokenizer, format_of(tokenizer, model_ends=ends)))
    assert text.endswith("[[Tom\n<|user|>]]And?\n<|assistant|>[[Rex\n<|user|>]]")


def test_an_empty_thought_is_written_as_the_template_writes_thoughts() -> None:
    """Where the prompt opens it, and the template itself writes answers without thought in another way."""
    chat = (
        "{% for m in messages %}<|start|>{{ m.role }}\n{% if m.role == 'assistant' %}{% if m.reasoning_content %}<think>\n"
        "{{ m.reasoning_content }}\n</think>\n{% else %}<think></think>{% endif %}{% endif %}{{ m.content }}<|end|>\n"
        "{% endfor %}{% if add_generation_prompt %}<|start|>assistant\n<think>\n{% endif %}"
    )
    tokenizer = tokenizer_of(Family(chat, ()))
    form = format_of(tokenizer)
    texts = [marked(tokenizer, encode_one(ROWS[name], tokenizer, form)) for name in ("a question", "a thought")]
    assert texts[0].endswith("<think>\n[[\n</think>\nThe Seine.<|end|>]]")
    assert texts[1].endswith("<think>\n[[巴黎的那条。\n</think>\n塞纳河。<|end|>]]")


def test_a_template_for_single_questions_is_learned_with_rows_of_one_question() -> None:
    single = "{% if messages | length > 2 %}{{ raise_exception('one question') }}{% endif %}" + CHAT
    tokenizer = tokenizer_of(Family(single, ()))
    assert marked(tokenizer, encode_one(ROWS["a question"], tokenizer, format_of(tokenizer))).endswith(
        "[[The Seine.<|end|>]]"
    )


def test_an_end_that_is_no_token_of_the_tokenizer_is_refused_by_name() -> None:
    chat = CHAT.replace("{{ message['content'] }}<|end|>", "{{ message['content'] }}<|eot_id|>")
    with pytest.raises(InputError, match=r"ends answers with <\|eot_id\|>, which is no token"):
        format_of(build_tokenizer(chat=chat))
