"""GKE nodes run Container-Optimized OS, and their kubelet's read-only port is closed."""

from __future__ import annotations

from mlplatform.checks.predicates import is_false, is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _cos(pool: Resource) -> list[CheckFault]:
    image = pool.text("nodeConfig.imageType").upper()
    if image.startswith("COS") or not image:
        return []
    return [CheckFault("Nodes do not run Container-Optimized OS.", "nodeConfig.imageType")]


RULE = CheckRule(
    id="node-image",
    level="low",
    topic="nodes",
    title="GKE nodes run a closed Container-Optimized OS",
    why="A small read-only system has few vulnerabilities; open kubelet ports show strangers what runs.",
    fix="Use Container-Optimized OS, and close the kubelet's read-only port.",
    entries=(
        Entry(
            ("gcp:container/nodePool:NodePool",),
            _cos,
            refs=("CIS GKE 1.9 5.5.1",),
            link="https://cloud.google.com/container-optimized-os/docs/concepts/security",
        ),
        Entry(
            ("gcp:container/nodePool:NodePool",),
            is_false(
                "nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled",
                "The kubelet's read-only port is open.",
                default=True,
            ),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/disable-kubelet-readonly-port",
        ),
        Entry(
            ("gcp:container/nodePool:NodePool",),
            is_one_of(
                "nodeConfig.metadata.disable-legacy-endpoints",
                ("true",),
                "Legacy metadata endpoints are enabled",
                default="true",
            ),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/protecting-cluster-metadata",
        ),
    ),
)
