"""The plots of a report, from numbers to SVG, drawn at the width of a telephone so that text stays legible."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import cos, log10, radians, sin
from typing import TYPE_CHECKING, Any, NamedTuple

from selfinstruct.reports.language import language_name, said
from selfinstruct.reports.run.figures import LanguageFigures, Moment
from selfinstruct.reports.run.svg import PIXELS, plain_style, to_svg
from selfinstruct.system.text import visible_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"en": "#3b82c4", "zh": "#d2603a"}
"""Colours legible on white and on near-black."""
_OTHER = "#8a9099"
_RING = ("#3b82c4", "#d2603a", "#3f9a5b", "#b8860b", "#8e6bbf", "#2a9d9d", "#c4587e", "#7a8a3c")
_WIDTH = 360 / PIXELS
_RADIUS = 175
"""Radius of the ring in points."""
_SMALLEST = 7
"""Smallest legible font size in points."""


def bars(labels: Sequence[str], values: Mapping[str, Sequence[int]], name: str, label: str) -> str:
    """Return horizontal bars, one for each label from the top, stacked by language."""
    with plain_style(name):
        figure, axes = _figure(0.5 + 0.3 * len(labels))
        left = [0] * len(labels)
        for language, counts in values.items():
            axes.barh(
                range(len(labels)),
                counts,
                left=left,
                color=COLOURS.get(language, _OTHER),
                label=language_name(language),
            )
            left = [before + count for before, count in zip(left, counts, strict=True)]
        for position, total in enumerate(left):
            axes.text(total, position, f" {total:,}", va="center", fontsize=11)
        axes.set_yticks(range(len(labels)), list(map(visible_name, labels)))
        axes.set_xlim(0, max([*left, 1]) * 1.16)
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.tick_params(length=0)
        axes.invert_yaxis()
        if len(values) > 1:
            _legend_above(axes)
        return to_svg(figure, label)


def _legend_above(axes: Any) -> None:
    axes.legend(fontsize=11, loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=3, columnspacing=1, handlelength=1)


def ring(figures: LanguageFigures, language: str) -> str:
    """Return Self-Instruct's figure of verbs: leading verbs in the inner ring, their nouns in the outer one."""
    with plain_style(f"ring-{language}"):
        figure, axes = _figure(_WIDTH)
        total = sum(count for _, count, _ in figures.verbs) or 1
        start = 90.0
        for position, (verb, count, nouns) in enumerate(figures.verbs):
            width = 360 * count / total
            colour = _RING[position % len(_RING)]
            _draw(axes, _Wedge(start, width, 0.34, 0.64), colour, 0.55, visible_name(verb))
            at = start
            for noun, times in nouns:
                _draw(axes, _Wedge(at, 360 * times / total, 0.66, 1.0), colour, 0.3, visible_name(noun))
                at -= 360 * times / total
            start -= width
        axes.set(xlim=(-1.02, 1.02), ylim=(-1.02, 1.02), aspect="equal")
        axes.axis("off")
        axes.text(0, 0, language_name(language), ha="center", va="center", fontsize=14)
        return to_svg(figure, said("Leading verbs and their nouns, {language}", language=language_name(language)))


def lengths(languages: Mapping[str, LanguageFigures]) -> str:
    """Return histograms of instruction and answer lengths on a logarithmic scale, one column per language."""
    with plain_style("lengths"):
        figure = _sheet(3.9)
        grid = figure.subplots(2, max(len(languages), 1), squeeze=False)
        for column, (language, found) in enumerate(languages.items()):
            unit = said("words" if language == "en" else "characters")
            for row, (what, values) in enumerate(
                (("instruction", found.instruction_lengths), ("answer", found.output_lengths))
            ):
                axes = grid[row][column]
                edges = _edges(max(1, min(values, default=1)), max(1, *values))
                axes.hist(values, bins=edges, color=COLOURS.get(language, _OTHER))
                axes.set_xscale("log")
                axes.set_xticks(_ticks(edges), [f"{tick:,}" for tick in _ticks(edges)])
                axes.minorticks_off()
                axes.set_title(said("{what}, {unit}", what=said(what), unit=unit))
                axes.locator_params(axis="y", integer=True, nbins=3)
        return to_svg(figure, said("Lengths of instructions and answers"))


