"""Prompts: templates that become chat messages, and the item format that a batch prompt shows and a reply is read from."""

from selfinstruct.prompts.item_format.items import Item, parse_items, render_items
from selfinstruct.prompts.template import Prompts, Template, parse_prompts

__all__ = ["Item", "Prompts", "Template", "parse_items", "parse_prompts", "render_items"]
