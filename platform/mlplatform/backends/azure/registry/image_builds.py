"""The compute cluster that builds images: the registry is private, and its own build service cannot reach it.

Its creation also makes Azure provision the workspace's network, which a deployment needs:
https://learn.microsoft.com/azure/machine-learning/how-to-managed-network. The workspace's own switch for that is heard
only when the workspace is created; a platform may get its first endpoint years later.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import managedidentity

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_cpu

BUILDER = "image-build"
"""Physical name of the cluster, unique in the workspace: https://learn.microsoft.com/azure/machine-learning/how-to-create-attach-compute-cluster"""

_VCPUS, _MEMORY_GIB = 4, 8
_IDLE = "PT10M"


def make_image_builder(
    scope: Scope,
    workspace: pulumi.Output[str],
    identity: managedidentity.UserAssignedIdentity,
    depends_on: Sequence[pulumi.Resource],
) -> ml.Compute:
    """Make the cluster: at most one machine, none at rest, without public addresses.

    Args:
        scope: the model registry's.
        workspace: name of the workspace, known once it exists.
        identity: the workspace's own; it pushes what the cluster builds.
        depends_on: prerequisites besides the workspace.
    """
    target = scope.target(AzureTarget)
    machine = choose_cpu(scope.context.backend, target, _VCPUS, _MEMORY_GIB, "online")
    return ml.Compute(
        scope.child("image-build"),
        compute_name=BUILDER,
        workspace_name=workspace,
        resource_group_name=resource_group(scope).group_name,
        location=target.location,
        identity=ml.ManagedServiceIdentityArgs(
            type=ml.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
        ),
        properties=ml.AmlComputeArgs(
            compute_type="AmlCompute",
            description="Builds images of environments; no machine runs at rest",
            disable_local_auth=True,
            properties=ml.AmlComputePropertiesArgs(
                vm_size=machine.machine_type,
                vm_priority=ml.VmPriority.DEDICATED,
                os_type=ml.OsType.LINUX,
                enable_node_public_ip=False,
                remote_login_port_public_access=ml.RemoteLoginPortPublicAccess.DISABLED,
                scale_settings=ml.ScaleSettingsArgs(
                    min_node_count=0, max_node_count=1, node_idle_time_before_scale_down=_IDLE
                ),
            ),
        ),
        tags=scope.tags,
        # the first compute waits for the workspace's network, about half an hour
        opts=scope.opts(depends_on=depends_on, delete_before_replace=True, timeouts={"create": "90m"}),
    )
