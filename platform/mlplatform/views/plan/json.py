"""A plan for tools: the shape of `pulumi preview --json`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlplatform.plan.model import Plan


def document(plan: Plan) -> str:
    """The document, with a newline at its end."""
    return document_text(plan.to_preview())


def document_text(body: Mapping[str, object]) -> str:
    """A JSON document as the commands print it: indented, ASCII, with a newline at its end."""
    return json.dumps(body, indent=2) + "\n"
