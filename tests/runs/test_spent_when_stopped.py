"""What a run that stops, or asks nothing, says of the money that is spent."""

from pathlib import Path
from typing import Any

import pytest

from selfinstruct.cli.messages import in_chinese
from selfinstruct.config import Price
from selfinstruct.errors import CapReachedError, InterruptedRunError, SelfInstructError, TeacherRefusedError
from selfinstruct.runs.caps import INTERRUPTED, used_up, with_spent
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from selfinstruct.teacher import Budget
from tests.support.edited_run import Case
from tests.support.runs import MakeConfig

_PRICE = Price(input="1.00", output="2.00")


@pytest.mark.parametrize(
    ("spent", "unknown", "said", "chinese"),
    [
        (0, 0, "interrupted; run", "已中断；同一条命令再跑一遍就接着做"),
        (14582, 0, "interrupted: $0.014582 spent; run", "已中断：花了 $0.014582；同一条命令再跑一遍就接着做"),
        (
            14582,
            4000,
            "interrupted: $0.010582 spent and at most $0.004000 uncertain; run",
            "已中断：花了 $0.010582，另有最多 $0.004000 存疑；同一条命令再跑一遍就接着做",
        ),
    ],
)
def test_an_interrupt_says_what_was_spent(spent: int, unknown: int, said: str, chinese: str) -> None:
    error = with_spent(InterruptedRunError(INTERRUPTED), Budget(_PRICE, None, spent, unknown=unknown))
    assert isinstance(error, InterruptedRunError)
    assert str(error) == f"{said} the same command again to go on"
    assert in_chinese(str(error)) == chinese


def test_another_stop_says_its_own() -> None:
    error = CapReachedError("the cap of 3 minutes is reached")
    assert with_spent(error, Budget(_PRICE, None, 14582)) is error


@pytest.mark.parametrize(("spent", "is_said"), [(99, False), (100, True), (14582, True)])
def test_a_budget_that_is_used_up_is_said_where_nothing_is_asked(spent: int, is_said: bool) -> None:
    lines = [*used_up(Budget(_PRICE, "0.0001", spent))]
    assert bool(lines) == is_said
    for line in lines:
        assert line.startswith("the budget of $0.000100 is used up already: $0.")
        assert in_chinese(line).startswith("预算 $0.000100 已经用完：花了 $0.")
    assert not [*used_up(Budget(_PRICE, None, spent))]


@pytest.mark.thorough
def test_a_command_that_needs_no_request_says_that_its_budget_is_used_up(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    case = Case(make_config("batch"), tmp_path / "run")
    assert not any("is used up already" in line for line in case.said)
    case.generate(make_config("batch", limits__budget_usd="0.0001"))
    assert [line for line in case.said if line.startswith("Warning: the budget of $0.000100 is used up already: $0.0")]


@pytest.mark.thorough
def test_a_new_run_that_is_stopped_goes_on_without_fresh(make_config: MakeConfig, tmp_path: Path) -> None:
    case = Case(make_config("batch"), tmp_path / "run")
    stops = [
        (InterruptedRunError, INTERRUPTED, "；去掉 --fresh 再跑一遍就接着做"),
        (
            TeacherRefusedError,
            "http://x/v1: status 500, boom. Later, run the same command again to go on",
            "去掉 --fresh",
        ),
        (
            CapReachedError,
            "the cap of 3 candidates is reached; raise --max-candidates to go on",
            "\n再跑时请去掉 --fresh",
        ),
    ]
    for kind, text, chinese in stops:
        stop, error = StopSignal(), kind(text)

        def after_some(*watched: Any, stop: StopSignal = stop, error: SelfInstructError = error) -> None:
            if watched[-1].spent:
                stop.set(error)

        watching = Observer(lambda _: None, after_some)
        with pytest.raises(kind) as stopped:
            generate(make_config("batch", target={"en": 40}), RunDirectory(case.path), watching, stop, fresh=True)
        assert "without --fresh" in str(stopped.value)
        assert kind is not InterruptedRunError or "same command" not in str(stopped.value)
        assert chinese in in_chinese(str(stopped.value))


@pytest.mark.thorough
def test_a_run_that_is_interrupted_ends_with_what_it_cost(make_config: MakeConfig, tmp_path: Path) -> None:
    stop = StopSignal()

    def after_some(*watched: Any) -> None:
        if watched[-1].spent:
            stop.set(InterruptedRunError(INTERRUPTED))

    folder = RunDirectory(tmp_path / "run")
    with pytest.raises(InterruptedRunError, match=r"interrupted: \$0\.0\d+ spent; run the same command again to go on"):
        generate(
            make_config("batch", limits__concurrency=1, target={"en": 40}),
            folder,
            Observer(lambda _: None, after_some),
            stop,
        )
    manifest = folder.manifest()
    assert manifest is not None
    assert manifest.stop == "interrupted"
