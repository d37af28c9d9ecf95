"""The documents say what is true now."""

import doctest
import importlib
import pkgutil
import re
from importlib.metadata import version

import pytest

from selfinstruct.cli import VERBS
from selfinstruct.system.files import PACKAGE, read_text

ROOT = PACKAGE.parent
READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_every_verb_is_in_the_readme(name: str) -> None:
    text = read_text(ROOT / name)
    missing = [
        verb
        for verb in VERBS
        if verb not in {"seeds", "teacher"} and not re.search(rf"(selfinstruct|make) {verb}\b", text)
    ]
    assert missing == []


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_in_the_readme_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read_text(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", read_text(ROOT / name))) <= targets


def test_the_changelog_begins_with_this_version() -> None:
    first = re.search(r"^## (\S+)", read_text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert first is not None
    assert first[1] == version("selfinstruct")


@pytest.mark.parametrize("name", ["README.md", "docs/filter.md"])
def test_the_examples_in_the_documents_are_true(name: str) -> None:
    found = doctest.testfile(str(ROOT / name), module_relative=False, encoding="utf-8")
    assert (found.failed, found.attempted > 0) == (0, True)


def test_the_examples_in_the_code_are_true() -> None:
    names = [module.name for module in pkgutil.walk_packages([str(PACKAGE)], "selfinstruct.")]
    light = [name for name in names if not name.startswith(("selfinstruct.training", "selfinstruct.__main__"))]
    found = [doctest.testmod(importlib.import_module(name)) for name in light]
    assert sum(one.failed for one in found) == 0
    assert sum(one.attempted for one in found) >= 3


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads(read_text(ROOT / "pyproject.toml"))["project"]
    extras = [package for extra in project["optional-dependencies"].values() for package in extra]
    text = read_text(ROOT / "docs" / "dependencies.md")
    names = [re.split(r"[<>=]", package)[0] for package in [*project["dependencies"], *extras]]
    assert [name for name in names if name not in text] == []
