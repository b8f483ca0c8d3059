"""The Kubernetes version of the control plane and of every pool, which one `up` raises in AKS' order.

The control plane comes first, alone: without a version in the cluster's inline profiles, or with the one that each has,
AKS leaves the pools as they are (https://github.com/Azure/AKS/pull/2889). Then each pool is written with the version:
GPU pools are resources of their own, the system pools are written by a template. The template is also what changes
them: AKS adds no pool to a cluster by way of the cluster, and a change of the cluster sends its pools back as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pulumi
from pulumi_azure_native import containerservice, resources

from mlplatform.backends.azure.foundation.templates import deploy_template, nested_template, to_wire
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.training import TrainingSpec

API = "2025-09-01"
"""Version of the AKS API, the one the provider's own types have."""

_CLUSTERS = "Microsoft.ContainerService/managedClusters"
_POOLS = f"{_CLUSTERS}/agentPools"


def kubernetes_release(target: AzureTarget, spec: TrainingSpec) -> str:
    """The version to declare: the minor one, with a patch where the target names it."""
    patch = target.kubernetes_patch
    return spec.kubernetes_version if patch is None else f"{spec.kubernetes_version}.{patch}"


def write_system_pools(
    scope: Scope,
    cluster_name: str,
    pools: Sequence[containerservice.ManagedClusterAgentPoolProfileArgs],
    version: str,
    cluster: pulumi.Resource,
) -> resources.Deployment:
    """Write each system pool with the control plane's version, one after the other, and leave its number of nodes."""
    contents: list[dict[str, object]] = []
    for pool in pools:
        properties = cast("dict[str, object]", to_wire(pool))
        properties.pop("name")
        name = str(pool.name)
        present = _present_count(cluster_name, name, int(str(pool.count)))
        content = nested_template(
            f"{cluster_name}-{name}-version",
            parameters={"count": ("int", present)},
            contents=[
                {
                    "type": _POOLS,
                    "apiVersion": API,
                    "name": f"{cluster_name}/{name}",
                    "properties": {
                        **properties,
                        "count": "[parameters('count')]",
                        "orchestratorVersion": version,
                    },
                }
            ],
        )
        if contents:
            content["dependsOn"] = [f"[resourceId('Microsoft.Resources/deployments', '{contents[-1]['name']}')]"]
        contents.append(content)
    return deploy_template(
        scope, "system-versions", name=f"{cluster_name}-system-versions", contents=contents, depends_on=[cluster]
    )


def _present_count(cluster_name: str, name: str, first: int) -> str:
    """The number of nodes that a pool has, or the first one of a pool that the cluster does not have yet."""
    every = f"reference(resourceId('{_CLUSTERS}', '{cluster_name}'), '{API}').agentPoolProfiles"
    same = f"filter({every}, lambda('pool', equals(lambdaVariables('pool').name, '{name}')))"
    return f"[first(concat(map({same}, lambda('pool', lambdaVariables('pool').count)), createArray({first})))]"
