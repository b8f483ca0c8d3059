"""A plan for tools: the shape of `pulumi preview --json`."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.fast.indented import indented
from mlplatform.plan.model import Plan


def document(plan: Plan) -> str:
    """The document, with a newline at its end."""
    return document_text(plan.to_preview())


def document_text(body: Mapping[str, object]) -> str:
    """A JSON document as the commands print it: indented, ASCII, with a newline at its end."""
    return indented(body) + "\n"
