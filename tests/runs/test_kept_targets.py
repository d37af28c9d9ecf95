"""Which targets a command that names none keeps of the run before, and how that is said."""

import pytest

from selfinstruct.config import parse_config
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.runs.targets import with_kept_targets

CONFIG = parse_config("[target]\nen = 8\nzh = 9\n", "here", {})


def run(stop: str, *, answered: int, rows: int) -> Manifest:
    counts = {"candidates": rows, "accepted": rows, "rejected": {}, "pending": 0}
    return Manifest.model_validate(
        {
            "stop": stop,
            "keeping": {"target": {"en": 30, "zh": 31}},
            "ledger": {"en": counts, "zh": counts, "total": counts},
            "requests": {"answered": answered},
        }
    )


@pytest.mark.parametrize("asks", [True, False])
def test_a_kept_target_is_told_in_one_line_for_all_languages(asks: bool) -> None:
    kept, lines = with_kept_targets(run("interrupted", answered=3, rows=2), CONFIG, (), asks=asks)
    assert kept.target == {"en": 30, "zh": 31}
    assert lines == ["Target of this run: en 30, zh 31; [target] says en 8, zh 9, which --target en=8,zh=9 sets"]


def test_a_run_that_was_refused_before_its_first_reply_keeps_no_target() -> None:
    refused = run("stopped: http://127.0.0.1/v1 refuses the key", answered=0, rows=0)
    assert with_kept_targets(refused, CONFIG, (), asks=False) == (CONFIG, [])


def test_a_lower_target_of_a_flag_is_kept_also_where_nothing_came_yet() -> None:
    stopped = run("cap: the budget", answered=0, rows=0).model_copy(update={"given": {"target.en": 5}})
    keeping = stopped.keeping.model_copy(update={"target": {"en": 5, "zh": 9}})
    kept, lines = with_kept_targets(stopped.model_copy(update={"keeping": keeping}), CONFIG, (), asks=True)
    assert kept.target == {"en": 5, "zh": 9}
    assert lines == ["Target of this run: en 5; [target] says en 8, which --target en=8 sets"]


def test_a_run_that_goes_on_or_was_killed_keeps_its_target_whatever_was_emitted() -> None:
    kept, _ = with_kept_targets(run("running", answered=0, rows=0), CONFIG, (), asks=True)
    assert kept.target == {"en": 30, "zh": 31}
