"""Comparison of base and tuned model on rows that neither was trained on: loss, ROUGE-L and end rate.

The loss is per token of the reference answers; ROUGE-L (our own, which splits Chinese into characters) compares greedy
answers with them; the end rate is the share of greedy answers that end by themselves. The models are loaded one after
the other.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount
from selfinstruct.training.data.encode import Format, format_of
from selfinstruct.training.data.prepare import dataset_sha256, encoded_rows
from selfinstruct.training.data.split import instruction_hash
from selfinstruct.training.evaluation.answers import AnswerScore, score_rows, scores
from selfinstruct.training.evaluation.confidence import intervals
from selfinstruct.training.evaluation.report import Evaluation, EvaluationJob, Sample, ScoreGroup, Scores
from selfinstruct.training.model.facts import facts_of
from selfinstruct.training.model.load import Source, context_of, load_config, load_model, load_tokenizer, locate
from selfinstruct.training.model.memory import enough
from selfinstruct.training.output.adapter import check_weights, load_tuned
from selfinstruct.training.output.metadata import check_finished, split_of, summary_of, virtual_tokens_of

Say = Callable[[str], None]
_SAME = 0.005
"""Nats per token by which two measurements of the same rows may differ: batches are cut differently, GPUs round."""
_EVERY_S = 10.0


def compare(rows: Sequence[Row], categories: Mapping[str, str], job: EvaluationJob, say: Say) -> Evaluation:
    """Return the evaluation of base and tuned model on the rows that were not trained on."""
    warned = check_finished(job.adapter)
    check_weights(job.adapter)
    unseen, learned = unlearned(rows, job.adapter)
    source = locate(job.model, say)
    tokenizer = load_tokenizer(source)
    form = trained_format(tokenizer, job.adapter, facts_of(source).ends)
    fitting = fitting_rows(unseen, source, tokenizer, form, job.adapter)
    chosen, long = sample_rows(fitting, job.rows_per_language), len(unseen) - len(fitting)
    passed = [f"{learned} were learned and are passed over"] if learned else []
    passed += (
        [
            f"{long} are longer than the model's context, or have calls that its prompt has no place for, and are passed over"
        ]
        if long
        else []
    )
    for line in (*warned, "; ".join([f"{len(chosen)} of {len(rows)} rows are measured", *passed])):
        say(line)
    with enough("a smaller --batch-size or --max-new-tokens"):
        told = [_progress(name, len(chosen), say) for name in ("base", "tuned")]
        base = score_rows(load_model(source), chosen, tokenizer, form, job, told[0])
        tuned = score_rows(load_tuned(source, job.adapter), chosen, tokenizer, form, job, told[1])
    card = against_card(job.adapter, dataset_sha256(rows), len(chosen), scores(base), scores(tuned))
    for line in card:
        say(line)
    return Evaluation(
        model=job.model,
        adapter=job.adapter,
        prompt=form.prompt,
        dataset_sha256=dataset_sha256(rows),
        rows=len(chosen),
        passed_over=learned,
        too_long=long,
        remarks=(*warned, *card),
        groups=tuple(groups(chosen, categories, base, tuned)),
        samples=tuple(samples(chosen, base, tuned, job.samples)),
    )


def against_card(adapter: Path, sha256: str, rows: int, base: Scores, tuned: Scores) -> list[str]:
    """Return how this measurement stands to that of the model card, which `finetune` made on its validation rows."""
    summary = summary_of(adapter)
    known = summary.result if summary else None
    if known is None:
        return []
    card = f"loss {known.loss_before:.4f} before and {known.loss_after:.4f} after, on {known.held_out_rows} validation rows"
    if (sha256, rows) != (known.dataset_sha256, known.held_out_rows):
        return [f"The model card measured other rows: {card}."]
    same = abs(base.loss - known.loss_before) < _SAME and abs(tuned.loss - known.loss_after) < _SAME
    return [f"These are the rows of the model card, and {'its losses' if same else f'not its losses: {card}'}."]


def fitting_rows(rows: Sequence[Row], source: Source, tokenizer: Any, form: Format, adapter: Path) -> list[Row]:
    """Return the rows that have a place in the prompt format and fit into the model's context; raises InputError when none does."""
    context = context_of(load_config(source))
    encoded, _ = encoded_rows(rows, tokenizer, form)
    room = math.inf if context is None else context - virtual_tokens_of(adapter)
    fitting = [one.row for one in encoded if one.length <= room]
    if not fitting:
        raise InputError(
            f"none of {amount(len(rows), 'row')} that were not learned has a place in the prompt format and fits into the {room} tokens of the model's "
            "context"
        )
    return fitting


