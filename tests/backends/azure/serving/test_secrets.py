"""Secrets of endpoints are in a vault that nobody but their readers reaches."""

from __future__ import annotations

from ....planned import Planned


def test_no_service_administers_the_vault_of_endpoints_secrets(full: Planned) -> None:
    plan, vault = full, full.one("keys-vault-endpoints")
    workspace = plan.one("models-workspace")
    assert workspace.inputs["keyVault"] == plan.one("keys-vault-secrets").id
    grants = [step.inputs for step in plan.all("RoleAssignment") if str(step.inputs["scope"]).startswith(vault.id)]
    assert [grant["scope"] for grant in grants] == [f"{vault.id}/secrets/hub-token"], "its reader's, and no other"
    assert grants[0]["principalId"] not in {
        step.outputs["principalId"]
        for step in plan.all("UserAssignedIdentity")
        if step.name.endswith("models-identity")
    }
    assert vault.inputs["properties"]["enablePurgeProtection"]
    assert vault.inputs["properties"]["publicNetworkAccess"] == "disabled"
    assert len(str(vault.inputs["vaultName"])) <= 24
    assert vault.inputs["vaultName"] != plan.one("keys-vault-secrets").inputs["vaultName"]


def test_the_vault_is_reached_privately_from_both_networks(full: Planned) -> None:
    plan, vault = full, full.one("keys-vault-endpoints")
    targets = [
        link["privateLinkServiceId"]
        for step in plan.all("PrivateEndpoint")
        for link in step.inputs["privateLinkServiceConnections"]
    ]
    assert vault.id in targets
    workspace = plan.one("models-workspace")
    rules = workspace.inputs["managedNetwork"]["outboundRules"]
    assert rules["endpoint-secrets"]["destination"]["serviceResourceId"] == vault.id
