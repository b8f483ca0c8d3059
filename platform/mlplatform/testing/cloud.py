"""Former path of the mock cloud: its names are in `mlplatform.testing` and `mlplatform.mock_cloud`."""

from __future__ import annotations

import warnings

from mlplatform.mock_cloud import Cloud, CloudRefused, Held

__all__ = ["Cloud", "CloudRefused", "Held"]

warnings.warn(
    "mlplatform.testing.cloud is deprecated: import Cloud and CloudRefused from mlplatform.testing, Held from "
    "mlplatform.mock_cloud",
    DeprecationWarning,
    stacklevel=2,
)
