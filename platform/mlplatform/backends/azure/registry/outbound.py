"""Outbound rules of the machine learning workspace's network: only what the platform names."""

from __future__ import annotations

import re

from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.artifact_store.parts import AzureContainer, AzurePlace, AzureStore
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.registry import server_images
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import PLACES, Place

_OutboundRules = dict[str, ml.PrivateEndpointOutboundRuleArgs | ml.FqdnOutboundRuleArgs | ml.ServiceTagOutboundRuleArgs]
"""Outbound rules by name."""


def outbound_rules(scope: Scope, store: AzureStore, keys: AzureKeys) -> _OutboundRules:
    """Private endpoints to the artifact store's accounts and to endpoints' secrets, and public hosts that servers need.

    Azure adds the rules of the workspace itself, and private endpoints to its storage, vault and registry.
    """
    rules: _OutboundRules = {
        "endpoint-secrets": ml.PrivateEndpointOutboundRuleArgs(
            type="PrivateEndpoint",
            category=ml.RuleCategory.USER_DEFINED,
            destination=ml.PrivateEndpointDestinationArgs(
                service_resource_id=keys.endpoint_secrets.id, subresource_target="vault", spark_enabled=False
            ),
        )
    }
    accounts = {_account(place, store.containers[place]): store.containers[place] for place in PLACES}
    for name, container in accounts.items():
        rules[f"store-{name}"] = ml.PrivateEndpointOutboundRuleArgs(
            type="PrivateEndpoint",
            category=ml.RuleCategory.USER_DEFINED,
            destination=ml.PrivateEndpointDestinationArgs(
                service_resource_id=container.account_id, subresource_target="blob", spark_enabled=False
            ),
        )
    hosts = sorted(
        {
            host
            for endpoint in scope.context.wanted.managed_endpoints
            for host in server_images.endpoint_hosts(endpoint, scope.spec)
        }
    )
    for host in hosts:
        # a domain and all names below it are two rules
        rules[re.sub("[^a-z0-9]+", "-", host.replace("*", "all")).strip("-")] = ml.FqdnOutboundRuleArgs(
            type="FQDN", category=ml.RuleCategory.USER_DEFINED, destination=host
        )
    if hosts:
        scope.note(
            "endpoints.server",
            f"model servers need {', '.join(hosts)}: Azure starts a Basic firewall in the workspace's network "
            "for that, charged by the hour; images from the platform's own registry need none",
        )
    return rules


def _account(place: Place, container: AzurePlace) -> str:
    """Part of a rule's name; an existing account's name is known too late for it."""
    return container.account_name if isinstance(container, AzureContainer) else f"existing-{place}"
