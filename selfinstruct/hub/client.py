"""The client of the hub: huggingface_hub, the extra `hub`."""

from typing import TYPE_CHECKING, Any

from selfinstruct.errors import InputError
from selfinstruct.hub.reach import shown, silence_of
from selfinstruct.system.extras import require

if TYPE_CHECKING:
    from huggingface_hub import HfApi

EXTRA = "hub"


def client(purpose: str) -> "HfApi":
    """Return a client of the endpoint that the environment names; raises InputError without the extra."""
    require(["huggingface_hub", "yaml"], purpose, EXTRA)
    from importlib.metadata import version

    from huggingface_hub import HfApi, constants

    return HfApi(endpoint=constants.ENDPOINT, library_name="selfinstruct", library_version=version("selfinstruct"))


def token() -> str | None:
    """Return the token of the environment (HF_TOKEN) or of the hub's own login; never to be shown."""
    from huggingface_hub import get_token

    found: str | None = get_token()
    return found


def is_offline() -> bool:
    """Return whether HF_HUB_OFFLINE says that the hub must not be asked."""
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def check_answers(api: "HfApi", what: str) -> None:
    """Raise InputError where the hub must not be asked, or gives no answer within seconds."""
    if is_offline():
        raise InputError(f"{what}: HF_HUB_OFFLINE says that the hub must not be asked; unset it")
    if reason := silence_of(api.endpoint):
        raise InputError(
            f"{what}: {shown(api.endpoint)} does not answer ({reason}); set HF_ENDPOINT to a mirror, such as https://hf-mirror.com, or try again later"
        )


def reachable(api: Any) -> bool:
    """Return whether the hub may be asked and answers."""
    return not is_offline() and not silence_of(api.endpoint)
