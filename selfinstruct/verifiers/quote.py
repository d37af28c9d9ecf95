"""A question on a passage of a document: the words that prove the answer stand in the passage, at their place."""

from selfinstruct.verifiers.kind import Kind, Row


def fault(row: Row) -> str:
    """Return what is wrong with a row: the quoted words must stand in its input."""
    quote = row.arguments["quote"]
    if not isinstance(quote, str) or not quote.strip():
        return "it quotes nothing"
    return "" if quote in row.input else f"the input does not hold `{quote[:40]}`"


KIND = Kind("quote", "passage", None, fault)
