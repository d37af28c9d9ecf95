"""Which recipe each request follows, so that the rows come in the shares of the mix; and what a request may know of the run.

Request i is decided by what stood after request i - window, like its prompt: the same whatever the concurrency, and whatever the target.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from selfinstruct.records import FIRST_STEPS, Recipe, Request, Task
from selfinstruct.requests import Plan, Visible

_LEARNT_AFTER: Final = 4
"""Settled requests after which the yield so far, instead of the best case, says how many more are needed."""
_LIKELY: Final = 0.6
"""Share of tasks asked for that become rows, before anything is known."""
_TRIED: Final = 30
"""Requests of a recipe before it can step back."""
_LEAST_YIELD: Final = 0.03
_AGAIN: Final = 20
"""One request in so many tries such a recipe all the same, in case the yield was bad luck."""


class Schedule:
    """The recipes of one language's requests, in order."""

    def __init__(self, plan: Plan) -> None:
        """Start with nothing asked."""
        self._shares = plan.config.recipes
        self._window = plan.config.generate.window
        self._part = plan.config.part
        self._per_request = {
            recipe: plan.config.generate.tasks_per_request if recipe == "batch" else 1 for recipe in self._shares
        }
        self._settled: list[tuple[Recipe, str, int]] = []
        """(recipe, kind of provable task, rows) of every settled request."""
        self._recipes: list[Recipe] = []
        self._seen = 0
        """Number of settled requests that the tallies hold."""
        self._asked, self._rows, self._numbers = Counter[Recipe](), Counter[Recipe](), Counter[Recipe]()
        self._yields: dict[str, tuple[int, int]] = {}
        self._visible: dict[int, Visible] = {}

    def settle(self, request: Request | None, rows: int) -> None:
        """Note how many rows the next request in order brought."""
        recipe = FIRST_STEPS[request.step] if request else next(iter(self._shares))
        kind = request.drawn.kind if request and request.drawn else ""
        self._visible.pop(len(self._settled), None)
        self._settled.append((recipe, kind, rows))

    def needed(self, missing: int, settled: int, rows: int) -> int:
        """Return how many requests are likely to be needed for the rows that are missing, at the yield so far; at most the window."""
        yields: float = max(self._per_request.values())
        if settled >= _LEARNT_AFTER:
            yields = min(yields, max(rows / settled, 1 / _LEARNT_AFTER))
        return min(self._window, math.ceil(missing / yields))

    def recipe_of(self, index: int) -> Recipe:
        """Return the recipe of a request."""
        while len(self._recipes) <= index:
            self._decide(len(self._recipes))
        return self._recipes[index]

    def visible(self, index: int, rows: Sequence[Task]) -> Visible:
        """Return what a request that is not settled may know of the run; `rows` are those that stood."""
        self.recipe_of(index)
        return self._visible[index]._replace(rows=rows)

    def _decide(self, index: int) -> None:
        self._look_back(index - self._window)
        shares = self._able(index)
        credit = {recipe: self._expected(recipe, index) for recipe in shares}
        wanted = (sum(credit.values()) + 1) / sum(shares.values())
        recipe = max(shares, key=lambda one: shares[one] * wanted - credit[one])
        self._visible[index] = Visible(number=self._part.index_at(self._numbers[recipe]), yields=self._yields)
        self._numbers[recipe] += 1
        self._recipes.append(recipe)

    def _able(self, index: int) -> dict[Recipe, float]:
        """Return the shares without recipes that hardly ever bring a row: what they lack would take every request of the run."""
        able = {
            recipe: share
            for recipe, share in self._shares.items()
            if self._asked[recipe] < _TRIED or self._rows[recipe] / self._asked[recipe] >= _LEAST_YIELD
        }
        return able if able and index % _AGAIN else self._shares

    def _look_back(self, until: int) -> None:
        """Take the settled requests before `until` into the tallies."""
        for recipe, kind, rows in self._settled[self._seen : max(until, 0)]:
            self._asked[recipe] += 1
            self._rows[recipe] += rows
            if kind:
                asked, kept = self._yields.get(kind, (0, 0))
                self._yields = {**self._yields, kind: (asked + 1, kept + rows)}
            self._seen += 1

    def _expected(self, recipe: Recipe, index: int) -> float:
        """Return the rows of a recipe that stand, and those to be expected of what was asked since."""
        asked, rows = self._asked[recipe], self._rows[recipe]
        yields = (rows + _LIKELY * self._per_request[recipe]) / (asked + 1)
        return rows + yields * (self._numbers[recipe] - asked) if index else 0.0
