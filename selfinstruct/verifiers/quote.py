"""A question on a passage of a document: the words that prove the answer stand in the passage, and the answer is the one that they proved."""

import hashlib

from selfinstruct.verifiers.kind import Kind, Row


def fault(row: Row) -> str:
    """Return what is wrong with a row: the quoted words must stand in its input."""
    quote = row.arguments["quote"]
    if not isinstance(quote, str) or not quote.strip():
        return "it quotes nothing"
    if quote not in row.input:
        return f"the input does not hold `{quote[:40]}`"
    asked = row.arguments.get("asked")
    return (
        ""
        if asked in {None, digest(row.instruction, row.output)}
        else "question or answer are others than those that were looked at"
    )


def digest(question: str, answer: str) -> str:
    """Return 16 hex digits of a question and its answer, which any edit changes."""
    return hashlib.sha256(f"{question}\0{answer}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


KIND = Kind("quote", "passage", None, fault)
