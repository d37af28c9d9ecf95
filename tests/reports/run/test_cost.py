"""What a run cost is as certain on its report as `status` says it is."""

from typing import Literal

import pytest

from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.reports.run.figures import figures_of
from selfinstruct.reports.run.page import page
from tests.support.reports import material

NOTHING = {"candidates": 0, "accepted": 0, "rejected": {}, "pending": 0}
KILLED = Manifest.model_validate(
    {
        "ledger": {"en": NOTHING, "total": NOTHING},
        "requests": {"answered": 22, "gone": 1, "uncertain": 2},
        "tokens": {"prompt": 100, "completion": 50},
        "cost_usd": "0.011948",
        "uncertain_usd": "0.004000",
    }
)
CERTAIN = KILLED.model_copy(update={"uncertain_usd": "0.000000"})
WORDS = {
    "en": ("<b>$0.011948 and at most $0.004000 uncertain</b>cost", "<b>23, of which the journal lacks 1</b>replies"),
    "zh": ("<b>$0.011948，另有最多 $0.004000 存疑</b>费用", "<b>23，其中 1 个日志里已经没有</b>回复"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_says_what_is_uncertain_and_what_the_journal_lacks(language: Literal["en", "zh"]) -> None:
    found = material([], manifest=KILLED)
    shown = page(found, figures_of(found), language)
    for words in WORDS[language]:
        assert words in shown
    found = material([], manifest=CERTAIN)
    assert "<b>$0.011948</b>" in page(found, figures_of(found), language)
