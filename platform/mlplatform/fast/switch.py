"""Whether the SDKs are left as they are."""

from __future__ import annotations

import os
import sys

VARIABLE = "MLPLATFORM_PLAIN_SDK"


def plain_requested() -> bool:
    """`MLPLATFORM_PLAIN_SDK=1` in the environment: no lazy loading, no patch, no change to the collector."""
    return os.environ.get(VARIABLE, "") not in ("", "0")


def interpreter_supported() -> bool:
    """CPython up to 3.13: from 3.14 on, annotations look names up in another way than `namespace` answers."""
    return sys.implementation.name == "cpython" and sys.version_info < (3, 14)
