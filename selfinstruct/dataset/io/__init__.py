"""Instruction files of any layout: what a line, a conversation, a row says, and writing them."""
