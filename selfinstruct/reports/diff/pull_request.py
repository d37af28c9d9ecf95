"""A GitHub workflow for pull requests: the diff as a comment, the page as an artifact, gates as a status."""

from pathlib import Path

from selfinstruct.records import LanguageCode
from selfinstruct.system.files import read_text
from selfinstruct.system.origin import Origin


def workflow(origin: Origin | None, language: LanguageCode = "en") -> str:
    """Return the text of `.github/workflows/dataset-diff.yml`, which installs that commit; without one it says what to fill in.

    `language` is that of the comments and pages.
    """
    text = read_text(Path(__file__).with_name("pull_request.yml"))
    text = text.replace('SELFINSTRUCT_LANG: "en"', f'SELFINSTRUCT_LANG: "{language}"')
    repository, commit = origin or ("", "")
    return text.replace('REPOSITORY: ""', f'REPOSITORY: "{repository}"').replace('COMMIT: ""', f'COMMIT: "{commit}"')
