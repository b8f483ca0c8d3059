"""Vaults and keys."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import KeysSpec

from ....planned import Planned


def test_vaults_are_private_and_cannot_be_purged(prod: Planned, least: Planned) -> None:
    assert len(prod.all("Vault")) == 4
    for step in prod.all("Vault"):
        properties = step.inputs["properties"]
        assert properties["enablePurgeProtection"] is True
        assert properties["enableRbacAuthorization"] is True
        assert properties["softDeleteRetentionInDays"] == 30
        assert step.protect
    for role in ("keys", "secrets", "endpoints"):
        properties = prod.one(f"keys-vault-{role}").inputs["properties"]
        assert properties["publicNetworkAccess"] == "disabled"
        assert properties["networkAcls"] == {"defaultAction": "Deny", "bypass": "AzureServices"}
    # a registry cannot be created with a key behind a firewall: its vault holds that one key
    registry = str(prod.one("keys-vault-registry").inputs["vaultName"])
    assert [key.inputs["keyName"] for key in prod.all("Key") if key.inputs["vaultName"] == registry] == ["registry"]
    assert least.one("keys-vault-keys").inputs["properties"]["softDeleteRetentionInDays"] == 7


def test_every_key_rotates_and_has_an_identity_that_may_use_it_alone(prod: Planned) -> None:
    keys = prod.all("Key")
    assert len(keys) == 6
    for key in keys:
        policy = key.inputs["properties"]["rotationPolicy"]
        assert policy["lifetimeActions"] == [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}]
        # a version can be used for a year after the next one came
        assert policy["attributes"]["expiryTime"] == "P455D"
        assert key.inputs["properties"]["keySize"] == 3072
        purpose = key.inputs["keyName"]
        right = prod.one(f"keys-use-{purpose}-key-encryption-user")
        assert str(right.inputs["scope"]).endswith(f"/keys/{purpose}")
        assert key.retain_on_delete


def test_hsm_keys_need_a_premium_vault(planned: Callable[..., Planned]) -> None:
    plan = planned(keys=KeysSpec(protection="hsm", rotation_days=180))
    assert plan.one("keys-vault-keys").inputs["properties"]["sku"]["name"] == "premium"
    assert {key.inputs["properties"]["kty"] for key in plan.all("Key")} == {"RSA-HSM"}
    assert "before 545 days have passed since the first `up`, and again at least every 365 days" in plan.notes()


def test_encrypted_resources_come_after_the_right_to_their_key(prod: Planned) -> None:
    for name, purpose in (
        ("store-main", "store"),
        ("images-registry", "registry"),
        ("cluster-disks", "volumes"),
        ("telemetry-archive", "monitoring"),
    ):
        assert f"keys-use-{purpose}-key-encryption-user" in prod.directly_after(name), name
