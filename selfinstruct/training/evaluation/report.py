"""Records of an evaluation, and its report as Markdown and a table; importable without torch."""

import json
from pathlib import Path

from selfinstruct.dataset.export.turns import user_turn
from selfinstruct.records import JsonObject, Record, Row
from selfinstruct.system import faces
from selfinstruct.system.numbers import amount
from selfinstruct.system.text import visible
from selfinstruct.training.records import too_few
from selfinstruct.weights.pinned import WEIGHTS


class EvaluationJob(Record):
    """The input of one evaluation."""

    model: str
    """Directory, `.gguf` file or hub id."""
    adapter: Path
    """Folder of an adapter, or of a fully tuned model."""
    max_new_tokens: int = 256
    batch_size: int = 8
    """Prompts per generation batch."""
    rows_per_language: int = 0
    """Maximum number of rows per language; 0: all."""
    samples: int = 3
    """Rows per language that are shown with both answers."""


class Scores(Record):
    """Scores of one model on some rows."""

    loss: float
    """Nats per token of the reference answers, the end token included."""
    rouge_l: float
    """Mean ROUGE-L F-measure of greedy answers against the references, 0 to 1."""
    eos_rate: float
    """Share of greedy answers that ended with an end token, 0 to 1."""


class ScoreGroup(Record):
    """Scores of both models on a group of rows."""

    name: str
    """`all`, a language, or language/category."""
    rows: int
    base: Scores
    tuned: Scores
    intervals: dict[str, tuple[float, float]] = {}  # noqa: RUF012 - pydantic copies it
    """95 % interval of tuned minus base, by the name of the score; empty where the rows are too few."""


class Sample(Record):
    """One row with the answers of both models."""

    row: Row
    base: str
    tuned: str
    base_start: str = ""
    """First tokens of the base model's answer, as they stand."""
    tuned_start: str = ""


class Evaluation(Record):
    """The result of an evaluation."""

    model: str
    adapter: Path
    prompt: str
    dataset_sha256: str
    rows: int
    """Number of rows measured."""
    passed_over: int
    """Rows skipped because their instruction was trained on."""
    too_long: int = 0
    """Rows skipped because they exceed the model's context."""
    remarks: tuple[str, ...] = ()
    groups: tuple[ScoreGroup, ...]
    samples: tuple[Sample, ...]
    comparison: JsonObject | None = None
    """What `compare` says of base (A) and tuned model (B), where the configuration names a judge."""


_SCORES = {
    "loss": ("loss {0} ({1} to {2}), {3}", False),
    "rouge_l": ("ROUGE-L {0} ({1} to {2}), {3}", True),
    "eos_rate": ("ended {0} ({1} to {2}), {3}", True),
}
"""Score -> (what is said of its change, whether more is better)."""
HEADERS = ("group", "rows", "loss base", "tuned", "ROUGE-L base", "tuned", "ended base", "tuned")


def table(found: Evaluation) -> list[tuple[str | int | float, ...]]:
    """Return the table rows that belong under HEADERS."""
    return [
        (
            group.name,
            group.rows,
            *(getattr(which, name) for name in ("loss", "rouge_l", "eos_rate") for which in (group.base, group.tuned)),
        )
        for group in found.groups
    ]


def measured(found: Evaluation) -> str:
    """Return how many rows were measured, and how many were passed over, as a sentence."""
    passed_over = f"{found.passed_over} learned, {found.too_long} too long for the model"
    return f"{amount(found.rows, 'row')} not learned; passed over: {passed_over}."


def verdicts(found: Evaluation) -> list[str]:
    """Return a line for all rows and for each language: which differences these rows show, and which they do not.

    Where all of them are too few, that is the only line.
    """
    if few := too_few(found.rows):
        return [few]
    groups = [(group.name, _verdict(group)) for group in found.groups if "/" not in group.name]
    return [f"all: {verdict}" if name == "all" else f"{name}: {verdict}" for name, verdict in groups]


