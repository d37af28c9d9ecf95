"""Runs to report on, and text that tries to become part of the page."""

from typing import Any

from selfinstruct.dataset.release.lines import Provenance, Rejection
from selfinstruct.records import Row
from selfinstruct.reports.run.figures import figures_of
from selfinstruct.reports.run.gather import Material
from selfinstruct.reports.run.page import page

HOSTILE = '</script><script>alert(1)</script><img src="http://evil.example/x.png" onerror=alert(2)>\u202e\x1b[31m'


def material(rows: list[Row], **changes: Any) -> Material:
    return Material("test", rows, None, None, None, None, None, {})._replace(**changes)


def origins(rows: list[Row], score: float = 0.5) -> dict[str, Provenance]:
    return {
        one.id: Provenance(
            id=one.id,
            language=one.language,
            request=at // 2,
            position=at % 2,
            score=score,
            nearest=rows[0].id,
            seeds=("s1",),
            model="m",
        )
        for at, one in enumerate(rows)
    }


def rejection(rule: str, request: int = 0, **fields: Any) -> Rejection:
    texts = dict.fromkeys(("detail", "instruction", "input", "output", "text"), "")
    nothing = dict.fromkeys(("nearest", "nearest_text", "score"))
    place = {"candidate": f"en/{request}.0", "language": "en", "request": request, "position": 0, "stage": "filter"}
    return Rejection.model_validate(texts | nothing | place | {"rule": rule} | fields)


def made(rows: list[Row], **changes: Any) -> str:
    given = material(rows, **changes)
    return page(given, figures_of(given))
