"""Contamination: whether a task, its material or its answer is in an evaluation set.

Three checks, in this order: the question has the same tokens (`exact`); its ROUGE-L to an evaluation question is above
the filter's threshold (`near`); or shared runs of tokens cover more than half of an evaluation question, input or
answer (`overlap`). A run is 8 to 13 tokens, the bounds of GPT-3's contamination check (Brown et al. 2020, appendix C);
a single shared run, as there, would reject every row with a stock phrase, so more than half has to be covered, as in
Tülu 3 (Lambert et al. 2024, section 3.2: 8-grams, half of the tokens). Translations and paraphrases are not found. This
module reads no files.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from selfinstruct.records import Candidate, ContaminationMatch, LanguageCode
from selfinstruct.rouge import Index, tokens

RULE = "in_evaluation_set"
SHORTEST = 8
"""Minimum tokens for the overlap check; shorter texts are compared as questions only."""
RUN: dict[LanguageCode, int] = {"en": 8, "zh": 13}
"""Tokens of a shared run: eight English words or thirteen Chinese characters; a shorter text counts as a whole."""
MOST_COVERED = 0.5


class EvaluationExample(NamedTuple):
    """One evaluation example, with its file and line."""

    file: str
    line: int
    language: LanguageCode
    instruction: str
    input: str
    output: str


class _Passage(NamedTuple):
    """One text of an example."""

    example: EvaluationExample
    field: str
    text: str
    tokens: list[str]

    @property
    def run(self) -> int:
        return max(SHORTEST, min(RUN[self.example.language], len(self.tokens)))


class EvaluationSets:
    """The evaluation examples that no row may repeat; without examples it finds nothing."""

    def __init__(self, examples: Iterable[EvaluationExample] = ()) -> None:
        """Index the examples, in order."""
        self._questions: list[_Passage] = []
        self._index = Index()
        self._passages: list[_Passage] = []
        self._places: dict[int, dict[int, list[int]]] = {}
        """{run length: {hash of a run: positions of passages that may contain it}}."""
        for example in examples:
            for passage in _passages(example):
                self._add(passage)

    def __len__(self) -> int:
        return len({passage.example for passage in self._questions})

    def find(self, candidate: Candidate, threshold: float) -> ContaminationMatch | None:
        """Return the example that a candidate repeats, or None; `threshold` is the highest ROUGE-L kept.

        Only the candidate's filled fields are compared; of a conversation every question with its answer.
        """
        if not self._questions:
            return None
        question = tokens(candidate.instruction) + tokens(candidate.input)
        said = [
            (question, tokens(candidate.output)),
            *((tokens(asked), tokens(told)) for asked, told in candidate.history),
        ]
        return next(
            (match for texts in said if (match := self._near(texts[0], threshold) or self._overlap(*texts))), None
        )

    def _add(self, passage: _Passage) -> None:
        if passage.field != "output":
            self._questions.append(passage)
            self._index.add(passage.tokens)
        if len(passage.tokens) < SHORTEST:
            return
        places = self._places.setdefault(passage.run, {})
        for gram in set(_grams(passage.tokens, passage.run)):
            places.setdefault(hash(gram), []).append(len(self._passages))
        self._passages.append(passage)

    def _near(self, question: Sequence[str], threshold: float) -> ContaminationMatch | None:
        found = self._index.nearest(question)
        if not question or found is None or (found[1] <= threshold and found[1] < 1):
            return None
        return _match(self._questions[found[0]], "exact" if found[1] == 1 else "near", found[1])

    def _overlap(self, *texts: Sequence[str]) -> ContaminationMatch | None:
        """Return the passage with the largest covered share, the first of equals; hashes only preselect."""
        best, most = None, MOST_COVERED
        for run, places in sorted(self._places.items()):
            grams = {gram for text in texts for gram in _grams(text, run)}
            for position in sorted({place for gram in grams for place in places.get(hash(gram), ())}):
                share = _covered(self._passages[position].tokens, grams, run)
                if share > most or (share == most and best is not None and position < best):
                    best, most = position, share
        return None if best is None else _match(self._passages[best], "overlap", most)


def where(match: ContaminationMatch) -> str:
    """Return a description of a match."""
    return f"{match.how} {match.score:.3f} to the {match.field} of {match.place}"


def _passages(example: EvaluationExample) -> Iterator[_Passage]:
    """Yield the texts of an example; its input counts as a question too, as in many sets."""
    given = tokens(example.input)
    whole = f"{example.instruction}\n\n{example.input}" if given else example.instruction
    texts = (
        ("question", whole, tokens(example.instruction) + given),
        ("input", example.input, given),
        ("output", example.output, tokens(example.output)),
    )
    yield from (_Passage(example, *text) for text in texts if text[2])


def _grams(text: Sequence[str], run: int) -> Iterator[tuple[str, ...]]:
    return (tuple(text[start : start + run]) for start in range(len(text) - run + 1))


def _covered(text: Sequence[str], grams: set[tuple[str, ...]], run: int) -> float:
    """Return the share of tokens in shared runs, 0 to 1."""
    end = covered = 0
    for start, gram in enumerate(_grams(text, run)):
        if gram in grams:
            covered += start + run - max(start, end)
            end = start + run
    return covered / len(text)


def _match(passage: _Passage, how: str, score: float) -> ContaminationMatch:
    return ContaminationMatch.model_validate(
        {
            "file": passage.example.file,
            "line": passage.example.line,
            "field": passage.field,
            "how": how,
            "score": score,
            "text": passage.text,
        }
    )
