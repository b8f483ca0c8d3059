"""Azure's keys get new versions as time passes; what keeps an old one is refused once it has expired."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.mock_cloud import Cloud, CloudRefused

MakeCloud = Callable[[str], Cloud]
KEY, AKS = "azure-native:keyvault:Key", "azure-native:containerservice:ManagedCluster"
ML = "azure-native:machinelearningservices:Workspace"
DAY = 86_400
KEY_INPUTS = {
    "resourceGroupName": "acme",
    "vaultName": "keys",
    "keyName": "cluster",
    "properties": {
        "rotationPolicy": {
            "attributes": {"expiryTime": "P455D"},
            "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}],
        }
    },
}


def keeper(token: str, version: object, **more: object) -> dict[str, object]:
    """Inputs of what keeps a version."""
    names = {"resourceGroupName": "acme", "location": "westus3", **more}
    if token == AKS:
        return {**names, "resourceName": "acme", "securityProfile": {"azureKeyVaultKms": {"keyId": version}}}
    encryption = {"status": "Enabled", "keyVaultProperties": {"keyIdentifier": version, "keyVaultArmId": "/vault"}}
    return {**names, "workspaceName": "acme", "encryption": encryption}


def version_of(azure: Cloud, id_: str) -> object:
    held = azure.read(KEY, id_)
    assert held is not None
    return held.outputs["keyUriWithVersion"]


def pass_days(azure: Cloud, days: int) -> None:
    azure.clock.pass_by(days * DAY)
    azure.run()


@pytest.mark.parametrize("token", [AKS, ML])
def test_an_expired_version_is_refused_until_the_newest_is_given(cloud: MakeCloud, token: str) -> None:
    azure = cloud("azure")
    key = azure.create(KEY, "cluster", KEY_INPUTS)
    first = version_of(azure, key.id)
    held = azure.create(token, "it", keeper(token, first))
    pass_days(azure, 454)
    azure.update(token, held.id, keeper(token, first, tags={"cost-center": "1"}))
    pass_days(azure, 2)
    with pytest.raises(CloudRefused, match="not allowed on an expired key") as refused:
        azure.update(token, held.id, keeper(token, first, tags={"cost-center": "2"}))
    assert "pulumi up --refresh" in refused.value.cause
    newest = version_of(azure, key.id)
    assert newest != first
    azure.update(token, held.id, keeper(token, newest))


def test_a_key_keeps_its_newest_version_when_it_is_changed(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    key = azure.create(KEY, "cluster", KEY_INPUTS)
    first = version_of(azure, key.id)
    pass_days(azure, 89)
    assert version_of(azure, key.id) == first
    pass_days(azure, 2)
    second = version_of(azure, key.id)
    changed = azure.update(KEY, key.id, {**KEY_INPUTS, "tags": {"cost-center": "2"}})
    assert first != second == changed.outputs["keyUriWithVersion"] == version_of(azure, key.id)
    pass_days(azure, 90)
    assert version_of(azure, key.id) not in (first, second)


def test_without_a_policy_a_version_stays(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    key = azure.create(KEY, "cluster", {**KEY_INPUTS, "properties": {}})
    first = version_of(azure, key.id)
    pass_days(azure, 4000)
    assert version_of(azure, key.id) == first
    azure.create(AKS, "it", keeper(AKS, first))
