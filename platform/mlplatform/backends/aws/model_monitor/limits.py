"""What AWS cannot do of monitors of models. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Limit
from mlplatform.spec.platform import PlatformSpec


def _monitors(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.monitor:
            yield f"endpoints[{index}].monitor", "a monitor"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="endpoints.monitor",
        support="unsupported",
        reason="the platform makes no job of AWS that looks at captures yet",
        alternative="run mlplatform-monitor by a schedule of your own (docs/monitoring-models.md)",
        violations=_monitors,
    ),
)
"""Fields of monitors that AWS does not honour."""
