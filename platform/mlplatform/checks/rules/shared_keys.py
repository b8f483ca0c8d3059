"""Azure services accept identities, not shared keys."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of, is_true
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "It accepts a shared key instead of an identity."
_LINK = "https://learn.microsoft.com/security/benchmark/azure/mcsb-v2-identity-management"

RULE = CheckRule(
    id="shared-keys",
    level="high",
    topic="identity",
    title="Azure services accept identities, not shared keys",
    why="A shared key gives full access to anybody who has it, and logs do not show who used it.",
    fix="Disable keys and local accounts.",
    entries=(
        Entry(
            ("azure-native:storage:StorageAccount",),
            both(
                is_false("allowSharedKeyAccess", _REASON, default=True),
                is_false("isLocalUserEnabled", "It has local users."),
            ),
            refs=("CIS Azure 4.0 10.3.1.3", "MCSB IM-1"),
            link="https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
        ),
        Entry(
            ("azure-native:containerregistry:Registry",),
            both(
                is_false("adminUserEnabled", "It has an administrator with a password."),
                is_false("anonymousPullEnabled", "Anonymous users can pull images."),
            ),
            refs=("MCSB IM-1",),
            link="https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
        ),
        Entry(
            ("azure-native:cognitiveservices:Account",),
            is_true("properties.disableLocalAuth", _REASON),
            refs=("MCSB IM-1",),
            link="https://learn.microsoft.com/azure/ai-services/disable-local-auth",
        ),
        Entry(
            ("azure-native:operationalinsights:Workspace",),
            is_true("features.disableLocalAuth", _REASON),
            refs=("MCSB IM-1",),
            link=_LINK,
        ),
        Entry(
            (
                "azure-native:servicebus:Namespace",
                "azure-native:eventhub:Namespace",
                "azure-native:eventgrid:Topic",
                "azure-native:cosmosdb:DatabaseAccount",
                "azure-native:documentdb:DatabaseAccount",
                "azure-native:search:Service",
            ),
            is_true("disableLocalAuth", _REASON),
            refs=("MCSB IM-1",),
            link=_LINK,
        ),
        Entry(
            ("azure-native:applicationinsights:Component",),
            is_true("disableLocalAuth", _REASON),
            refs=("MCSB IM-1",),
            link="https://learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication",
            # a workspace of Azure ML sends its telemetry by the component's key, which lets nobody read
            when=lambda one: not one.siblings("azure-native:machinelearningservices:Workspace", "applicationInsights"),
            siblings=True,
        ),
        Entry(
            ("azure-native:redis:Redis",),
            is_true("disableAccessKeyAuthentication", _REASON),
            refs=("MCSB IM-1",),
            link="https://learn.microsoft.com/azure/azure-cache-for-redis/cache-azure-active-directory-for-authentication",
        ),
        Entry(
            ("azure-native:dashboard:Grafana",),
            is_one_of("properties.apiKey", ("Disabled",), "It accepts API keys", default="Disabled"),
            refs=("MCSB IM-1",),
            link="https://learn.microsoft.com/azure/managed-grafana/how-to-service-accounts",
        ),
    ),
)
