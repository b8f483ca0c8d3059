"""Requirements of the engine tests, with the reason for which they skip."""

from __future__ import annotations

import os
import shutil

import pytest

needs_engine = pytest.mark.skipif(
    shutil.which("pulumi") is None, reason="no `pulumi` on PATH: https://www.pulumi.com/docs/install/"
)


def only_rehearsed(*, unless: bool = False) -> pytest.MarkDecorator:
    """Leave a test to `make rehearse`, so that the whole suite stays short.

    Args:
        unless: whether this one runs all the same.
    """
    name = "MLPLATFORM_REHEARSE"
    return pytest.mark.skipif(
        not unless and name not in os.environ, reason=f"{name} is not set: `make rehearse` sets it"
    )
