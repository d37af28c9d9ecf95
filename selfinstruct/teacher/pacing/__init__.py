"""How fast and how often to ask: rate limits, concurrency, retries."""
