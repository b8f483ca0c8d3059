"""Workloads and nodes have identities of their own."""

from __future__ import annotations

import re

from mlplatform.checks.predicates import is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_DEFAULT = re.compile(r"^\d+-compute@developer\.gserviceaccount\.com$|@appspot\.gserviceaccount\.com$")


def _own(path: str, resource: Resource) -> list[CheckFault]:
    if not resource.has(path):
        return [CheckFault("It runs as the project's default service account.", path)]
    # what comes from an account in the plan is no default account
    if not resource.from_others(path) and any(_DEFAULT.search(account) for account in resource.texts(path)):
        return [CheckFault("It runs as the project's default service account.", path)]
    return []


RULE = CheckRule(
    id="node-identity",
    level="high",
    topic="identity",
    title="Workloads and nodes have identities of their own",
    why="Everything in the project shares the default account, which may edit the whole project.",
    fix="Give it its own account with the permissions that it needs.",
    entries=(
        Entry(
            ("gcp:container/nodePool:NodePool",),
            lambda pool: _own("nodeConfig.serviceAccount", pool),
            refs=("CIS GKE 1.9 5.2.1", "CIS GCP 4.0 4.1"),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/service-accounts",
        ),
        Entry(
            ("gcp:cloudrunv2/service:Service",),
            lambda service: _own("template.serviceAccount", service),
            link="https://cloud.google.com/run/docs/securing/service-identity",
        ),
        Entry(
            ("gcp:workflows/workflow:Workflow", "gcp:eventarc/trigger:Trigger"),
            lambda resource: _own("serviceAccount", resource),
            link="https://cloud.google.com/workflows/docs/authentication",
        ),
        Entry(
            ("azure-native:machinelearningservices:OnlineEndpoint", "azure-native:app:ContainerApp"),
            is_one_of(
                "identity.type",
                ("UserAssigned", "SystemAssigned", "SystemAssigned,UserAssigned", "SystemAssigned, UserAssigned"),
                "It has no identity of its own",
            ),
            refs=("MCSB IM-3",),
            link="https://learn.microsoft.com/azure/machine-learning/how-to-access-resources-from-endpoints-managed-identities",
        ),
    ),
)
