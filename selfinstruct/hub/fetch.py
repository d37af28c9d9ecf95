"""A dataset on a hub as a local path, pinned; what is there already is not fetched again."""

from selfinstruct.hub.operand import MODELSCOPE, Operand
from selfinstruct.hub.wanted import Fetched, Say


def fetch(operand: Operand, say: Say = lambda _: None) -> Fetched:
    """Return a dataset of a hub as a local path; raises InputError, HubRefusedError or StorageError with the remedy."""
    if operand.scheme == MODELSCOPE:
        from selfinstruct.hub.modelscope import fetch_modelscope

        return fetch_modelscope(operand, say)
    from selfinstruct.hub.huggingface import fetch_huggingface

    return fetch_huggingface(operand, say)
