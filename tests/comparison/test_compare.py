"""A comparison from its sides to its files: what each odd side or judge does to it, and that it goes on where it stopped."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.comparison.questions import shipped_questions
from selfinstruct.config import Config
from selfinstruct.journal import Journal
from tests.support import judges
from tests.support.right_answers import RIGHT_ANSWERS
from tests.support.teacher_server import Fault, TeacherServer


def quiet(_: str) -> None:
    pass


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """Return a file with four questions in English, two of them with a check."""
    rows: list[dict[str, Any]] = [
        {"id": "q1", "kind": "writing", "instruction": "Write a line about rain."},
        {"id": "q2", "kind": "writing", "instruction": "Write a line about snow."},
        {
            "id": "q3",
            "kind": "sums",
            "instruction": "What is 3 + 4?",
            "checks": [{"kind": "number", "arguments": {"value": "7"}}],
        },
        {
            "id": "q4",
            "kind": "sums",
            "instruction": "What is 3 + 5?",
            "checks": [{"kind": "number", "arguments": {"value": "8"}}],
        },
    ]
    return written(tmp_path / "questions.jsonl", rows)


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def answers(path: Path, **texts: str) -> Path:
    return written(path, [{"id": name, "answer": text} for name, text in texts.items()])


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Return two files of answers: A has a better line, B a right sum."""
    a = answers(tmp_path / "a.jsonl", q1="A better line.", q2="A line.", q3="6", q4="8")
    return a, answers(tmp_path / "b.jsonl", q1="A line of rain.", q2="A line.", q3="7", q4="It is 8.")


def test_checks_decide_without_a_judge_and_the_counts_add_up(
    asked: Path, sides: tuple[Path, Path], tmp_path: Path
) -> None:
    found = si.compare(*sides, questions=asked, judge="none", output=tmp_path / "out", say=quiet)
    document = found.document()
    assert {one.id: (one.by, one.outcome) for one in found.decisions} == {
        "q1": ("unjudged", ""),
        "q2": ("identical", "tie"),
        "q3": ("check", "B"),
        "q4": ("check", "tie"),
    }
    assert document["questions"] == sum(document["wins"].values()) + document["undecided"] == 4
    assert document["certificate"] is None
    assert document["unreadable"] == 0.0
    assert json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8")) == found.document(whole=True)


def test_identical_sides_are_said_to_be(asked: Path, sides: tuple[Path, Path], tmp_path: Path) -> None:
    found = si.compare(sides[0], sides[0], questions=asked, judge="none", output=tmp_path / "out", say=quiet)
    assert found.winner == "tie"
    assert "The sides are identical: every answer is the same." in found.remarks


def test_a_missing_answer_loses_and_is_said(asked: Path, sides: tuple[Path, Path], tmp_path: Path) -> None:
    few = answers(tmp_path / "few.jsonl", q1="A line.", q2="", q3="7")
    found = si.compare(sides[0], few, questions=asked, judge="none", output=tmp_path / "out", say=quiet)
    assert {one.id: (one.by, one.outcome) for one in found.decisions if one.id in {"q2", "q4"}} == {
        "q2": ("missing", "A"),
        "q4": ("missing", "A"),
    }
    assert "B has no answer to 2 questions, and loses those that the other side answers." in found.remarks
    assert found.sides[1].missing_by == {"missing": 2}


def test_a_question_that_neither_side_answers_is_in_no_rate(asked: Path, tmp_path: Path) -> None:
    a = answers(tmp_path / "a.jsonl", q1="A line.", q2="A line.", q4="8")
    b = answers(tmp_path / "b.jsonl", q1="A line.", q2="", q4="9")
    found = si.compare(a, b, questions=asked, judge="none", output=tmp_path / "out", say=quiet)
    document = found.document()
    assert (found.decisions[2].by, found.decisions[2].outcome) == ("unanswered", "")
    assert (found.total.questions, found.total.win_rate) == (3, 0.8333)
    assert (document["unanswered"], document["undecided"], document["wins"]) == (1, 1, {"A": 2, "B": 0, "tie": 1})
    assert found.kinds["sums"].questions == 1
    assert "1 question that neither side answers: in no rate." in found.remarks


