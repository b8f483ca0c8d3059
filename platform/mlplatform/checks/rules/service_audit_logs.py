"""Azure vaults, registries and workspaces log who uses them."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _diagnosed(service: Resource) -> list[CheckFault]:
    settings = service.siblings("azure-native:monitor:DiagnosticSetting", "resourceUri")
    on = any(setting.inside(at, log).true("enabled") for setting in settings for at, log in setting.each("logs[]"))
    return [] if on else [CheckFault("No diagnostic setting sends its logs anywhere.")]


RULE = CheckRule(
    id="service-audit-logs",
    level="medium",
    topic="logging",
    title="Azure vaults, registries and workspaces log who uses them",
    why="Otherwise nobody can see who used a key, pulled a model or ran a job.",
    fix="Send the service's logs to the platform's workspace.",
    entries=(
        Entry(
            ("azure-native:keyvault:Vault",),
            _diagnosed,
            refs=("CIS Azure 4.0 7.1.1.4", "MCSB LT-3"),
            link="https://learn.microsoft.com/azure/key-vault/general/logging",
            siblings=True,
        ),
        Entry(
            (
                "azure-native:containerregistry:Registry",
                "azure-native:machinelearningservices:Workspace",
                "azure-native:machinelearningservices:OnlineEndpoint",
                "azure-native:app:ManagedEnvironment",
            ),
            _diagnosed,
            refs=("CIS Azure 4.0 7.1.4", "MCSB LT-3"),
            link="https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings",
            siblings=True,
        ),
    ),
)
