"""Every storage account of the platform."""

from __future__ import annotations

from ....planned import Planned


def test_every_account_passes_the_baseline(prod: Planned) -> None:
    accounts = prod.all("StorageAccount")
    assert len(accounts) == 5
    for step in accounts:
        inputs = step.inputs
        assert inputs["allowBlobPublicAccess"] is False
        assert inputs["allowSharedKeyAccess"] is False
        assert inputs["allowCrossTenantReplication"] is False
        assert inputs["enableHttpsTrafficOnly"] is True
        assert inputs["minimumTlsVersion"] == "TLS1_2"
        assert inputs["isLocalUserEnabled"] is inputs["isSftpEnabled"] is False
        assert inputs["networkRuleSet"]["defaultAction"] == "Deny"
        assert inputs["encryption"]["keySource"] == "Microsoft.Keyvault"
        assert inputs["encryption"]["requireInfrastructureEncryption"] is True
        # without a version storage follows the key's rotation
        assert "keyVersion" not in inputs["encryption"]["keyVaultProperties"]
        assert step.protect
    private = {step.name for step in accounts if step.inputs["publicNetworkAccess"] == "Disabled"}
    assert private == {step.name for step in accounts} - {"acme-ml-telemetry-archive"}
