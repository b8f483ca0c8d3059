"""How levels of findings are coloured."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.plan.finding import Level
from mlplatform.views.style import Hue

HUES: Mapping[Level, Hue] = {"critical": "red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}
