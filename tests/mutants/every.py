"""All mutants."""

from tests.mutants import journal, pace, reasons, run, teacher, uncertain

MUTANTS = journal.MUTANTS + teacher.MUTANTS + uncertain.MUTANTS + pace.MUTANTS + run.MUTANTS + reasons.MUTANTS
