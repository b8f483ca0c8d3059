"""The one switch of all accelerations, and the report of one that does not apply."""

from __future__ import annotations

import os
import sys

VARIABLE = "MLPLATFORM_PLAIN"
"""`1` switches every acceleration off."""
FORMER_VARIABLE = "MLPLATFORM_PLAIN_SDK"
"""`1` switches off only what concerns Pulumi and the provider SDKs."""
DEBUG_VARIABLE = "MLPLATFORM_DEBUG"
"""`1` reports on stderr which acceleration does not apply, and why."""


def plain_requested() -> bool:
    """True if every acceleration is switched off by `MLPLATFORM_PLAIN=1`."""
    return _is_set(VARIABLE)


def plain_sdk_requested() -> bool:
    """True if Pulumi and the SDKs stay as they are: no lazy loading, no replacement, no change to the collector."""
    return _is_set(VARIABLE) or _is_set(FORMER_VARIABLE)


def interpreter_supported() -> bool:
    """True on CPython up to 3.13: from 3.14 on, annotations look names up in another way than `namespace` answers."""
    return sys.implementation.name == "cpython" and sys.version_info < (3, 14)


def report_unused(acceleration: str, reason: str) -> None:
    """Report under `MLPLATFORM_DEBUG=1` that an acceleration does not apply: results are the same, only slower."""
    if os.environ.get(DEBUG_VARIABLE) == "1":
        print(f"mlplatform: {acceleration} is not used: {reason}", file=sys.stderr)


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "") not in ("", "0")
