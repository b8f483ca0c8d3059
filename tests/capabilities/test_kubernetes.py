"""Kubernetes versions are dated data on every cloud, pools follow the control plane, and upgrades can be held."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from mlplatform import GpuPoolSpec, PlatformSpec, TrainingSpec, discovery
from mlplatform.catalog.kubernetes import KubernetesService, minor
from mlplatform.catalog.today import reading_history, selling_day
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.spec.problem import Problem
from mlplatform.spec.training import UpgradeHold

from ..components.parts import TARGETS
from ..conftest import CLOUDS

TODAY = date(2026, 11, 29)
POOL = GpuPoolSpec(name="batch", accelerator="T4:1", max_nodes=2, capacity="spot")
HOLD = UpgradeHold(name="llm", starts=date(2026, 12, 10), ends=date(2027, 2, 28))


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795910400")


def spec(cloud: str, **training: object) -> PlatformSpec:
    return PlatformSpec.model_validate(
        {
            "name": "acme",
            "environment": "dev",
            "owner": "o",
            "cost_center": "1",
            "targets": (TARGETS[cloud],),
            "training": TrainingSpec.model_validate({"pools": (POOL,), **training}),
        }
    )


def problems(cloud: str, **training: object) -> dict[str, Problem]:
    found = discovery.backend(cloud).problems(spec(cloud, **training))
    return {problem.path: problem for problem in found if problem.path.startswith("training")}


def service(cloud: str) -> KubernetesService:
    return discovery.backend(cloud).catalog.kubernetes


def test_the_day_is_fixed_here() -> None:
    assert selling_day() == TODAY
    with reading_history():
        assert selling_day() is None


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_calendar_has_a_source_and_runs_forward(cloud: str) -> None:
    calendar = service(cloud)
    assert calendar.source.startswith("https://")
    assert calendar.as_of
    assert calendar.as_of <= TODAY
    numbers = [minor(release.version) for release in calendar.releases]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    for release in calendar.releases:
        assert release.since < release.standard < release.extended


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_default_is_supported_everywhere_for_a_while(cloud: str) -> None:
    release = service(cloud).release(TrainingSpec().kubernetes_version)
    assert release
    assert (release.standard - TODAY).days > 90, "move the default of training.kubernetes_version"
    assert problems(cloud) == {}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_version_past_its_support_is_refused_with_the_way_out(cloud: str) -> None:
    refused = problems(cloud, kubernetes_version="1.33")["training.kubernetes_version"]
    assert "that of 1.33 ended on 2026-0" in refused.expected
    assert "raise it one minor at a time to 1.3" in refused.fix
    assert "set training.support to extended" in refused.fix
    assert problems(cloud, kubernetes_version="1.33", support="extended") == {}
    assert "a version that" in problems(cloud, kubernetes_version="1.29")["training.kubernetes_version"].expected
    with reading_history():
        assert problems(cloud, kubernetes_version="1.33") == {}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_version_that_is_not_listed_yet_is_refused_until_somebody_vouches_for_it(cloud: str) -> None:
    refused = problems(cloud, kubernetes_version="1.39")["training.kubernetes_version"]
    assert "add 'kubernetes-1.39' to offered" in refused.fix
    insisted = spec(cloud, kubernetes_version="1.39").overlay(
        targets=(TARGETS[cloud].overlay(offered=("kubernetes-1.39",)),)
    )
    assert [p for p in discovery.backend(cloud).problems(insisted) if p.path.startswith("training")] == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_hold_beyond_the_end_of_support_is_refused(cloud: str) -> None:
    assert problems(cloud, holds=(HOLD,)) == {}
    late = HOLD.overlay(starts=date(2027, 3, 1), ends=date(2027, 7, 1))
    refused = problems(cloud, holds=(late,))["training.holds[0].ends"]
    assert "anyway" in refused.expected
    assert problems(cloud, support="extended", holds=(late,)) == {}


def test_a_hold_is_short_enough_and_runs_forward() -> None:
    with pytest.raises(ValidationError, match="expected a day less than 180 days after"):
        UpgradeHold(name="a", starts=date(2027, 1, 1), ends=date(2027, 6, 30))
    with pytest.raises(ValidationError, match="a day not before starts"):
        UpgradeHold(name="a", starts=date(2027, 1, 2), ends=date(2027, 1, 1))
    with pytest.raises(ValidationError, match="a name that no other hold has"):
        TrainingSpec(holds=(HOLD, HOLD))


@pytest.fixture(scope="module")
def extended() -> dict[str, Plan]:
    """One plan per cloud, of a version in extended support, with a hold."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795910400")
        wanted = {"kubernetes_version": "1.34", "support": "extended", "holds": (HOLD,)}
        return {cloud: record(spec(cloud, **wanted), cloud) for cloud in CLOUDS}


