"""A GitHub workflow for pull requests: the diff as a comment, the page as an artifact, gates as a status."""

from pathlib import Path

from selfinstruct.system.files import read_text
from selfinstruct.system.origin import Origin


def workflow(origin: Origin | None) -> str:
    """Return the text of `.github/workflows/dataset-diff.yml`, which installs that commit; without one it says what to fill in."""
    text = read_text(Path(__file__).with_name("pull_request.yml"))
    repository, commit = origin or ("", "")
    return text.replace('REPOSITORY: ""', f'REPOSITORY: "{repository}"').replace('COMMIT: ""', f'COMMIT: "{commit}"')
