"""Every block and command of READMEs and docs is one that the program reads. `python -m tests.support.doc_blocks` counts them; test_doc_commands.py runs them."""

import ast
import doctest
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator

import click
import pytest

from selfinstruct.cli import cli
from selfinstruct.config import parse_config
from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.errors import ConfigError
from selfinstruct.records import Row, text_hash
from selfinstruct.system.files import read_text
from tests.support.doc_blocks import (
    NOT_RUN,
    ROOT,
    Block,
    Command,
    all_commands,
    blocks,
    named_commands,
    named_modules,
    named_options,
)

OF_OTHERS = {
    "--agent_template": "ms-swift",
    "--config_file": "accelerate",
    "--index-url": "pip",
    "--language": "benchmarks.exactness",
    "--max-model-len": "vLLM",
    "--ours": "git checkout",
    "--reasoning-parser": "vLLM",
    "--remove-section": "git config",
}
"""Options that sentences name and that are no verb's -> whose they are."""
KINDS = {"sh", "toml", "json", "yaml", "python", "text"}


def _own(name: str) -> list[Command]:
    return [one for one in all_commands() if one.words[0] == name]


@pytest.mark.parametrize("command", _own("selfinstruct"), ids=lambda one: f"{one.block}-{' '.join(one.words[1:3])}")
def test_a_command_is_one_that_the_command_line_reads(command: Command) -> None:
    _read(command.words[1:])


def _read(words: list[str]) -> None:
    """Parse as `selfinstruct` does; raises click.UsageError for a verb, option or operand that is none."""
    name: str | None = None
    found: click.Command = cli
    context = click.Context(found)
    while isinstance(found, click.Group):
        name, sub, words = found.resolve_command(context, words)
        assert sub
        found, context = sub, click.Context(sub, parent=context)
    found.make_context(name, list(words))


@pytest.mark.parametrize(
    "words", [["generat"], ["filter", "rows.jsonl", "--outputs", "x"], ["push"], ["scale", "--workers", "two"]]
)
def test_a_command_that_is_none_is_not_read(words: list[str]) -> None:
    with pytest.raises(click.UsageError):
        _read(words)


def test_a_target_of_make_is_one_of_the_makefile() -> None:
    targets = {word for one in _own("make") for word in one.words[1:]}
    assert targets >= {"generate", "finetune", "install"}
    subprocess.run(["make", "--dry-run", *sorted(targets)], cwd=ROOT, check=True, capture_output=True)


def test_there_is_no_command_but_those_that_are_read_or_that_a_shell_has() -> None:
    assert {one.words[0] for one in all_commands() if not one.is_shell} == {"selfinstruct", "make"}


def test_every_reason_for_not_running_a_command_has_its_commands() -> None:
    reasons = Counter(one.reason for one in all_commands() if not one.is_shell)
    assert set(reasons) - {None} == set(NOT_RUN.values())
    assert reasons[None] > 4 * sum(reasons[reason] for reason in NOT_RUN.values())


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from _options(command.get_command(click.Context(command), name) or click.Command(name))


def test_an_option_in_a_sentence_is_one_of_a_verb_or_of_a_tool_that_is_named() -> None:
    ours = {*_options(cli), "--help"}
    others = {flag for _, flag in named_options()} - ours
    assert others == set(OF_OTHERS)


def test_a_command_in_a_sentence_has_the_options_of_its_verb() -> None:
    wrong = []
    for page, (verb, *words) in named_commands():
        known = {*_options(cli.get_command(click.Context(cli), verb) or cli), "--help"}
        wrong += [
            (page, verb, flag) for flag in re.findall(r"(?<![\w-])--[a-z-]+", " ".join(words)) if flag not in known
        ]
    assert wrong == []


def test_a_module_that_is_to_be_run_is_there_and_has_the_options_named() -> None:
    found = named_modules()
    assert len(found) > 30
    for page, module, flags in found:
        path = ROOT.joinpath(*module.split("."))
        source = next(one for one in (path.with_suffix(".py"), path / "__main__.py") if one.exists())
        missing = [flag for flag in flags if f'"{flag}"' not in read_text(source)]
        assert missing == [], (page, module)


_TEACHER = '[teacher]\nkind = "openai"\nbase_url = "https://example.org/v1"\nmodel = "a"\napi_key_env = "KEY"\n'
"""Of the project that a block which says more of its teacher is added to."""


def _settings(block: Block) -> Iterator[str]:
    """Yield a block as it stands, and once more with each setting that it has as a comment."""
    text = block.text if "kind = " in block.text else block.text.replace("[teacher]\n", _TEACHER)
    yield text
    for line in re.findall(r"^# [a-z_]+ = .*$", text, re.MULTILINE):
        name = re.escape(line.split()[1])
        yield re.sub(rf"^{name} = .*$", "", text, flags=re.MULTILINE).replace(line, line.removeprefix("# "))


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_a_block_of_toml_is_a_configuration_with_what_it_has_as_comments_too(block: Block) -> None:
    for text in _settings(block):
        parse_config(text, str(block))


def test_a_block_with_a_key_that_is_none_is_no_configuration() -> None:
    block = Block("page.md", 1, "toml", '[judge]\nleast = 3.5\n# mode = "x"\n')
    with pytest.raises(ConfigError, match="mode"):
        [parse_config(text, str(block)) for text in _settings(block)]


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_a_block_of_json_is_a_row_a_part_of_one_a_question_or_a_decision(block: Block) -> None:
    shown = json.loads(block.text)
    if "decision" in shown:
        assert Decision.model_validate(shown).before == text_hash(
            *(shown["read"][name] for name in ("instruction", "input", "output"))
        )
    elif "id" in shown:
        assert Row.model_validate(shown).id == shown["id"]
    else:
        assert set(shown) <= {"instruction", "kind", "checks", "source"}


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_a_block_of_yaml_is_yaml(block: Block) -> None:
    yaml = pytest.importorskip("yaml")
    assert isinstance(yaml.safe_load(block.text), dict)


_SLOW = {"docs/api.md"}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[pytest.mark.thorough] * (page in _SLOW))
        for page in sorted({one.page for one in blocks("python") if ">>>" in one.text})
    ],
)
def test_the_examples_of_a_page_are_true(page: str) -> None:
    text = re.sub(r"^```\w*$", "", read_text(ROOT / page), flags=re.MULTILINE)
    found = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    done = doctest.DocTestRunner().run(found)
    assert (done.failed, done.attempted > 0) == (0, True)


def test_the_signatures_of_the_library_are_python() -> None:
    found = [one.text for one in blocks("python") if one.page == "docs/api.md" and ">>>" not in one.text]
    assert len(found) > 20
    for text in found:
        for line in text.splitlines():
            ast.parse(
                f"async def f{line[line.index('(') :]}: ..." if line.startswith(("si.", "run.", "async ")) else line
            )


def test_every_fenced_block_says_what_it_is() -> None:
    assert {one.kind for one in blocks()} == KINDS
