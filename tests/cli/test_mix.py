"""A mix of recipes on the command line: what is wrong with it is said before anything is asked, and what it takes is estimated."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.system.files import bundled
from tests.support.command import Cli
from tests.support.mixes import write_documents
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again

WriteConfig = Callable[..., Path]
RECIPE = 'recipe = "auto"'
MIXED = "mix = { steered = 0.4, checked = 0.4, documents = 0.2 }\n"
LATER = ("plain", "exercise", "confirm", "wording", "passage", "meet", "question", "reread", "closed", "subjects")


def write(write_config: WriteConfig, generate: str, top: str = "") -> Path:
    path = write_config("auto")
    text = path.read_text(encoding="utf-8").replace(RECIPE, generate)
    path.write_text(text.replace('name = "test"', f'name = "test"\n{top}'), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("generate", "said"),
    [
        (
            "mix = { steered = -0.5, checked = 1 }",
            "selfinstruct.toml:15: [generate.mix]: must give each recipe a share",
        ),
        ("mix = { steered = 0 }", "[generate.mix]: must give each recipe a share of at least 0, and one of them more"),
        ("mix = { steered = nan }", "[generate.mix.steered]"),
        ('mix = { steered = "much" }', "[generate.mix.steered]: must be a number"),
        ("mix = { steered = 1, chekced = 1 }", "[generate.mix.chekced]: no such recipe; did you mean `checked`?"),
        ("mix = { qqq = 1 }", "no such recipe; known: batch, steered, checked, documents"),
        ('recipe = "document"', "[generate.recipe]: no such recipe; did you mean `documents`?"),
        (MIXED, "[generate] documents: is not set, and the recipe `documents` asks questions on them"),
        ('recipe = "documents"', "[generate] documents: is not set"),
        (MIXED + 'documents = "nowhere"', "nowhere: no such file or folder; correct [generate] documents"),
        (MIXED + 'documents = "english"', "english: holds no text in the language `zh` that is long enough"),
        (MIXED + 'documents = "empty"', "empty: holds no text to ask about (.txt, .md, .html"),
    ],
)
@pytest.mark.parametrize(
    "verb",
    [
        ("generate",),
        *(pytest.param(verb, marks=pytest.mark.thorough) for verb in (("estimate",), ("generate", "--dry-run"))),
    ],
    ids=" ".join,
)
def test_what_is_wrong_with_a_mix_is_said_before_anything_is_asked(
    selfinstruct: Cli,
    write_config: WriteConfig,
    server: TeacherServer,
    tmp_path: Path,
    generate: str,
    said: str,
    verb: tuple[str, ...],
) -> None:
    write_documents(tmp_path / "english")
    (tmp_path / "english" / "zh.txt").unlink()
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("Not a document of this project. " * 40, encoding="utf-8")
    write(write_config, generate)
    done = selfinstruct(*verb)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr
    assert server.requests == []
    assert not (tmp_path / "outputs" / "test" / "manifest.json").exists()


def test_a_language_without_a_target_needs_no_documents(
    selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path
) -> None:
    write_documents(tmp_path / "english")
    (tmp_path / "english" / "zh.txt").unlink()
    write(write_config, MIXED + 'documents = "english"')
    done = selfinstruct("generate", "--target", "en=2,zh=0", "-q")
    assert done.returncode == 0, done.stderr


def test_a_mix_is_estimated_and_tried_dry(
    selfinstruct: Cli, write_config: WriteConfig, server: TeacherServer, tmp_path: Path
) -> None:
    write_documents(tmp_path / "documents")
    write(write_config, MIXED + 'documents = "documents"\nconfirm = true')
    found = json.loads(selfinstruct("estimate", "--target", "en=40,zh=40", "--json").stdout)
    text = selfinstruct("estimate").stdout
    dry = selfinstruct("generate", "--dry-run")
    assert (dry.returncode, server.requests) == (0, [])
    assert found["requests"]["high"] > found["requests"]["low"] >= 80
    assert "50% to 85% of the tasks, 30% to 80% of those of checked and documents become rows" in text
    assert selfinstruct("generate", "--json", "-q").returncode == 0
    again = selfinstruct("estimate")
    assert again.returncode == 0, again.stderr


def test_a_second_look_at_answers_is_in_the_estimate(selfinstruct: Cli, write_config: WriteConfig) -> None:
    write(write_config, 'recipe = "steered"')
    plain = json.loads(selfinstruct("estimate", "--json").stdout)
    write(write_config, 'recipe = "steered"\nconfirm = true')
    looked_at = json.loads(selfinstruct("estimate", "--json").stdout)
    assert looked_at["requests"]["high"] > 1.5 * plain["requests"]["high"]
    assert looked_at["tokens"]["prompt"]["low"] > plain["tokens"]["prompt"]["low"]


def test_a_recipe_that_is_named_on_the_command_line_beats_the_mix_of_the_file(
    selfinstruct: Cli, write_config: WriteConfig
) -> None:
    write(write_config, MIXED)
    done = selfinstruct("generate", "--recipe", "checked", "--target", "en=2,zh=0", "--json")
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    assert value["asking"]["generate"]["recipe"] == "checked"
    assert set(value["recipes"]["en"]) == {"checked"}


def test_a_folder_of_prompts_without_the_new_files_is_filled_up_with_those_that_ship(
    selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path
) -> None:
    write_documents(tmp_path / "documents")
    shutil.copytree(bundled("prompts"), tmp_path / "prompts")
    for language in ("en", "zh"):
        for name in LATER:
            (tmp_path / "prompts" / language / f"{name}.txt").unlink()
    write(write_config, MIXED + 'documents = "documents"\nconfirm = true', 'prompts = "prompts"')
    done = selfinstruct("generate", "--json")
    assert done.returncode == 0, done.stderr
    assert "edited" not in done.stderr
    sources = json.loads(done.stdout)["sources"]
    assert "prompts/zh/wording.txt" in sources
    path = write(write_config, MIXED + 'documents = "documents"\nconfirm = true')  # the same prompts: the same run
    assert selfinstruct("generate", "--config", path, "--target", "en=4,zh=3").returncode == 0


def test_an_edited_new_prompt_is_read_and_a_broken_one_named(
    selfinstruct: Cli, write_config: WriteConfig, server: TeacherServer, tmp_path: Path
) -> None:
    shutil.copytree(bundled("prompts"), tmp_path / "prompts")
    edited = tmp_path / "prompts" / "en" / "meet.txt"
    write(write_config, 'recipe = "checked"', 'prompts = "prompts"')
    edited.write_text(edited.read_text(encoding="utf-8").replace("$instruction", "Hey! $instruction"), encoding="utf-8")
    done = selfinstruct("generate", "--target", "en=4,zh=0", "-q")
    assert done.returncode == 0, done.stderr
    assert any("Hey!" in body["messages"][-1]["content"] for body in server.requests)
    edited.write_text("version: 1\n[system]\nx\n[user]\nno placeholder\n", encoding="utf-8")
    done = selfinstruct("generate", "--target", "en=4,zh=0", "--run", "other")
    assert (done.returncode, "meet.txt:4: [user]: lacks the placeholder $instruction" in done.stderr) == (2, True)
