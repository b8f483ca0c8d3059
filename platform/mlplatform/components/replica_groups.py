"""Replicas over several nodes: what their pool, their server and its image must have. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.catalog.catalog import Choice
from mlplatform.catalog.machine import FabricKind
from mlplatform.components.backend import Backend
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.training import GpuPoolSpec

OWN_LIBRARIES: dict[FabricKind, str] = {
    "efa": "libfabric and aws-ofi-nccl",
    "infiniband": "rdma-core (libibverbs)",
}
"""Fabrics whose libraries must be in the image. vLLM's public one lacks those of EFA,
https://github.com/vllm-project/vllm/issues/55635 (2026-09), and nobody promises those of InfiniBand; without them NCCL
takes TCP without an error. On GKE the node brings the libraries of its fabrics."""


def replica_group_problems(
    backend: Backend, path: str, endpoint: EndpointSpec, pool: GpuPoolSpec, choice: Choice, gpus: int, devices: int
) -> Iterator[Problem]:
    """Why a replica cannot be spread over several nodes of a pool; nothing for one on a single node.

    Args:
        backend: the cloud.
        path: field path of the endpoint.
        endpoint: the endpoint.
        pool: its pool.
        choice: the pool's machine.
        gpus: devices that the endpoint asks for on a node.
        devices: devices of one node.
    """
    if endpoint.nodes == 1:
        return
    if endpoint.server != "vllm":
        yield backend.refuse(
            f"{path}.server",
            f"{endpoint.server}, with {endpoint.nodes} nodes a replica",
            "vllm: it alone is told how to start on several nodes",
            "set server to vllm, or nodes to 1",
            fields=(f"{path}.nodes",),
        )
    if not pool.fabric:
        yield backend.refuse(
            f"{path}.nodes",
            f"{endpoint.nodes}, on the pool {pool.name} without a fabric",
            "a pool with a fabric: the nodes of a replica exchange data for every word",
            f"set fabric of {pool.name} to true, choose such a pool, or set nodes to 1",
            fields=("training.pools",),
        )
    if choice.machine.accelerator.model.vendor == "aws":
        yield backend.refuse(
            f"{path}.nodes",
            f"{endpoint.nodes}, on {choice.accelerator.name}",
            "GPUs: vLLM's plugin for Neuron is not known to start on several nodes",
            "choose a pool with GPUs, or set nodes to 1",
            fields=("training.pools",),
        )
    if gpus < devices:
        yield backend.refuse(
            f"{path}.accelerator",
            ", ".join(endpoint.accelerator or ()),
            f"{choice.accelerator.name}:{devices}, all of a node: a replica over several has the nodes for itself",
            f'write "{choice.accelerator.name}:{devices}", or set nodes to 1',
            fields=(f"{path}.nodes", "training.pools"),
        )
    own = endpoint.image or all(variant.image for variant in endpoint.all_variants())
    fabric = choice.machine.fabric
    if pool.fabric and fabric and fabric.kind in OWN_LIBRARIES and not own:
        yield backend.refuse(
            f"{path}.image",
            "nothing",
            f"an image of vLLM with {OWN_LIBRARIES[fabric.kind]}: without them the nodes exchange data over TCP, at a "
            "hundredth of the speed and without an error, and the public image is not known to have them",
            "name such an image, or set nodes to 1",
            fields=(f"{path}.nodes", "training.pools"),
        )