def unlearned(rows: Sequence[Row], adapter: Path) -> tuple[list[Row], int]:
    """Return (rows the adapter was not trained on, number of the others); raises InputError when none is left."""
    split = split_of(adapter)
    learned = set(split.learned_instructions) if split else set()
    left = [row for row in rows if instruction_hash(row.instruction) not in learned]
    if not left:
        raise InputError(f"all {len(rows)} rows were learned by {adapter}; give a --dataset with other instructions")
    return left, len(rows) - len(left)


def trained_format(tokenizer: Any, adapter: Path, ends: Sequence[int]) -> Format:
    """Return the prompt format that the adapter was trained with."""
    summary = summary_of(adapter)
    if summary is None:
        return format_of(tokenizer, model_ends=ends)
    return format_of(tokenizer, summary.prompt, summary.settings.thinking, summary.day, ends)


def sample_rows(rows: Sequence[Row], most: int) -> list[Row]:
    """Return at most `most` rows per language (0: all), those with the lowest instruction hash, in order."""
    if not most:
        return list(rows)
    ranked = sorted(rows, key=lambda row: (instruction_hash(row.instruction), row.id))
    kept = {id(row) for language in ("en", "zh") for row in [one for one in ranked if one.language == language][:most]}
    return [row for row in rows if id(row) in kept]


def _progress(name: str, rows: int, say: Say) -> Callable[[int], None]:
    """Return what says at the beginning, every few seconds, and at the end, how many answers of a model there are."""
    last = monotonic()

    def told(done: int) -> None:
        nonlocal last
        if done in {0, rows} or monotonic() - last >= _EVERY_S:
            last = monotonic()
            wanted = amount(rows, "answer")
            say(Aside(f"base model: {done} of {wanted}" if name == "base" else f"tuned model: {done} of {wanted}"))

    return told


def groups(
    rows: Sequence[Row], categories: Mapping[str, str], base: Sequence[AnswerScore], tuned: Sequence[AnswerScore]
) -> list[ScoreGroup]:
    """Return the scores of all rows, of each language, and of each category within a language."""
    names = [
        ("all", row.language, f"{row.language}/{categories[row.id]}" if categories.get(row.id) else "") for row in rows
    ]
    order = sorted({name for three in names for name in three if name} - {"all"})
    found = []
    for name in ["all", *order]:
        members = [number for number, three in enumerate(names) if name in three]
        both = [scores([which[number] for number in members]) for which in (base, tuned)]
        found.append(
            ScoreGroup(
                name=name,
                rows=len(members),
                base=both[0],
                tuned=both[1],
                intervals=intervals(*(_columns([which[number] for number in members]) for which in (base, tuned))),
            )
        )
    return found


def _columns(found: Sequence[AnswerScore]) -> dict[str, list[float]]:
    return {name: [getattr(one, name) for one in found] for name in ("loss", "tokens", "rouge_l", "ended")}


def samples(rows: Sequence[Row], base: Sequence[AnswerScore], tuned: Sequence[AnswerScore], most: int) -> list[Sample]:
    """Return at most `most` rows of each language with both answers, chosen by hash rather than by quality."""
    chosen = {row.id for row in sample_rows(rows, most)} if most else set()
    return [
        Sample(row=row, base=one.text, tuned=other.text, base_start=one.start, tuned_start=other.start)
        for row, one, other in zip(rows, base, tuned, strict=True)
        if row.id in chosen
    ]
