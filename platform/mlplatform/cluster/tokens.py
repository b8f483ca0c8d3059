"""Pulumi's types of Kubernetes' objects, without Pulumi."""

from __future__ import annotations


def type_token(api: str, kind: str) -> str:
    """Pulumi's type of a kind: `kubernetes:core/v1:Namespace`."""
    return f"kubernetes:{api if '/' in api else f'core/{api}'}:{kind}"
