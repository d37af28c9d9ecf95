"""A dataset carried into the other language, as a run: what is asked, kept, dropped and rejected, and what a second run buys."""

import json
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import CapReachedError, ConfigError, InputError
from selfinstruct.quality.translation.bound import bound
from tests.support.runs import digest
from tests.support.teacher_server import TeacherServer
from tests.support.translating import adds_up, carry, reply, rows_of, teacher_of, write, written
from tests.support.translations.labels import labelled, texts
from tests.support.translations.templates import NAMES
from tests.support.translator import into_chinese, translated

LAMP = {"instruction": "Explain how a lamp works in 3 steps.", "input": "", "output": "It has 3 parts, see `lamp()`."}
KETTLE = {"instruction": "Why does the kettle whistle?", "input": "", "output": "Steam leaves it through 2 holes."}


def test_every_row_is_counted_once_and_says_what_it_is_a_translation_of(server: TeacherServer, tmp_path: Path) -> None:
    rows = rows_of(40)
    source = write(tmp_path / "en.jsonl", rows)
    done = carry(server, source, tmp_path / "zh")
    assert adds_up(done)
    assert (done.rows, done.kept, done.dropped) == (40, 3, 3)
    assert len(server.requests) == 40 - 3 - 3
    ids = {row["source"]["translation_of"] for row in written(tmp_path / "zh")}
    assert len(ids) == done.translated + done.kept
    assert ids <= {row.id for row in load_rows(source)}


@pytest.mark.thorough
def test_a_second_run_asks_for_nothing_and_one_after_an_edit_for_that_row_alone(
    server: TeacherServer, tmp_path: Path
) -> None:
    rows = rows_of(14)
    source = write(tmp_path / "en.jsonl", rows)
    carry(server, source, tmp_path / "zh")
    asked, before = len(server.requests), digest(tmp_path / "zh")
    carry(server, source, tmp_path / "zh")
    assert (len(server.requests), digest(tmp_path / "zh")) == (asked, before)
    for number in (3, 7, 12):
        rows[number]["output"] = str(rows[number]["output"]) + " That is all."
    done = carry(server, write(source, [*reversed(rows)]), tmp_path / "zh")
    assert len(server.requests) == asked + 3
    assert adds_up(done)
    assert done.rows == 14
    manifest = si.open_run(tmp_path / "zh").manifest
    assert manifest["ledger"]["zh"]["rejected"]["source_changed"] == 3


def test_an_edit_that_is_taken_back_costs_nothing(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "en.jsonl", [LAMP, KETTLE])
    first = carry(server, source, tmp_path / "zh")
    carry(server, write(source, [LAMP | {"output": "It glows."}, KETTLE]), tmp_path / "zh")
    assert len(server.requests) == 3
    assert carry(server, write(source, [LAMP, KETTLE]), tmp_path / "zh")[1:] == first[1:]
    assert len(server.requests) == 3


@pytest.mark.thorough
def test_a_run_that_was_stopped_ends_byte_for_byte_as_one_that_was_not(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "en.jsonl", rows_of(9))
    carry(server, source, tmp_path / "whole")
    with pytest.raises(CapReachedError):
        carry(server, source, tmp_path / "stopped", limits={"concurrency": 3, "max_candidates": 4})
    carry(server, source, tmp_path / "stopped")
    assert digest(tmp_path / "stopped") == digest(tmp_path / "whole")


@pytest.mark.thorough
def test_a_run_that_was_stopped_anywhere_ends_byte_for_byte_as_one_that_was_not(
    server: TeacherServer, tmp_path: Path
) -> None:
    source = write(tmp_path / "en.jsonl", rows_of(24))
    carry(server, source, tmp_path / "whole")
    for most in (1, 7, 15):
        folder = tmp_path / f"stopped {most}"
        for candidates in range(most, 30, most):
            try:
                carry(server, source, folder, limits={"concurrency": 3, "max_candidates": candidates})
            except CapReachedError:
                continue
        carry(server, source, folder)
        assert digest(folder) == digest(tmp_path / "whole")


