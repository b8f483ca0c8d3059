"""Pipelines of SageMaker, made of their definitions."""

from __future__ import annotations

import pulumi
from pulumi_aws import sagemaker

from mlplatform.backends.aws.artifact_store.parts import AwsStore
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.monitoring.event_alerts import alert_on
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.network.security_groups import make_fabric_group
from mlplatform.backends.aws.pipelines.definition import JobPlace, build_definition
from mlplatform.backends.aws.pipelines.names import pipeline_name
from mlplatform.components.base import native
from mlplatform.components.pipeline import PipelineNeeds, PipelineParts
from mlplatform.components.scope import Scope
from mlplatform.pipelines.forms.sagemaker import short_text
from mlplatform.spec.pipelines import PipelineSpec


def build(scope: Scope, spec: PipelineSpec, needs: PipelineNeeds) -> PipelineParts:
    """Create the pipeline: each change of its definition is a new version of it."""
    name = pipeline_name(scope.spec, spec)
    identity = native(needs.identity.parts, AwsIdentity)
    network = native(scope.context.network.parts, AwsNetwork)
    peers, rules = None, ()
    if any(step.resources.nodes > 1 for step in spec.steps):
        peers, rules = make_fabric_group(scope, f"{spec.name}-nodes", network.network_id)
    pipeline = sagemaker.Pipeline(
        scope.child("pipeline"),
        pipeline_name=name,
        pipeline_display_name=name,
        pipeline_description=f"Trains {spec.model}; a run ends with a candidate that a gate let pass",
        role_arn=identity.principal,
        # in the request itself: the provider sends back the text of an object of S3 as if it were written here, so that
        # the next update fails, https://github.com/hashicorp/terraform-provider-aws/issues/38259
        pipeline_definition=_definition(scope, spec, needs, identity, peers),
        tags=scope.tags,
        opts=scope.opts(
            # a run starts as soon as the pipeline is there
            depends_on=[*identity.grants, *network.ready, *rules],
            # with a pipeline, SageMaker deletes what it kept of all its runs
            protect=scope.defaults.protected,
            delete_before_replace=True,
        ),
    )
    alert_on(
        scope,
        "failed",
        "warning",
        f"A run of {spec.name} failed, or was stopped: its steps and their logs are in SageMaker",
        {
            "source": ["aws.sagemaker"],
            "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
            "detail": {"pipelineArn": [pipeline.arn], "currentPipelineExecutionStatus": ["Failed", "Stopped"]},
        },
        named=f"{scope.name.removeprefix(f'{scope.context.prefix}-')}-failed",
    )
    return PipelineParts(start={"pipeline": pipeline.pipeline_name}, ready=(pipeline,))


def _definition(
    scope: Scope,
    spec: PipelineSpec,
    needs: PipelineNeeds,
    identity: AwsIdentity,
    peers_group_id: pulumi.Output[str] | None,
) -> pulumi.Output[str]:
    network = native(scope.context.network.parts, AwsNetwork)
    bucket = native(needs.store.parts, AwsStore).buckets["pipelines"]
    backend, platform = scope.context.backend, scope.spec

    def text(role: str, group: str, peers: str | None, key: str, output_key: str | None, *subnets: str) -> str:
        place = JobPlace(
            role_arn=role,
            security_group_id=group,
            subnet_ids=subnets,
            volume_key=key,
            output_key=output_key,
            peers_group_id=peers,
        )
        return short_text(build_definition(backend, platform, spec, place))

    return pulumi.Output.all(
        identity.principal,
        network.workload_security_group_id,
        peers_group_id,
        scope.context.keys.ids["volumes"],
        bucket.key_arn,
        *network.node_subnet_ids,
    ).apply(lambda known: text(*known))
