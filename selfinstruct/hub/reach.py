"""Whether a hub can be reached, asked once before its client does: that retries for minutes and ends in a traceback."""

import functools
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlsplit, urlunsplit

from selfinstruct.errors import InputError

_PATIENCE_S = 10.0


@functools.cache
def check_hub(name: str) -> None:
    """Raise InputError with the remedies when the hub does not answer and the model is not in its cache; asks for no file."""
    from huggingface_hub import constants, try_to_load_from_cache

    endpoint = constants.ENDPOINT
    if constants.HF_HUB_OFFLINE or not (reason := silence_of(endpoint)):
        return
    if isinstance(try_to_load_from_cache(name, "config.json"), str):
        constants.HF_HUB_OFFLINE = True  # all that follows reads the cache, without a wait for each file
        return
    raise InputError(
        f"{name}: cannot be fetched: {shown(endpoint)} does not answer ({reason}). Set HF_ENDPOINT to a mirror, such as https://hf-mirror.com; "
        f"or give a directory, which ModelScope has too (`modelscope download --model {name} --local_dir DIR`), or a .gguf file"
    )


def silence_of(endpoint: str) -> str:
    """Return why an endpoint gives no answer of any kind; empty if it does, or if only its certificate is doubted."""
    try:
        request = urllib.request.Request(endpoint, method="HEAD")  # noqa: S310 - the hub's own setting
        with urllib.request.urlopen(request, timeout=_PATIENCE_S):  # noqa: S310
            return ""
    except urllib.error.HTTPError:
        return ""
    except ValueError:
        return "it is no address; write e.g. https://hf-mirror.com"
    except OSError as error:
        reason = getattr(error, "reason", error)
        return "" if isinstance(reason, ssl.SSLError) else str(getattr(reason, "strerror", "") or reason)


def shown(endpoint: str) -> str:
    """Return an address without what may be a secret in it.

    >>> shown("https://me:secret@mirror.example/hub?key=1")
    'https://mirror.example/hub'
    """
    parts = urlsplit(endpoint)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
