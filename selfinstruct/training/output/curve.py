"""The loss curve as PNG: training loss, validation loss, and the step that is kept."""

import io
from pathlib import Path

from selfinstruct.system.writing import write_bytes
from selfinstruct.training.loop.train import Trained
from selfinstruct.training.records import Result

SMOOTH = 0.9
"""Weight of the past in the smoothed line; the raw loss of a few rows is noisy."""


def draw(trained: Trained, result: Result, path: Path) -> None:
    """Write the picture as PNG."""
    import matplotlib as mpl

    with mpl.rc_context(mpl.rcParamsDefault):  # and not those of a `matplotlibrc` in the working folder
        write_bytes(path, _picture(trained, result))


def _picture(trained: Trained, result: Result) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), dpi=120, layout="constrained")
    axes = figure.subplots()
    steps, losses = zip(*trained.losses, strict=True)
    axes.plot(steps, losses, color="tab:blue", alpha=0.25, linewidth=1, label="training, each step")
    axes.plot(steps, smoothed(losses), color="tab:blue", label="training, smoothed")
    measured = [(0, result.loss_before), *trained.validation]
    axes.plot(*zip(*measured, strict=True), color="tab:orange", marker="o", label="validation")
    axes.plot([trained.best_step], [result.loss_after], color="tab:red", marker="*", markersize=14, ls="", label="kept")
    axes.set_xlabel("step")
    axes.set_ylabel("nats per answer token")
    axes.grid(alpha=0.3)
    axes.legend()
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def smoothed(losses: tuple[float, ...]) -> list[float]:
    """Return the exponential moving average, bias-corrected as in Adam."""
    mean, weight, line = 0.0, 0.0, []
    for loss in losses:
        mean = SMOOTH * mean + (1 - SMOOTH) * loss
        weight = SMOOTH * weight + (1 - SMOOTH)
        line.append(mean / weight)
    return line
