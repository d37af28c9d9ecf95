"""The run around them, broken."""

from tests.mutants.mutant import CAPS, PIPELINE, Mutant

MUTANTS = (
    Mutant("cap forgets earlier tokens", "caps.py", "self.tokens = tokens\n", "self.tokens = 0\n", CAPS),
    Mutant("caps seen only after a send", "pipeline.py", "    changed(0)\n", "", CAPS),
    Mutant(
        "journal not heard on resumption",
        "pipeline.py",
        "bootstraps[recorded.request.language].hear(",
        "(lambda *_: None)(",
        PIPELINE,
    ),
)
