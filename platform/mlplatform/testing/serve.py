"""Former path of `serving`, which is in `mlplatform.testing`."""

from __future__ import annotations

import warnings

from mlplatform.mock_cloud.serve import serving

__all__ = ["serving"]

warnings.warn(
    "mlplatform.testing.serve is deprecated: import serving from mlplatform.testing", DeprecationWarning, stacklevel=2
)
