"""The page of a comparison: what the judge is worth, the win rate, and the answers side by side with the judge's reasons; or a ballot.

In a blind page the sides have no names and stand in an order drawn for each question, and the result is behind a button.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selfinstruct.comparison.result import Comparison, Rate
from selfinstruct.comparison.verdict import at_equal_length, no_winner
from selfinstruct.judging.certificate import Certificate, Measured
from selfinstruct.judging.intervals import Share
from selfinstruct.records import LanguageCode
from selfinstruct.reports.comparison.question import question
from selfinstruct.reports.html import document, script_json
from selfinstruct.reports.language import counted, in_language, language_name, listed, said, told, words
from selfinstruct.reports.run.parts import section, table
from selfinstruct.system.faces import html as escape
from selfinstruct.system.text import visible

_FOLDER = Path(__file__).parent
_MOST = 2_000
"""Questions on the page; `comparison.json` has all."""


def comparison_page(found: Comparison, *, blind: bool = False, language: LanguageCode = "en") -> str:
    """Return the page, in English or Chinese; the same for every reader and at every time."""
    with in_language(language):
        return _page(found, blind=blind)


def _page(found: Comparison, *, blind: bool) -> str:
    names = {"a": found.sides[0].name, "b": found.sides[1].name}
    title = said("Which answer is better?") if blind else said("{a} (A) against {b} (B)", **names)
    result = "".join(_result(found))
    shown = (
        f'<button type="button" id="reveal">{said("Show the result")}</button><div id="result" hidden>{result}</div>'
        if blind
        else result
    )
    body = f"""<header><h1>{escape(title)}</h1><p class="faint">{escape(_over(found))}</p></header>
