"""A cost document in one of its formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlplatform.views.cost.subject import CostSubject

if TYPE_CHECKING:
    from mlplatform.views.style import Style


def cost_document(subject: CostSubject, form: str, style: Style) -> str:
    """The document.

    Args:
        subject: the estimates.
        form: `text`, `json` or `markdown`.
        style: the style of text.
    """
    if form == "json":
        from mlplatform.views.cost import json

        return json.document(subject)
    if form == "markdown":
        from mlplatform.views.cost import markdown

        return markdown.document(subject)
    from mlplatform.views.cost import text

    return text.document(subject, style)
