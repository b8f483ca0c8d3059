"""A program of the platform that a schedule starts: a container on Fargate.

A function of Lambda would cost less, but it takes neither the image nor the program as they are: an image for it needs
Lambda's own runtime client, and its archive would have to bring compiled packages. A processing job of SageMaker takes
some minutes to start, and has larger machines at least. So this is the job that the other clouds have too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pulumi
from pulumi_aws import cloudwatch, ecs, iam, scheduler, sqs

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust, to_json
from mlplatform.backends.aws.foundation.propagation import POLICY_SECONDS
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import LONG, ROLE, SCHEDULE
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.monitor_job import RUN_VARIABLE, WORKER_VARIABLE

_SCRATCH = "scratch"


@record(kw_only=True)
class TaskPlan:
    """What is started, and when."""

    name: str
    """What it is called in physical names: `door`."""

    container: str
    """Name of its container, and of its streams of logs."""

    about: str
    """What it is, for people, after "starts": `the job that …`."""

    image: str
    """The image with the program."""

    command: tuple[str, ...]
    """The program."""

    environment: Mapping[str, pulumi.Input[str]]
    """Its variables."""

    cpu_units: int
    """Of a vCPU, 1024 are one: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html"""

    memory_mib: int
    """One of the sizes that go with `cpu_units`."""

    logs: cloudwatch.LogGroup
    """Where it writes."""

    when: str
    """Rate, or cron expression of EventBridge Scheduler in UTC."""

    purpose: str
    """What a start is for, for people."""

    late_seconds: int
    """Longest time after which a start is given up that failed."""

    letters: sqs.Queue | None = None
    """Queue that gets starts that failed for good. Omitted: none; what counts finished looks tells of them."""

    after: tuple[pulumi.Resource, ...] = ()
    """What must be there before it starts."""

    workers: int = 1
    """Tasks that start together, each by a schedule of its own, which tells it its number: a start of several tasks at
    once may start some of them alone, and is not tried again then,
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html (`failures`, 2026-11)"""

    scratch: bool = False
    """Whether it has an empty folder /tmp, on a disk that goes with it. Omitted: it writes no files."""


def log_writing(logs: pulumi.Input[str]) -> IamStatement:
    """The right of a program to write its streams of a log group.

    Args:
        logs: the group's ARN.
    """
    actions = ("logs:CreateLogStream", "logs:PutLogEvents")
    return IamStatement(sid="Logs", actions=actions, resources=pulumi.Output.concat(logs, ":*"))


def make_scheduled_task(scope: Scope, identity: AwsIdentity, plan: TaskPlan) -> ecs.TaskDefinition:
    """Create the task and its schedule.

    Args:
        scope: its owner.
        identity: of the program, and of Fargate while it starts it.
        plan: what it is.
    """
    name = physical_name(scope.spec, plan.name, LONG)
    cluster = ecs.Cluster(
        scope.child("cluster"), name=name, tags=scope.tags, opts=scope.opts(delete_before_replace=True)
    )
    task = _make_task(scope, identity, plan, name)
    role, rights = _scheduler_role(scope, identity, plan, cluster, name)
    group = scheduler.ScheduleGroup(
        scope.child("schedules"),
        name=physical_name(scope.spec, plan.name, SCHEDULE),
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    network, letters = native(scope.context.network.parts, AwsNetwork), plan.letters
    for worker in range(plan.workers):
        end = f"-{worker + 1}" if worker else ""
        scheduler.Schedule(
            scope.child(f"tick{end}"),
            name=physical_name(scope.spec, f"{plan.name}{end}", SCHEDULE),
            group_name=group.name,
            description=plan.purpose,
            schedule_expression=plan.when,
            kms_key_arn=scope.context.keys.ids["monitoring"],
            flexible_time_window=scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
            target=scheduler.ScheduleTargetArgs(
                arn=cluster.arn,
                role_arn=role.arn,
                input=_which(plan, worker),
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
                dead_letter_config=scheduler.ScheduleTargetDeadLetterConfigArgs(arn=letters.arn) if letters else None,
                retry_policy=scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_event_age_in_seconds=plan.late_seconds, maximum_retry_attempts=2
                ),
            ),
            opts=scope.opts(depends_on=[rights, *plan.after, *network.ready], delete_before_replace=True),
        )
    return task


def _which(plan: TaskPlan, worker: int) -> str | None:
    """What one of several tasks is told beside its definition, as the overrides of RunTask: its number, and the planned
    time, which all have in common, https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html,
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html (2026-11)"""
    if plan.workers == 1:
        return None
    told = {WORKER_VARIABLE: str(worker), RUN_VARIABLE: "<aws.scheduler.scheduled-time>"}
    variables = [{"name": name, "value": value} for name, value in told.items()]
    return json.dumps({"containerOverrides": [{"name": plan.container, "environment": variables}]})


def _make_task(scope: Scope, identity: AwsIdentity, plan: TaskPlan, family: str) -> ecs.TaskDefinition:
    container: dict[str, object] = {
        "name": plan.container,
        "image": plan.image,
        "command": list(plan.command),
        "essential": True,
        "readonlyRootFilesystem": True,
        "environment": [{"name": key, "value": value} for key, value in sorted(plan.environment.items())],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": plan.logs.name,
                "awslogs-region": scope.target(AwsTarget).region,
                "awslogs-stream-prefix": plan.container,
            },
        },
    }
    if plan.scratch:
        container["mountPoints"] = [{"sourceVolume": _SCRATCH, "containerPath": "/tmp"}]
    return ecs.TaskDefinition(
        scope.child("task"),
        family=family,
        cpu=str(plan.cpu_units),
        memory=str(plan.memory_mib),
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        runtime_platform=ecs.TaskDefinitionRuntimePlatformArgs(
            cpu_architecture="X86_64", operating_system_family="LINUX"
        ),
        # one role: pulling its image and writing its logs is all that Fargate does for it
        execution_role_arn=identity.principal,
        task_role_arn=identity.principal,
        container_definitions=to_json([container]),
        volumes=[ecs.TaskDefinitionVolumeArgs(name=_SCRATCH)] if plan.scratch else None,
        tags=scope.tags,
        opts=scope.opts(depends_on=[*identity.grants, plan.logs]),
    )


def _scheduler_role(
    scope: Scope, identity: AwsIdentity, plan: TaskPlan, cluster: ecs.Cluster, family: str
) -> tuple[iam.Role, iam.RolePolicy]:
    """A role that starts this job and no other,
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html"""
    target = scope.target(AwsTarget)
    role = iam.Role(
        scope.child("scheduler-role"),
        name=physical_name(scope.spec, f"{plan.name}-scheduler", ROLE),
        description=f"EventBridge Scheduler starts {plan.about}",
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
            *(
                (IamStatement(sid="Letters", actions=("sqs:SendMessage",), resources=plan.letters.arn),)
                if plan.letters
                else ()
            ),
            IamStatement(
                sid="QueueKey",
                actions=("kms:Decrypt", "kms:GenerateDataKey"),
                resources=scope.context.keys.ids["monitoring"],
            ),
        ),
        opts=scope.opts(delete_before_replace=True, effect_seconds=POLICY_SECONDS),
    )
    return role, rights