def test_rows_that_are_gone_leave_no_hole(server: TeacherServer, tmp_path: Path) -> None:
    rows = rows_of(30)
    source = write(tmp_path / "en.jsonl", rows)
    with pytest.raises(CapReachedError):
        carry(server, source, tmp_path / "zh", limits={"concurrency": 8, "max_candidates": 6})
    done = carry(server, write(source, rows[10:]), tmp_path / "zh")
    assert adds_up(done)
    assert done.rows == 20


def test_a_budget_holds_and_the_same_command_goes_on(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "en.jsonl", rows_of(20))
    with pytest.raises(CapReachedError):
        carry(server, source, tmp_path / "zh", limits={"budget_usd": "0.003", "concurrency": 2})
    assert 0 < len(server.requests) < 16
    assert adds_up(carry(server, source, tmp_path / "zh", limits={"concurrency": 2}))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("Sure, I can do that for you.", "malformed_translation"),
        ("[[decision]] maybe\n[[instruction]]\n灯分3步。\n[[output]]\n有3个零件，见 ⟦1⟧。", "malformed_translation"),
        ("[[instruction]]\n灯分3步。\n[[output]]\n有4个零件，见 ⟦1⟧。", "changed_numbers"),
        ("[[decision]] translate\n[[instruction]]\n灯怎么用？", "malformed_translation"),
        (
            "[[decision]] translate\n[[instruction]]\n灯分3步。\n[[output]]\n有3个零件，见 ⟦7⟧。",
            "malformed_translation",
        ),
        ("[[decision]] adapt\n[[instruction]]\n灯分3步。\n[[output]]\n有3个零件，见 ⟦1⟧。", "malformed_translation"),
        ("[[decision]] translate\n[[instruction]]\n灯分3步。\n[[output]]\n有4个零件，见 ⟦1⟧。", "changed_numbers"),
        ("[[decision]] translate\n[[instruction]]\n灯分3步。\n[[output]]\n有3个零件。", "changed_code"),
        (
            "[[decision]] translate\n[[instruction]]\nExplain how a lamp works in 3 steps.\n[[output]]\n3个零件，见 ⟦1⟧。",
            "left_untranslated",
        ),
        (
            "[[decision]] translate\n[[instruction]]\n灯分3步。\n[[output]]\n有3个零件，见 ⟦1⟧。（注：此处意译）",
            "translator_note",
        ),
        ("[[decision]] keep", "left_untranslated"),
        ("[[decision]] drop\n[[reason]] rhyme", "language_bound"),
    ],
)
def test_a_reply_that_cannot_be_used_is_rejected_by_name(
    server: TeacherServer, tmp_path: Path, said: str, rule: str
) -> None:
    reply(server, lambda _: said)
    done = carry(server, write(tmp_path / "en.jsonl", [LAMP]), tmp_path / "zh")
    counts = dict(done.rejected) | ({"language_bound": done.dropped} if done.dropped else {})
    assert counts == {rule: 1}


def test_a_teacher_that_talks_before_and_after_is_understood(server: TeacherServer, tmp_path: Path) -> None:
    said = "[[decision]] translate\n[[instruction]]\n用3步讲讲灯的原理。\n[[output]]\n它有3个零件，见 ⟦1⟧。\n[[end]]"
    reply(server, lambda _: f"Here you are:\n{said}\nI hope this helps!")
    assert carry(server, write(tmp_path / "en.jsonl", [LAMP]), tmp_path / "zh").translated == 1
    assert written(tmp_path / "zh")[0]["output"] == "它有3个零件，见 `lamp()`。"


