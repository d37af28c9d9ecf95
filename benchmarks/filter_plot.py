"""The plot of `filter.py`: seconds by tool, and how they grow."""

from pathlib import Path
from typing import Any

INK, OURS, OTHERS, FAINT = "#333333", "#2f6db5", "#c8c8c8", "#e6e6e6"


def plot(document: dict[str, Any], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    plt.rcParams.update({"svg.hashsalt": "selfinstruct", "font.size": 9, "text.color": INK, "axes.edgecolor": FAINT})
    figure, (bars, curve) = plt.subplots(1, 2, figsize=(11, 4), width_ratios=(1.25, 1), layout="constrained")
    _bars(bars, document)
    _curve(curve, document)
    figure.savefig(path, metadata={"Date": None, "Creator": None})


def _bars(axes: Any, document: dict[str, Any]) -> None:
    tools = [(name, one) for name, one in document["tools"].items() if "cpu_s" in one][::-1]
    seconds = [one["cpu_s"] for _, one in tools]
    colours = [OURS if name.startswith("selfinstruct") else OTHERS for name, _ in tools]
    axes.barh([name for name, _ in tools], seconds, color=colours)
    for place, (_, one) in enumerate(tools):
        said = _seconds(one["cpu_s"]) + ("" if one.get("recall") is None else f" · recall {one['recall']:.2f}")
        axes.text(one["cpu_s"] * 1.15, place, said, va="center", fontsize=8)
    axes.set(xscale="log", xlim=(min(seconds) / 2, max(seconds) * 60), xlabel="seconds of CPU")
    axes.set_title(f"{document['texts']:,} instructions ({document['source']})", loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)


def _curve(axes: Any, document: dict[str, Any]) -> None:
    sizes = [one["texts"] for one in document["growth"]]
    axes.loglog(sizes, [one["cpu_s"] for one in document["growth"]], "o-", color=OURS)
    axes.set(xlabel="instructions (synthetic)", ylabel="seconds of CPU, decisions")
    axes.set_title(f"grows as n^{document['growth_exponent']}", loc="left", fontsize=10)
    axes.grid(color=FAINT, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def _seconds(value: float) -> str:
    return f"{value:.2g} s" if value < 100 else f"{value / 60:.0f} min" if value < 5400 else f"{value / 3600:.1f} h"
