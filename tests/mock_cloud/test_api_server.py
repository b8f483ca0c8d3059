"""The API server of the mock cloud refuses what a real one refuses because of other objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlplatform.mock_cloud import Cloud, CloudRefused

MakeCloud = Callable[[str], Cloud]
RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"
VOLUME, CLAIM = "kubernetes:core/v1:PersistentVolume", "kubernetes:core/v1:PersistentVolumeClaim"
KUEUE = "kueue.x-k8s.io/v1beta2"
FLAVOR, QUEUE, LOCAL = (f"kubernetes:{KUEUE}:{kind}" for kind in ("ResourceFlavor", "ClusterQueue", "LocalQueue"))


def body(token: str, name: str, namespace: str = "", **rest: object) -> dict[str, Any]:
    api, kind = token.split(":", 2)[1:]
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api.removeprefix("core/"), "kind": kind, "metadata": metadata, **rest}


def queue(*flavors: str) -> dict[str, Any]:
    quota = {"name": "nvidia.com/gpu", "nominalQuota": "8"}
    group = {
        "coveredResources": ["nvidia.com/gpu"],
        "flavors": [{"name": flavor, "resources": [quota]} for flavor in flavors],
    }
    return body(QUEUE, "team", spec={"cohortName": "all", "resourceGroups": [group]})


def kueue(cloud: Cloud) -> str:
    """Install Kueue, and wait until its webhook answers."""
    cloud.create(NAMESPACE, "ns", body(NAMESPACE, "kueue-system"))
    chart = "oci://registry.k8s.io/kueue/charts/kueue"
    inputs = {"name": "kueue", "namespace": "kueue-system", "chart": chart, "version": "0.19.2"}
    made = cloud.create(RELEASE, "kueue", inputs)
    cloud.run()
    return made.id


def test_a_volume_stays_while_its_claim_is_bound(cloud: MakeCloud) -> None:
    cluster = cloud("aws")
    cluster.create(NAMESPACE, "ns", body(NAMESPACE, "training"))
    source = {"driver": "s3.csi.aws.com", "volumeHandle": "a"}
    kept = {"name": "store", "namespace": "training"}
    volume = cluster.create(VOLUME, "volume", body(VOLUME, "training-data", spec={"csi": source, "claimRef": kept}))
    claim = cluster.create(CLAIM, "claim", body(CLAIM, "store", "training", spec={"volumeName": "training-data"}))
    with pytest.raises(CloudRefused, match="pv-protection"):
        cluster.delete(VOLUME, volume.id)
    cluster.delete(CLAIM, claim.id)
    # the claim is made again, for another volume
    source = {"driver": "s3.csi.aws.com", "volumeHandle": "b"}
    cluster.create(VOLUME, "next", body(VOLUME, "training-next", spec={"csi": source, "claimRef": kept}))
    cluster.create(CLAIM, "claim", body(CLAIM, "store", "training", spec={"volumeName": "training-next"}))
    cluster.delete(VOLUME, volume.id)


def test_a_kind_must_be_installed_before_its_objects(cloud: MakeCloud) -> None:
    cluster = cloud("aws")
    flavor = body(FLAVOR, "big", spec={"nodeLabels": {"a": "b"}})
    with pytest.raises(CloudRefused, match='no matches for kind "ResourceFlavor"') as refused:
        cluster.create(FLAVOR, "flavor", flavor)
    assert "release of kueue" in refused.value.cause
    kueue(cluster)
    assert cluster.create(FLAVOR, "flavor", flavor).id == "big"


def test_an_object_waits_for_the_webhook_of_its_kind(cloud: MakeCloud) -> None:
    cluster = cloud("aws")
    cluster.create(NAMESPACE, "ns", body(NAMESPACE, "kueue-system"))
    inputs = {"name": "kueue", "namespace": "kueue-system", "chart": "kueue", "version": "0.19.2"}
    release = cluster.create(RELEASE, "kueue", inputs)
    made = cluster.create(FLAVOR, "flavor", body(FLAVOR, "big", spec={"nodeLabels": {"a": "b"}}))
    assert made.ready_at > release.ready_at + 29


@pytest.mark.parametrize("token", [LOCAL, RELEASE])
def test_a_namespace_must_be_there(token: str, cloud: MakeCloud) -> None:
    cluster = cloud("aws")
    kueue(cluster)
    inputs = (
        {"name": "a", "namespace": "training", "chart": "kueue", "version": "1"}
        if token == RELEASE
        else body(LOCAL, "default", "training", spec={"clusterQueue": "team"})
    )
    with pytest.raises(CloudRefused, match='namespaces "training" not found'):
        cluster.create(token, "one", inputs)
    cluster.create(NAMESPACE, "training", body(NAMESPACE, "training"))
    cluster.create(token, "one", inputs)


def test_two_objects_of_one_name_collide(cloud: MakeCloud) -> None:
    cluster = cloud("aws")
    cluster.create(NAMESPACE, "one", body(NAMESPACE, "training"))
    with pytest.raises(CloudRefused, match=r'Namespace "training" already exists') as refused:
        cluster.create(NAMESPACE, "two", body(NAMESPACE, "training"))
    assert "pulumi import" in refused.value.cause


def test_what_is_immutable_is_not_changed(cloud: MakeCloud) -> None:
    cluster = cloud("aws")
    kueue(cluster)
    cluster.create(NAMESPACE, "training", body(NAMESPACE, "training"))
    made = cluster.create(LOCAL, "local", body(LOCAL, "default", "training", spec={"clusterQueue": "a"}))
    with pytest.raises(CloudRefused, match=r"spec\.clusterQueue: field is immutable"):
        cluster.update(LOCAL, made.id, body(LOCAL, "default", "training", spec={"clusterQueue": "b"}))


def test_a_flavor_that_a_queue_uses_does_not_go(cloud: MakeCloud) -> None:
    cluster = cloud("aws")
    kueue(cluster)
    flavor = cluster.create(FLAVOR, "flavor", body(FLAVOR, "big", spec={"nodeLabels": {"a": "b"}}))
    made = cluster.create(QUEUE, "queue", queue("big"))
    with pytest.raises(CloudRefused, match="resource-in-use"):
        cluster.delete(FLAVOR, flavor.id)
    cluster.update(QUEUE, made.id, queue("other"))
    cluster.delete(FLAVOR, flavor.id)


def test_a_controller_does_not_go_before_the_objects_of_its_kinds(cloud: MakeCloud) -> None:
    cluster = cloud("aws")
    release = kueue(cluster)
    made = cluster.create(QUEUE, "queue", queue("big"))
    with pytest.raises(CloudRefused, match="has a finalizer, and its controller is gone"):
        cluster.delete(RELEASE, release)
    cluster.delete(QUEUE, made.id)
    cluster.delete(RELEASE, release)


def test_gke_admits_critical_pods_only_where_a_quota_names_them(cloud: MakeCloud) -> None:
    values = {"priorityClassName": "system-node-critical"}
    inputs = {"name": "a", "namespace": "devices", "chart": "a", "version": "1", "values": values}
    quota = "kubernetes:core/v1:ResourceQuota"
    for name in ("aws", "gcp"):
        cluster = cloud(name)
        cluster.create(NAMESPACE, "ns", body(NAMESPACE, "devices"))
        if name == "aws":
            cluster.create(RELEASE, "a", inputs)
            continue
        with pytest.raises(CloudRefused, match="insufficient quota to match these scopes"):
            cluster.create(RELEASE, "a", inputs)
        cluster.create(quota, "quota", body(quota, "critical", "devices", spec={"hard": {"pods": "100"}}))
        cluster.create(RELEASE, "a", inputs)
