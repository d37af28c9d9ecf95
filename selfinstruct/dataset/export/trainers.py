"""Exports for other trainers: training and validation rows in one folder with a ready-to-run configuration.

The keys were checked against LLaMA-Factory 0.9.5, axolotl 0.19.0 and ms-swift 4.6.0, whose own loaders read the files.
All three train on the answers only, by default. The numbers are those of `[finetune]`. Chat turns use the model's own
template as far as `families` knows what a trainer calls it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from selfinstruct.dataset.export import axolotl, llamafactory, swift
from selfinstruct.dataset.export.job import TrainerJob
from selfinstruct.dataset.export.layouts import Layout
from selfinstruct.dataset.export.told import Thoughts
from selfinstruct.records import Row


class TrainerFormat(NamedTuple):
    """The export for one trainer: layout, configuration and command."""

    layout: Callable[[Sequence[Row], str, Thoughts | None], Layout]
    """Function: all rows, model, how thoughts are written -> layout that can hold the most of them."""
    ending: str
    """Suffix of the data files."""
    configuration: Callable[[TrainerJob], dict[str, str]]
    """Function: TrainerJob -> {file name: text}."""
    command: str
    """Command that starts the training, run in the folder."""
    preference_command: str
    """The same for preference pairs."""
    advice: Callable[[TrainerJob], tuple[str, ...]]
    """Function: TrainerJob -> what only a person can decide."""


TRAINER_FORMATS = {
    "llamafactory": TrainerFormat(
        llamafactory.layout_of,
        ".json",
        llamafactory.configuration,
        "llamafactory-cli train train.yaml",
        "llamafactory-cli train train.yaml",
        llamafactory.advice,
    ),
    "axolotl": TrainerFormat(
        axolotl.layout_of,
        ".jsonl",
        axolotl.configuration,
        "axolotl train axolotl.yaml",
        "axolotl train axolotl.yaml",
        axolotl.advice,
    ),
    "swift": TrainerFormat(
        swift.layout_of,
        ".jsonl",
        swift.configuration,
        "swift sft swift.yaml",
        "swift rlhf swift.yaml",
        swift.advice,
    ),
}
