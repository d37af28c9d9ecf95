"""Replies to the later steps of one language's candidates, and what becomes of a candidate by them. Pure, and in no order."""

from collections.abc import Collection, Iterator, Mapping

from selfinstruct.bootstrap.choice import WORDS, Contest, Word, contest_of, prefers_rival, read_word
from selfinstruct.bootstrap.judge import (
    ROWS_STEP_OF,
    ROWS_STEPS,
    Together,
    criteria_of,
    read_judgement,
    read_one_of,
)
from selfinstruct.records import Candidate, Judgement, Reply, Request, Step
from selfinstruct.requests import Plan, fill, next_step
from selfinstruct.requests.confirmed import Needed
from selfinstruct.requests.several import ANSWERED, best, further_steps


class Heard:
    """Replies to later steps, by candidate."""

    def __init__(self, plan: Plan) -> None:
        """Start with nothing heard."""
        self.plan = plan
        self.disabled = plan.config.validate_.disable.get(plan.language, ())
        self._criteria = list(criteria_of(plan)) if plan.config.judge_steps else []
        self._replies: dict[tuple[int, int], dict[Step, Reply]] = {}
        self._together: dict[tuple[int, int], dict[Step, Together]] = {}
        """Judgements on several rows, by row."""
        self._between: dict[tuple[int, int], tuple[str, ...]] = {}
        """The answers that the judge was asked to choose between."""

    def hear(self, request: Request, reply: Reply) -> None:
        """Keep the reply to a later step."""
        place = (request.index, request.position)
        if request.step in ROWS_STEPS:
            for number, position in enumerate(request.shown, 1):
                heard = self._together.setdefault((request.index, int(position)), {})
                heard[request.step] = Together(reply, number)
            return
        if request.step in WORDS:
            self._between[place] = request.shown
        self._replies.setdefault((request.index, request.position), {})[request.step] = reply

    def of(self, candidate: Candidate) -> Mapping[Step, Reply]:
        """Return the replies to later steps of a candidate, by step; those to what a view of the rows asked are among them."""
        return self._replies.get((candidate.index, candidate.position), {})

    def complete(self, candidate: Candidate, until: Collection[Step] = ()) -> tuple[Candidate, Step | None]:
        """Return a candidate with all steps filled in that were heard, and the step that is still missing; one of `until` is not looked for."""
        for step, reply, after in self.steps(candidate):
            if step in until:
                return candidate, None
            if reply is None:
                return candidate, step
            candidate = after
        return candidate, None

    def steps(self, candidate: Candidate) -> Iterator[tuple[Step, Reply | None, Candidate]]:
        """Yield each later step with its reply and the candidate after it, up to one that was not heard, whose reply is None."""
        heard: dict[Step, Reply] = {}
        replies = self.of(candidate)
        generate = self.plan.config.generate
        needed = self._needed
        while not candidate.fault and (
            step := next_step(candidate, heard, confirms=generate.confirm, looks=generate.answerable > 0)
        ):
            if step not in replies:
                yield step, None, candidate
                return
            heard[step] = replies[step]
            asked = candidate
            candidate = fill(asked, step, replies[step], needed, self.disabled)
            yield step, replies[step], candidate
            if step not in ANSWERED:
                continue
            for further in further_steps(generate.answers):
                if further not in replies:
                    yield further, None, asked
                    return
                candidate = best(list(self._answered(asked, step, further).values()), self.disabled)
                yield further, replies[further], candidate
            for word, said, after in self._words(asked, step, candidate):
                yield word, said, (candidate := after)
                if said is None:
                    return

    def _answered(self, asked: Candidate, step: Step, last: Step | None = None) -> dict[Step, Candidate]:
        """Return {step: candidate with its answer} of the answers that were heard, up to one."""
        generate, replies = self.plan.config.generate, self.of(asked)
        steps = (step, *further_steps(generate.answers))
        until = steps[: steps.index(last) + 1] if last else steps
        return {one: fill(asked, step, replies[one], self._needed, self.disabled) for one in until if one in replies}

    @property
    def _needed(self) -> Needed:
        generate, teacher = self.plan.config.generate, self.plan.config.teacher
        return Needed(generate.sure_of(self.plan.language), generate.answerable, teacher.kind == "embedded")

    def contest(self, candidate: Candidate) -> Contest | None:
        """Return the two answers between which the judge chooses; None where it does not."""
        answered = self.answered(candidate)
        return contest_of(answered, self.disabled) if answered else None

    def answered(self, candidate: Candidate) -> dict[Step, Candidate]:
        """Return {step: candidate with its answer} of all answers to an instruction that were heard."""
        asked = candidate
        for step, _, after in self.steps(candidate):
            if step in ANSWERED:
                return self._answered(asked, step)
            asked = after
        return {}

    def _words(
        self, asked: Candidate, step: Step, standing: Candidate
    ) -> Iterator[tuple[Step, Reply | None, Candidate]]:
        """Yield the judge's words between answers with the candidate after each, up to one that was not heard."""
        two = contest_of(self._answered(asked, step), self.disabled) if self.plan.config.judges_answers else None
        if two is None or self._between.get((asked.index, asked.position), two.steps) != two.steps:
            return  # decided, or asked about other answers, under other rules
        replies, said = self.of(asked), list[Word]()
        answers = (two.standing.output, two.rival.output)
        for word in WORDS:
            if not prefers_rival(said):
                return
            if word not in replies:
                yield word, None, standing
                return
            said.append(read_word(replies[word], word, self.plan.language, answers))
            wins = len(said) == len(WORDS) and prefers_rival(said)
            yield word, replies[word], two.rival if wins else standing

    def judged(self, candidate: Candidate) -> tuple[tuple[Judgement, ...], tuple[Step, ...]]:
        """Return the judgements on a candidate, and the steps of those that are missing; none of either when the judge is off."""
        replies, there, missing = self.of(candidate), list[Judgement](), list[Step]()
        together = self._together.get((candidate.index, candidate.position), {})
        for step in self.plan.config.judge_steps:
            shared = together.get(ROWS_STEP_OF[step])
            if step in replies:
                there.append(read_judgement(replies[step], self._criteria))
            elif shared and (found := read_one_of(shared, self._criteria, self.plan.language)).scores:
                there.append(found)
            else:  # what could not be read among others is asked about alone
                missing.append(ROWS_STEP_OF[step] if self._is_shared(candidate) and not shared else step)
        return tuple(there), tuple(missing)

    def _is_shared(self, candidate: Candidate) -> bool:
        return candidate.recipe == "batch" and (self.plan.config.judge.rows_per_request or 1) > 1

    def is_judged_with_others(self, candidate: Candidate, step: Step) -> bool:
        """Return whether a judgement on several rows was heard in which a candidate is one."""
        return step in self._together.get((candidate.index, candidate.position), {})
