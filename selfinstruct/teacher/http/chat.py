"""The JSON body of a chat completion request, the same for all transports."""

from typing import Any

from selfinstruct.records import Request


def chat_fields(request: Request) -> dict[str, Any]:
    """Return the fields of the request body."""
    sampling = request.sampling
    likeliest = {"logprobs": True, "top_logprobs": sampling.top_logprobs} if sampling.top_logprobs else {}
    return {
        "model": sampling.model,
        "messages": [message.model_dump() for message in request.messages],
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": sampling.max_tokens,
        "seed": sampling.seed,
    } | likeliest
