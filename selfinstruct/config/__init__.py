"""The configuration: one TOML file, checked key by key, and the fingerprint of what it generates.

Flags beat environment, environment beats file, file beats the defaults written in `sections.py`. Reading no file but the TOML given as text.
"""

from selfinstruct.config.config import Config
from selfinstruct.config.finetune import Finetune
from selfinstruct.config.parse import parse_config
from selfinstruct.config.sections import (
    Filter,
    Generate,
    Judge,
    Limits,
    PerLanguage,
    Price,
    Run,
    Teacher,
    Validate,
)
from selfinstruct.config.toml import to_toml

__all__ = [
    "Config",
    "Filter",
    "Finetune",
    "Generate",
    "Judge",
    "Limits",
    "PerLanguage",
    "Price",
    "Run",
    "Teacher",
    "Validate",
    "parse_config",
    "to_toml",
]
