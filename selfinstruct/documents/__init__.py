"""Documents that questions are asked on: passages with stable ids and offsets."""

from selfinstruct.documents.passages import Passage

__all__ = ["Passage"]
