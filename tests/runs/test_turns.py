"""Whose turn it is: a language that brings no row does not keep another one from its own."""

import asyncio

from selfinstruct.records import Reply, Request
from selfinstruct.runs.loop import run_loop
from selfinstruct.runs.stopping import StopSignal
from tests.support.asked import request as question


class Asker:
    """Asks one request after the other; of a fruitful one each brings a row."""

    def __init__(self, name: str, target: int, most: int, turns: list[str], *, fruitful: bool) -> None:
        self.rows: list[str] = []
        self.fruitless = 0
        self.target = target
        self._name, self._most, self._turns, self._fruitful = name, most, turns, fruitful
        self._asked = 0

    @property
    def full(self) -> bool:
        return len(self.rows) >= self.target

    def ask(self) -> Request | None:
        if self.full or self._asked >= self._most:
            return None
        self._asked += 1
        self._turns.append(self._name)
        return question(self._asked)

    def hear(self, request: Request, _: Reply) -> None:
        if self._fruitful:
            self.rows.append(request.slot)
        self.fruitless = 0 if self._fruitful else self.fruitless + 1

    def take_back(self, request: Request) -> None:
        raise AssertionError(request.slot)


def test_a_language_without_a_row_lets_the_other_one_reach_its_target() -> None:
    turns: list[str] = []
    askers = {
        "zh": Asker("zh", 20, 200, turns, fruitful=False),
        "en": Asker("en", 20, 200, turns, fruitful=True),
    }

    async def answer(request: Request) -> Reply:
        return Reply(text=request.slot)

    async def go() -> None:
        await run_loop(askers, answer, lambda: 1, asyncio.Event(), StopSignal(), lambda _: None)

    asyncio.run(go())
    assert turns.count("en") == 20
    assert turns.count("zh") == 200
    assert len(turns) - turns[::-1].index("en") <= 41
