"""Each kind of refusal, with a bad resource on each cloud."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlplatform.providers.check import check_invoke, check_resource
from mlplatform.providers.wire import UNKNOWN

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
ASSET = "c44067f5952c0a294b673a41bacd8c17"

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "bucket": ("aws:s3/bucket:Bucket", {"bucket": "acme-models-123", "tags": {"owner": "ml"}}),
    "role": ("aws:iam/role:Role", {"name": "acme-train", "assumeRolePolicy": TRUST}),
    "entry": (
        "aws:eks/accessEntry:AccessEntry",
        {
            "clusterName": "acme",
            "principalArn": "arn:aws:iam::123456789012:role/ann",
            "kubernetesGroups": ["team-fraud"],
        },
    ),
    "nodes": (
        "aws:eks/nodeGroup:NodeGroup",
        {
            "clusterName": "acme",
            "nodeGroupName": "h100",
            "nodeRoleArn": "arn:aws:iam::123456789012:role/nodes",
            "subnetIds": ["subnet-1"],
            "scalingConfig": {"minSize": 0.0, "maxSize": 4.0, "desiredSize": 0.0},
            "amiType": "AL2023_x86_64_NVIDIA",
            "capacityType": "CAPACITY_BLOCK",
            "launchTemplate": {"id": "lt-1", "version": "1"},
            "labels": {"nvidia.com/gpu.product": "H100"},
            "taints": [{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}],
        },
    ),
    "endpoint config": (
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        {
            "name": "fraud-1a2b3c4d",
            "productionVariants": [
                {
                    "variantName": "stable",
                    "modelName": "fraud",
                    "instanceType": "ml.g5.xlarge",
                    "initialInstanceCount": 2.0,
                    "initialVariantWeight": 90.0,
                }
            ],
        },
    ),
    "gcs": (
        "gcp:storage/bucket:Bucket",
        {"name": "acme-models-123", "location": "US-CENTRAL1", "labels": {"owner": "ml"}},
    ),
    "pool": (
        "gcp:container/nodePool:NodePool",
        {
            "cluster": "acme",
            "name": "l4",
            "nodeConfig": {
                "machineType": "g2-standard-8",
                "guestAccelerators": [
                    {"type": "nvidia-l4", "count": 1.0, "gpuDriverInstallationConfig": {"gpuDriverVersion": "LATEST"}}
                ],
                "labels": {"nvidia.com/gpu": "L4"},
            },
        },
    ),
    "account": (
        "azure-native:storage:StorageAccount",
        {
            "accountName": "acmemodels123",
            "resourceGroupName": "acme",
            "kind": "StorageV2",
            "sku": {"name": "Standard_ZRS"},
            "tags": {"owner": "ml"},
        },
    ),
    "deployment": (
        "azure-native:machinelearningservices:OnlineDeployment",
        {
            "resourceGroupName": "acme",
            "workspaceName": "acme",
            "endpointName": "fraud",
            "deploymentName": "stable-1a2b",
            "location": "eastus2",
            "sku": {"name": "Default", "capacity": 2.0},
            "properties": {"endpointComputeType": "Managed", "instanceType": "Standard_NC24ads_A100_v4"},
        },
    ),
    "provider": (
        "pulumi:providers:aws",
        {"region": "eu-west-1", "skipRegionValidation": "true", "defaultTags": '{"tags": {"a": "b"}}'},
    ),
}


def _with(name: str, /, **changes: object) -> tuple[str, dict[str, Any]]:
    """A good resource with properties set anew; a double underscore leads inwards, None removes."""
    token, inputs = GOOD[name]
    inputs = json.loads(json.dumps(inputs))
    for path, value in changes.items():
        owner: Any = inputs
        *outer, last = path.split("__")
        for part in outer:
            owner = owner[int(part)] if part.isdigit() else owner[part]
        if value is None:
            del owner[last]
        else:
            owner[last] = value
    return token, inputs


@pytest.mark.parametrize("name", GOOD)
def test_good_resources_are_accepted(name: str) -> None:
    token, inputs = GOOD[name]
    assert [str(refusal) for refusal in check_resource(token, name, inputs)] == []


def _cloud_run(tries: int, seconds: int, accelerator: str | None = None) -> tuple[str, dict[str, Any]]:
    """A service whose container may take as many tries to start."""
    probe = {"failureThreshold": tries, "periodSeconds": seconds, "httpGet": {"path": "/"}}
    template: dict[str, Any] = {"containers": [{"image": "a", "startupProbe": probe}]}
    if accelerator:
        template["nodeSelector"] = {"accelerator": accelerator}
    return "gcp:cloudrunv2/service:Service", {"location": "us-central1", "template": template}


def test_a_start_as_long_as_cloud_run_allows_is_accepted() -> None:
    for resource in (_cloud_run(60, 10), _cloud_run(180, 10, "nvidia-l4")):
        assert check_resource(resource[0], "good", resource[1]) == []


@pytest.mark.parametrize(
    ("resource", "path", "fix"),
    [
        # a misspelled property, at the top and inside
        (_with("bucket", forceDestory=True), "forceDestory", "forceDestroy"),
        (_with("nodes", scalingConfig__max=1), "scalingConfig.max", "maxSize"),
        (_with("gcs", uniformBucketLevelAcces=True), "uniformBucketLevelAcces", "uniformBucketLevelAccess"),
        (_with("pool", nodeConfig__machinType="x"), "nodeConfig.machinType", "machineType"),
        (_with("account", enableHttpsTraficOnly=True), "enableHttpsTraficOnly", "enableHttpsTrafficOnly"),
        (_with("deployment", properties__instanceTyp="x"), "properties.instanceTyp", "instanceType"),
        # a missing property, at the top and inside
        (_with("role", assumeRolePolicy=None), "assumeRolePolicy", "set"),
        (_with("nodes", scalingConfig__desiredSize=None), "scalingConfig.desiredSize", "set"),
        (_with("gcs", location=None), "location", "set"),
        (_with("pool", nodeConfig__guestAccelerators__0__count=None), "[0].count", "set"),
        (_with("account", sku__name=None), "sku.name", "set"),
        (_with("deployment", endpointName=None), "endpointName", "set"),
        # a wrong type
        (_with("nodes", scalingConfig__maxSize="4"), "scalingConfig.maxSize", "integer"),
        (_with("nodes", scalingConfig__maxSize=1.5), "scalingConfig.maxSize", "integer"),
        (_with("nodes", subnetIds="subnet-1"), "subnetIds", "list"),
        (_with("bucket", tags__owner=5), "tags.owner", "string"),
        (_with("gcs", uniformBucketLevelAccess="yes"), "uniformBucketLevelAccess", "true or false"),
        (_with("pool", nodeConfig="g2"), "nodeConfig", "object"),
        (_with("account", enableHttpsTrafficOnly=1.0), "enableHttpsTrafficOnly", "true or false"),
        (_with("account", sku=["Standard_ZRS"]), "sku", "object"),
        # a group of the system, which EKS keeps for itself
        (_with("entry", kubernetesGroups=["system:masters"]), "kubernetesGroups[0]", "a group of your own"),
        # a value outside an enum, of the SDK or of the tables
        (_with("nodes", amiType="AL2023_x86_64_NVIDA"), "amiType", "AL2023_x86_64_NVIDIA"),
        (_with("nodes", capacityType="spot"), "capacityType", "SPOT"),
        (_with("gcs", publicAccessPrevention="enforce"), "publicAccessPrevention", "enforced"),
        (_with("account", sku__name="Standard_XRS"), "sku.name", "Standard_ZRS"),
        (_with("account", kind="StorageV9"), "kind", "StorageV2"),
        (_with("deployment", properties__endpointComputeType="Manged"), "endpointComputeType", "kind"),
        # names
        (_with("bucket", bucket="Acme_Models"), "bucket", "name"),
        (_with("bucket", bucket="a" * 64), "bucket", "name"),
        (_with("role", name="r" * 65), "name", "name"),
        (_with("endpoint config", name="fraud_scorer"), "name", "name"),
        (_with("gcs", name="my-google-bucket"), "name", "name"),
        (_with("pool", name="L4"), "name", "name"),
        (_with("pool", name="p" * 41), "name", "name"),
        (_with("account", accountName="acme-models"), "accountName", "name"),
        (_with("account", accountName="a" * 25), "accountName", "name"),
        (_with("deployment", deploymentName="2fast"), "deploymentName", "name"),
        # labels and tags
        (_with("bucket", tags__x="v" * 257), "tags.x", "value"),
        (_with("bucket", tags={"aws:owner": "ml"}), "tags", "key"),
        (_with("bucket", tags={f"k{i}": "v" for i in range(51)}), "tags", "remove"),
        (_with("nodes", labels={"-bad": "x"}), "labels", "key"),
        (_with("gcs", labels={"Owner": "ml"}), "labels", "key"),
        (_with("gcs", labels={"owner": "ML Team"}), "labels.owner", "value"),
        (_with("account", tags={f"k{i}": "v" for i in range(16)}), "tags", "remove"),
        # limits and exclusions
        (_with("nodes", scalingConfig__maxSize=0), "scalingConfig.maxSize", "1 or more"),
        (_with("nodes", diskSize=50), "launchTemplate", "remove `launchTemplate` or `diskSize`"),
        (_with("deployment", sku__capacity=51), "sku.capacity", "fit"),
        (
            (
                "azure-native:monitor:ScheduledQueryRule",
                {"resourceGroupName": "g", "criteria": {"allOf": [{"operator": "gt"}]}, "scopes": ["/subscriptions/s"]},
            ),
            "criteria.allOf[0].operator",
            "GreaterThan",
        ),
        # what follows from another property
        (_with("bucket", bucketNamespace="account-regional"), "bucket", "bucketNamespace"),
        (_with("nodes", launchTemplate=None), "launchTemplate", "capacityType"),
        (_with("pool", nodeConfig__flexStart=True, nodeConfig__spot=True), "nodeConfig.spot", "flexStart"),
        (
            _with("pool", nodeConfig__flexStart=True, management={"autoRepair": True}),
            "management.autoRepair",
            "flexStart",
        ),
        (
            _with("pool", nodeConfig__flexStart=True),
            "nodeConfig.reservationAffinity.consumeReservationType",
            "flexStart",
        ),
        (
            _with("pool", queuedProvisioning={"enabled": True}, management={"autoRepair": True}),
            "management.autoRepair",
            "queuedProvisioning",
        ),
        (
            _with("pool", queuedProvisioning={"enabled": True}, placementPolicy={"type": "COMPACT"}),
            "placementPolicy.type",
            "queuedProvisioning",
        ),
        (_with("pool", nodeConfig__maxRunDuration="604801s"), "nodeConfig.maxRunDuration", "seven days"),
        (
            _with("pool", nodeConfig__reservationAffinity={"consumeReservationType": "SPECIFIC_RESERVATION"}),
            "nodeConfig.reservationAffinity.values",
            "set",
        ),
        (_with("deployment", sku=None), "sku", "set"),
        # products of two numbers
        (_cloud_run(48, 13), "template.containers[0].startupProbe", "lower"),
        (_cloud_run(181, 10, "nvidia-l4"), "template.containers[0].startupProbe", "lower"),
        (
            _with(
                "pool",
                maxPodsPerNode=32,
                nodeConfig__guestAccelerators=[
                    {
                        "type": "nvidia-l4",
                        "count": 1,
                        "gpuSharingConfig": {"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 48},
                    }
                ],
            ),
            "nodeConfig.guestAccelerators[0]",
            "lower",
        ),
        # documents
        (_with("role", assumeRolePolicy="{'Version': 1}"), "assumeRolePolicy", "json.dumps"),
        (_with("role", assumeRolePolicy=TRUST.replace("Allow", "allow")), "Effect", "policy"),
        (_with("role", assumeRolePolicy=TRUST.replace('"sts', '"sts"')), "assumeRolePolicy", "json.dumps"),
        # provider configuration
        (("pulumi:providers:aws", {"regoin": "eu-west-1"}), "regoin", "rename"),
        (("pulumi:providers:aws", {"skipRegionValidation": "maybe"}), "skipRegionValidation", "true or false"),
    ],
)
def test_bad_resources_are_refused(resource: tuple[str, dict[str, Any]], path: str, fix: str) -> None:
    refusals = check_resource(resource[0], "bad", resource[1])
    found = [refusal for refusal in refusals if refusal.path.endswith(path)]
    assert found, [str(refusal) for refusal in refusals]
    assert all(refusal.got and refusal.expected for refusal in found)
    assert any(fix in refusal.fix for refusal in found), [refusal.fix for refusal in found]


@pytest.mark.parametrize(
    ("token", "near"),
    [
        ("aws:s3/bucket:Buckett", "aws:s3/bucket:Bucket"),
        ("gcp:container/nodePool:NodePol", "gcp:container/nodePool:NodePool"),
        ("azure-native:network:VirtualNetwrk", "azure-native:network:VirtualNetwork"),
    ],
)
def test_unknown_types_are_refused_with_the_nearest(token: str, near: str) -> None:
    (refusal,) = check_resource(token, "bad", {})
    assert near in refusal.fix


def test_unknown_packages_are_refused() -> None:
    (refusal,) = check_resource("nobodyknows:index:Thing", "bad", {})
    assert "register_provider" in refusal.fix


def test_all_refusals_of_a_resource_come_at_once() -> None:
    token, inputs = _with("nodes", amiType="x", scalingConfig__maxSize="4", sbnetIds=[])
    paths = {refusal.path for refusal in check_resource(token, "bad", inputs)}
    assert {"amiType", "scalingConfig.maxSize", "sbnetIds"} <= paths


def test_unknown_values_fit_everywhere() -> None:
    token, inputs = _with("nodes", clusterName=UNKNOWN, scalingConfig=UNKNOWN, subnetIds=[UNKNOWN], taints=UNKNOWN)
    assert check_resource(token, "fresh", inputs) == []
    token, inputs = _with("role", assumeRolePolicy=UNKNOWN)
    assert check_resource(token, "fresh", inputs) == []


def test_a_name_in_the_accounts_own_namespace_is_accepted() -> None:
    name = "acme-models-123456789012-us-east-1-an"
    token, inputs = _with("bucket", bucketNamespace="account-regional", bucket=name)
    assert check_resource(token, "good", inputs) == []


def test_a_required_property_may_be_unknown() -> None:
    token, inputs = _with("nodes", launchTemplate=UNKNOWN)
    assert check_resource(token, "fresh", inputs) == []


def test_secrets_are_checked_and_never_shown() -> None:
    secret = {SIGNATURE: SECRET, "value": "hunter2"}
    token, inputs = _with("nodes", scalingConfig__maxSize=secret)
    (refusal,) = check_resource(token, "bad", inputs)
    assert "hunter2" not in str(refusal)
    assert refusal.got.startswith("[secret]")
    token, inputs = _with("bucket", bucket={SIGNATURE: SECRET, "value": "Hunter2_"})
    (refusal,) = check_resource(token, "bad", inputs)
    assert "Hunter2_" not in str(refusal)
    token, inputs = _with("bucket", bucket={SIGNATURE: SECRET, "value": "acme-models"})
    assert check_resource(token, "good", inputs) == []


def test_assets_are_no_strings() -> None:
    asset = {SIGNATURE: ASSET, "text": "hello"}
    good = {"bucket": "acme-models", "key": "a", "source": asset}
    assert check_resource("aws:s3/bucketObjectv2:BucketObjectv2", "asset", good) == []
    bad = {"bucket": asset, "key": "a", "source": "hello"}
    paths = {refusal.path for refusal in check_resource("aws:s3/bucketObjectv2:BucketObjectv2", "asset", bad)}
    assert paths == {"bucket", "source"}


def test_the_engines_own_types_and_keys_pass() -> None:
    assert check_resource("pulumi:pulumi:StackReference", "other", {"name": "org/project/stack"}) == []
    token, inputs = _with("bucket")
    assert check_resource(token, "internal", {**inputs, "__defaults": []}) == []


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({"addonName": "vpc-cni"}, "kubernetesVersion"),
        ({"addonName": "vpc-cni", "kubernetesVersion": "1.33", "mostRecnt": True}, "mostRecnt"),
        ({"addonName": "vpc-cni", "kubernetesVersion": 1.33}, "kubernetesVersion"),
    ],
)
def test_bad_function_arguments_are_refused(args: dict[str, Any], path: str) -> None:
    (refusal,) = check_invoke("aws:eks/getAddonVersion:getAddonVersion", args)
    assert refusal.path == path


def test_unknown_functions_are_refused() -> None:
    (refusal,) = check_invoke("aws:eks/getNonsense:getNonsense", {})
    assert "getNonsense" in refusal.got