def test_what_was_adapted_is_said_in_the_provenance(server: TeacherServer, tmp_path: Path) -> None:
    row = {
        "instruction": "How long does John walk 5 miles?",
        "input": "",
        "output": "John needs 100 minutes for 5 miles.",
    }
    said = "[[decision]] 改编\n[[adapted]]\nJohn → 小明\n5 miles → 8公里\n[[instruction]]\n小明走8公里要多久？\n[[output]]\n小明走8公里要100分钟。\n[[end]]"
    reply(server, lambda _: said)
    done = carry(server, write(tmp_path / "en.jsonl", [row]), tmp_path / "zh")
    assert (done.adapted, done.rejected) == (1, {})
    (line,) = (tmp_path / "zh" / "provenance.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["adapted"] == [["John", "小明"], ["5 miles", "8公里"]]


def test_a_conversation_with_its_system_text_is_one_request(server: TeacherServer, tmp_path: Path) -> None:
    row = LAMP | {"history": [["Do you know lamps?", "Yes, a little."]], "system": "You are a patient electrician."}
    done = carry(server, write(tmp_path / "en.jsonl", [row]), tmp_path / "zh")
    assert (done.translated, len(server.requests)) == (1, 1)
    (found,) = written(tmp_path / "zh")
    assert found["system"]
    assert len(found["history"]) == 1
    assert not any(character.isascii() and character.isalpha() for character in found["system"])


def test_rows_in_the_wanted_language_are_kept_and_what_is_near_them_is_rejected(
    server: TeacherServer, tmp_path: Path
) -> None:
    own = {"instruction": into_chinese(LAMP["instruction"]), "input": "", "output": "先接电源，再按开关。"}
    done = carry(server, write(tmp_path / "mixed.jsonl", [LAMP, KETTLE, own]), tmp_path / "zh")
    assert (done.kept, done.translated, done.rejected) == (1, 1, {"near_duplicate": 1})


def test_a_file_in_the_wanted_language_asks_nobody_and_says_so(server: TeacherServer, tmp_path: Path) -> None:
    heard: list[str] = []
    own = [{"instruction": "说说灯的原理。", "input": "", "output": "通电以后灯丝发热发光。"}]
    done = si.translate(
        write(tmp_path / "zh.jsonl", own), "zh", tmp_path / "out", say=heard.append, teacher=teacher_of(server)
    )
    assert (done.rows, done.kept, len(server.requests)) == (1, 1, 0)
    assert any("every row is in `zh` already" in line for line in heard)


def test_what_cannot_be_asked_for_is_rejected_by_name_before_anything_is_paid(
    server: TeacherServer, tmp_path: Path
) -> None:
    rows = [
        LAMP | {"output": "It glows. " * 2000},
        {"instruction": "Which is better?", "chosen": "The first one is.", "rejected": "None of them."},
        KETTLE,
        KETTLE,
    ]
    done = carry(server, write(tmp_path / "en.jsonl", rows), tmp_path / "zh")
    assert done.rejected == {"duplicate": 1, "longer_than_reply": 1, "not_translatable": 1}
    assert (done.translated, len(server.requests)) == (1, 1)


def test_a_glossary_stands_in_the_prompts_of_its_rows_and_is_checked(server: TeacherServer, tmp_path: Path) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("kettle\t热水壶\n", encoding="utf-8")
    source = write(tmp_path / "en.jsonl", [LAMP, KETTLE])
    assert carry(server, source, tmp_path / "zh", glossary=terms).rejected == {"glossary_missed": 1}
    asked = ["热水壶" in json.dumps(body, ensure_ascii=False) for body in server.requests]
    assert sorted(asked) == [False, True]
    terms.write_text("kettle\t水壶\n", encoding="utf-8")
    carry(server, source, tmp_path / "zh", glossary=terms)
    assert len(server.requests) == 3
    (told,) = _told_as_changed(tmp_path / "zh")
    assert told.startswith("the glossary has other terms for this row")
    carry(server, write(source, [LAMP, KETTLE | {"output": "It is hot."}]), tmp_path / "zh", glossary=terms)
    assert set(_told_as_changed(tmp_path / "zh")) == {"the row that was translated is not there any more"}


@pytest.mark.thorough
def test_a_way_back_is_measured_and_decides_nothing(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "en.jsonl", rows_of(20))
    plain = carry(server, source, tmp_path / "plain")
    asked = len(server.requests)
    some = carry(server, source, tmp_path / "some", back_translate=3)
    assert len(server.requests) - 2 * asked == 3
    assert some.back["measured"] == 3
    every = carry(server, source, tmp_path / "some", back_translate="all")
    assert every.back["measured"] == every.translated == plain.translated
    assert [row["id"] for row in written(tmp_path / "some")] == [row["id"] for row in written(tmp_path / "plain")]
    run = si.open_run(tmp_path / "some")
    key = next(row["id"] for row in written(tmp_path / "some") if "`x" in row["output"])
    found = run.explain(key)
    assert found.origin
    assert found.origin.back
    assert found.origin.differs
    assert "Way back" in run.report().read_text(encoding="utf-8")


def test_rows_that_were_not_measured_yet_stay_in_the_dataset(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "en.jsonl", rows_of(12))
    carry(server, source, tmp_path / "zh")
    before = digest(tmp_path / "zh")
    run = si.open_run(tmp_path / "zh", config=_with_back(tmp_path / "zh"))
    run.filter()
    assert digest(tmp_path / "zh") == before


def _with_back(folder: Path) -> Path:
    lock = folder / "config.lock.toml"
    text = lock.read_text(encoding="utf-8").replace("[generate]\n", '[generate]\nback_translate = "all"\n')
    changed = folder.parent / "back.toml"
    changed.write_text(text, encoding="utf-8")
    return changed


@pytest.mark.thorough
@pytest.mark.parametrize(("language", "to"), [("en", "zh"), ("zh", "en")])
def test_what_lives_in_its_language_is_dropped_or_adapted_with_a_teacher_that_knows(
    server: TeacherServer, tmp_path: Path, language: Any, to: str
) -> None:
    rows = labelled(language)
    must = {row["row"][0]: row for row in rows}
    source = write(tmp_path / "rows.jsonl", [texts(row) | {"language": language} for row in rows])

    def say(asked: dict[str, str]) -> str | None:
        row = must.get(asked["instruction"])
        if row and "adapted" in row:
            return _adapted(row)
        return f"[[decision]] drop\n[[reason]] {row['why']}" if row and row["must"] == "drop" else None

    reply(server, say)
    done = carry(server, source, tmp_path / "out", to, validate={"disable": ["too_short"]}, filter={"threshold": 1.0})
    assert adds_up(done)
    assert done.dropped == sum(row["must"] == "drop" for row in rows)
    assert done.kept == sum(row["must"] == "keep" for row in rows)
    assert done.adapted == sum("adapted" in row for row in rows)
    living = [row["row"][0] for row in rows if row["must"] == "drop"]
    paid = [one for one in living if any(one in str(body) for body in server.requests)]
    assert paid == [one for one in living if not bound(one, language)]
    assert len(paid) <= 0.4 * len(living)  # the others are known by code


def _adapted(row: dict[str, Any]) -> str:
    """Return the reply that adapts a labelled row."""
    changes = "\n".join(f"{before} → {after}" for before, after in row["adapted"])
    fields = "\n".join(f"[[{name}]]\n{text}" for name, text in zip(NAMES, row["to"], strict=True) if text)
    return f"[[decision]] adapt\n[[adapted]]\n{changes}\n{fields}\n[[end]]"


@pytest.mark.thorough
def test_a_language_of_a_run_is_translated_from_the_other_whatever_the_concurrency(
    server: TeacherServer, tmp_path: Path
) -> None:
    wanted: dict[str, Any] = {
        "target": {"en": 12, "zh": 12},
        "generate": {"recipe": "steered", "translate": "zh", "window": 4},
    }
    found = []
    for number in (1, 8):
        folder = tmp_path / str(number)
        run = si.open_run(
            folder, teacher=teacher_of(server), limits={"concurrency": number}, say=lambda _: None, **wanted
        )
        run.generate()
        found.append(digest(folder))
        asked = len(server.requests)
        assert digest(si.open_run(folder, say=lambda _: None).filter().path) == found[-1]
        run.generate()
        assert len(server.requests) == asked
        english = {row["id"] for row in written(folder, "en")}
        assert {row["source"]["translation_of"] for row in written(folder)} <= english
    assert found[0] == found[1]


def test_diff_says_which_translations_are_stale(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "en.jsonl", [LAMP, KETTLE])
    carry(server, source, tmp_path / "zh")
    assert not _stale(source, tmp_path / "zh")
    write(source, [LAMP | {"output": "It glows."}, KETTLE])
    assert [detail for detail in _stale(source, tmp_path / "zh") if "source changed, translation stale" in detail]
    write(source, [KETTLE])
    assert "is not there any more" in _stale(source, tmp_path / "zh")[0]


def _stale(base: Path, head: Path) -> list[str]:
    found = si.diff(base, head).findings.introduced
    return [one.detail for one in found if one.rule == "translation_stale"]


def test_an_unknown_language_and_an_empty_source_are_refused(server: TeacherServer, tmp_path: Path) -> None:
    source = write(tmp_path / "en.jsonl", [LAMP])
    with pytest.raises(ConfigError, match="is not known"):
        carry(server, source, tmp_path / "out", "fr")
    with pytest.raises(InputError):
        carry(server, write(tmp_path / "empty.jsonl", []), tmp_path / "out")
    with pytest.raises(ConfigError, match="part of the source"):
        carry(server, tmp_path, tmp_path / "out")
    bad = tmp_path / "bad.tsv"
    bad.write_text("kettle\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.tsv:1"):
        carry(server, source, tmp_path / "out", glossary=bad)
    assert not server.requests


@pytest.mark.parametrize(
    ("generate", "said"),
    [
        ({"recipe": "translate"}, "needs `parents`"),
        ({"mix": {"translate": 0.5, "batch": 0.5}, "parents": "x"}, "stands alone"),
        ({"glossary": "terms.tsv"}, "is of use to translations alone"),
        ({"translate": "zh"}, "give both languages a target"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    server: TeacherServer, tmp_path: Path, generate: dict[str, Any], said: str
) -> None:
    run = si.open_run(
        tmp_path / "run", target={"zh": 3}, teacher=teacher_of(server), generate=generate, say=lambda _: None
    )
    with pytest.raises(ConfigError, match=said):
        run.generate()


@pytest.mark.thorough
def test_many_rows_are_stopped_and_go_on_and_a_hundred_edits_buy_a_hundred(
    server: TeacherServer, tmp_path: Path
) -> None:
    rows = rows_of(500, seed=11)
    source = write(tmp_path / "en.jsonl", rows)
    limits = {"concurrency": 16}
    carry(server, source, tmp_path / "whole", limits=limits)
    for candidates in (180, 330):
        with pytest.raises(CapReachedError):
            carry(server, source, tmp_path / "stopped", limits=limits | {"max_candidates": candidates})
    done = carry(server, source, tmp_path / "stopped", limits=limits)
    assert digest(tmp_path / "stopped") == digest(tmp_path / "whole")
    assert adds_up(done)
    asked = len(server.requests)
    edited = [number for number in range(500) if number % 17 != 5 and number % 10 != 9][::4][:100]
    for number in edited:
        rows[number]["output"] = str(rows[number]["output"]) + " That is all."
    assert adds_up(carry(server, write(source, rows), tmp_path / "stopped", limits=limits))
    assert len(server.requests) - asked == 100


def test_the_scripted_translator_breaks_no_rule() -> None:
    said = translated({"instruction": "Name 3 rivers."}, into_chinese)
    assert "3" in said
    assert "rivers" not in said


def _told_as_changed(run: Path) -> list[str]:
    lines = (run / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["detail"]) for line in lines if '"source_changed"' in line]
