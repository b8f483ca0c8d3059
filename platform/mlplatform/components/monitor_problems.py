"""The monitors whose job a cloud makes, for what it cannot be there. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.spec.model_monitor import ModelMonitorSpec
from mlplatform.spec.platform import PlatformSpec


def managed_monitors(spec: PlatformSpec) -> Iterator[tuple[str, ModelMonitorSpec]]:
    """The monitors that jobs of the cloud run, with their paths."""
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.monitor and endpoint.monitor.on == "managed":
            yield f"endpoints[{index}].monitor", endpoint.monitor
