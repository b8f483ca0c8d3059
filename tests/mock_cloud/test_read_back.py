"""What a provider reads back of properties that the cloud, or another resource, changes in part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import pytest

from mlplatform.catalog.listed import LISTED
from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.providers.schema import resource_schema

MakeCloud = Callable[[str], Cloud]
AKS, POOL = "azure-native:containerservice:ManagedCluster", "azure-native:containerservice:AgentPool"
SERVER = "azure-native:dbforpostgresql:Server"
PLACE = {"resourceGroupName": "acme", "resourceName": "acme"}
SYSTEM = {"name": "system1", "count": 1, "maxCount": 3}
CLUSTER: Mapping[str, object] = {**PLACE, "agentPoolProfiles": [SYSTEM]}
GPUS: Mapping[str, object] = {**PLACE, "agentPoolName": "gpus", "count": 0, "maxCount": 2, "enableAutoScaling": True}


def _pools(cloud: Cloud, id_: str) -> list[dict[str, object]]:
    found = cloud.read(AKS, id_)
    assert found is not None
    return cast("list[dict[str, object]]", found.inputs["agentPoolProfiles"])


def test_a_cluster_reads_as_it_was_written_while_nothing_else_is_there(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    held = azure.create(AKS, "cluster", CLUSTER)
    assert _pools(azure, held.id) == [SYSTEM]


def test_a_cluster_lists_every_pool_in_its_own_order(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    held = azure.create(AKS, "cluster", CLUSTER)
    azure.create(POOL, "gpus", GPUS)
    azure.create(POOL, "other", {**GPUS, "resourceName": "another"})
    gpus, system = _pools(azure, held.id)
    assert (gpus["name"], system["name"]) == ("gpus", "system1")
    assert system["enableFIPS"] is False, "what the cloud added is there too"


def test_what_was_written_again_is_the_cloud_s_answer(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    held = azure.create(AKS, "cluster", CLUSTER)
    pool = azure.create(POOL, "gpus", GPUS)
    azure.drift("scaled")
    read = _pools(azure, held.id)
    assert [entry["count"] for entry in read] == [1, 2]
    azure.update(AKS, held.id, {**CLUSTER, "agentPoolProfiles": read, "tags": {"a": "b"}})
    assert _pools(azure, held.id) == [{**SYSTEM, "count": 2}]
    assert azure.set_back() == ()
    # the first counts again are sent back to what the autoscaler owns
    azure.update(AKS, held.id, CLUSTER)
    assert [move.words for move in azure.set_back()] == ["agentPoolProfiles.0.count was 2 and is 1"]
    azure.delete(POOL, pool.id)
    assert [entry["name"] for entry in _pools(azure, held.id)] == ["system1"]


def test_a_pool_that_is_gone_cannot_come_by_way_of_the_cluster(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    held = azure.create(AKS, "cluster", CLUSTER)
    pool = azure.create(POOL, "gpus", GPUS)
    read = _pools(azure, held.id)
    azure.delete(POOL, pool.id)
    with pytest.raises(CloudRefused, match=r"A new agent pool was introduced.*gpus") as refused:
        azure.update(AKS, held.id, {**CLUSTER, "agentPoolProfiles": read})
    assert "refresh" in refused.value.cause


def test_a_pool_that_is_left_out_stays(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    two = [SYSTEM, {**SYSTEM, "name": "system2"}]
    held = azure.create(AKS, "cluster", {**CLUSTER, "agentPoolProfiles": two})
    assert azure.update(AKS, held.id, CLUSTER).inputs["agentPoolProfiles"] == two


def test_a_disk_that_grew_reads_with_what_the_cloud_added(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    storage = {"storageSizeGB": 32, "autoGrow": "Enabled"}
    inputs = {"resourceGroupName": "acme", "serverName": "acme", "storage": storage}
    held = azure.create(SERVER, "database", inputs)
    first = azure.read(SERVER, held.id)
    assert first is not None
    assert first.inputs["storage"] == storage
    azure.drift("scaled")
    grown = azure.read(SERVER, held.id)
    assert grown is not None
    assert grown.inputs["storage"] == {**storage, "storageSizeGB": 33, "iops": 120, "tier": "P4", "type": "Premium_LRS"}
    azure.update(SERVER, held.id, grown.inputs)
    again = azure.read(SERVER, held.id)
    assert again is not None
    assert again.inputs["storage"] == {**storage, "storageSizeGB": 33}


def test_the_tables_name_real_properties() -> None:
    rows = rules_of(AKS).read_back
    assert {row.token for row in rows} >= {AKS, SERVER}
    for row in rows:
        schema = resource_schema(row.token)
        assert schema is not None
        assert row.property in schema.inputs.properties
        assert row.source.startswith("https://")
    for token, listed in LISTED.items():
        parent, child = resource_schema(token), resource_schema(listed.child)
        assert parent is not None
        assert child is not None
        assert {listed.property, *listed.within} <= set(parent.inputs.properties)
        assert {listed.child_name, *listed.within} <= set(child.inputs.properties)
        assert any(row.token == token and row.property == listed.property for row in rows)
