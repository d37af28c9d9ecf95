"""The page of a comparison: what the judge is worth, the win rate, and the answers side by side with the judge's reasons; or a ballot.

In a blind page the sides have no names and stand in an order drawn for each question, and the result is behind a button.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from selfinstruct.comparison.result import Comparison, Decision, Rate
from selfinstruct.judging.certificate import Certificate, Measured
from selfinstruct.judging.intervals import Share
from selfinstruct.judging.reading import Reading
from selfinstruct.reports.html import document, script_json
from selfinstruct.reports.run.parts import section, table
from selfinstruct.system.faces import html as escape
from selfinstruct.system.numbers import amount
from selfinstruct.system.text import visible

_FOLDER = Path(__file__).parent
_MOST = 2_000
"""Questions on the page; `comparison.json` has all."""
_LONGEST = 20_000
"""Characters of a text on the page."""
_WORDS = {"en": "English", "zh": "Chinese"}


def comparison_page(found: Comparison, *, blind: bool = False) -> str:
    """Return the page; the same for every reader and at every time."""
    title = "Which answer is better?" if blind else f"{found.sides[0].name} (A) against {found.sides[1].name} (B)"
    result = "".join(_result(found))
    shown = (
        f'<button type="button" id="reveal">Show the result</button><div id="result" hidden>{result}</div>'
        if blind
        else result
    )
    ballot = (
        '<section><h2>Votes</h2><p id="agreement" class="faint">No vote yet.</p><textarea id="votes" readonly aria-label="Votes"></textarea>'
        '<p class="faint">Save this text as votes.json; <code>selfinstruct compare … --votes votes.json</code> counts it.</p></section>'
        if blind
        else ""
    )
    body = f"""<header><h1>{escape(title)}</h1><p class="faint">{escape(_over(found))}</p></header>
