"""SageMaker models and the variants of an endpoint configuration, with names that follow their content."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

import pulumi
from pulumi_aws import sagemaker

from mlplatform.backends.aws.artifact_store.parts import AwsStore
from mlplatform.backends.aws.naming import SAGEMAKER
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.serving.rollout import initial_replicas
from mlplatform.backends.aws.serving.servers import HOST_IMAGES, container_environment, image_address
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.machine import CpuMachine, GpuMachine
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.feature_store import looks_features_up
from mlplatform.components.names import hashed_name, short_hash
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_replica_machine, endpoint_use
from mlplatform.spec.endpoints import EndpointSpec

DOWNLOAD_SECONDS = 1800
"""Longest download of a model."""

_FORMER_START = 900


@dataclass(frozen=True, slots=True)
class SageMakerModel:
    """A model on SageMaker."""

    resource: sagemaker.Model
    """The model."""

    name: str
    """Its physical name, which changes with its content."""


def container_start_seconds(spec: EndpointSpec) -> int:
    """Seconds within which a container must answer: the stated ones, or those of its server, and at least 900.

    Configurations in use have 900, and another value would replace them and every host.
    """
    return spec.startup_seconds or max(spec.longest_start, _FORMER_START)


def replica_machine(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> CpuMachine | GpuMachine:
    """The machine of one replica. Components that sleep use the same instance types as plain variants.

    Raises:
        NotChosen: there is none, which validation reports first.
    """
    return choose_replica_machine(scope.context.backend, scope.context.target, spec, needs.choice)


def instance_type(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> str:
    """SageMaker's name of the machine."""
    return replica_machine(scope, spec, needs).serving_type(endpoint_use(spec))


def network_marks(scope: Scope) -> list[str]:
    """The known identity of the network before deployment: models and hosts are replaced when it changes."""
    network = native(scope.context.network.parts, AwsNetwork)
    return [network.mark, *network.cidrs, *network.zones]


def host_image(needs: EndpointNeeds) -> str | None:
    """Image of the hosts; None leaves the choice to SageMaker."""
    return HOST_IMAGES[needs.choice.machine.accelerator.model.vendor] if needs.choice else None


def make_model(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    variant: str,
    path: str | None,
    variant_image: str | None,
) -> SageMakerModel:
    """Create a model. Every change replaces it, so its name follows its content."""
    target = scope.target(AwsTarget)
    network = native(scope.context.network.parts, AwsNetwork)
    place = native(needs.store.parts, AwsStore).buckets["models"]
    uri = pulumi.Output.concat("s3://", place.name, f"/{path}/") if path else None
    # a name that is known only after deployment cannot be part of another one
    model_mark = f"s3://{place.name if isinstance(place.name, str) else 'existing'}/{path}/" if path else None
    address = image_address(spec, target, variant_image)
    variables = container_environment(spec, target)
    isolated = not spec.secrets and not looks_features_up(scope.spec, spec)
    content = json.dumps([model_mark, address, variables, isolated, network_marks(scope)], sort_keys=True)
    name = hashed_name(scope.spec, f"{spec.name}-{variant}", content, SAGEMAKER)
    # every content is a resource of its own, which is deleted once a run has ended well without it: after a rollback
    # the former model is still there, and a return to it finds it instead of a name that is taken
    role = f"model-{variant}-{short_hash(content)}"
    source = (
        sagemaker.ModelPrimaryContainerModelDataSourceArgs(
            s3_data_sources=[
                sagemaker.ModelPrimaryContainerModelDataSourceS3DataSourceArgs(
                    s3_uri=uri, s3_data_type="S3Prefix", compression_type="None"
                )
            ]
        )
        if uri
        else None
    )
    resource = sagemaker.Model(
        scope.child(role),
        name=name,
        execution_role_arn=needs.identity.principal,
        primary_container=sagemaker.ModelPrimaryContainerArgs(
            image=address, environment=variables, model_data_source=source
        ),
        # a container that needs neither secrets nor features needs no network
        enable_network_isolation=isolated,
        vpc_config=sagemaker.ModelVpcConfigArgs(
            subnets=list(network.node_subnet_ids), security_group_ids=[network.workload_security_group_id]
        ),
        tags=scope.tags,
        opts=scope.opts(
            depends_on=[*needs.identity.parts.grants, *network.ready, *place.ready], former=(f"model-{variant}",)
        ),
    )
    return SageMakerModel(resource, name)


def live_variant(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, variant: str, served: SageMakerModel, weight: int
) -> sagemaker.EndpointConfigurationProductionVariantArgs:
    """A variant with live traffic. Weights are whole numbers: SageMaker returns fractions changed, a permanent diff."""
    return sagemaker.EndpointConfigurationProductionVariantArgs(
        variant_name=variant,
        model_name=served.resource.name,
        instance_type=instance_type(scope, spec, needs),
        initial_instance_count=initial_replicas(spec),
        initial_variant_weight=float(weight),
        inference_ami_version=host_image(needs),
        container_startup_health_check_timeout_in_seconds=container_start_seconds(spec),
        model_data_download_timeout_in_seconds=DOWNLOAD_SECONDS,
        routing_configs=[
            sagemaker.EndpointConfigurationProductionVariantRoutingConfigArgs(
                routing_strategy="LEAST_OUTSTANDING_REQUESTS"
            )
        ],
    )


def shadow_variant(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, served: SageMakerModel
) -> sagemaker.EndpointConfigurationShadowProductionVariantArgs:
    """The variant that receives copies. Its weight over the live variant's is the share that is copied."""
    if spec.shadow is None:
        raise ValueError("the endpoint has no shadow")
    share = spec.shadow.sample_percent
    return sagemaker.EndpointConfigurationShadowProductionVariantArgs(
        variant_name=spec.shadow.name,
        model_name=served.resource.name,
        instance_type=instance_type(scope, spec, needs),
        initial_instance_count=max(1, math.ceil(initial_replicas(spec) * share / 100)),
        initial_variant_weight=float(share),
        inference_ami_version=host_image(needs),
        container_startup_health_check_timeout_in_seconds=container_start_seconds(spec),
        model_data_download_timeout_in_seconds=DOWNLOAD_SECONDS,
    )


def volume_key(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> pulumi.Output[str] | None:
    """Key of the replicas' volumes; None for machines with local NVMe, which encrypt them without a key."""
    machine = replica_machine(scope, spec, needs)
    if isinstance(machine, GpuMachine) and machine.local_ssd_gib:
        return None
    return scope.context.keys.ids["serving"]
