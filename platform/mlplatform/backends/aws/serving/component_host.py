"""The configuration of an endpoint with inference components: hosts without a model."""

from __future__ import annotations

import json

import pulumi
from pulumi_aws import cloudcontrol

from mlplatform.backends.aws.foundation.policy import to_json
from mlplatform.backends.aws.naming import SAGEMAKER
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.serving.variants import (
    DOWNLOAD_SECONDS,
    container_start_seconds,
    host_image,
    instance_type,
    network_marks,
    volume_key,
)
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.feature_store import looks_features_up
from mlplatform.components.names import hashed_name, physical_name, short_hash
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec


def component_name(spec: PlatformSpec, endpoint: EndpointSpec) -> str:
    """The component's name, which callers send; it stays when the model changes."""
    return physical_name(spec, endpoint.name, SAGEMAKER)


def make_component_host(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> pulumi.Output[str]:
    """Create the configuration; returns its name.

    Components use network and isolation of the endpoint, which the provider's own resource cannot set:
    https://github.com/hashicorp/terraform-provider-aws/issues/48713
    """
    network = native(scope.context.network.parts, AwsNetwork)
    isolated = not spec.secrets and not looks_features_up(scope.spec, spec)
    variant: dict[str, object] = {
        "VariantName": "main",
        "InstanceType": instance_type(scope, spec, needs),
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 1,
        "ContainerStartupHealthCheckTimeoutInSeconds": container_start_seconds(spec),
        "ModelDataDownloadTimeoutInSeconds": DOWNLOAD_SECONDS,
        "ManagedInstanceScaling": {
            "Status": "ENABLED",
            "MinInstanceCount": 0,
            # one spare: a new model starts beside the old one
            "MaxInstanceCount": spec.replicas[1] + 1,
        },
        "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
    }
    image, key = host_image(needs), volume_key(scope, spec, needs)
    if image:
        variant["InferenceAmiVersion"] = image
    content = json.dumps([variant, isolated, bool(key), network_marks(scope)], sort_keys=True)
    state: dict[str, object] = {
        "EndpointConfigName": hashed_name(scope.spec, spec.name, content, SAGEMAKER),
        "ExecutionRoleArn": needs.identity.principal,
        "EnableNetworkIsolation": isolated,
        "VpcConfig": {
            "Subnets": list(network.node_subnet_ids),
            "SecurityGroupIds": [network.workload_security_group_id],
        },
        "ProductionVariants": [variant],
        # tags that last: another one would be another configuration, and replace the instances that serve
        "Tags": [{"Key": name, "Value": value} for name, value in sorted(scope.lasting_tags.items())],
    }
    if key is not None:
        state["KmsKeyId"] = key
    config = cloudcontrol.Resource(
        # as with models, another content is another resource: the former one stays until a run ends well without it
        scope.child(f"config-{short_hash(content)}"),
        type_name="AWS::SageMaker::EndpointConfig",
        desired_state=to_json(state),
        opts=scope.opts(depends_on=[*needs.identity.parts.grants, *network.ready], former=("config",)),
    )
    return config.desired_state.apply(_name)


def _name(state: str) -> str:
    return json.loads(state)["EndpointConfigName"]
