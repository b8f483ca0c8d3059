"""What a cloud's jobs cannot take of a monitor. Imports no SDK."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mlplatform.components.backend import Backend, Limit
from mlplatform.spec.model_monitor import ModelMonitorSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_ADDRESSES = 4096
"""Characters of a monitor's document besides what its spec says: addresses of the store and of the door."""


def managed_monitors(spec: PlatformSpec) -> Iterator[tuple[str, ModelMonitorSpec]]:
    """The monitors that jobs of the cloud run, with their paths."""
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.monitor and endpoint.monitor.on == "managed":
            yield f"endpoints[{index}].monitor", endpoint.monitor


def _on_cluster(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.monitor and endpoint.monitor.on == "cluster":
            yield f"endpoints[{index}].monitor.on", "cluster"


CLUSTER_MONITORS = Limit(
    field="endpoints.monitor.on",
    support="partial",
    reason="the platform makes no job of the training cluster that looks at captures yet",
    alternative="set on to managed, which looks at endpoints of the cluster too",
    violations=_on_cluster,
)
"""Monitors that the training cluster would run."""


def size_problems(spec: PlatformSpec, backend: Backend, most: int, holder: str, *, quoted: bool) -> Iterator[Problem]:
    """Monitors with so many inputs that the document for their program does not fit.

    Args:
        spec: narrowed to the target.
        backend: its cloud.
        most: most characters.
        holder: what holds the document, for people.
        quoted: whether it stands in JSON as a text, where quotes are two characters.
    """
    for path, monitor in managed_monitors(spec):
        text = monitor.model_dump_json(exclude_defaults=True)
        size = len(json.dumps(text) if quoted else text) + _ADDRESSES
        if size > most:
            yield backend.refuse(
                f"{path}.inputs",
                f"{len(monitor.inputs)} inputs: about {size} characters",
                f"at most {most} characters, the most that {holder} holds",
                "remove inputs: the program then reads them from the signature in the model's folder",
            )
