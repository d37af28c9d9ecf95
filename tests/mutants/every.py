"""All mutants."""

from tests.mutants import (
    batch_api,
    by_hand,
    derived,
    dialects,
    finetune,
    given,
    journal,
    kept,
    pace,
    reasons,
    review,
    run,
    teacher,
    text,
    uncertain,
)

MUTANTS = (
    journal.MUTANTS
    + teacher.MUTANTS
    + uncertain.MUTANTS
    + batch_api.MUTANTS
    + pace.MUTANTS
    + run.MUTANTS
    + given.MUTANTS
    + reasons.MUTANTS
    + finetune.MUTANTS
    + dialects.MUTANTS
    + text.MUTANTS
    + by_hand.MUTANTS
    + kept.MUTANTS
    + derived.MUTANTS
    + review.MUTANTS
)
