"""Cheaper reading of Pulumi's settings, which every output does several times."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from typing import Any

from pulumi._utils import ContextProperty

_PROPERTY: Any = ContextProperty
plain_get = _PROPERTY.__get__


def get(self: Any, instance: object, _owner: object) -> object:  # noqa: ANN401 - the class is patched
    """Stands in for `ContextProperty.__get__`, which fetches the value twice, through two more calls."""
    if instance is None:
        return self
    value = self._data.get(self._ContextProperty__default)
    return self if isinstance(value, dict) else value
