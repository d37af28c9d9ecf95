"""The configuration: one TOML file, checked key by key, and the fingerprint of what it generates.

Precedence: flags, environment, file, then the defaults in `sections.py`. Parses TOML text; reads no file itself.
"""

from selfinstruct.config.address import is_loopback, is_private
from selfinstruct.config.config import Config
from selfinstruct.config.finetune import Finetune
from selfinstruct.config.judge import Judge
from selfinstruct.config.parse import parse_config, parse_settings
from selfinstruct.config.part import Part, part_of
from selfinstruct.config.sections import (
    THRESHOLD,
    Filter,
    Generate,
    Limits,
    PerLanguage,
    RunSettings,
    Validate,
)
from selfinstruct.config.teacher import VARIABLE, Price, Teacher, header_variables
from selfinstruct.config.toml import to_toml

__all__ = [
    "THRESHOLD",
    "VARIABLE",
    "Config",
    "Filter",
    "Finetune",
    "Generate",
    "Judge",
    "Limits",
    "Part",
    "PerLanguage",
    "Price",
    "RunSettings",
    "Teacher",
    "Validate",
    "header_variables",
    "is_loopback",
    "is_private",
    "parse_config",
    "parse_settings",
    "part_of",
    "to_toml",
]
