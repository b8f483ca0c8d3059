"""Limits of the tracking server on GCP. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _managed(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.tracking and spec.tracking.server == "managed":
        yield "tracking.server", "managed"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="tracking.server",
        support="partial",
        reason="Vertex AI keeps experiments as contexts of its metadata, which no MLflow client reads and no resource "
        "declares; its model registry has neither stages nor approvals",
        alternative="set tracking.server to cluster, or to service where there is no cluster",
        violations=_managed,
    ),
)
"""Fields that GCP cannot honour, or only in part."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Nothing beyond the limits."""
    del spec, target, backend
    yield from ()