<main>
{"" if blind else shown}
<section><h2>Questions</h2>{_controls(found, blind=blind)}<div id="questions"></div><button type="button" id="more" hidden>More</button></section>
{ballot}{shown if blind else ""}
</main>"""
    return document(escape(title), body, script_json(_data(found, blind=blind)), _FOLDER)


def _over(found: Comparison) -> str:
    return f"{amount(len(found.decisions), 'question')} from {found.questions_from}; sha256 {found.questions_sha256[:16]}; comparison {found.key}"


def _result(found: Comparison) -> Iterator[str]:
    yield f'<p class="verdict{"" if found.total.win_rate is not None else " refused"}">{escape(_verdict(found))}</p>'
    if found.certificate:
        yield section(f"The judge: {found.judge}", _certificate(found.certificate))
    yield _tiles(found)
    if found.remarks:
        yield section("To know before", "".join(f"<p>{escape(line)}</p>" for line in found.remarks))
    groups = {"all": found.total} | {_WORDS[name]: rate for name, rate in found.languages.items()} | found.kinds
    yield section(
        "Who wins",
        table(
            ("", "questions", "A", "B", "tie", "A wins", "95 % interval"),
            [_row(name, rate) for name, rate in groups.items()],
        ),
    )
    heads = ("", "name", "answers", "none", "cut", "checks passed", "characters")
    sides = [
        (
            label,
            one.name,
            f"{one.answered}",
            f"{one.missing}",
            f"{one.cut}",
            f"{one.passed} of {one.checked}",
            f"{one.mean_length:.0f}",
        )
        for label, one in zip("AB", found.sides, strict=True)
    ]
    yield section("The sides", table(heads, sides))


def _verdict(found: Comparison) -> str:
    if found.total.win_rate is None:
        return (
            "No verdict: the judge is refused."
            if found.certificate and not found.certificate.passed
            else "No verdict: nothing is decided."
        )
    if found.winner in {"A", "B"}:
        return f"{found.winner} is better: {found.sides[found.winner == 'B'].name}"
    if found.winner == "":
        return "No verdict yet: something is still to be answered or judged."
    more = (
        f" About {found.more_questions:,} more questions would decide it, if the rate stays what it is."
        if found.more_questions
        else ""
    )
    return f"No winner: the interval holds 50 %, or too few questions were won.{more}"


def _tiles(found: Comparison) -> str:
    controlled = found.length_controlled
    tiles = (
        ("A wins", _percent(found.total.win_rate)),
        ("95 % interval", _interval(found.total.interval)),
        ("at equal length", _percent(controlled.win_rate)),
        ("95 % interval at equal length", _interval(controlled.interval)),
        ("A is the longer answer", _percent(controlled.longer)),
        ("sign test, p", "" if found.p_value is None else f"{found.p_value:.4f}"),
        ("verdicts that cannot be read", f"{found.unreadable:.1%} of {found.readings}"),
        ("other verdict in the other order", f"{found.inconsistent}"),
    )
    shown = "".join(f"<li><b>{escape(value or '–')}</b>{name}</li>" for name, value in tiles)
    why = f"No rate at equal length: {controlled.why_not}." if controlled.why_not else ""
    return f'<ul class="tiles">{shown}</ul>' + (f'<p class="faint">{escape(why)}</p>' if why else "")


def _row(name: str, rate: Rate) -> tuple[str, ...]:
    return (
        name,
        f"{rate.questions}",
        f"{rate.a}",
        f"{rate.b}",
        f"{rate.tie}",
        _percent(rate.win_rate),
        _interval(rate.interval),
    )


def _certificate(found: Certificate) -> str:
    verdict = "It passes." if found.passed else "It is below the bar: " + "; ".join(found.faults) + "."
    forced = " Its word is taken all the same, because --force says so." if found.forced else ""
    heads = (
        "",
        "pairs",
        "right readings",
        "right in both orders",
        "same in both orders",
        "prefers padding",
        "takes the first",
        "unreadable",
    )
    rows = [
        _measured(f"{_WORDS[language]}, {name}", measured)
        for language, one in found.languages.items()
        for name, measured in {"all": one.total, **one.kinds}.items()
    ]
    return f'<p class="{"faint" if found.passed else "refused"}">{escape(verdict + forced)}</p>{table(heads, rows)}'


def _measured(name: str, one: Measured) -> tuple[str, ...]:
    shares = (one.accuracy, one.right_in_both_orders, one.consistency, one.padding, one.first_place, one.unreadable)
    return (name, f"{one.pairs}", *map(_share, shares))


def _share(one: Share) -> str:
    return "" if one.share is None else f"{one.share:.0%} ({_interval(one.interval, 0)})"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _interval(interval: tuple[float, float] | None, digits: int = 1) -> str:
    return "" if interval is None else f"{interval[0]:.{digits}%} to {interval[1]:.{digits}%}"


def _controls(found: Comparison, *, blind: bool) -> str:
    more = len(found.decisions) - _MOST
    note = f'<p class="faint">The first {_MOST}; comparison.json has {more} more.</p>' if more > 0 else ""
    if blind:
        return f'{note}<p class="faint">The sides have no names here, and change places. What the judge said shows after your vote.</p>'
    outcomes = "".join(
        f'<option value="{value}">{name}</option>'
        for value, name in (("", "all outcomes"), ("A", "A wins"), ("B", "B wins"), ("tie", "ties"))
    )
    kinds = "".join(f'<option value="{escape(kind)}">{escape(kind)}</option>' for kind in found.kinds)
    return (
        f'{note}<div class="controls"><select id="outcome" aria-label="Outcome">{outcomes}</select>'
        f'<select id="kind" aria-label="Kind"><option value="">all kinds</option>{kinds}</select></div>'
    )


def _data(found: Comparison, *, blind: bool) -> dict[str, Any]:
    return {
        "blind": blind,
        "key": found.key,
        "names": {"A": visible(found.sides[0].name), "B": visible(found.sides[1].name)},
        "questions": [_question(one, found.key, blind=blind) for one in found.decisions[:_MOST]],
    }


def _question(one: Decision, key: str, *, blind: bool) -> dict[str, Any]:
    drawn = hashlib.sha256(f"{key}/{one.id}".encode("utf-8", "surrogatepass")).digest()[0] % 2
    places = ("answer 2", "answer 1") if drawn else ("answer 1", "answer 2")
    names = dict(zip("AB", places if blind else "AB", strict=True))
    return {
        "id": visible(one.id),
        "language": one.language,
        "kind": visible(one.kind),
        "question": _text(one.question),
        "reference": _text(one.reference),
        "A": None if one.a is None else _text(one.a),
        "B": None if one.b is None else _text(one.b),
        "by": one.by,
        "outcome": one.outcome,
        "swapped": bool(drawn),
        "won": f"{names[one.outcome]} wins" if one.outcome in names else one.outcome or "undecided",
        "lines": [visible(line) for line in _lines(one, names)],
    }


def _lines(one: Decision, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what the checks and the judge said of the answers, by {side: what the page calls its answer}."""
    a, b = names["A"], names["B"]
    for name, said in zip((a, b), one.checks or (), strict=False):
        yield f"Check of {name}: {said or 'passed'}"
    for reading, order in zip(one.readings, ((a, b), (b, a)), strict=False):
        yield f"Judge, {order[0]} first: {_said(reading, order)}"


def _said(reading: Reading, order: tuple[str, str]) -> str:
    if not reading.better:
        return f"cannot be read ({reading.fault}) {reading.reason[:300]}"
    better = {"first": f"{order[0]} is better", "second": f"{order[1]} is better", "tie": "neither is better"}[
        reading.better
    ]
    return f"{better}. {reading.reason}"


def _text(text: str) -> str:
    return visible(text if len(text) <= _LONGEST else text[:_LONGEST] + " …")
