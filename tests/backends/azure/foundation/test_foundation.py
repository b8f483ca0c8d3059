"""The resource group, its protection, and settings of the subscription."""

from __future__ import annotations

from collections.abc import Callable

from ....planned import Planned
from ..conftest import target
from ..serving.serving import template


def test_everything_is_in_the_groups_region_and_group(prod: Planned) -> None:
    assert prod.one("foundation-group").inputs["resourceGroupName"] == "acme-ml-prod-rg"
    groups = {step.inputs["resourceGroupName"] for step in prod.plan.resources() if "resourceGroupName" in step.inputs}
    assert groups == {"acme-ml-prod-rg", "NetworkWatcherRG"}


def test_deletion_of_what_holds_state_is_denied_in_protected_environments(
    prod: Planned, least: Planned, planned: Callable[..., Planned]
) -> None:
    parameters = prod.one("foundation-deny-deletion").inputs["parameters"]
    assert parameters["effect"] == {"value": "DenyAction"}
    assert "Microsoft.Storage/storageAccounts" in parameters["listOfResourceTypesDisallowedForDeletion"]["value"]
    assert not least.all("PolicyAssignment")
    assert not planned(environment="prod", targets=(target(deletion_policy=False),)).all("PolicyAssignment")
    # a lock would also keep access from being revoked
    assert not prod.all("ManagementLockByScope")


def test_settings_of_the_subscription_are_opt_in(prod: Planned, least: Planned) -> None:
    # by a template: a subscription has every Defender plan already, and what is there is not created
    assert {content["name"] for content in template(prod.one("foundation-subscription"))} == {
        "Containers",
        "Microsoft.Compute/EncryptionAtHost",
        "Microsoft.ContainerService/AKSInfinibandSupport",
    }
    assert "foundation-subscription" in prod.directly_after("cluster-cluster")
    assert prod.one("telemetry-activity-log").inputs["workspaceId"]
    for kind in ("DeploymentAtSubscriptionScope", "SubscriptionDiagnosticSetting"):
        assert not least.all(kind)
    assert "az feature register --namespace Microsoft.Compute --name EncryptionAtHost" in least.notes()
    assert "az provider register" in least.notes()
