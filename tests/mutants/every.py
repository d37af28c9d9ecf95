"""All mutants."""

from tests.mutants import batch_api, journal, pace, run, teacher, uncertain

MUTANTS = journal.MUTANTS + teacher.MUTANTS + uncertain.MUTANTS + pace.MUTANTS + run.MUTANTS + batch_api.MUTANTS
