"""The bootstrap as JSON for tools."""

from __future__ import annotations

import json

from mlplatform.components.bootstrap import Bootstrap


def document(stack: str, target: str, bootstrap: Bootstrap) -> str:
    """The document, keys in a fixed order.

    Args:
        stack: the stack's name.
        target: the target's name.
        bootstrap: what it needs.
    """
    body = {
        "stack": stack,
        "target": target,
        "state": bootstrap.state,
        "secretsProvider": bootstrap.secrets,
        "rights": {"apply": bootstrap.apply, "preview": bootstrap.preview},
        "documents": bootstrap.documents,
        "steps": [{"title": step.title, "why": step.why, "commands": step.commands} for step in bootstrap.steps],
        "settings": bootstrap.settings,
        "limits": bootstrap.limits,
    }
    return json.dumps(body, indent=2) + "\n"
