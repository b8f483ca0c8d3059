"""GKE pods have VPC addresses, and traffic between pods of one node is visible."""

from __future__ import annotations

from mlplatform.checks.predicates import is_one_of, is_true
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="cluster-network",
    level="low",
    topic="cluster",
    title="GKE pods have VPC addresses, and their traffic is visible",
    why="Otherwise flow logs and firewalls miss traffic inside a node.",
    fix="Use VPC-native networking with intranode visibility.",
    entries=(
        Entry(
            ("gcp:container/cluster:Cluster",),
            is_true("enableIntranodeVisibility", "Traffic inside a node is invisible to flow logs."),
            refs=("CIS GKE 1.9 5.6.1",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/intranode-visibility",
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            is_one_of(
                "networkingMode",
                ("VPC_NATIVE",),
                "Pods are reached by routes, not by VPC addresses",
                default="VPC_NATIVE",
            ),
            refs=("CIS GKE 1.9 5.6.2",),
            link="https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips",
        ),
    ),
)
