"""Tokens, prices, the bill and the budget."""
