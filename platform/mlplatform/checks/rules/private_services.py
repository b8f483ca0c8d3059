"""The cloud's services are reached privately."""

from __future__ import annotations

from mlplatform.checks.predicates import is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.storage import takes_flow_logs

_ENDPOINT = "azure-native:network:PrivateEndpoint"
_SUBNETS_OF_PROXIES = ("REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY", "INTERNAL_HTTPS_LOAD_BALANCER")


def _vpc(network: Resource) -> list[CheckFault]:
    names = [one.text("serviceName") for one in network.siblings("aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId")]
    if any(name.endswith(".s3") for name in names):
        return []
    return [CheckFault("The network reaches S3 through the internet.")]


def _attached(service: Resource) -> bool:
    endpoints = service.index.of(_ENDPOINT)
    if any(service.step.urn in endpoint.from_others("privateLinkServiceConnections") for endpoint in endpoints):
        return True
    named = "privateLinkServiceConnections[].privateLinkServiceId"
    return any(service.step.id in endpoint.texts(named) for endpoint in endpoints if service.step.id)


def _reached(service: Resource) -> list[CheckFault]:
    return [] if _attached(service) else [CheckFault("It has no private endpoint.")]


def _closed(service: Resource) -> bool:
    # what only Azure's own services use needs no way in
    return service.text("publicNetworkAccess").lower() == "disabled" and not takes_flow_logs(service)


RULE = CheckRule(
    id="private-services",
    level="medium",
    topic="network",
    title="The cloud's services are reached privately",
    why="Data then never crosses the internet, and stolen credentials do not work from outside.",
    fix="Add private endpoints, or enable private access.",
    entries=(
        Entry(
            ("aws:ec2/vpc:Vpc",),
            _vpc,
            link="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html",
            siblings=True,
        ),
        Entry(
            ("gcp:compute/subnetwork:Subnetwork",),
            is_true("privateIpGoogleAccess", "Machines reach Google's services by public addresses only."),
            link="https://cloud.google.com/vpc/docs/private-google-access",
            when=lambda subnet: subnet.text("purpose") not in _SUBNETS_OF_PROXIES,
        ),
        Entry(
            (
                "azure-native:storage:StorageAccount",
                "azure-native:containerregistry:Registry",
                "azure-native:machinelearningservices:Workspace",
            ),
            _reached,
            refs=("CIS Azure 4.0 10.3.2.1", "CIS Azure 4.0 2.2.2.1", "MCSB NS-2"),
            link="https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
            when=_closed,
            siblings=True,
        ),
        Entry(
            ("azure-native:keyvault:Vault",),
            _reached,
            refs=("CIS Azure 4.0 9.3.8", "MCSB NS-2"),
            link="https://learn.microsoft.com/azure/key-vault/general/private-link-service",
            when=lambda vault: vault.text("properties.publicNetworkAccess").lower() == "disabled",
            siblings=True,
        ),
    ),
)
