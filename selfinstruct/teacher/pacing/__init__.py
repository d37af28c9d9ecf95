"""Rate limits, concurrency and retries of requests to a teacher."""
