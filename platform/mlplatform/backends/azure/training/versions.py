"""The Kubernetes version of the control plane and of every pool, which one `up` raises in AKS' order.

The control plane comes first, alone: without a version in the cluster's inline profiles, AKS leaves the pools as they
are (https://github.com/Azure/AKS/pull/2889), and with one in some of them it refuses. Then each pool is written with
the version: GPU pools are resources of their own, the inline system pools are written again by a template.
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

_POOLS = "Microsoft.ContainerService/managedClusters/agentPools"


def kubernetes_release(target: AzureTarget, spec: TrainingSpec) -> str:
    """The version to declare: the minor one, with a patch where the target names it."""
    patch = target.kubernetes_patch
    return spec.kubernetes_version if patch is None else f"{spec.kubernetes_version}.{patch}"


def upgrade_system_pools(
    scope: Scope,
    cluster_name: str,
    pools: Sequence[containerservice.ManagedClusterAgentPoolProfileArgs],
    version: str,
    cluster: pulumi.Resource,
) -> resources.Deployment:
    """Give the inline pools the control plane's version, one after the other, and leave their number of nodes."""
    contents: list[dict[str, object]] = []
    for pool in pools:
        properties = cast("dict[str, object]", to_wire(pool))
        properties.pop("name")
        name = str(pool.name)
        present = f"[reference(resourceId('{_POOLS}', '{cluster_name}', '{name}'), '{API}').count]"
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
