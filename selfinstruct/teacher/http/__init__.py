"""One HTTP exchange with an OpenAI-compatible endpoint: address, body sent, answer read and classified."""
