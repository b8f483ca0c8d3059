"""The types of resources that follow from a field on each cloud: docs/resources.md, as the package has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

FILE = Path(__file__).with_name("field_resources.json")
"""Made from plans, with docs/resources.md: by field and cloud, `refused`, `nothing`, `written` or the types."""


@cache
def field_resources() -> Mapping[str, Mapping[str, str]]:
    """By dotted path and cloud."""
    return cast("Mapping[str, Mapping[str, str]]", json.loads(FILE.read_text(encoding="utf-8")))
