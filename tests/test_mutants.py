"""The mutants keep up with the code: `make mutants` runs them, this only sees that each still breaks something."""

import ast
from pathlib import Path

import pytest

from tests.mutants.every import MUTANTS
from tests.mutants.mutant import Mutant

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_breaks_exactly_one_place_and_still_parses(mutant: Mutant) -> None:
    code = (ROOT / "selfinstruct" / mutant.file).read_text(encoding="utf-8")
    assert code.count(mutant.old) == 1
    ast.parse(code.replace(mutant.old, mutant.new))
    assert all((ROOT / test).is_file() for test in mutant.tests.split())


def test_no_two_mutants_have_one_name() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
