"""Instruction files of any layout: reading lines, conversations and rows, and writing them."""
