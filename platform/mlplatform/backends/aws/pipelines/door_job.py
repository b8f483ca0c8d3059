"""The job that decides which runs start: a container on Fargate that a schedule starts.

A function of Lambda would cost less, but it takes neither the image nor the program as they are: an image for it needs
Lambda's own runtime client, and its archive would have to bring compiled packages. So this is the job that the other
clouds have too. Two that run at once do no harm: the ledger is written by conditional writes alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_aws import cloudwatch, ecs, iam, scheduler

from mlplatform.backends.aws.foundation.propagation import POLICY_SECONDS
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import LONG, ROLE, SCHEDULE
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.pipelines.inbox import AwsInbox
from mlplatform.backends.aws.policy import IamStatement, policy_document, service_trust, to_json
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.triggers import TICK_MINUTES

_CPU_UNITS, _MEMORY_MIB = 256, 512
"""The smallest, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html"""

_CONTAINER = "door"


def make_door_job(
    scope: Scope,
    identity: AwsIdentity,
    inbox: AwsInbox,
    logs: cloudwatch.LogGroup,
    *,
    image: str,
    command: tuple[str, ...],
    environment: Mapping[str, pulumi.Input[str]],
) -> None:
    """Create the job and its schedule.

    Args:
        scope: the door.
        identity: of the program, and of Fargate while it starts it.
        inbox: whose dead letters also get starts that failed.
        logs: where it writes.
        image: the image with the program.
        command: the program.
        environment: its variables.
    """
    target = scope.target(AwsTarget)
    name = physical_name(scope.spec, "door", LONG)
    cluster = ecs.Cluster(
        scope.child("cluster"), name=name, tags=scope.tags, opts=scope.opts(delete_before_replace=True)
    )
    container = {
        "name": _CONTAINER,
        "image": image,
        "command": list(command),
        "essential": True,
        "readonlyRootFilesystem": True,
        "environment": [{"name": key, "value": value} for key, value in sorted(environment.items())],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": logs.name,
                "awslogs-region": target.region,
                "awslogs-stream-prefix": _CONTAINER,
            },
        },
    }
    task = ecs.TaskDefinition(
        scope.child("task"),
        family=name,
        cpu=str(_CPU_UNITS),
        memory=str(_MEMORY_MIB),
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        runtime_platform=ecs.TaskDefinitionRuntimePlatformArgs(
            cpu_architecture="X86_64", operating_system_family="LINUX"
        ),
        # one role: pulling its image and writing its logs is all that Fargate does for it
        execution_role_arn=identity.principal,
        task_role_arn=identity.principal,
        container_definitions=to_json([container]),
        tags=scope.tags,
        opts=scope.opts(depends_on=[*identity.grants, logs]),
    )
    role, rights = _scheduler_role(scope, identity, inbox, cluster, name)
    group = scheduler.ScheduleGroup(
        scope.child("schedules"),
        name=physical_name(scope.spec, "door", SCHEDULE),
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    network = native(scope.context.network.parts, AwsNetwork)
    scheduler.Schedule(
        scope.child("tick"),
        name=physical_name(scope.spec, "door", SCHEDULE),
        group_name=group.name,
        description="Looks whether a run of a pipeline must start",
        schedule_expression=f"rate({TICK_MINUTES} minutes)",
        kms_key_arn=inbox.key,
        flexible_time_window=scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
        target=scheduler.ScheduleTargetArgs(
            arn=cluster.arn,
            role_arn=role.arn,
            ecs_parameters=scheduler.ScheduleTargetEcsParametersArgs(
                task_definition_arn=task.arn,
                launch_type="FARGATE",
                propagate_tags="TASK_DEFINITION",
                task_count=1,
                network_configuration=scheduler.ScheduleTargetEcsParametersNetworkConfigurationArgs(
                    subnets=list(network.node_subnet_ids),
                    security_groups=[network.workload_security_group_id],
                    assign_public_ip=False,
                ),
            ),
            dead_letter_config=scheduler.ScheduleTargetDeadLetterConfigArgs(arn=inbox.letters.arn),
            # the next tick does the same
            retry_policy=scheduler.ScheduleTargetRetryPolicyArgs(
                maximum_event_age_in_seconds=TICK_MINUTES * 60, maximum_retry_attempts=2
            ),
        ),
        opts=scope.opts(depends_on=[rights, *inbox.ready, *network.ready], delete_before_replace=True),
    )


def _scheduler_role(
    scope: Scope, identity: AwsIdentity, inbox: AwsInbox, cluster: ecs.Cluster, family: str
) -> tuple[iam.Role, iam.RolePolicy]:
    """A role that starts this job and no other,
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html"""
    target = scope.target(AwsTarget)
    role = iam.Role(
        scope.child("scheduler-role"),
        name=physical_name(scope.spec, "door-scheduler", ROLE),
        description="EventBridge Scheduler starts the job that decides which runs start",
        assume_role_policy=service_trust(
            "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": target.account_id}}
        ),
        tags=scope.tags,
        opts=scope.opts(),
    )
    definitions = target.arn("ecs", f"task-definition/{family}:*")
    rights = iam.RolePolicy(
        scope.child("scheduler-rights"),
        name="start",
        role=role.name,
        policy=policy_document(
            IamStatement(
                sid="Start",
                actions=("ecs:RunTask",),
                resources=definitions,
                conditions={"ArnEquals": {"ecs:cluster": cluster.arn}},
            ),
            IamStatement(
                sid="Tags",
                actions=("ecs:TagResource",),
                resources=target.arn("ecs", f"task/{family}/*"),
                conditions={"StringEquals": {"ecs:CreateAction": "RunTask"}},
            ),
            IamStatement(
                sid="Pass",
                actions=("iam:PassRole",),
                resources=identity.principal,
                conditions={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
            IamStatement(sid="Letters", actions=("sqs:SendMessage",), resources=inbox.letters.arn),
            IamStatement(sid="QueueKey", actions=("kms:Decrypt", "kms:GenerateDataKey"), resources=inbox.key),
        ),
        opts=scope.opts(delete_before_replace=True, effect_seconds=POLICY_SECONDS),
    )
    return role, rights
