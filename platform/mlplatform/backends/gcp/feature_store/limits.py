"""What GCP cannot do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.feature_store.names import NAME, feature_group_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.feature_limits import managed_name_problems
from mlplatform.components.fill_document import fill_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = ()
"""Fields of feature stores that GCP does not honour, or in part."""

_RESERVED = ("feature_timestamp", "entity_id")
"""Columns that Vertex AI gives a meaning to."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Names that Vertex AI does not take, and definitions that the job that fills cannot be told."""
    del target
    yield from managed_name_problems(
        spec,
        backend,
        service="Vertex AI",
        name_of=feature_group_name,
        longest=NAME,
        reserved=_RESERVED,
        wanted=f"a name that Vertex AI gives no meaning to, as it does to {' and '.join(_RESERVED)}",
    )
    yield from fill_problems(spec, backend)