def _verdict(group: ScoreGroup) -> str:
    if few := too_few(group.rows):
        return few
    said = []
    for name, (told, better) in _SCORES.items():
        low, high = group.intervals[name]
        change = getattr(group.tuned, name) - getattr(group.base, name)
        word = "no sure difference" if low <= 0 <= high else "better" if (change > 0) == better else "worse"
        said.append(told.format(*(f"{figure:+.3f}" for figure in (change, low, high)), word))
    return "; ".join(said)


def judged(found: Evaluation) -> list[str]:
    """Return what the judge says of base and tuned model, in words; nothing where there is none."""
    if found.comparison is None:
        return []
    one = found.comparison
    wins, rate, interval = one["wins"], one["win_rate"], one["interval"]
    head = f"Judged by {one['judge']}: " if one["judge"] else "By checks: "
    if rate is None:
        return [head + "no verdict", *one["remarks"]]
    low, high = (1 - interval[1], 1 - interval[0])
    said = {"A": "the base model is better", "B": "the tuned model is better"}.get(one["winner"], "no sure difference")
    counts = f"tuned wins {wins['B']}, base {wins['A']}, tie {wins['tie']}"
    equal = one["length_controlled"]["win_rate"]
    at_equal_length = "" if equal is None else f"; at equal length {1 - equal:.1%}"
    return [
        f"{head}tuned wins {1 - rate:.1%} ({low:.1%} to {high:.1%}), {said}; {counts}{at_equal_length}",
        *one["remarks"],
    ]


def markdown(found: Evaluation) -> str:
    """Return the evaluation as a Markdown page."""
    lines = [
        f"# {faces.markdown_code(found.adapter.name)} against {faces.markdown_code(_model_name(found.model))}",
        "",
        measured(found),
        f"Prompt {faces.markdown_code(found.prompt)}.",
        *(faces.markdown_code(one.replace(str(Path.home()), "~")) for one in found.remarks),
        f"Dataset sha256 `{found.dataset_sha256}`.",
        "Loss: nats per token of the reference answers. ROUGE-L and end rate: greedy answers.",
        "",
        _line(HEADERS),
        _line(["---", *["---:"] * (len(HEADERS) - 1)]),
        *(_line([_cell(cell) for cell in row]) for row in table(found)),
        "",
        *(
            []
            if too_few(found.rows)
            else ["Tuned minus base, in brackets the 95 % interval of a bootstrap over the rows:", ""]
        ),
        *(f"- {line}" for line in verdicts(found)),
        *(f"- {faces.markdown(line)}" for line in judged(found)),
    ]
    for sample in found.samples:
        lines += ["", f"## {sample.row.language} {sample.row.id}"]
        starts = {"Base": sample.base_start, "Tuned": sample.tuned_start}
        for name, text in _texts(sample).items():
            begun = (
                f"; begins with {faces.markdown_code(json.dumps(starts[name], ensure_ascii=False))}"
                if starts.get(name)
                else ""
            )
            lines += ["", f"**{name}**{begun}", "", _fenced(text)]
    return "\n".join(lines) + "\n"


def _model_name(model: str) -> str:
    """Return what a page calls a model: the name that weights are known by, that of a file or folder, or a hub id; never where it lies."""
    known = next((one.name for one in WEIGHTS.values() if one.file == Path(model).name), "")
    return known or (Path(model).name if Path(model).is_absolute() else model)


def _texts(sample: Sample) -> dict[str, str]:
    return {
        "Request": user_turn(sample.row),
        "Reference": sample.row.output,
        "Base": sample.base,
        "Tuned": sample.tuned,
    }


def _cell(cell: str | float) -> str:
    return (
        faces.markdown_code(cell) if isinstance(cell, str) else f"{cell:.3f}" if isinstance(cell, float) else str(cell)
    )


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _fenced(text: str) -> str:
    """Return a text in a code block whose fence is longer than any in the text; what hides in it is visible."""
    text, fence = visible(text), "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}"
