"""What a turn of each recipe is assumed to need, from what its prompts and seeds say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from selfinstruct.language import LANGUAGES
from selfinstruct.prompts import render_items
from selfinstruct.records import Candidate, Message, Recipe, Record, Step, Task
from selfinstruct.requests import Plan, Visible, compose, compose_step
from selfinstruct.runs.estimate.span import Span, mean, span, total
from selfinstruct.teacher.billing.tokens import likely_tokens

KEPT = span(0.5, 0.85)
"""Share of the tasks read that become rows. The embedded teacher's demo kept 24 of 33 (0.73) on 2026-11-24; no strong teacher
measured yet, and the near-duplicate filter takes more as the pool grows."""
OF_A_SEED = span(0.5, 1.0)
"""Length of a task or instruction, measured by the seeds: prompts ask for no more than seeds hold."""
OF_AN_ANSWER = span(0.3, 1.0)
"""Length of an answer of the steered recipe, which asks for three sentences; the demo's were 0.9 (English) and 0.3 (Chinese)."""
ANSWERS = span(0.8, 1.0)
INPUTS = span(0.0, 0.3)
"""Answers, and inputs or labels, bought per instruction of the steered recipe; the demo bought 1.0 and 0.03."""
JUDGED_KEPT = span(0.5, 0.95)
"""Share of the judged rows that reach `[judge] least`: a guess, no teacher measured yet."""
TEMPLATE = span(3, 8)
"""Tokens a chat template adds to a message: OpenAI's 3 or 4, Qwen's 5."""
SAMPLE = 8
"""First prompts composed to measure their length."""
PROVED: Final = span(0.3, 0.8)
"""Share of the tasks of the recipes `checked` and `documents` whose proof holds; the embedded 1.5B teacher kept about half."""

EVOLVED: Final = span(0.3, 0.8)
"""Share of the evolved tasks, and of the conversations, that become rows: a guess, no strong teacher measured yet."""


class Turn(Record):
    """One first-step request with all later steps that it leads to."""

    rows: Span
    requests: Span
    prompt: Span
    completion: Span
    """Tokens."""
    basis: str


def assumed_turn(plan: Plan, index: int) -> Turn:
    """Return what a turn of a run is assumed to be, over the recipes in their shares."""
    model = plan.config.teacher.model
    turns = []
    for recipe, share in plan.config.recipes.items():
        numbers = range(index, index + SAMPLE)  # seeds stand in for the rows that later prompts show
        first = mean(
            prompt_tokens(compose(plan, number, recipe, Visible(number=number)).messages, model) for number in numbers
        )
        turns.append((_TURNS[recipe](plan, first), share))
    turn = _mixed(turns)
    return turn.model_copy(update={"rows": turn.rows * JUDGED_KEPT}) if plan.config.judge_steps else turn


def _batch_turn(plan: Plan, first: Span) -> Turn:
    most = plan.config.teacher.max_tokens
    language = LANGUAGES[plan.language]
    task = _length(plan, [render_items([task], language) for task in _shown(plan)]) * OF_A_SEED
    fitting = (span(most) / task).capped(plan.config.generate.tasks_per_request)
    completion = (task * span(plan.config.generate.tasks_per_request)).capped(most)
    return Turn(rows=fitting * KEPT, requests=span(1), prompt=first, completion=completion, basis="assumptions")


def _steered_turn(plan: Plan, first: Span) -> Turn:
    teacher = plan.config.teacher
    instruction = (_length(plan, [task.instruction for task in _shown(plan)]) * OF_A_SEED).capped(
        teacher.max_instruction_tokens
    )
    answer = (_length(plan, [task.output for task in _shown(plan)]) * OF_AN_ANSWER).capped(teacher.max_answer_tokens)
    turn = Turn(
        rows=KEPT,
        requests=span(1) + ANSWERS + INPUTS,
        prompt=first + ANSWERS * _later(plan, "answer") + INPUTS * _later(plan, "input"),
        completion=instruction + (ANSWERS + INPUTS) * answer,
        basis="assumptions",
    )
    if plan.config.generate.answerable:
        turn = _looked_at(plan, turn)
    turn = _several(plan, turn, _later(plan, "answer"), answer)
    return _confirmed(plan, turn, answer) if plan.config.generate.confirm else turn


def _looked_at(plan: Plan, turn: Turn) -> Turn:
    """Return a turn with a look at each task before its answer is bought: one word."""
    more = {"requests": span(1), "prompt": _later(plan, "answerable"), "completion": span(1, 4)}
    return turn.model_copy(update={name: getattr(turn, name) + one for name, one in more.items()})


def _several(plan: Plan, turn: Turn, prompt: Span, answer: Span, share: Span = ANSWERS) -> Turn:
    """Return a turn with all answers to an instruction but the first, which `share` of the turns come to."""
    further = share * span((plan.config.generate.answers or 1) - 1)
    more = {"requests": further, "prompt": further * prompt, "completion": further * answer}
    return turn.model_copy(update={name: getattr(turn, name) + one for name, one in more.items()})


