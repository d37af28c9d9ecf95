"""The metadata of a dataset card, as the Hub and `datasets` read it.

It follows https://huggingface.co/docs/hub/datasets-manual-configuration. JSON is YAML, so strings are written as JSON.
"""

import re
from collections.abc import Sequence

from selfinstruct.config.licences import KNOWN
from selfinstruct.dataset.release.files import SPLITS
from selfinstruct.system.faces import yaml_value

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def metadata(  # noqa: PLR0913, PLR0917 - what a card states of its data
    name: str, languages: Sequence[str], rows: int, files: Sequence[str], licence: str, tags: Sequence[str]
) -> str:
    """Return the lines of the metadata with their marks; `files` are the split files that have rows: `datasets` cannot load an empty one."""
    lines = ["---"]
    if licence in KNOWN:
        lines.append(f"license: {yaml_value(licence)}")
    else:
        lines += ["license: other", f"license_name: {yaml_value(licence) if licence else 'not-chosen-yet'}"]
    lines += [
        f"language: {yaml_value(languages)}",
        f"pretty_name: {yaml_value(name)}",
        'task_categories: ["text-generation"]',
        f"tags: {yaml_value(tags)}",
        f"size_categories: {yaml_value([next((size for most, size in _SIZES if rows < most), 'n>1M')])}",
    ]
    configs = {"all": languages} | {language: [language] for language in languages}
    found = {config: _data_files(files, wanted) for config, wanted in configs.items()}
    if found["all"]:
        lines.append("configs:")
    for config, splits in found.items():
        if splits:
            lines += [f"- config_name: {config}", *(["  default: true"] if config == "all" else []), "  data_files:"]
            lines += [
                line
                for split, paths in splits.items()
                for line in (f"  - split: {split}", f"    path: {yaml_value(paths)}")
            ]
    return "\n".join([*lines, "---", ""])


def _data_files(files: Sequence[str], languages: Sequence[str]) -> dict[str, list[str]]:
    """Return {split: its files}."""
    found = {}
    for split in SPLITS:
        pattern = re.compile(rf"{split}/(?:{'|'.join(languages)})(?:-[01]+)?\.jsonl")
        if paths := [path for path in files if pattern.fullmatch(path)]:
            found[split] = paths
    return found
