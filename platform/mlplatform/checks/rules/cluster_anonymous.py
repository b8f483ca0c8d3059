"""Anonymous users have no rights in the cluster."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _commands(cluster: Resource) -> list[CheckFault]:
    # with Entra, AKS refuses a command without its sender's token, and the command acts as the sender:
    # https://github.com/Azure/azure-rest-api-specs/issues/22480
    if cluster.true("apiServerAccessProfile.disableRunCommand") or cluster.true("aadProfile.managed"):
        return []
    return [
        CheckFault(
            "Commands run as cluster administrator through Azure's API.", "apiServerAccessProfile.disableRunCommand"
        )
    ]


RULE = CheckRule(
    id="cluster-anonymous",
    level="medium",
    topic="identity",
    title="Anonymous users have no rights in the cluster",
    why="Bindings to all authenticated users have opened clusters to anyone with an account.",
    fix="Limit anonymous requests to health checks, and disable role bindings to everybody.",
    entries=(
        Entry(
            ("gcp:container/cluster:Cluster",),
            both(
                is_one_of("anonymousAuthenticationConfig.mode", ("LIMITED",), "Anonymous requests reach the whole API"),
                is_false(
                    "rbacBindingConfig.enableInsecureBindingSystemAuthenticated",
                    "Roles can be bound to everybody with a Google account.",
                    default=True,
                ),
                is_false(
                    "rbacBindingConfig.enableInsecureBindingSystemUnauthenticated",
                    "Roles can be bound to everybody.",
                    default=True,
                ),
            ),
            refs=("CIS GKE 1.9 4.1.9", "CIS GKE 1.9 4.1.10"),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            _commands,
            refs=("MCSB PA-7",),
            link="https://learn.microsoft.com/azure/aks/access-private-cluster",
        ),
    ),
)
