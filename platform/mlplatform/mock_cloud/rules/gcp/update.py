"""What Google Cloud refuses to change, changes by itself, and replaces for a change."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.gcp.tokens import CLUSTER, POOL, REF, RUN
from mlplatform.mock_cloud.rules.update import AutoscaledCount, ControlPlaneRule, RecyclingRule

# the provider's page says that a resize of the pool may change this, and that the next `up` then replaces the pool
AUTOSCALED = (
    AutoscaledCount(
        POOL,
        "initialNodeCount",
        "autoscaling.totalMaxNodeCount",
        "https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_node_pool",
        only_if="autoscaling",
    ),
)

CONTROL_PLANES = (
    ControlPlaneRule(
        CLUSTER,
        "minMasterVersion",
        CloudError(
            "badRequest",
            "googleapi: Error 400: Master cannot be upgraded from {id} to {user}: cannot upgrade the master more "
            "than a minor version at a time.",
            REF + "kubernetes-engine/docs/how-to/upgrading-a-cluster",
            "a control plane is upgraded one minor version at a time: one `up` for each",
        ),
        None,  # the provider asks only for a version above the present one
    ),
)

RECYCLING = (
    RecyclingRule(
        POOL,
        ("nodeConfig", "version"),
        "its nodes",
        REF + "kubernetes-engine/docs/concepts/node-pool-upgrade-strategies",
        quiet=("nodeConfig.labels", "nodeConfig.taints", "nodeConfig.resourceLabels", "nodeConfig.tags"),
    ),
    RecyclingRule(RUN, ("template",), "its instances", REF + "run/docs/managing/revisions"),
)
