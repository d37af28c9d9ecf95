"""Log-probability of given text under the embedded teacher.

The engine's API has no log-probabilities of a prompt (`echo` is taken and ignored), but it states those of what it writes, before any
constraint on it. So it is made to write the text: a grammar that allows exactly its tokens, one after another. Summed over a
text, that is within 0.2 % of what the next-token probabilities after each of its beginnings say (the arithmetic of the engine's cache).
"""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import httpx2

from selfinstruct.teacher.embedded.launch import Served


async def log_likelihoods(served: Served, pairs: Sequence[tuple[str, str]], concurrency: int = 1) -> list[float | None]:
    """Return the log-probability of each (question, answer): of the answer's tokens, after the question; None where the engine cannot tell."""
    places = asyncio.Semaphore(concurrency)
    headers = {"Authorization": f"Bearer {served.key.get_secret_value()}"}
    # No timeout: a busy machine takes seconds for a token.
    async with httpx2.AsyncClient(headers=headers, timeout=None, trust_env=False) as client:

        async def one(question: str, answer: str) -> float | None:
            async with places:
                return await _likelihood(client, served.base_url, question, answer)

        return list(await asyncio.gather(*(one(*pair) for pair in pairs)))


async def _likelihood(client: httpx2.AsyncClient, base_url: str, question: str, answer: str) -> float | None:
    tokenized = await client.post(f"{base_url.removesuffix('/v1')}/tokenize", json={"content": answer})
    wanted = tokenized.json().get("tokens") if tokenized.status_code == HTTPStatus.OK else None
    if not wanted:
        return None
    body = {
        "messages": [{"role": "user", "content": question}],
        "grammar": "root ::= " + " ".join(f"<[{token}]>" for token in wanted),
        "logprobs": True,
        "top_logprobs": 1,
        "temperature": 0,
        "max_tokens": len(wanted),
    }
    reply = await client.post(f"{base_url}/chat/completions", json=body)
    # It refuses a text in which a token ends within a character, as some emoji do.
    return _summed(reply.json(), wanted) if reply.status_code == HTTPStatus.OK else None


def _summed(reply: Any, wanted: Sequence[int]) -> float | None:
    """Return the sum over all tokens; None where the reply does not have exactly these."""
    try:
        written = reply["choices"][0]["logprobs"]["content"]
        found = [one["id"] for one in written]
        total = float(sum(one["logprob"] for one in written))
    except (KeyError, TypeError, IndexError):
        return None
    return total if found == list(wanted) else None
