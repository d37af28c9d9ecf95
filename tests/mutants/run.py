"""Mutants of the run."""

from tests.mutants.mutant import CAPS, PIPELINE, Mutant

MUTANTS = (
    Mutant("cap forgets earlier tokens", "runs/caps.py", "self.tokens = tokens\n", "self.tokens = 0\n", CAPS),
    Mutant("caps seen only after a send", "runs/run.py", "    changed(0)\n", "", CAPS),
    Mutant(
        "journal not heard on resumption",
        "runs/replay.py",
        "bootstraps[recorded.request.language].hear(",
        "(lambda *_: None)(",
        PIPELINE,
    ),
)