<main>
{"" if blind else shown}
<section><h2>{said("Questions")}</h2>{_controls(found, blind=blind)}<div id="questions"></div><button type="button" id="more" hidden>{said("More")}</button></section>
{_ballot() if blind else ""}{shown if blind else ""}
</main>"""
    return document(escape(title), body, script_json(_data(found, blind=blind)), _FOLDER)


def _ballot() -> str:
    save = said(
        "Save this text as votes.json; {command} counts it.",
        command="<code>selfinstruct compare … --votes votes.json</code>",
    )
    return (
        f'<section><h2>{said("Votes")}</h2><p id="agreement" class="faint">{said("No vote yet.")}</p>'
        f'<textarea id="votes" readonly aria-label="{said("Votes")}"></textarea><p id="kept" class="faint"></p><p class="faint">{save}</p></section>'
    )


def _over(found: Comparison) -> str:
    return said(
        "{questions} from {file}; sha256 {hash}; comparison {key}",
        questions=counted(len(found.decisions), "question"),
        file=told(found.questions_from),
        hash=found.questions_sha256[:16],
        key=found.key,
    )


def _result(found: Comparison) -> Iterator[str]:
    yield f'<p class="verdict{"" if found.total.win_rate is not None else " refused"}">{escape(_verdict(found))}</p>'
    if found.certificate:
        yield section(said("The judge: {judge}", judge=found.judge), _certificate(found.certificate))
    yield _tiles(found)
    if found.remarks:
        yield section(said("To know before"), "".join(f"<p>{escape(told(line))}</p>" for line in found.remarks))
    languages = {language_name(name): rate for name, rate in found.languages.items()}
    groups = {said("all"): found.total} | languages | {told(kind): rate for kind, rate in found.kinds.items()}
    yield section(
        said("Who wins"),
        table(
            words("", "questions", "A", "B", "tie", "A wins", "95 % interval"),
            [_row(name, rate) for name, rate in groups.items()],
        ),
    )
    heads = words("", "name", "answers", "none", "cut", "checks passed", "characters")
    sides = [
        (
            label,
            one.name,
            f"{one.answered}",
            f"{one.missing}",
            f"{one.cut}",
            said("{passed} of {checked}", passed=one.passed, checked=one.checked),
            f"{one.mean_length:.0f}",
        )
        for label, one in zip("AB", found.sides, strict=True)
    ]
    yield section(said("The sides"), table(heads, sides))


def _verdict(found: Comparison) -> str:
    if found.total.win_rate is None:
        return (
            said("No verdict: the judge is refused.")
            if found.certificate and not found.certificate.passed
            else said("No verdict: nothing is decided.")
        )
    if found.winner in {"A", "B"}:
        return said("{side} is better: {name}", side=found.winner, name=found.sides[found.winner == "B"].name)
    if found.winner == "":
        return said("No verdict yet: something is still to be answered or judged.")
    return told(no_winner(found))


def _tiles(found: Comparison) -> str:
    controlled = found.length_controlled
    tiles = (
        ("A wins", _percent(found.total.win_rate)),
        ("95 % interval", _interval(found.total.interval)),
        ("at equal length", _percent(controlled.win_rate)),
        ("95 % interval at equal length", _interval(controlled.interval)),
        ("A is the longer answer", _percent(controlled.longer)),
        ("sign test, p", "" if found.p_value is None else f"{found.p_value:.4f}"),
        (
            "verdicts that cannot be read",
            said("{share:.1%} of {readings}", share=found.unreadable, readings=found.readings),
        ),
        ("other verdict in the other order", f"{found.inconsistent}"),
    )
    shown = "".join(f"<li><b>{escape(value or '–')}</b>{said(name)}</li>" for name, value in tiles)
    why = told(at_equal_length(found)) if controlled.why_not or controlled.missing else ""
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
    below = said("It is below the bar: {faults}.", faults=listed(map(told, found.faults), "; "))
    verdict = said("It passes.") if found.passed else below
    forced = said(" Its word is taken all the same, because --force says so.") if found.forced else ""
    heads = words(
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
        _measured(listed((language_name(language), said(name))), measured)
        for language, one in found.languages.items()
        for name, measured in {"all": one.total, **one.kinds}.items()
    ]
    return f'<p class="{"faint" if found.passed else "refused"}">{escape(verdict + forced)}</p>{table(heads, rows)}'


def _measured(name: str, one: Measured) -> tuple[str, ...]:
    shares = (one.accuracy, one.right_in_both_orders, one.consistency, one.padding, one.first_place, one.unreadable)
    return (name, f"{one.pairs}", *map(_share, shares))


def _share(one: Share) -> str:
    return "" if one.share is None else f"{one.share:.0%} ({_unbroken(_interval(one.interval, 0))})"


def _unbroken(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _interval(interval: tuple[float, float] | None, digits: int = 1) -> str:
    return (
        ""
        if interval is None
        else said("{low} to {high}", low=f"{interval[0]:.{digits}%}", high=f"{interval[1]:.{digits}%}")
    )


def _controls(found: Comparison, *, blind: bool) -> str:
    more = len(found.decisions) - _MOST
    left = said("The first {most}; comparison.json has {more} more.", most=_MOST, more=more)
    note = f'<p class="faint">{left}</p>' if more > 0 else ""
    if blind:
        how = said(
            "The sides have no names here, and change places. A vote can be changed until you look at what the judge said."
        )
        return f'{note}<p class="faint">{how}</p>'
    outcomes = "".join(
        f'<option value="{value}">{said(name)}</option>'
        for value, name in (("", "all outcomes"), ("A", "A wins"), ("B", "B wins"), ("tie", "ties"))
    )
    kinds = "".join(f'<option value="{escape(kind)}">{escape(kind)}</option>' for kind in map(told, found.kinds))
    return (
        f'{note}<div class="controls"><select id="outcome" aria-label="{said("Outcome")}">{outcomes}</select>'
        f'<select id="kind" aria-label="{said("Kind")}"><option value="">{said("all kinds")}</option>{kinds}</select></div>'
    )


def _data(found: Comparison, *, blind: bool) -> dict[str, Any]:
    return {
        "blind": blind,
        "key": found.key,
        "names": {"A": visible(found.sides[0].name), "B": visible(found.sides[1].name)},
        "questions": [question(one, found.key, blind=blind) for one in found.decisions[:_MOST]],
    }
