"""Map write failures to StorageError."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selfinstruct.errors import StorageError


@contextmanager
def writing(path: Path, what: str) -> Iterator[None]:
    """Raise StorageError for OSError, SafetensorError or RuntimeError while writing; memory errors pass."""
    import torch
    from safetensors import SafetensorError

    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except (OSError, RuntimeError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or str(error).strip().split("\n")[0]
        raise StorageError(f"{path}: {what} could not be written ({reason}); free the disk, then run again") from error
