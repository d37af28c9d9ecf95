"""Durations as people read them."""


def minutes(seconds: float) -> str:
    """Return a duration as 3:07 or 2:05:00."""
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
