"""Pulumi's own engine gives AKS and the machine learning workspace the newest version of their keys in time."""

from __future__ import annotations

from pathlib import Path

from mlplatform import AzureTarget, GpuPoolSpec, PlatformSpec, SystemPoolSpec, TrainingSpec, discovery
from mlplatform.fast.sdk import fast_sdk
from mlplatform.rehearse.outcome import UP
from mlplatform.rehearse.stage import open_stage

from .gates import needs_engine, only_rehearsed

pytestmark = [needs_engine, only_rehearsed()]
CLUSTER = "azure-native:containerservice:ManagedCluster"
KEEPERS = {CLUSTER, "azure-native:machinelearningservices:Workspace"}
DAY = 86_400


def _platform(system_nodes: int) -> PlatformSpec:
    target = AzureTarget(
        subscription_id="00000000-1111-4222-8333-444444444444",
        tenant_id="55555555-6666-4777-8888-999999999999",
        location="westus3",
    )
    pools = (GpuPoolSpec(name="gpus", accelerator="T4:1", max_nodes=1),)
    return PlatformSpec(
        name="acme",
        environment="dev",
        owner="ml",
        cost_center="1",
        targets=(target,),
        training=TrainingSpec(pools=pools, system_pool=SystemPoolSpec(max_nodes=system_nodes)),
    )


def test_versions_follow_with_a_refresh_and_end_without(root: Path, tmp_path: Path) -> None:
    fast_sdk(discovery.backend("azure").sdks)
    with open_stage(_platform(3), "azure", root, tmp_path / "stage", stack="keys") as stage:
        assert stage.engine.stack(*UP).code == 0
        stage.cloud.clock.pass_by(400 * DAY)
        stage.cloud.run()
        later = stage.engine.stack(*UP)
        assert later.code == 0, later.output
        touched = {urn.split("::")[2].rpartition("$")[2] for op, urn, _ in later.events.touched}
        assert {op for op, _, _ in later.events.touched} == {"update"}, later.output
        assert touched == KEEPERS, later.output
        stage.cloud.clock.pass_by(460 * DAY)
        stage.cloud.run()
        stage.use_spec(_platform(5))
        refused = stage.engine.stack(*UP, "--refresh=false")
        assert refused.code != 0
        assert {call.token for call in stage.cloud.refusals} == {CLUSTER}, refused.output
        stage.cloud.run()
        assert stage.engine.stack(*UP).code == 0
