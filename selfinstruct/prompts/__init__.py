"""Prompts: templates for chat messages, and the item format of batch prompts and replies."""

from selfinstruct.prompts.item_format.items import Item, parse_items, render_items
from selfinstruct.prompts.template import Prompts, Template, parse_prompts

__all__ = ["Item", "Prompts", "Template", "parse_items", "parse_prompts", "render_items"]
