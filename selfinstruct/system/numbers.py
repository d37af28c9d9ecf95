"""Numbers, and names of settings, as a reader is shown them."""


def amount(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> amount(1, "row"), amount(52000, "row"), amount(2, "reply")
    ('1 row', '52,000 rows', '2 replies')
    """
    return f"{number:,} {noun if number == 1 else _several(noun)}"


def _several(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeou" else f"{noun}s"


def number_range(low: float, high: float, digits: int = 0) -> str:
    """Return `low to high`; large numbers to three digits, because more would be false precision.

    >>> number_range(7654, 13_000_000), number_range(0.5, 0.5, 2)
    ('7,650 to 13M', '0.50')
    """
    ends = [_number(end, digits) for end in (low, high)]
    return " to ".join(dict.fromkeys(ends))


def _number(value: float, digits: int) -> str:
    if value >= 1_000_000:
        return f"{float(f'{value:.3g}') / 1_000_000:,g}M"
    if value >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:,.{digits}f}"


def told_key(key: str) -> str:
    """Return a dotted setting as it is told: one that hardly a configuration file has, as its flag.

    >>> told_key("generate.slice"), told_key("teacher.model")
    ('--slice', 'teacher.model')
    """
    return "--slice" if key == "generate.slice" else key
