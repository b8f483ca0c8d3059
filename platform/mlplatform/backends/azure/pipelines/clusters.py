"""Clusters of the workspace on which steps run, as the identity of pipelines. At rest none of their nodes is there."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.pipelines.forms.azureml_clusters import IDLE, cluster_name, most_nodes


def shared_cluster(models: AzureModels, identity: AzureIdentity, machine: str, nodes: int) -> pulumi.Resource:
    """The cluster of a machine size for steps of so many nodes, which all pipelines share: the first one makes it.

    Args:
        models: the workspace.
        identity: what the steps act as.
        machine: VM size.
        nodes: nodes of one step.

    Raises:
        TypeError: the identity is not one that a cluster can have.
    """
    name = cluster_name(machine, nodes)
    made = models.shared.get(f"cluster-{name}")
    if isinstance(made, pulumi.Resource):
        return made
    if identity.identity_id is None:
        raise TypeError("the steps of pipelines need a managed identity: Azure ML runs nodes as no other principal")
    scope = models.scope
    cluster = ml.Compute(
        scope.child(f"cluster-{name}"),
        compute_name=name,
        workspace_name=models.workspace_name,
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        identity=ml.ManagedServiceIdentityArgs(
            type=ml.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.identity_id]
        ),
        properties=ml.AmlComputeArgs(
            compute_type="AmlCompute",
            description="Steps of pipelines; no machine runs at rest",
            disable_local_auth=True,
            properties=ml.AmlComputePropertiesArgs(
                vm_size=machine,
                vm_priority=ml.VmPriority.DEDICATED,
                os_type=ml.OsType.LINUX,
                # nodes are in the workspace's own network, which lets out only what the platform names
                enable_node_public_ip=False,
                remote_login_port_public_access=ml.RemoteLoginPortPublicAccess.DISABLED,
                scale_settings=ml.ScaleSettingsArgs(
                    min_node_count=0, max_node_count=most_nodes(nodes), node_idle_time_before_scale_down=IDLE
                ),
            ),
        ),
        tags=scope.tags,
        # the first compute waits for the workspace's network, about half an hour
        opts=scope.opts(
            depends_on=[*models.ready, *identity.grants], delete_before_replace=True, timeouts={"create": "90m"}
        ),
    )
    models.shared[f"cluster-{name}"] = cluster
    return cluster