def test_sides_that_answer_nothing_of_a_kind_have_no_rate_of_it(asked: Path, tmp_path: Path) -> None:
    few = answers(tmp_path / "few.jsonl", q1="A line.", q2="A line.")
    found = si.compare(few, few, questions=asked, judge="none", output=tmp_path / "out", say=quiet)
    assert found.kinds["sums"].model_dump() == {
        "questions": 0, "a": 0, "b": 0, "tie": 0, "win_rate": None, "interval": None
    }  # fmt: skip


def test_answers_are_found_by_the_text_of_the_question_too(
    asked: Path, sides: tuple[Path, Path], tmp_path: Path
) -> None:
    rows = [{"instruction": "What is 3 +  4?", "output": "7"}, {"question": "What is 3 + 5?", "answer": "9"}]
    found = si.compare(
        sides[0],
        written(tmp_path / "rows.jsonl", rows),
        questions=asked,
        judge="none",
        output=tmp_path / "out",
        say=quiet,
    )
    assert [one.b for one in found.decisions] == [None, None, "7", "9"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": "other", "answer": "x"}], "answers none of the 4 questions"),
        ([{"id": "q1", "answer": "x"}, {"id": "q1", "answer": "y"}], r"rows.jsonl:2: another answer"),
        ([{"id": "q1", "answer": 3}], r"rows.jsonl:1: field 'answer'"),
        ([{"id": "q1", "回答": "x"}], r"rows.jsonl:1: has no answer, but `id`, `回答`; put it under `answer`"),
        ([{"id": name, "answer": None} for name in ("q1", "q2", "q3", "q4")], "answers none of the 4 questions"),
        (
            [{"id": "q1", "answer": "x"}, {"id": "q0", "answer": "x"}],
            r"1 line answers none of the questions \(the first: .*rows.jsonl:2\), and 3 of 4 questions have no answer",
        ),
        ([{"id": "q1", "instruction": "What is 3 + 4?", "answer": "x"}], "`q1` is that of another question"),
    ],
)
def test_a_file_of_answers_that_cannot_be_used_says_where(
    asked: Path, sides: tuple[Path, Path], tmp_path: Path, rows: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(si.InputError, match=message):
        si.compare(
            sides[0],
            written(tmp_path / "rows.jsonl", rows),
            questions=asked,
            judge="none",
            output=tmp_path / "out",
            say=quiet,
        )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"instruction": 3}, r"q.jsonl:1: field 'instruction'|q.jsonl:1"),
        (
            {"instruction": "?", "checks": [{"kind": "nmber"}]},
            r"q.jsonl:1: field 'checks': the kind `nmber` is not known",
        ),
        (
            {"instruction": "?", "checks": [{"kind": "number", "arguments": {"valeu": "36"}}]},
            "the check `number`: lacks `value` of `value`",
        ),
        (
            {"instruction": "?", "checks": [{"kind": "lines", "arguments": {"lines": ["a"], "any_oder": True}}]},
            "the check `lines`: `any_oder` is none of its arguments: `lines`",
        ),
        (
            {"instruction": "?", "checks": [{"kind": "words_at_most", "arguments": {"mots": 3}}]},
            "the check `words_at_most`: its arguments are not those of",
        ),
    ],
)
def test_a_question_that_cannot_be_used_says_where(
    sides: tuple[Path, Path], tmp_path: Path, row: dict[str, Any], message: str
) -> None:
    with pytest.raises(si.InputError, match=message):
        si.compare(*sides, questions=written(tmp_path / "q.jsonl", [row]), judge="none", say=quiet)


@pytest.mark.parametrize(
    ("operand", "message"),
    [
        ("nowhere", "no such file or folder, and nothing else that can be compared"),
        ("https://api.example.com/v1", "names no model"),
        ("http://api.example.com/v1#m", "must begin with https"),
        ("https://user:secret@api.example.com/v1#m", "must not contain a user or password"),
    ],
)
def test_an_operand_that_is_none_is_refused_without_its_secret(
    sides: tuple[Path, Path], operand: str, message: str
) -> None:
    with pytest.raises(si.InputError, match=message) as raised:
        si.compare(sides[0], operand, judge="none", say=quiet)
    assert "secret" not in str(raised.value)


