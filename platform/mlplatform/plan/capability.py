"""The capability of a component by its type token; components of other packages are their own capability."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.plan.model import STACK_TYPE, Step

_TITLE = {
    "Foundation": "Foundation",
    "Keys": "Keys and identities",
    "Identity": "Keys and identities",
    "TeamIdentity": "Keys and identities",
    "PodIdentity": "Keys and identities",
    "SecretReader": "Keys and identities",
    "Network": "Network",
    "ArtifactStore": "Artifact store",
    "FeatureStore": "Feature store",
    "FeatureFill": "Feature store",
    "ImageRegistry": "Registries",
    "ModelRegistry": "Registries",
    "Cluster": "Training",
    "GpuNodePool": "Training",
    "CpuNodePool": "Training",
    "SharedFileSystem": "Training",
    "ClusterLayer": "Cluster layer",
    "Teams": "Cluster layer",
    "Tracking": "Tracking",
    "Airflow": "Tracking",
    "Pipeline": "Pipelines",
    "PipelineDoor": "Pipelines",
    "ManagedAirflow": "Pipelines",
    "Endpoint": "Endpoints",
    "ClusterEndpoint": "Endpoints",
    "ModelMonitor": "Model monitors",
    "Extension": "Extensions",
    "Telemetry": "Monitoring",
    "AlertRoutes": "Monitoring",
    "Monitoring": "Monitoring",
    "Budget": "Budget",
}

TITLES = tuple(dict.fromkeys(_TITLE.values()))
"""Titles of capabilities in display order."""


def capability_of(token: str) -> str:
    """Title of the capability of a component's type token; `Platform` for none."""
    kind = token.rpartition(":")[2]
    return _TITLE.get(kind, kind if kind not in ("", "Platform") else "Platform")


def component_of(step: Step, steps: Mapping[str, Step]) -> Step | None:
    """The outermost component below the platform that a resource belongs to.

    Args:
        step: a resource.
        steps: its plan's steps by URN.
    """
    chain: list[Step] = []
    current = steps.get(step.parent)
    while current:
        if not current.custom and current.type != STACK_TYPE:
            chain.append(current)
        current = steps.get(current.parent)
    if len(chain) > 1 and chain[-1].type == "mlplatform:index:Platform":
        return chain[-2]
    return chain[-1] if chain else None
