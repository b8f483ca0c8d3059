"""A subnet into which GitHub puts the network interfaces of its own machines, one for each job that asks for them.

https://docs.github.com/organizations/managing-organization-settings/about-azure-private-networking-for-github-hosted-runners-in-your-organization
"""

from __future__ import annotations

from pulumi_azure_native import network

from mlplatform.backends.azure.foundation.templates import deploy_template
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.access import CiSpec

_API = "2024-04-02"
"""https://learn.microsoft.com/azure/templates/github.network/networksettings"""


def offer_network(scope: Scope, ci: CiSpec, subnet: network.Subnet) -> None:
    """Offer the subnet to the organisation of the repository. The provider has no class for GitHub's own type."""
    target = scope.target(AzureTarget)
    name = physical_name(scope.spec, "setting", "runners")
    deploy_template(
        scope,
        "runner",
        name=name,
        contents=[
            {
                "type": "GitHub.Network/networkSettings",
                "apiVersion": _API,
                "name": name,
                "location": target.location,
                "properties": {"subnetId": subnet.id, "businessId": ci.owner_id},
            }
        ],
        depends_on=[subnet],
    )
    owner = ci.repository.partition("/")[0]
    settings = target.resource(
        physical_name(scope.spec, "resource-group", "rg"), "GitHub.Network/networkSettings", name
    )
    scope.note(
        "access.ci.runner",
        "before `up`, register GitHub's provider once: `az provider register --namespace GitHub.Network`; after it, an "
        f"owner of the GitHub organisation {owner} (plan Team or Enterprise) adds a network configuration with the id "
        f"that `az resource show --ids {settings} --api-version {_API} --query tags.GitHubId` prints, and a runner "
        "group that uses it; a job runs inside the network where its `runs-on` names that group",
    )
