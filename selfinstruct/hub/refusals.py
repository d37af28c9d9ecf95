"""What a hub and its client say, as our own errors: what happened, the remedy, and never the token."""

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from selfinstruct.errors import HubRefusedError, InputError, SelfInstructError, StorageError
from selfinstruct.hub.reach import shown

_TOKENS = "https://huggingface.co/settings/tokens"
_LONGEST = 500
_SHORT = re.compile(r"@[0-9a-f]{6,39}(?::|$)")
"""The beginning of a commit, as git takes it and a hub does not."""
"""Characters of a hub's own words in a message."""


class MovedError(SelfInstructError):
    """A branch is no longer at the commit that a new one was made for."""


class FailedError(InputError):
    """The hub failed, or the connection did; what was asked for may have happened all the same."""


@contextmanager
def in_our_words(what: str, token: str | None) -> Iterator[None]:
    """Turn what huggingface_hub raises about `what` into our errors.

    Raises HubRefusedError for a token without rights, MovedError where a branch has moved, FailedError where hub or connection failed,
    StorageError for a full disk, InputError for all else.
    """
    from httpx2 import HTTPError
    from huggingface_hub.errors import HfHubHTTPError

    try:
        with _quiet():
            yield
    except HfHubHTTPError as error:
        raise _of_answer(error, what, token) from None  # its text and its request hold more than a log should
    except HTTPError as error:
        raise FailedError(f"{what}: the connection to the hub failed ({_cleared(error, token)}); try again") from None
    except (ValueError, RuntimeError) as error:
        raise _of_client(error, what, token) from None
    except OSError as error:
        raise _of_disk(error, what, token) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the client from drawing bars and from logging addresses, which may be signed."""
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    logger = logging.getLogger("huggingface_hub")
    level, bars = logger.level, not are_progress_bars_disabled()
    logger.setLevel(logging.CRITICAL)
    disable_progress_bars()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of the client, about its own transport
            yield
    finally:
        logger.setLevel(level)
        if bars:
            enable_progress_bars()


def _of_answer(error: Any, what: str, token: str | None) -> SelfInstructError:
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    said = _said(error, token)
    if isinstance(error, GatedRepoError):
        return HubRefusedError(
            f"{what}: its owner lets in only whom he knows; ask for access on its page, and log in{said}"
        )
    if isinstance(error, RevisionNotFoundError):
        short = "; a commit is named by all of its 40 digits" if _SHORT.search(what) else ""
        return InputError(f"{what}: no such branch, tag or commit{short}{said}")
    if isinstance(error, EntryNotFoundError):
        return InputError(f"{what}: no such file{said}")
    if isinstance(error, RepositoryNotFoundError):
        return absent(what, token)
    return _of_status(error.response.status_code, what, token, said)


def _of_status(status: int, what: str, token: str | None, said: str) -> SelfInstructError:
    if status == 404:
        return absent(what, token)
    if status in {409, 412}:
        return MovedError(f"{what}: the branch has moved{said}")
    if status in {401, 403}:
        return _refused(what, token, status, said)
    if status == 429:
        return FailedError(f"{what}: the hub asks to wait (429){said}; try again later")
    if status >= 500 or status == 408:
        return FailedError(f"{what}: the hub failed ({status}){said}; try again")
    return InputError(f"{what}: the hub refuses ({status}){said}")


def absent(what: str, token: str | None) -> InputError:
    """Return the error for a repository that is not there, or not for this token."""
    if token:
        return InputError(f"{what}: is not there, or the token may not read it; check the name and {_TOKENS}")
    return InputError(
        f"{what}: is not there, or is private, and no token was sent; set HF_TOKEN, or log in with `hf auth login`"
    )


def _refused(what: str, token: str | None, status: int, said: str) -> HubRefusedError:
    if not token:
        return HubRefusedError(f"{what}: needs a token ({status}); set HF_TOKEN, or log in with `hf auth login`{said}")
    why = "the hub does not know the token" if status == 401 else "the token has no right to this"
    return HubRefusedError(
        f"{what}: {why} ({status}){said}; one with the right is made at {_TOKENS}, and goes into HF_TOKEN"
    )


def _of_client(error: Exception, what: str, token: str | None) -> SelfInstructError:
    """Return the error for what the client itself found, or for an upload that broke."""
    why = f" ({_cleared(error.__cause__, token)})" if error.__cause__ else ""
    if isinstance(error, RuntimeError) or "LFS batch" in str(error) or "Malformed response" in str(error):
        return FailedError(f"{what}: {_cleared(error, token)}{why}; try again")
    return InputError(f"{what}: {_cleared(error, token)}")


def _of_disk(error: OSError, what: str, token: str | None) -> SelfInstructError:
    if error.errno is None:
        return FailedError(f"{what}: {_cleared(error, token)}")
    return StorageError(f"{what}: {_cleared(error, token)}; HF_HOME names another place for what is downloaded")


def _said(error: Any, token: str | None) -> str:
    said = _one_line(error.server_message or "", token)
    return f": {said}" if said else ""


def _cleared(error: BaseException, token: str | None) -> str:
    return _one_line(str(error), token) or type(error).__name__


def _one_line(text: str, token: str | None) -> str:
    if token:
        text = text.replace(token, "[token]")
    words = (shown(word) if "://" in word else word for word in text.split())
    return " ".join(words).strip(" .")[:_LONGEST]
