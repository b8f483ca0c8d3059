"""An existing container registry: its address in the network, and what its owner must provide."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.existing import AzureExistingNetwork, AzureExistingRegistry
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.repositories import server_of
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingRegistry
from mlplatform.components.preflight import Requirement, known_text
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec

(_ZONE,) = endpoints_private.DNS_ZONES["registry"]


def use_existing_registry(
    scope: Scope, spec: RegistrySpec, existing: ExistingRegistry, net: AzureNetwork
) -> AzureImages:
    """Use the registry as it is, by a private endpoint where the platform has the names of such endpoints."""
    registry = native(existing, AzureExistingRegistry)
    registry_id = pulumi.Output.from_input(registry.registry_id)
    server = (
        registry_id.apply(server_of)
        if registry.login_server is None
        else pulumi.Output.from_input(registry.login_server)
    )
    # a second endpoint in the owner's zone would take the name away from the first
    named = _owner_names_endpoints(scope)
    ready = (
        ()
        if named
        else endpoints_private.connect_privately(scope, "images", within=net, target=registry_id, group="registry")
    )
    return AzureImages(
        scope=scope,
        addresses={name: pulumi.Output.concat(server, "/", name) for name in spec.repositories},
        requirements=tuple(_requirements(scope, registry.registry_id, named=named)),
        registry_id=registry_id,
        login_server=server,
        ready=ready,
    )


def _owner_names_endpoints(scope: Scope) -> bool:
    """Whether the existing network brings the private names of registries."""
    adopted, given = scope.target(AzureTarget).network, scope.context.existing.network
    zones = set(adopted.dns_zone_ids) if adopted else set[str]()
    if isinstance(given, AzureExistingNetwork):
        zones |= set(given.dns_zone_ids)
    return _ZONE in zones


def _requirements(scope: Scope, registry_id: pulumi.Input[str], *, named: bool) -> list[Requirement]:
    shown = known_text(registry_id, "REGISTRY_ID")
    needs = [
        Requirement(
            f"the Premium tier of the registry {shown}, which private endpoints need",
            f"az acr show --ids {shown} --query sku.name --output tsv",
        ),
        Requirement(
            f"the right of whoever runs `up` to assign roles on {shown}: pulls and pushes of the platform's "
            "identities, and Contributor for the workspace, which Azure Machine Learning asks for",
            f"az role assignment list --include-inherited --scope {shown} --output table",
        ),
    ]
    if named:
        needs.append(
            Requirement(
                f"a private endpoint to {shown} that the zone {_ZONE} names, because that zone is not the platform's",
                f"az network private-endpoint-connection list --id {shown} --output table",
            )
        )
    return needs
