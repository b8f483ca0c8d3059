"""What GCP cannot do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.feature_limits import managed_limit
from mlplatform.components.fill_document import fill_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = (
    managed_limit(
        "Vertex AI Feature Store serves from a Bigtable that bills at least one node for ever, its tables are in "
        "BigQuery and not in the store, and joins as of a moment are left to Feast or SQL "
        "(https://docs.cloud.google.com/vertex-ai/docs/featurestore/latest/overview, 2026)"
    ),
)
"""Fields of feature stores that GCP does not honour, or in part."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Definitions that the job that fills cannot be told."""
    del target
    yield from fill_problems(spec, backend)
