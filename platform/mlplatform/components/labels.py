"""Kubernetes labels that backends set and that plans, costs and people's workloads select by. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.machine import Fabric

POOL_LABEL = "mlplatform.dev/pool"
"""Name of the node pool; every node carries it. Cost rules read a pool's name from it."""

ACCELERATOR_LABEL = "mlplatform.dev/accelerator"
"""Name of the node's accelerator, for example `H100`."""

ACCELERATOR_COUNT_LABEL = "mlplatform.dev/accelerator-count"
"""Accelerators of the node."""

FABRIC_LABEL = "mlplatform.dev/fabric"
"""Kind of the fast network that joins the pool's nodes, for example `efa`; nodes without one lack the label."""

FABRIC_INTERFACES_LABEL = "mlplatform.dev/fabric-interfaces"
"""Fast interfaces of the node: what one job that fills it asks for."""

JOB_LABEL = "mlplatform.dev/job"
"""Name of the job, on the pods of a job that is no set."""

NOTEBOOK_LABEL = "mlplatform.dev/notebook"
"""On the pods of notebooks."""

ENDPOINT_LABEL = "mlplatform.dev/endpoint"
"""The endpoint, on everything of it in the cluster."""

VARIANT_LABEL = "mlplatform.dev/variant"
"""The variant or shadow, on the pods of a model."""

ROLE_LABEL = "mlplatform.dev/role"
"""`router`; `model`, which answers; `worker`, the other nodes of a model's replica; `measures` and `steps` of rollouts.
"""

ENTRY_HOST_ANNOTATION = "mlplatform.dev/host"
"""The public name of an endpoint, on its load balancer; a review tells when it changes."""

ENTRY_CERTIFICATE_ANNOTATION = "mlplatform.dev/certificate"
"""The secret with its certificate, beside that."""

SPOT_TAINT_KEY = "mlplatform.dev/spot"
"""Key of the taint of spot nodes, where the cloud sets none itself."""

ROLLOUT_ANNOTATION = "mlplatform.dev/rollout"
"""Steps of the rollout of a service's next revision; GCP's rollout workflow reads it."""


def accelerator_labels(accelerator: Accelerator) -> dict[str, str]:
    """Labels of a node with accelerators."""
    return {ACCELERATOR_LABEL: accelerator.name, ACCELERATOR_COUNT_LABEL: str(accelerator.count)}


def fabric_labels(fabric: Fabric | None) -> dict[str, str]:
    """Labels of a node that the fabric joins to others; None for a node without one."""
    return {FABRIC_LABEL: fabric.kind, FABRIC_INTERFACES_LABEL: str(fabric.interfaces)} if fabric else {}
