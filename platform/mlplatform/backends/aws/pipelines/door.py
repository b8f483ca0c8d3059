"""The door through which runs of SageMaker's pipelines start."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from mlplatform.backends.aws.artifact_store.parts import LEDGERS, AwsStore
from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import arns_or_prefix
from mlplatform.backends.aws.pipelines.data_events import make_data_rules, send_data_events, watched_keys
from mlplatform.backends.aws.pipelines.door_watch import watch_door
from mlplatform.backends.aws.pipelines.inbox import AwsInbox, make_inbox
from mlplatform.backends.aws.pipelines.names import pipeline_name
from mlplatform.backends.aws.pipelines.scheduled_task import TaskPlan, log_writing, make_scheduled_task
from mlplatform.backends.aws.storage.bucket import AwsBucket, BucketPlan, lifecycle_rule, make_bucket
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.names import platform_name
from mlplatform.components.pipeline import DoorNeeds, DoorParts, ExchangePlaces
from mlplatform.components.scope import Scope
from mlplatform.spec.triggers import TICK_MINUTES

_CPU_UNITS, _MEMORY_MIB = 256, 512
"""The smallest task. Two that run at once do no harm: the ledger is written by conditional writes alone."""

_FOLDER = "door"
"""Folder of the ledgers in their bucket."""

ORDERS, REPORTS = "orders", "reports"
"""Folders of the same bucket where the door and the starter in the cluster speak to each other."""

_FORMER_DAYS = 30
"""Days for which former versions of a ledger are kept: they show what was decided when."""

_RUNS = (
    "sagemaker:DescribePipelineExecution",
    "sagemaker:ListPipelineExecutions",
    "sagemaker:StartPipelineExecution",
    "sagemaker:StopPipelineExecution",
)


@dataclass(frozen=True, kw_only=True)
class AwsDoor(DoorParts):
    """A queue of SQS; `inbox` is its address."""

    scope: Scope
    """The door's own scope: grants become its children."""

    queues: AwsInbox
    """The queues."""

    def grant_send(self, identity: Identity) -> None:
        """Let an identity put messages into the queue."""
        self.queues.grant_send(self.scope, native(identity.parts, AwsIdentity))


def build(scope: Scope, needs: DoorNeeds) -> AwsDoor:
    """Create queue, job, schedule and alerts."""
    store, identity = native(needs.store.parts, AwsStore), native(needs.identity.parts, AwsIdentity)
    watched = watched_keys(trigger for each in needs.triggered if each.triggers for trigger in each.triggers.data)
    data = make_data_rules(scope, store, watched)
    inbox = make_inbox(scope, [rule.arn for rule in data.values()])
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    logs = telemetry.log_group(scope, "logs", f"/mlplatform/{platform_name(scope.spec)}-door")
    needs.images.grant_pull(needs.identity)
    ledgers = _make_ledgers(scope, store)
    identity.allow(scope, "ledgers", store.folder_rights(ledgers, _FOLDER))
    exchange = _grant_exchange(scope, needs, store, ledgers)
    inbox.grant_take(scope, identity)
    identity.allow(scope, "runs", _statements(scope, needs, logs.arn))
    make_scheduled_task(
        scope,
        identity,
        TaskPlan(
            name="door",
            container="door",
            about="the job that decides which runs start",
            image=needs.image,
            command=("mlplatform-step", "door", "--cloud", "aws"),
            environment={
                "AWS_REGION": scope.target(AwsTarget).region,
                "MLPLATFORM_DOOR_INBOX": inbox.queue.url,
                "MLPLATFORM_DOOR_LEDGERS": ledgers.name,
                "MLPLATFORM_DOOR_LETTERS": inbox.letters.url,
                "MLPLATFORM_DOOR_RULES": needs.rules,
                **(
                    {"MLPLATFORM_DOOR_ORDERS": exchange.orders, "MLPLATFORM_DOOR_REPORTS": exchange.reports}
                    if exchange
                    else {}
                ),
            },
            cpu_units=_CPU_UNITS,
            memory_mib=_MEMORY_MIB,
            logs=logs,
            when=f"rate({TICK_MINUTES} minutes)",
            purpose="Looks whether a run of a pipeline must start",
            # the next tick does the same
            late_seconds=TICK_MINUTES * 60,
            letters=inbox.letters,
            after=inbox.ready,
        ),
    )
    send_data_events(scope, data, inbox.queue, inbox.letters, inbox.ready)
    watch_door(scope, inbox, logs)
    return AwsDoor(inbox=inbox.queue.url, scope=scope, queues=inbox, exchange=exchange)


def _grant_exchange(scope: Scope, needs: DoorNeeds, store: AwsStore, ledgers: AwsBucket) -> ExchangePlaces | None:
    """Orders and reports beside the ledgers: who reads one folder writes the other, and neither can change a ledger of
    the other side."""
    if needs.starter is None:
        return None
    door, starter = native(needs.identity.parts, AwsIdentity), native(needs.starter.parts, AwsIdentity)
    for holder, writes, reads in ((door, ORDERS, REPORTS), (starter, REPORTS, ORDERS)):
        holder.allow(scope, writes, store.folder_rights(ledgers, writes))
        holder.allow(scope, reads, store.folder_rights(ledgers, reads, write=False))
    return ExchangePlaces(
        orders=pulumi.Output.concat("s3://", ledgers.name, f"/{ORDERS}"),
        reports=pulumi.Output.concat("s3://", ledgers.name, f"/{REPORTS}"),
    )


def _make_ledgers(scope: Scope, store: AwsStore) -> AwsBucket:
    """A bucket of their own: steps, jobs and people write the store's `pipelines`, and a ledger that one of them could
    change would start any run, or none."""
    plan = BucketPlan(
        role=LEDGERS,
        key_arn=store.key_arn,
        versioned=True,
        rules=[
            lifecycle_rule("unfinished"),
            lifecycle_rule(
                "former",
                noncurrent=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                    noncurrent_days=_FORMER_DAYS
                ),
            ),
        ],
        disposable=not scope.defaults.protected,
        protected=scope.defaults.protected,
        logs_to=store.access_logs,
    )
    return make_bucket(scope, plan)


def _statements(scope: Scope, needs: DoorNeeds, logs: pulumi.Output[str]) -> list[IamStatement]:
    """To start, see and stop runs of these pipelines; a run acts as the role that its pipeline names."""
    target = scope.target(AwsTarget)
    arns = [target.arn("sagemaker", f"pipeline/{pipeline_name(scope.spec, each.spec)}") for each in needs.pipelines]
    logged = log_writing(logs)
    if not arns:
        return [logged]
    few = arns_or_prefix(arns, target.arn("sagemaker", f"pipeline/{platform_name(scope.spec)}-"))
    # a pattern is of the runs too
    runs = [each for arn in few for each in ((arn,) if arn.endswith("*") else (arn, f"{arn}/execution/*"))]
    return [IamStatement(sid="Runs", actions=_RUNS, resources=runs), logged]
