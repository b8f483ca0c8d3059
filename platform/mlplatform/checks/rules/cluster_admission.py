"""Only trusted images run, and workload settings are audited."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_one_of, is_true
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="cluster-admission",
    level="medium",
    topic="cluster",
    title="A policy decides which workloads run",
    why="Otherwise any image from any source, with any privilege, can start in the cluster.",
    fix="Enable Binary Authorization, the security posture or Azure Policy.",
    entries=(
        Entry(
            ("gcp:container/cluster:Cluster",),
            both(
                is_one_of(
                    "binaryAuthorization.evaluationMode",
                    ("PROJECT_SINGLETON_POLICY_ENFORCE", "POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE"),
                    "No policy checks images",
                ),
                is_one_of("securityPostureConfig.mode", ("BASIC", "ENTERPRISE"), "Workloads are not audited"),
            ),
            refs=("CIS GKE 1.9 5.10.4", "CIS GKE 1.6 5.10.4"),
            link="https://cloud.google.com/binary-authorization/docs/overview",
        ),
        Entry(
            ("gcp:cloudrunv2/service:Service",),
            is_true("binaryAuthorization.useDefault", "No policy checks images."),
            link="https://cloud.google.com/binary-authorization/docs/run/enabling-binauthz-cloud-run",
            when=lambda service: not service.has("binaryAuthorization.policy"),
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            is_true("addonProfiles.azurepolicy.enabled", "No policy checks workloads."),
            refs=("MCSB PV-2",),
            link="https://learn.microsoft.com/azure/aks/use-azure-policy",
        ),
    ),
)
