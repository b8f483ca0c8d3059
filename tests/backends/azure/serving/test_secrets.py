"""Secrets of endpoints are in a vault that nobody but their readers reaches."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import EndpointSpec

from ....planned import Planned

SECRET = EndpointSpec(name="scorer", model="fraud/7", secrets={"TOKEN": "hub-token"})


def test_no_service_administers_the_vault_of_endpoints_secrets(planned: Callable[..., Planned]) -> None:
    plan = planned(endpoints=(SECRET,))
    vault = plan.one("keys-vault-endpoints")
    workspace = plan.one("models-workspace").inputs
    assert workspace["keyVault"] == plan.one("keys-vault-secrets").id
    grants = [step.inputs for step in plan.all("RoleAssignment") if str(step.inputs["scope"]).startswith(vault.id)]
    assert [grant["scope"] for grant in grants] == [f"{vault.id}/secrets/hub-token"], "its reader's, and no other"
    readers = {str(grant["principalId"]) for grant in grants}
    assert readers == {str(plan.one("endpoint-scorer-identity-identity").outputs["principalId"])}
    assert vault.inputs["properties"]["enablePurgeProtection"]
    assert vault.inputs["properties"]["publicNetworkAccess"] == "disabled"
    assert len(str(vault.inputs["vaultName"])) <= 24
    assert vault.inputs["vaultName"] != plan.one("keys-vault-secrets").inputs["vaultName"]


def test_the_vault_is_reached_privately_from_both_networks(planned: Callable[..., Planned]) -> None:
    plan = planned(endpoints=(SECRET,))
    vault = plan.one("keys-vault-endpoints")
    targets = [
        link["privateLinkServiceId"]
        for step in plan.all("PrivateEndpoint")
        for link in step.inputs["privateLinkServiceConnections"]
    ]
    assert vault.id in targets
    rules = plan.one("models-workspace").inputs["managedNetwork"]["outboundRules"]
    assert rules["endpoint-secrets"]["destination"]["serviceResourceId"] == vault.id
