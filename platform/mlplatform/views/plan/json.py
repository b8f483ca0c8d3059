"""A plan as tools read it: the shape of `pulumi preview --json`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlplatform.plan.model import Plan


def document(plan: Plan) -> str:
    """The document, with a newline at its end."""
    return text(plan.to_preview())


def text(body: Mapping[str, object]) -> str:
    """Any JSON document as this command prints it: indented, ASCII, with a newline at its end."""
    return json.dumps(body, indent=2) + "\n"
