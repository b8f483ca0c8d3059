"""Parts of keys, for the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.components.keys import KeysParts


@dataclass(frozen=True, kw_only=True)
class AwsKeys(KeysParts):
    """Keys; `ids` are ARNs."""