def nearest(languages: Mapping[str, LanguageFigures], dropped: Sequence[float], thresholds: Mapping[str, float]) -> str:
    """Return the histogram of ROUGE-L to the nearest neighbour, of rows and of dropped near-duplicates."""
    edges = [step / 20 for step in range(21)]
    with plain_style("nearest"):
        figure, axes = _figure(2.9)
        shown = {language: found.nearest for language, found in languages.items() if found.nearest}
        stacks = [*shown.values(), *([tuple(dropped)] if dropped else [])]
        axes.hist(
            stacks, bins=edges, stacked=True,
            color=[*(COLOURS.get(language, _OTHER) for language in shown), *([_OTHER] if dropped else [])],
            label=[*map(_rows_of, shown), *([said("dropped")] if dropped else [])],
        )  # fmt: skip
        for language, threshold in thresholds.items():
            axes.axvline(threshold, color=COLOURS.get(language, _OTHER), linestyle="--", linewidth=1)
        axes.set(xlim=(0, 1), xlabel=said("ROUGE-L to the nearest neighbour"))
        axes.locator_params(axis="y", integer=True)
        _legend_above(axes)
        return to_svg(figure, said("Nearest neighbours"))


def _rows_of(language: str) -> str:
    return said("rows, {language}", language=language_name(language))


def course(moments: Sequence[Moment]) -> str:
    """Return a plot of cost (or tokens, when no price is known) and rows against replies."""
    paid = all(one.usd is not None for one in moments) and any(one.usd for one in moments)
    with plain_style("course"):
        figure = _sheet(3.6)
        above, below = figure.subplots(2, 1, sharex=True)
        replies = [one.replies for one in moments]
        spent: list[Any] = [one.usd if paid else one.tokens for one in moments]
        for axes, values, title, colour in (
            (above, spent, said("cost, USD" if paid else "tokens"), "#3f9a5b"),
            (below, [one.rows for one in moments], said("rows"), "#8e6bbf"),
        ):
            axes.fill_between(replies, values, step="post", color=colour, alpha=0.3, linewidth=0)
            axes.step(replies, values, where="post", color=colour)
            axes.set_title(title)
            axes.set_ylim(0)
            axes.set_xlim(0, max(replies, default=1))
            axes.locator_params(axis="y", nbins=4)
            axes.yaxis.set_major_formatter(lambda value, _: f"{Decimal(f'{value:.10g}'):,f}")
        below.set_xlabel(said("replies, in the order of the journal"))
        return to_svg(figure, said("Cost and rows over time"))


def _sheet(height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(_WIDTH, height), layout="constrained")


def _figure(height: float) -> "tuple[Figure, Axes]":
    figure = _sheet(height)
    return figure, figure.subplots()


class _Wedge(NamedTuple):
    """A sector of a ring, clockwise from an angle in degrees."""

    start: float
    width: float
    inner: float
    outer: float


def _draw(axes: "Axes", part: _Wedge, colour: str, alpha: float, text: str) -> None:
    """Draw a sector of a ring, with its text along the radius where it fits."""
    from matplotlib.patches import Wedge

    thick = part.outer - part.inner
    axes.add_patch(
        Wedge((0, 0), part.outer, part.start - part.width, part.start, width=thick, fc=colour, alpha=alpha, lw=0)
    )
    middle, radius = part.start - part.width / 2, (part.inner + part.outer) / 2
    size = min(13, 0.85 * radians(part.width) * radius * _RADIUS, 1.45 * _RADIUS * thick / max(_breadth(text), 1))
    if size < _SMALLEST:
        return
    x, y, turn = radius * cos(radians(middle)), radius * sin(radians(middle)), middle % 360
    upright = turn - 180 if 90 < turn < 270 else turn
    axes.text(x, y, text, ha="center", va="center", fontsize=size, rotation=upright)


def _breadth(text: str) -> float:
    """Return the approximate width of a text in Latin letters."""
    return sum(2 if letter > "\u2e7f" else 1 for letter in text)


def _edges(low: int, high: int) -> list[float]:
    """Return logarithmically spaced bin edges that include all values."""
    start = log10(low) - 0.01
    span = max(log10(high) + 0.01 - start, 0.3)
    return [10 ** (start + span * step / 18) for step in range(19)]


def _ticks(edges: Sequence[float]) -> list[int]:
    known = [number * 10**power for power in range(7) for number in (1, 2, 5)]
    found = [tick for tick in known if edges[0] <= tick <= edges[-1]] or [round(edges[0])]
    return found[:: max(1, (len(found) + 3) // 4)]
