"""A GitHub workflow for pull requests: the diff as a comment, the page as an artifact, gates as a status."""

from importlib.metadata import version
from pathlib import Path

from selfinstruct.system.files import read_text


def workflow() -> str:
    """Return the text of `.github/workflows/dataset-diff.yml`, which installs this version."""
    text = read_text(Path(__file__).with_name("pull_request.yml"))
    return text.replace("selfinstruct==VERSION", f"selfinstruct=={version('selfinstruct')}")