def _inputs(plan: Plan, token: str) -> list[dict[str, Any]]:
    return [dict(step.inputs) for step in plan.steps if step.type == token]


def test_eks_keeps_the_version_and_pins_its_addons(extended: dict[str, Plan]) -> None:
    (cluster,) = _inputs(extended["aws"], "aws:eks/cluster:Cluster")
    assert cluster["upgradePolicy"] == {"supportType": "EXTENDED"}
    pinned = {
        addon["addonName"]: addon.get("addonVersion") for addon in _inputs(extended["aws"], "aws:eks/addon:Addon")
    }
    assert pinned["kube-proxy"].startswith("v1.34.")
    release = service("aws").release("1.34")
    assert release
    assert {name: version for name, version in pinned.items() if version} == dict(release.addons)
    assert any("node groups change only by `up`" in note.text for note in extended["aws"].notes)


def test_every_addon_of_a_version_follows_it() -> None:
    for release in service("aws").releases:
        addons = dict(release.addons)
        if addons:
            assert addons["kube-proxy"].startswith(f"v{release.version}.")
            assert {"coredns", "vpc-cni", "eks-pod-identity-agent"} <= addons.keys()


def test_gke_follows_the_extended_channel_and_holds_nodes(extended: dict[str, Plan]) -> None:
    (cluster,) = _inputs(extended["gcp"], "gcp:container/cluster:Cluster")
    assert cluster["releaseChannel"] == {"channel": "EXTENDED"}
    (held,) = cluster["maintenancePolicy"]["maintenanceExclusions"]
    assert (held["startTime"], held["endTime"]) == ("2026-12-10T00:00:00Z", "2027-03-01T00:00:00Z")
    assert held["exclusionOptions"] == {"scope": "NO_MINOR_OR_NODE_UPGRADES"}


def test_aks_raises_the_control_plane_alone_and_then_every_pool(extended: dict[str, Plan]) -> None:
    (cluster,) = _inputs(extended["azure"], "azure-native:containerservice:ManagedCluster")
    assert (cluster["kubernetesVersion"], cluster["sku"]["tier"]) == ("1.34", "Premium")
    assert cluster["supportPlan"] == "AKSLongTermSupport"
    assert cluster["autoUpgradeProfile"]["upgradeChannel"] == "none"
    assert not any("orchestratorVersion" in pool for pool in cluster["agentPoolProfiles"])
    (pool,) = _inputs(extended["azure"], "azure-native:containerservice:AgentPool")
    assert (pool["orchestratorVersion"], pool["scaleSetPriority"]) == ("1.34", "Spot")
    (again,) = [step for step in extended["azure"].steps if step.urn.endswith("-system-versions")]
    written = again.inputs["properties"]["template"]["resources"]
    assert len(written) == len(cluster["agentPoolProfiles"])
    for position, nested in enumerate(written):
        (system,) = nested["properties"]["template"]["resources"]
        assert system["properties"]["orchestratorVersion"] == "1.34"
        assert system["properties"]["count"] == "[parameters('count')]"
        assert bool(nested.get("dependsOn")) == bool(position), "one after the other"
    windows = _inputs(extended["azure"], "azure-native:containerservice:MaintenanceConfiguration")
    assert [window["maintenanceWindow"]["notAllowedDates"] for window in windows] == [
        [{"start": "2026-12-10", "end": "2027-02-28"}]
    ] * 2


def test_the_plan_says_that_support_ends_soon(extended: dict[str, Plan]) -> None:
    near = record(spec("aws", kubernetes_version="1.34"), "aws")
    assert any("standard support of 1.34 ends on 2026-12-02" in note.text for note in near.notes)
    assert not any("support of 1.34 ends" in note.text for note in extended["aws"].notes)
