"""Stores, registries, vaults and workspaces are closed to the internet."""

from __future__ import annotations

from mlplatform.checks.predicates import is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_REASON = "It accepts requests from the whole internet"


def _closed(service: Resource, prefix: str = "", rules: str = "networkRuleSet") -> list[CheckFault]:
    if service.get(f"{prefix}publicNetworkAccess", "Enabled") in ("Disabled", "disabled", "SecuredByPerimeter"):
        return []
    if service.text(f"{prefix}{rules}.defaultAction").lower() == "deny":
        return []
    return [CheckFault(f"{_REASON}.", f"{prefix}publicNetworkAccess")]


def _vault(vault: Resource) -> list[CheckFault]:
    return _closed(vault, "properties.", "networkAcls")


def _no_registry_key(vault: Resource) -> bool:
    # a new registry reads its key with an identity that no firewall of a vault lets through
    keys = {key.step.urn for key in vault.siblings("azure-native:keyvault:Key", "vaultName")}
    registries = vault.index.of("azure-native:containerregistry:Registry")
    return not any(keys & set(registry.from_others("encryption")) for registry in registries)


RULE = CheckRule(
    id="service-public-network",
    level="high",
    topic="public access",
    title="Stores, registries, vaults and workspaces are closed to the internet",
    why="A stolen token is then worth nothing outside the network.",
    fix="Disable public network access, or deny by default.",
    entries=(
        Entry(
            ("azure-native:storage:StorageAccount", "azure-native:containerregistry:Registry"),
            _closed,
            refs=("CIS Azure 4.0 10.3.2.2", "CIS Azure 4.0 10.3.2.3", "MCSB NS-2"),
            link="https://learn.microsoft.com/azure/storage/common/storage-network-security",
        ),
        Entry(
            ("azure-native:keyvault:Vault",),
            _vault,
            refs=("CIS Azure 4.0 9.3.7", "MCSB NS-2"),
            link="https://learn.microsoft.com/azure/key-vault/general/network-security",
            when=_no_registry_key,
            siblings=True,
        ),
        Entry(
            ("azure-native:machinelearningservices:Workspace",),
            is_one_of("publicNetworkAccess", ("Disabled",), _REASON),
            refs=("MCSB NS-2",),
            link="https://learn.microsoft.com/azure/machine-learning/how-to-secure-workspace-vnet",
        ),
        Entry(
            ("azure-native:cognitiveservices:Account", "azure-native:search:Service"),
            lambda account: _closed(account, "properties." if account.has("properties") else "", "networkAcls"),
            refs=("MCSB NS-2",),
            link="https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks",
        ),
        Entry(
            ("aws:sagemaker/notebookInstance:NotebookInstance",),
            is_one_of("directInternetAccess", ("Disabled",), _REASON),
            refs=("AWS FSBP SageMaker.1",),
            link="https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html",
        ),
        Entry(
            ("aws:sagemaker/domain:Domain",),
            is_one_of("appNetworkAccessType", ("VpcOnly",), "Its apps reach the internet directly"),
            link="https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html",
        ),
        Entry(
            ("gcp:workbench/instance:Instance",),
            lambda one: [] if one.true("gceSetup.disablePublicIp") else [CheckFault(f"{_REASON}.", "gceSetup")],
            link="https://cloud.google.com/vertex-ai/docs/workbench/instances/create",
        ),
    ),
)
