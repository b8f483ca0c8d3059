"""Quantities as Kubernetes writes them (`500m`, `16Gi`): https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"""

from __future__ import annotations

import re

from mlplatform.plan.model import Value

_BYTES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)([a-zA-Z]*)")


def cpus(value: Value, default: float) -> float:
    """vCPUs; the default where the value is not readable."""
    amount, unit = _split(value)
    if amount is None or unit not in ("", "m"):
        return default
    return amount / 1000 if unit == "m" else amount


def gibibytes(value: Value, default: float) -> float:
    """GiB; the default where the value is not readable."""
    amount, unit = _split(value)
    return default if amount is None or unit not in _BYTES else amount * _BYTES[unit] / 2**30


def _split(value: Value) -> tuple[float | None, str]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), ""
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    return (float(found[1]), found[2]) if found else (None, "")