def _confirmed(plan: Plan, turn: Turn, answer: Span) -> Turn:
    """Return a turn with a second look at each answer: a word, and where log-probabilities are not given the answer once more."""
    again = _later(plan, "answer")
    more = {
        "requests": ANSWERS * span(1, 2),
        "prompt": ANSWERS * (_later(plan, "confirm") + answer + span(0, again.high)),
        "completion": ANSWERS * span(1, 4 + answer.high),
    }
    return turn.model_copy(update={name: getattr(turn, name) + one for name, one in more.items()})


def _later(plan: Plan, step: Step) -> Span:
    """Return the prompt tokens of a later step, with seeds as the candidates."""
    seeds = _shown(plan)
    shown = tuple(task.id for task in seeds[: plan.config.generate.seeds_per_prompt])
    given = {"language": plan.language, "position": 0, "shown": shown}
    candidates = [
        Candidate.model_validate(given | {"index": number, "instruction": task.instruction, "topic": task.topic})
        for number, task in enumerate(seeds[:SAMPLE])
    ]
    model = plan.config.teacher.model
    return mean(prompt_tokens(compose_step(plan, candidate, step).messages, model) for candidate in candidates)


def prompt_tokens(messages: Sequence[Message], model: str) -> Span:
    """Return the tokens of a prompt."""
    return total(span(*likely_tokens(message.content, model)) + TEMPLATE for message in messages)


def _shown(plan: Plan) -> Sequence[Task]:
    """Return the seeds that this teacher is shown: plain ones for a small one, the others for a strong one."""
    return [task for task in plan.seeds if task.plain == plan.config.small_teacher] or plan.seeds


def _length(plan: Plan, texts: Iterable[str]) -> Span:
    return mean(span(*likely_tokens(text, plan.config.teacher.model)) for text in texts)


def _proved_turn(plan: Plan, first: Span) -> Turn:
    """Return a turn of the recipe `checked` or `documents`: a text or wording, and one to two short later replies."""
    answer = (_length(plan, [task.output for task in _shown(plan)]) * OF_AN_ANSWER).capped(
        plan.config.teacher.max_answer_tokens
    )
    later = span(0.6, 2.0)
    turn = Turn(
        rows=PROVED,
        requests=span(1) + later,
        prompt=first + later * first,
        completion=answer + later * answer,
        basis="assumptions",
    )
    return _several(plan, turn, first, answer, share=span(0, 1))  # of tasks with a condition alone


def _evolved_turn(plan: Plan, first: Span) -> Turn:
    """Return a turn of the recipe `evolve`: a task, a word on whether it can be done, and its answer."""
    answer = (_length(plan, [task.output for task in plan.parents or plan.seeds]) * OF_AN_ANSWER).capped(
        plan.config.teacher.max_answer_tokens
    )
    task = _length(plan, [task.instruction for task in plan.parents or plan.seeds]) * span(1.0, 2.0)
    turn = Turn(
        rows=EVOLVED,
        requests=span(1) + ANSWERS * span(2),
        prompt=first + ANSWERS * span(2) * (first + task),
        completion=task + ANSWERS * (answer + span(1, 4)),
        basis="assumptions",
    )
    return _several(plan, turn, first + task, answer)


def _conversation_turn(plan: Plan, first: Span) -> Turn:
    """Return a turn of the recipe `conversation`: question and answer for each that follows the row, each on a longer text."""
    least, most = plan.config.generate.least_and_most_turns
    teacher = plan.config.teacher
    answer = (_length(plan, [task.output for task in plan.parents or plan.seeds]) * OF_AN_ANSWER).capped(
        teacher.max_answer_tokens
    )
    follow, question = span(max(least - 1, 1), most - 1), span(12, 60)
    grown = first + follow * span(0.5) * (answer + question)
    return Turn(
        rows=EVOLVED,
        requests=span(2) * follow,
        prompt=span(2) * follow * grown,
        completion=follow * (question + answer),
        basis="assumptions",
    )


def _mixed(turns: Sequence[tuple[Turn, float]]) -> Turn:
    """Return the mean turn of recipes that bring their shares of the rows; a recipe that keeps less is asked more often."""
    asked = [share / ((turn.rows.low + turn.rows.high) / 2) for turn, share in turns]
    weights = [one / sum(asked) for one in asked]

    def weighed(name: str) -> Span:
        return total(getattr(turn, name) * span(weight) for (turn, _), weight in zip(turns, weights, strict=True))

    named = {name: weighed(name) for name in ("rows", "requests", "prompt", "completion")}
    return Turn(**named, basis="assumptions")


_TURNS: Final[Mapping[Recipe, Callable[[Plan, Span], Turn]]] = {
    "batch": _batch_turn,
    "steered": _steered_turn,
    "checked": _proved_turn,
    "documents": _proved_turn,
    "evolve": _evolved_turn,
    "conversation": _conversation_turn,
}
