"""A setting in the environment that no option has is named: it would be ignored without a word."""

import pytest

from tests.support.command import Cli

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again


@pytest.mark.parametrize(
    ("name", "near"),
    [("SELFINSTRUCT_TRESHOLD", "SELFINSTRUCT_THRESHOLD"), ("SELFINSTRUCT_MAX_MINUTE", "SELFINSTRUCT_MAX_MINUTES")],
)
def test_a_mistyped_setting_is_named_with_the_nearest(
    selfinstruct: Cli, monkeypatch: pytest.MonkeyPatch, name: str, near: str
) -> None:
    monkeypatch.setenv(name, "1")
    done = selfinstruct("seeds")
    told = f"Warning: {name} is set, and no option is called so: it is ignored; did you mean {near}?"
    assert (done.returncode, done.stderr.count(told)) == (0, 1)


def test_one_that_is_like_none_is_named_alone(selfinstruct: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFINSTRUCT_XYZ", "1")
    assert "SELFINSTRUCT_XYZ is set, and no option is called so" in selfinstruct("seeds").stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SELFINSTRUCT_THRESHOLD", "0.6"),
        ("SELFINSTRUCT_CACHE", "cache"),
        ("SELFINSTRUCT_MAX_EXPANSION", "300"),
        ("SELFINSTRUCT_FINETUNE_MODEL", "x"),
        ("SELFINSTRUCT_YES", "1"),
        ("SELFINSTRUCT_QUIET", "0"),
    ],
)
def test_what_another_verb_reads_is_known(
    selfinstruct: Cli, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert "is set, and" not in selfinstruct("seeds").stderr
