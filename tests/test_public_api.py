"""What `import selfinstruct` offers: the list, what it costs, and that the command line goes through it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import selfinstruct
from selfinstruct.cli import VERBS

ROOT = Path(__file__).parent.parent


def test_the_public_names_are_sorted_and_every_one_is_there() -> None:
    assert selfinstruct.__all__ == sorted(selfinstruct.__all__)
    assert [name for name in selfinstruct.__all__ if getattr(selfinstruct, name, None) is None] == []
    assert dir(selfinstruct) == selfinstruct.__all__


def test_every_public_name_has_a_docstring() -> None:
    names = [name for name in selfinstruct.__all__ if name != "__version__"]
    assert [name for name in names if not getattr(selfinstruct, name).__doc__] == []


def test_no_public_name_is_that_of_a_room() -> None:
    """Importing a room sets its name on the package, over a function of the same name."""
    rooms = {path.stem for path in (ROOT / "selfinstruct").iterdir() if path.stem != "__init__"}
    assert rooms & set(selfinstruct.__all__) == set()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'opn_run'"):
        _ = selfinstruct.opn_run


def test_importing_the_package_loads_no_library() -> None:
    code = "import sys; before = set(sys.modules); import selfinstruct; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & {"pydantic", "numpy", "pandas", "openai", "torch", "click", "numba", "rich", "matplotlib"} == set()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "git"])
def test_a_verb_of_the_command_line_calls_the_library(verb: str) -> None:
    tree = ast.parse((ROOT / "selfinstruct" / "cli" / f"{verb}.py").read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert any(module.startswith("selfinstruct.api") or module == "selfinstruct.cli.options" for module in imported)
    logic = ("selfinstruct.runs.inputs", "selfinstruct.journal", "selfinstruct.dataset.io", "selfinstruct.bootstrap")
    assert [module for module in imported if module.startswith(logic)] == []


def test_every_room_says_what_it_is() -> None:
    rooms = list((ROOT / "selfinstruct").rglob("__init__.py"))
    assert [str(path) for path in rooms if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_no_test_imports_another() -> None:
    found = [
        f"{path}: {node.module}"
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and ".test_" in (node.module or "") + "."
    ]
    assert found == []
