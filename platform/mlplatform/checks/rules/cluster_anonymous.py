"""Nobody without a name is given rights in the cluster."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of, is_true
from mlplatform.checks.rule import Entry, Rule

RULE = Rule(
    id="cluster-anonymous",
    level="medium",
    topic="identity",
    title="Rights in the cluster are given to names",
    why="Bindings to everybody who is logged in anywhere have opened clusters to strangers.",
    fix="Limit anonymous requests to health checks, and refuse bindings to everybody.",
    entries=(
        Entry(
            ("gcp:container/cluster:Cluster",),
            both(
                is_one_of(
                    "anonymousAuthenticationConfig.mode", ("LIMITED",), "Anonymous requests reach all of the API"
                ),
                is_false(
                    "rbacBindingConfig.enableInsecureBindingSystemAuthenticated",
                    "Rights may be given to everybody with a Google account.",
                    default=True,
                ),
                is_false(
                    "rbacBindingConfig.enableInsecureBindingSystemUnauthenticated",
                    "Rights may be given to everybody.",
                    default=True,
                ),
            ),
            refs=("CIS GKE 1.9 4.1.9", "CIS GKE 1.9 4.1.10"),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            is_true("apiServerAccessProfile.disableRunCommand", "Commands run as administrator through Azure's API."),
            refs=("MCSB PA-7",),
            link="https://learn.microsoft.com/azure/aks/access-private-cluster",
        ),
    ),
)
