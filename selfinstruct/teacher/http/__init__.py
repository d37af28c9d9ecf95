"""One HTTP exchange with an OpenAI-compatible endpoint: send a request, read the response, classify it."""
