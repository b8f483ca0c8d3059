"""The cluster passes the benchmark, and nothing starts before what it stands on."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import MonitoringSpec, TrainingSpec

from ....planned import Planned


def test_the_api_is_private_until_ranges_are_named(prod: Planned, planned: Callable[..., Planned]) -> None:
    closed = prod.one("cluster-cluster").inputs
    assert closed["privateClusterConfig"] == {"enablePrivateNodes": True, "enablePrivateEndpoint": True}
    assert closed["masterAuthorizedNetworksConfig"] == {"cidrBlocks": [], "gcpPublicCidrsAccessEnabled": False}
    dns = closed["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]  # type: ignore[index]
    # people's requests, which IAM lets through; never those with Kubernetes' own proofs
    assert dns == {"allowExternalTraffic": True, "enableK8sCertsViaDns": False, "enableK8sTokensViaDns": False}
    opened = planned(training=TrainingSpec(api_cidrs=("203.0.113.0/24",))).one("cluster-cluster").inputs
    assert opened["privateClusterConfig"]["enablePrivateEndpoint"] is False  # type: ignore[index]
    assert opened["masterAuthorizedNetworksConfig"]["cidrBlocks"] == [{"cidrBlock": "203.0.113.0/24"}]  # type: ignore[index]


def test_the_benchmarks_settings(prod: Planned) -> None:
    cluster = prod.one("cluster-cluster").inputs
    assert cluster["enableLegacyAbac"] is False
    assert cluster["enableShieldedNodes"] is True
    assert cluster["enableIntranodeVisibility"] is True
    assert cluster["networkPolicy"] == {"enabled": False}
    assert cluster["datapathProvider"] == "ADVANCED_DATAPATH"
    assert cluster["masterAuth"] == {"clientCertificateConfig": {"issueClientCertificate": False}}
    assert cluster["anonymousAuthenticationConfig"] == {"mode": "LIMITED"}
    assert set(cluster["rbacBindingConfig"].values()) == {False}  # type: ignore[attr-defined]
    assert cluster["binaryAuthorization"] == {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}
    assert cluster["releaseChannel"] == {"channel": "REGULAR"}
    assert cluster["authenticatorGroupsConfig"] == {"securityGroup": "gke-security-groups@acme.example"}
    encryption = cluster["databaseEncryption"]
    assert encryption == {"state": "ENCRYPTED", "keyName": prod.one("keys-cluster").id}
    assert cluster["resourceLabels"]["cost-center"] == "1"  # type: ignore[index]


def test_production_refuses_deletion(prod: Planned, planned: Callable[..., Planned]) -> None:
    cluster = prod.one("cluster-cluster")
    assert (cluster.inputs["deletionProtection"], cluster.protect) == (True, True)
    dev = planned(training=TrainingSpec()).one("cluster-cluster")
    assert (dev.inputs["deletionProtection"], dev.protect) == (False, False)


def test_the_first_nodes_run_as_the_nodes_account_too(prod: Planned) -> None:
    node = prod.one("cluster-cluster").inputs["nodeConfig"]
    email = prod.one("cluster-nodes").outputs["email"]
    assert (node["serviceAccount"], node["bootDiskKmsKey"]) == (email, prod.one("keys-volumes").id)  # type: ignore[index]
    assert prod.one("cluster-cluster").ignore_changes == ("nodeConfig", "initialNodeCount")


def test_nodes_may_log_measure_and_pull_and_no_more(prod: Planned) -> None:
    member = prod.one("cluster-nodes").outputs["member"]
    roles = {
        str(step.inputs["role"])
        for step in prod.plan.resources()
        if step.inputs.get("member") == member and "role" in step.inputs
    }
    assert roles == {"roles/container.defaultNodeServiceAccount", "roles/artifactregistry.reader"}
    assert {"cluster-nodes-base", "cluster-nodes-pull-training"} <= prod.after("cluster-cluster")


def test_workload_identities_are_bound_after_the_cluster(prod: Planned) -> None:
    name = "cluster-training-training-training"
    assert "cluster-cluster" in prod.after(name)
    assert prod.one(name).inputs["member"] == "serviceAccount:acme-ml-prod.svc.id.goog[training/training]"


def test_upgrades_are_told_by_an_encrypted_topic(prod: Planned) -> None:
    assert prod.one("cluster-events").inputs["kmsKeyName"] == prod.one("keys-monitoring").id
    assert "cluster-events-publisher" in prod.after("cluster-cluster")


def test_gpus_are_measured_where_prometheus_is_on(prod: Planned, planned: Callable[..., Planned]) -> None:
    on = prod.one("cluster-cluster").inputs["monitoringConfig"]
    assert "DCGM" in on["enableComponents"]  # type: ignore[index]
    assert on["managedPrometheus"] == {"enabled": True}  # type: ignore[index]
    bare = planned(training=TrainingSpec(), monitoring=MonitoringSpec(prometheus=False))
    off = bare.one("cluster-cluster").inputs["monitoringConfig"]
    assert off["enableComponents"] == ["SYSTEM_COMPONENTS"]  # type: ignore[index]
    assert off["managedPrometheus"] == {"enabled": False}  # type: ignore[index]


def test_the_system_pool_has_the_profiles_nodes(prod: Planned) -> None:
    pool = prod.one("cluster-system").inputs
    assert pool["autoscaling"] == {"totalMinNodeCount": 3, "totalMaxNodeCount": 6, "locationPolicy": "BALANCED"}
    assert pool["initialNodeCount"] == 1
    assert pool["nodeConfig"]["machineType"] == "e2-standard-4"  # type: ignore[index]
    assert len(pool["nodeLocations"]) == 3  # type: ignore[arg-type]
