"""`[judge]`: who judges, and what cannot be said of him."""

import pytest

from selfinstruct.config import Config, parse_config
from selfinstruct.errors import ConfigError

TEACHER = '[teacher]\nkind = "openai"\nbase_url = "https://api.example.com/v1"\nmodel = "big"\napi_key_env = "BIG_KEY"\nprice = { input = "1", output = "2" }\n'


def judge_of(text: str) -> tuple[str, str, str, str, bool]:
    config = parse_config(TEACHER + text, "x.toml")
    found = config.judge.speaks(config.teacher)
    return found.kind, found.base_url, found.model, found.api_key_env, found.price is not None


def test_without_a_word_it_is_the_teacher() -> None:
    assert judge_of("") == ("openai", "https://api.example.com/v1", "big", "BIG_KEY", True)


def test_a_model_alone_is_at_the_teacher_s_endpoint_and_not_at_its_price() -> None:
    assert judge_of('[judge]\nmodel = "small"') == ("openai", "https://api.example.com/v1", "small", "BIG_KEY", False)


def test_another_endpoint_has_nothing_of_the_teacher() -> None:
    text = '[judge]\nmodel = "small"\nbase_url = "https://judge.example.com/v1"'
    assert judge_of(text) == ("openai", "https://judge.example.com/v1", "small", "OPENAI_API_KEY", False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[judge]\nbase_url = "https://judge.example.com/v1"', "no model there; set both"),
        (
            '[judge]\nmodel = "small"\nbase_url = "https://u:p@judge.example.com/v1"',
            "must not contain a user or password",
        ),
        ('[judge]\nbase_url = ""', "is empty; write the judge's address"),
        ("[judge]\nrows_per_request = 0", "must be at least 1"),
        ('[judge]\nmoddel = "small"', "did you mean `model`"),
    ],
)
def test_what_cannot_be_is_refused_with_the_key(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_config(TEACHER + text, "x.toml")


def test_the_judge_of_comparisons_leaves_no_trace_in_a_run() -> None:
    plain = Config()
    assert "judge" not in plain.acceptance_settings()
    assert plain.judge.model_dump(exclude_none=True) == {"least": 0.0, "orders": 2}
