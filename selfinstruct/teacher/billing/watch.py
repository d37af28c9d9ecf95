"""Notice in replies that a provider bills more than was asked for, read less than was sent, or answers with another model."""

from collections.abc import Callable

from selfinstruct.records import Reply, Request, Usage
from selfinstruct.system.text import harmless
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.billing.tokens import likely_tokens

_EMBEDDED = "embedded"
"""What the embedded teacher calls every model."""
_LOOKED_AT = 5
"""Replies whose prompt is counted; counting takes time, and a server that cuts prompts cuts the first ones too."""
_CUT = 0.6
"""Share of the likely prompt tokens below which a prompt was cut."""
_SHORTEST = 400
"""Likely tokens below which nothing is concluded."""


class ReplyWatch:
    """Watches the replies of one run; each thing is said once."""

    def __init__(self, budget: Budget, say: Callable[[str], None]) -> None:
        """Tell `budget` and `say` what is noticed."""
        self._budget = budget
        self._say = say
        self._looked = 0
        self._told_cut = False
        self._told_model = False
        self._told_usage = False

    def observe(self, request: Request, reply: Reply, usage: Usage) -> None:
        """Take note of one reply and what it took."""
        first = self._budget.learn(request, usage)
        if "completion_tokens" in first:
            self._say(
                f"{request.sampling.model} bills {usage.completion_tokens:,} tokens of a reply that may take {request.sampling.max_tokens:,}, "
                "thoughts beside max_tokens as it seems; from now on the budget reserves as much"
            )
        if "prompt_tokens" in first:
            self._say(
                f"{request.sampling.model} bills {usage.prompt_tokens:,} tokens of a prompt that has fewer bytes or tokens, a text added on the way "
                "as it seems; from now on the budget reserves as much"
            )
        if self._looked < _LOOKED_AT:
            self._looked += 1
            self._look_for_another_model(request.sampling.model, reply.model)
            self._look_for_a_cut(request, usage)

    def unreported(self, model: str) -> None:
        """Take note of a reply that came without `usage`."""
        if not self._told_usage:
            self._told_usage = True
            self._say(
                f"{harmless(model)} answers without `usage`: tokens and cost of such replies are not known, and count at their worst case, an upper bound"
            )

    def _look_for_another_model(self, asked: str, named: str) -> None:
        """Say when the reply names a model that is not the one asked for, or a dated version of it."""
        plain, other = (name.rpartition("/")[2].lower() for name in (asked, named))
        if (
            named != _EMBEDDED
            and other
            and not other.startswith(plain)
            and not plain.startswith(other)
            and not self._told_model
        ):
            self._told_model = True
            self._say(
                f"WARNING: {asked} was asked for and {harmless(named)} answers; the provider may have renamed or replaced it"
            )

    def _look_for_a_cut(self, request: Request, usage: Usage) -> None:
        least = sum(likely_tokens(message.content, request.sampling.model)[0] for message in request.messages)
        if self._told_cut:
            return
        if usage.prompt_tokens and least >= _SHORTEST and usage.prompt_tokens < _CUT * least:
            self._told_cut = True
            self._say(
                f"WARNING: the server counts {usage.prompt_tokens:,} tokens of a prompt of at least {least:,.0f}: it cuts prompts without a word. "
                "With Ollama set OLLAMA_CONTEXT_LENGTH=16384 (or num_ctx in the Modelfile); with others, a larger context"
            )
