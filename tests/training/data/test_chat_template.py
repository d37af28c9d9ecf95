"""Chat templates that a stranger wrote: whatever they do, they end, and soon."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from selfinstruct.errors import ConfigError
from selfinstruct.training.data import filled as filling
from tests.support.models import CHAT, build_tokenizer

pytestmark = pytest.mark.finetune

SQUARED = "{% set n = namespace(x=9) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}"
DOUBLED = "{% set n = namespace(x='ab') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}"
ENDLESS = {
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}": "runs more than 1,000,000 lines",
    "{% for i in range(99999) %}{{ range(99999)|map('string')|join|length }}{% endfor %}": "1,000,000 lines",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}": "recursion",
    "{{ 9 ** 9 ** 9 }}": "takes powers, or multiplies two variables",
    SQUARED: "takes powers, or multiplies two variables",
    "{{ 'x' * 9999999 }}": "makes 9,999,999 characters of 1 turn",
    "{{ raise_exception('no system turn ' * 9999) }}": "no system turn no system turn",
}


@pytest.fixture
def tokenizer() -> Iterator[Any]:
    before = sys.gettrace()
    yield build_tokenizer(chat=CHAT)
    assert sys.gettrace() is before


def filled(tokenizer: Any, template: str) -> str:
    tokenizer.chat_template = template
    return filling.filled(tokenizer, [{"role": "user", "content": "Name a plant."}], add_generation_prompt=True)


@pytest.mark.parametrize("template", ENDLESS)
def test_a_template_that_does_more_than_any_real_one_is_refused(tokenizer: Any, template: str) -> None:
    with pytest.raises(ConfigError, match=rf"chat template cannot be filled \(.*{ENDLESS[template]}") as refused:
        filled(tokenizer, template)
    assert len(str(refused.value)) < 400


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not limit memory")
@pytest.mark.parametrize("template", [DOUBLED, "{{ 'x' * 99999999999 }}", "{{ 'x'.center(99999999999) }}"])
def test_a_template_that_grows_without_end_is_refused_and_the_limit_is_lifted_again(
    tokenizer: Any, template: str
) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(ConfigError, match=r"cannot be filled \(MemoryError\)"):
        filled(tokenizer, template)
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_the_clock_ends_a_template_of_which_each_line_takes_long(
    tokenizer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfinstruct.training.data.chat_template._MOST_SECONDS", -1)
    with pytest.raises(ConfigError, match="takes more than -1 seconds"):
        filled(tokenizer, "{% for i in range(999) %}{{ i }}{% endfor %}")


SHARED = "{% set n = namespace(a=[1], b=[1]) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% endfor %}"
LONG_ONES = "{% set a = 'x' * 99999999 ~ 'a' %}{% set b = 'x' * 99999999 ~ 'b' %}"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a template is filled in this process")
@pytest.mark.parametrize(
    "template",
    [
        SHARED + "{{ n.a == n.b }}",
        SHARED + "{{ n.a in [n.b] }}",
        SHARED + "{{ [n.a, n.b] | sort }}",
        LONG_ONES + "{{ ([a, b] * 9999) | sort | length }}",
        "{{ (('x,' * 99999).split(',') | batch(1)) | sum(start=[]) | length }}",
    ],
)
def test_a_line_that_never_ends_is_ended_by_the_system(
    tokenizer: Any, monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    monkeypatch.setattr("selfinstruct.training.data.chat_template._SECONDS_OF_CHILD", 0.5)
    with pytest.raises(ConfigError, match=r"cannot be filled \(it takes more than 0.5 seconds\)"):
        filled(tokenizer, template)
    assert filled(tokenizer, CHAT) == "<|start|>user\nName a plant.<|end|>\n<|start|>assistant\n"


def test_what_real_templates_use_is_filled(tokenizer: Any) -> None:
    real = (
        "{%- for m in messages %}{% if m.role == 'system' %}{% continue %}{% endif %}{% generation %}{{ m.content | trim }}"
        "{% endgeneration %}{{ '-' * 3 }}{{ m | tojson(indent=4) | length * 2 }}{% endfor %}"
    )
    assert filled(tokenizer, real).startswith("Name a plant.---")