def test_the_judge_is_no_side_unless_it_is_named(
    asked: Path, sides: tuple[Path, Path], make_config: Callable[..., Config], tmp_path: Path
) -> None:
    with pytest.raises(si.ConfigError, match="which is one of the sides"):
        si.compare("teacher", sides[1], questions=asked, config=make_config(), output=tmp_path / "out", say=quiet)


def test_a_file_is_no_judge(asked: Path, sides: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(si.ConfigError, match="is no endpoint"):
        si.compare(*sides, questions=asked, judge=str(sides[0]), output=tmp_path / "out", say=quiet)


def test_a_folder_of_something_else_is_left_alone(asked: Path, sides: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear Ann", encoding="utf-8")
    with pytest.raises(si.ConfigError, match="holds something else than a comparison"):
        si.compare(*sides, questions=asked, judge="none", output=tmp_path / "mine", say=quiet)


def test_an_endpoint_is_asked_once_and_never_again(
    asked: Path, server: TeacherServer, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    server.script = judges.script(judges.perfect, lambda body: "7" if body["model"] == "one" else "8")
    sides = (f"{server.url}#one", f"{server.url}#two")
    options: dict[str, Any] = {
        "questions": asked,
        "judge": "none",
        "output": tmp_path / "out",
        "config": make_config(),
        "say": quiet,
    }
    first = si.compare(*sides, **options)
    assert (len(server.requests), {body["temperature"] for body in server.requests}) == (8, {0.0})
    assert [one.outcome for one in first.decisions] == ["", "", "A", "B"]
    assert si.compare(*sides, **options) == first
    assert len(server.requests) == 8


def test_a_side_that_dies_in_the_middle_is_said_and_goes_on_later(
    asked: Path, server: TeacherServer, sides: tuple[Path, Path], make_config: Callable[..., Config], tmp_path: Path
) -> None:
    server.script = lambda number, _: Fault(401, b'{"error": {"message": "key revoked"}}') if number >= 2 else None
    options: dict[str, Any] = {
        "questions": asked,
        "judge": "none",
        "config": make_config(limits__concurrency=1),
        "say": quiet,
    }
    with pytest.raises(si.TeacherRefusedError):
        si.compare(f"{server.url}#one", sides[1], output=tmp_path / "out", **options)
    stood = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert stood["decided_by"]["pending"] == 2
    assert stood["winner"] == ""
    assert any("2 questions still to be answered" in line for line in stood["remarks"])
    server.script = lambda *_: None
    found = si.compare(f"{server.url}#one", sides[1], output=tmp_path / "out", **options)
    assert "pending" not in found.decided_by
    assert len(server.requests) == 5


def test_a_budget_holds_over_all_endpoints_together(
    asked: Path, server: TeacherServer, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    config = make_config(limits__budget_usd="0.0001")
    with pytest.raises(si.CapReachedError):
        si.compare(
            "teacher",
            {"base_url": server.url, "model": "x", "price": {"input": "1.00", "output": "2.00"}},
            questions=asked,
            judge="none",
            output=tmp_path / "out",
            config=config,
            say=quiet,
        )
    assert server.requests == []


def test_the_price_of_every_endpoint_is_known_before_the_first_is_asked(
    asked: Path, server: TeacherServer, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    def compared(**more: Any) -> si.Comparison:
        config = make_config(limits__budget_usd="1")
        return si.compare(
            "teacher",
            f"{server.url}#x",
            questions=asked,
            judge="none",
            output=tmp_path / "out",
            config=config,
            say=quiet,
            **more,
        )

    with pytest.raises(si.ConfigError, match=r"the price of x at .*--price-b"):
        compared()
    assert server.requests == []
    with pytest.raises(si.ConfigError, match=r"the price 3: must be IN,OUT"):
        compared(prices={"b": "3"})
    assert compared(prices={"b": "0.15,0.60"}).sides[1].answered == 4


def test_the_budget_that_is_reached_is_the_one_that_was_given(
    asked: Path, server: TeacherServer, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    settings: dict[str, Any] = {
        "questions": asked,
        "judge": "none",
        "output": tmp_path / "out",
        "say": quiet,
        "max_answer_tokens": 8,
    }
    other = {"base_url": server.url, "model": "x", "price": {"input": "1.00", "output": "2.00"}}
    si.compare("teacher", other, config=make_config(), **settings)
    spent = [Journal(tmp_path / "out" / side / "journal", read_only=True).spent for side in ("a", "b")]
    limit = f"{(spent[1] + min(spent)) / 1_000_000:f}"  # B alone would have room for more questions, both together have none
    file = answers(tmp_path / "wind.jsonl", q5="A line about wind.")
    fifth = written(tmp_path / "more.jsonl", [{"instruction": "Write a line about wind.", "id": "q5"}])
    asking = len(server.requests)
    with pytest.raises(
        si.CapReachedError, match=rf"the budget of \${limit} is reached: \$0\.00[0-9]*[1-9][0-9]* spent"
    ):
        si.compare(file, other, config=make_config(limits__budget_usd=limit), **settings | {"questions": fifth})
    assert len(server.requests) == asking


def test_what_is_said_to_be_spent_is_what_was_spent_in_the_end(
    server: TeacherServer, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    long = {"instruction": "Write a line about " + "rain, snow, hail, " * 300 + "and sleet.", "id": "q1"}
    questions = written(tmp_path / "two.jsonl", [long, {"instruction": "Write a line about wind.", "id": "q2"}])
    file = answers(tmp_path / "a.jsonl", q1="A line.", q2="A line.")
    other = {"base_url": server.url, "model": "x", "price": {"input": "1.00", "output": "2.00"}}
    settings: dict[str, Any] = {"judge": "none", "output": tmp_path / "out", "say": quiet, "max_answer_tokens": 8}
    with pytest.raises(si.CapReachedError) as raised:
        si.compare(file, other, config=make_config(limits__budget_usd="0.002"), questions=questions, **settings)
    spent = Journal(tmp_path / "out" / "b" / "journal", read_only=True).spent
    assert len(server.requests) == 1  # the second question has room after the first had none
    assert f"is reached: ${spent / 1_000_000:f} spent" in str(raised.value)


def test_a_key_that_is_named_and_not_set_is_said(asked: Path, sides: tuple[Path, Path], server: TeacherServer) -> None:
    with pytest.raises(si.ConfigError, match="the environment variable NO_SUCH_KEY is not set"):
        si.compare(
            sides[0], f"{server.url}#x", questions=asked, judge="none", api_key_env={"b": "NO_SUCH_KEY"}, say=quiet
        )
    assert server.requests == []


def run(
    server: TeacherServer, config: Config, asked: Path, sides: tuple[Path, Path], folder: Path, **options: Any
) -> si.Comparison:
    return si.compare(
        *sides, questions=asked, judge=f"{server.url}#judge", output=folder, config=config, say=quiet, **options
    )


@pytest.mark.thorough
def test_a_judge_with_a_certificate_decides_what_checks_leave_open(
    asked: Path, server: TeacherServer, sides: tuple[Path, Path], make_config: Callable[..., Config], tmp_path: Path
) -> None:
    server.script = judges.script(judges.perfect)
    found = run(server, make_config(), asked, sides, tmp_path / "out")
    assert found.certificate is not None
    assert found.certificate.passed
    assert [(one.by, one.outcome) for one in found.decisions] == [
        ("judge", "A"),
        ("identical", "tie"),
        ("check", "B"),
        ("check", "tie"),
    ]
    assert len(server.requests) == 2 * 62 + 2
    assert [one.reason for one in found.decisions[0].readings] == ["It fits the question better."] * 2


@pytest.mark.thorough
def test_a_judge_that_always_takes_the_first_is_refused_unless_forced(
    asked: Path, server: TeacherServer, sides: tuple[Path, Path], make_config: Callable[..., Config], tmp_path: Path
) -> None:
    server.script = judges.script(judges.always_first)
    found = run(server, make_config(), asked, sides, tmp_path / "out")
    assert found.total.win_rate is None
    assert found.winner == ""
    assert found.certificate is not None
    assert not found.certificate.passed
    assert any("--force" in line for line in found.remarks)
    forced = run(server, make_config(), asked, sides, tmp_path / "out", force=True)
    assert forced.certificate is not None
    assert forced.certificate.forced
    assert forced.decisions[0].outcome == "tie"
    assert forced.inconsistent == 1
    assert len(server.requests) == 2 * 62 + 2


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("I'm sorry, but I can't assist with that.", "refusal"),
        ("Both are fine, though the second is a little better.", "prose"),
    ],
)
def test_a_judge_that_cannot_be_read_is_refused_and_every_reply_is_counted(
    text: str,
    fault: str,
    asked: Path,
    server: TeacherServer,
    sides: tuple[Path, Path],
    make_config: Callable[..., Config],
    tmp_path: Path,
) -> None:
    server.script = judges.script(lambda _: text)
    found = run(server, make_config(), asked, sides, tmp_path / "out", force=True)
    assert found.certificate is not None
    assert found.certificate.languages["en"].total.unreadable_by == {fault: 124}
    assert (found.unreadable, found.unreadable_by) == (1.0, {fault: 2})
    assert found.decisions[0].outcome == "tie"
    assert (found.decisions[0].low, found.decisions[0].high) == (0.0, 1.0)
    assert any(line.startswith("100% of the verdicts cannot be read") for line in found.remarks)


@pytest.mark.thorough
def test_stopped_anywhere_and_gone_on_it_says_the_same_byte_for_byte(
    asked: Path, server: TeacherServer, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    """The endpoint refuses after so many requests, in answers, calibration and verdicts; the next command goes on."""
    answer = judges.script(judges.right_in(0.9), lambda body: f"A line of {body['model']}.")
    config = make_config(limits__concurrency=3)
    sides = (f"{server.url}#one", f"{server.url}#two")
    options: dict[str, Any] = {"questions": asked, "judge": f"{server.url}#judge", "config": config, "say": quiet}
    server.script = answer
    whole = si.compare(*sides, output=tmp_path / "whole", **options)
    refused = Fault(401, b'{"error": {"message": "key revoked"}}')
    for stop in (3, 6, 20, 100, 131, 134):
        start = len(server.requests)
        server.script = lambda number, body, last=start + stop: refused if number >= last else answer(number, body)  # type: ignore[misc] # a script
        with pytest.raises(si.TeacherRefusedError):
            si.compare(*sides, output=tmp_path / "stopped", **options)
        server.script = answer
        assert si.compare(*sides, output=tmp_path / "stopped", **options) == whole
        for name in ("comparison.json", "comparison.html"):
            assert (tmp_path / "stopped" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
        shutil.rmtree(tmp_path / "stopped")


@pytest.mark.thorough
def test_right_answers_to_the_shipped_questions_win_by_checks_alone(tmp_path: Path) -> None:
    rows = {one.id: RIGHT_ANSWERS.get(one.id, "A line.") for one in shipped_questions()}
    right, wrong = (
        answers(tmp_path / "right.jsonl", **rows),
        answers(tmp_path / "wrong.jsonl", **dict.fromkeys(rows, "A line.")),
    )
    found = si.compare(right, wrong, judge="none", output=tmp_path / "out", say=quiet)
    assert (found.winner, found.sides[0].passed, found.sides[1].passed) == (
        "A",
        80,
        found.sides[1].checked - 80 + found.sides[1].passed,
    )
    assert {name: rate.a for name, rate in found.kinds.items() if rate.a} == {
        name: rate.a
        for name, rate in found.kinds.items()
        if name in {"classification", "code", "constraints", "extraction", "mathematics"} and rate.a
    }
    assert found.decided_by["check"] >= 64
