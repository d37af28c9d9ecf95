"""Mutants of what is kept of a run: each takes out one thing that verdicts or files depend on."""

from tests.mutants.mutant import Mutant

_KEPT, _DEPENDENCIES, _TESTS = "runs/kept.py", "runs/dependencies.py", "tests/runs/test_kept.py"
_FEED, _ONE = "runs/replay.py", "tests/runs/explanation/test_kept.py"
MUTANTS = (
    Mutant("kept under any program", _DEPENDENCIES, '"program": program(),', '"program": "",', _TESTS),
    Mutant(
        "kept under any configuration",
        _DEPENDENCIES,
        '"config": config.model_dump(mode="json", exclude={"limits"}),',
        '"config": {},',
        _TESTS,
    ),
    Mutant("kept under any sources", _DEPENDENCIES, '"sources": dict(sources),', '"sources": {},', _TESTS),
    Mutant("kept under any journal", _DEPENDENCIES, '"journal": journal,', '"journal": {},', _TESTS),
    Mutant("kept beside other files", _KEPT, "kept.outputs == outputs_of(directory)", "bool(kept.outputs)", _TESTS),
    Mutant("a damaged cache is read", _KEPT, "hexdigest().encode() != digest", 'hexdigest() == ""', _TESTS),
    Mutant("a copied cache is read", _KEPT, ' or first.get("place") != place', "", _TESTS),
    Mutant("a cache of another layout is read", _KEPT, 'first.get("version") != _VERSION or ', "", _TESTS),
    Mutant("a cache through a link is read", _KEPT, "path.is_symlink() or path.parent.is_symlink()", "False", _TESTS),
    Mutant("flags are not written down", _KEPT, "manifest.given.get(name) != value", "False", _TESTS),
    Mutant("kept of a damaged journal", _KEPT, "journal.damaged or journal.torn", "journal.torn", _TESTS),
    Mutant("a resumed run is never replayed", _FEED, "or journal.unanswered", "", _TESTS),
    Mutant(
        "rows of the whole run stand before a candidate",
        _KEPT,
        "self.lines.count(_ACCEPTED, first, found) >= before",
        "False",
        _ONE,
    ),
)
