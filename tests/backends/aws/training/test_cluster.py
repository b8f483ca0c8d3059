"""The cluster is private, logs everything, knows identities, and comes up in an order that works."""

from __future__ import annotations

from mlplatform import TrainingSpec

from ....planned import Planned
from ..conftest import ACCOUNT


def test_the_api_is_private_and_secrets_are_encrypted(prod: Planned) -> None:
    cluster = prod.one("cluster-eks")
    vpc = cluster.inputs["vpcConfig"]
    assert (vpc["endpointPrivateAccess"], vpc["endpointPublicAccess"]) == (True, False)
    encryption = cluster.inputs["encryptionConfig"]
    assert encryption["provider"]["keyArn"] == prod.one("keys-cluster").outputs["arn"]
    assert encryption["resources"] == ["secrets"]
    assert len(cluster.inputs["enabledClusterLogTypes"]) == 5
    assert cluster.inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    assert cluster.inputs["version"] == "1.35"
    assert cluster.inputs["deletionProtection"] is True
    assert cluster.protect


def test_the_api_opens_to_named_ranges_alone(planned) -> None:
    plan = planned(training=TrainingSpec(api_cidrs=("203.0.113.0/24",)))
    vpc = plan.one("cluster-eks").inputs["vpcConfig"]
    assert vpc["endpointPublicAccess"] is True
    assert vpc["publicAccessCidrs"] == ["203.0.113.0/24"]
    assert plan.one("cluster-eks").inputs["deletionProtection"] is False


def test_the_plan_says_that_nobody_renews_the_images_of_nodes(prod: Planned) -> None:
    name = prod.one("cluster-eks").inputs["name"]
    assert f"aws eks update-nodegroup-version --cluster-name {name} --nodegroup-name GROUP" in prod.notes()
    # an image that a person moved on is no change of the next plan
    assert all("releaseVersion" not in group.inputs for group in prod.all("NodeGroup"))


def test_the_control_plane_comes_after_its_rights_and_its_log_group(prod: Planned) -> None:
    after = prod.directly_after("cluster-eks")
    assert {"cluster-cluster-rights", "cluster-cluster-amazoneksclusterpolicy", "cluster-logs"} <= after
    assert prod.one("cluster-logs").inputs["name"] == "/aws/eks/acme-ml-prod-cluster/cluster"


def test_network_add_ons_before_nodes_and_the_others_after(prod: Planned) -> None:
    nodes = prod.directly_after("cluster-system")
    assert {f"cluster-addon-{name}" for name in ("eks-pod-identity-agent", "vpc-cni", "kube-proxy")} <= nodes
    for name in ("coredns", "metrics-server", "aws-ebs-csi-driver", "amazon-cloudwatch-observability"):
        assert "cluster-system" in prod.directly_after(f"cluster-addon-{name}")
    assert prod.one("cluster-eks").inputs["bootstrapSelfManagedAddons"] is False


def test_nodes_come_after_rights_routes_and_endpoints(prod: Planned) -> None:
    for group in ("cluster-system", "pool-vision-nodes-us-east-1a"):
        after = prod.directly_after(group)
        assert "cluster-node-amazoneksworkernodepolicy" in after
        assert "cluster-node-amazonec2containerregistrypullonly" in after
        assert {f"network-private-us-east-1{zone}-route" for zone in "abc"} <= after
        assert {"network-endpoint-s3", "network-endpoint-eks-auth", "network-endpoint-ecr-dkr"} <= after


def test_nodes_have_no_rights_on_network_interfaces(prod: Planned) -> None:
    attached = {step.inputs["policyArn"] for step in prod.all("RolePolicyAttachment") if "cluster-node" in step.name}
    assert not [arn for arn in attached if "CNI" in str(arn)]
    associations = prod.one("cluster-addon-vpc-cni").inputs["podIdentityAssociations"]
    assert associations[0]["serviceAccount"] == "aws-node"


def test_container_logs_have_key_and_retention_before_the_agent_writes(prod: Planned) -> None:
    for kind in ("application", "dataplane", "host", "performance"):
        group = prod.one(f"cluster-{kind}-logs").inputs
        assert group["name"] == f"/aws/containerinsights/acme-ml-prod-cluster/{kind}"
        assert f"cluster-{kind}-logs" in prod.directly_after("cluster-addon-amazon-cloudwatch-observability")


def test_system_nodes_spread_and_the_autoscaler_keeps_their_number(prod: Planned) -> None:
    system = prod.one("cluster-system")
    assert system.inputs["scalingConfig"] == {"minSize": 3, "maxSize": 6, "desiredSize": 3}
    assert system.ignore_changes == ("scalingConfig.desiredSize",)
    assert len(system.inputs["subnetIds"]) == 3
    assert system.inputs["amiType"] == "BOTTLEROCKET_x86_64"


def test_the_autoscaler_scales_this_cluster_alone(prod: Planned) -> None:
    scale = prod.document("cluster-autoscaler-rights")["Scale"]
    tag = "aws:ResourceTag/k8s.io/cluster-autoscaler/acme-ml-prod-cluster"
    assert scale["Condition"] == {"StringEquals": {tag: "owned"}}
    association = prod.one("cluster-autoscaler-identity").inputs
    assert (association["namespace"], association["serviceAccount"]) == ("kube-system", "cluster-autoscaler")


def test_training_pods_are_bound_after_their_rights(prod: Planned) -> None:
    after = prod.directly_after("cluster-bind-training-training")
    assert {"store-read-data-models-training", "images-pull-training", "cluster-addon-eks-pod-identity-agent"} <= after


def test_people_reach_what_their_role_needs(prod: Planned) -> None:
    def access(role: str) -> tuple[str, str]:
        inputs = prod.one(f"cluster-access-{role}-rights").inputs
        assert f"cluster-access-{role}" in prod.directly_after(f"cluster-access-{role}-rights")
        assert inputs["principalArn"] == f"arn:aws:iam::{ACCOUNT}:role/acme-ml-prod-{role}"
        return str(inputs["policyArn"]).rpartition("/")[2], inputs["accessScope"]["type"]

    assert access("operator") == ("AmazonEKSClusterAdminPolicy", "cluster")
    assert access("auditor") == ("AmazonEKSViewPolicy", "cluster")
    assert access("data-scientist") == ("AmazonEKSEditPolicy", "namespace")


def test_metrics_are_collected_into_the_workspace(prod: Planned) -> None:
    scraper = prod.one("cluster-scraper").inputs
    assert scraper["destination"]["amp"]["workspaceArn"] == prod.one("telemetry-prometheus").outputs["arn"]
    assert scraper["source"]["eks"]["clusterArn"] == prod.one("cluster-eks").outputs["arn"]
    assert prod.one("telemetry-prometheus").inputs["kmsKeyArn"] == prod.one("keys-monitoring").outputs["arn"]


def test_no_prometheus_no_scraper(planned) -> None:
    plan = planned(training=TrainingSpec(), monitoring={"prometheus": False})
    assert not plan.all("Scraper")
    assert not plan.all("Workspace")


def test_without_an_operator_the_plan_says_who_is_missing(planned) -> None:
    assert "name who may for 'operator'" in planned(training=TrainingSpec()).notes()
