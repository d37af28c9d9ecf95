"""What the judge is asked, and how its scores are read."""

import pytest

from selfinstruct.bootstrap.judge import agreement, compose_judge, criteria_of, read_judgement, verdict_of
from selfinstruct.cli.status import _agreement
from selfinstruct.errors import PromptError
from selfinstruct.prompts import parse_prompts
from selfinstruct.records import Candidate, Judgement, LanguageCode, Reply
from selfinstruct.system.files import bundled, read_folder
from tests.support.rubrics import EN, ZH, plan_of
from tests.support.runs import MakeConfig


@pytest.mark.parametrize(
    ("names", "text", "scores", "strict"),
    [
        (EN, '{"followed": 5, "correct": 4, "clear": 3}', (5, 4, 3), True),
        (ZH, '{"切题": 5, "正确": 4, "通顺": 3}', (5, 4, 3), True),
        (EN, 'Here you go:\n```json\n{"clear": 3, "correct": 4, "followed": 5}\n```', (5, 4, 3), False),
        (ZH, "评分如下：\n```json\n{“切题”：5}\n```\n切题：5分\n正确：４\n通顺：3/5", (5, 4, 3), False),
        (EN, '{"followed": "5/5", "correct": 4.0, "clear": "3"}', (5, 4, 3), False),
        (EN, "**Followed**: 5\n- correct: 4\n- Clear = 3", (5, 4, 3), False),
        (
            EN,
            '<think>{"followed": 1, "correct": 1, "clear": 1}</think>{"followed": 5, "correct": 4, "clear": 3}',
            (5, 4, 3),
            True,
        ),
        (
            EN,
            '{"followed": 1, "correct": 1, "clear": 1} no: {"followed": 5, "correct": 4, "clear": 3}',
            (5, 4, 3),
            False,
        ),
        (EN, '{"followed": 5, "correct": 4, "clear": 3, "why": "fine"}', (5, 4, 3), False),
        (EN, '{"followed": 5, "correct": 4}', (), False),
        (EN, '{"followed": 6, "correct": 4, "clear": 3}', (), False),
        (EN, '{"followed": 0, "correct": 4, "clear": 3}', (), False),
        (EN, '{"followed": true, "correct": 4, "clear": 3}', (), False),
        (EN, "followed: 4.5\ncorrect: 4\nclear: 3", (), False),
        (EN, "followed: 10\ncorrect: 4\nclear: 3", (), False),
        (EN, "followed: 2\nfollowed: 5\ncorrect: 4\nclear: 3", (), False),
        (EN, "A fine row.", (), False),
        (ZH, "这条写得不错。", (), False),
        (EN, "", (), False),
    ],
)
def test_scores_are_read_strictly_first_and_tolerantly_then(
    names: tuple[str, ...], text: str, scores: tuple[int, ...], strict: bool
) -> None:
    found = read_judgement(Reply(text=text, finish_reason="stop"), names)
    assert (tuple(found.scores.get(name) for name in names) if scores else found.scores) == (scores or {})
    assert found.strict == strict


def test_a_faulty_reply_is_no_score() -> None:
    assert (
        read_judgement(Reply(text='{"followed": 5, "correct": 5, "clear": 5}', fault="content_filtered"), EN)
        == Judgement()
    )


@pytest.mark.parametrize(("language", "names"), [("en", EN), ("zh", ZH)])
def test_the_second_order_turns_the_criteria_round_and_nothing_else(
    make_config: MakeConfig, language: LanguageCode, names: tuple[str, ...]
) -> None:
    plan = plan_of(make_config, language)
    candidate = Candidate(language=language, index=3, position=1, instruction="问 Q?", input="", output="答 A.")
    first, second = (compose_judge(plan, candidate, step) for step in plan.config.judge_steps)
    assert tuple(criteria_of(plan)) == names
    assert [first.slot, second.slot] == [f"{language}/3.1/judge.1", f"{language}/3.1/judge.2"]
    for request, order in ((first, names), (second, names[::-1])):
        text = request.messages[-1].content
        places = [text.index(f"- {name}") for name in order]
        assert places == sorted(places)
        assert text.endswith("{" + ", ".join(f'"{name}": 1-5' for name in order) + "}")
        assert all(part in text for part in ("问 Q?", "答 A.", "<noinput>" if language == "en" else "<无输入>"))
    assert sorted(first.messages[-1].content) == sorted(second.messages[-1].content)
    assert first.sampling.seed != second.sampling.seed


def test_the_mean_of_what_can_be_read_decides() -> None:
    def judgement(*scores: int) -> Judgement:
        return Judgement(scores=dict(zip(EN, scores, strict=True)) if scores else {})

    assert verdict_of([judgement(3, 4, 5), judgement(3, 3, 3)], 3.5)[0] == ""
    assert verdict_of([judgement(3, 4, 5), judgement(3, 3, 2)], 3.5) == (
        "judged_low",
        "mean 3.33 of 4.00, 2.67, least 3.5",
    )
    assert verdict_of([judgement(), judgement(4, 4, 4)], 3.5)[0] == ""
    assert verdict_of([judgement(), judgement()], 3.5)[0] == "unjudged"
    figures = agreement(
        [(judgement(4, 4, 4), judgement(3, 3, 3)), (judgement(5, 5, 5), judgement(5, 5, 5)), (judgement(),)], 3.5
    )
    assert figures | {"mean": 4.25, "strict": 0} == {
        "rows": 3, "judgements": 5, "unreadable": 1, "strict": 0, "mean": 4.25, "pairs": 2, "same_verdict": 0.5, "same_score": 0.5,
        "mean_difference": 0.5, "least": 3, "most": 5,
    }  # fmt: skip
    assert agreement([], 3.5)["same_verdict"] is None


def test_a_judge_that_gives_everybody_the_same_score_is_called_that() -> None:
    constant, other = (Judgement(scores=dict.fromkeys(EN, score)) for score in (3, 4))
    assert "all the same: this judge does not tell rows apart" in _agreement(agreement([(constant, constant)] * 5, 3.5))
    assert "all the same" not in _agreement(agreement([(constant, constant)] * 4 + [(constant, other)], 3.5))
    assert "all the same" not in _agreement(agreement([(constant, constant)] * 4, 3.5))


def test_a_rubric_of_ones_own_is_read_and_a_broken_one_refused_by_line() -> None:
    files = read_folder(bundled("prompts") / "zh")
    own = files | {"judge.txt": files["judge.txt"].replace("通顺：", "有据：")}
    prompts = parse_prompts("zh", own, "mine", judge=True)
    assert prompts.judge is not None
    assert "有据：" in prompts.judge.parts["criteria"]
    broken = files | {"judge.txt": files["judge.txt"].replace("通顺：", "通顺 ")}
    with pytest.raises(PromptError, match=r"judge\.txt: \[criteria\] line"):
        parse_prompts("zh", broken, "mine", judge=True)
    without = {name: text for name, text in files.items() if name != "judge.txt"}
    with pytest.raises(PromptError, match=r"judge\.txt: no such prompt file"):
        parse_prompts("zh", without, "mine", judge=True)
    assert parse_prompts("zh", without, "mine").judge is None
