"""Amazon MWAA: an Airflow whose workers are in the platform's network and start pods on EKS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import mwaa, s3

from mlplatform.backends.aws.artifact_store.parts import AwsStore
from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.network.security_groups import make_airflow_group
from mlplatform.backends.aws.pipelines.airflow_names import (
    AIRFLOW_GROUP,
    CLASSES,
    REQUIREMENTS,
    VERSION,
    environment_name,
)
from mlplatform.backends.aws.pipelines.airflow_rights import worker_rights
from mlplatform.backends.aws.storage.bucket import AwsBucket, BucketPlan, lifecycle_rule, make_bucket
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.backends.aws.training.parts import AwsAnyCluster
from mlplatform.cluster.content import layer_context
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.identity import Identity
from mlplatform.components.managed_airflow import ManagedAirflowParts
from mlplatform.components.scope import Scope
from mlplatform.pipelines.dags import dag_files
from mlplatform.spec.managed_airflow import ManagedAirflowSpec

_DAGS = "dags"
_FORMER_DAYS = 30
"""Days for which former files are kept, so that one can see what ran."""

_LOGS = ("DAGProcessing", "Scheduler", "Task", "WebServer", "Worker")
"""Ends of the names of its logs, https://docs.aws.amazon.com/mwaa/latest/userguide/monitoring-airflow.html"""

_SUBNETS = 2
"""Not one more and not one less, https://docs.aws.amazon.com/mwaa/latest/userguide/networking-about.html"""


@dataclass(frozen=True, kw_only=True)
class AwsManagedAirflow(ManagedAirflowParts):
    """One environment."""

    scope: Scope
    """The component's own scope: grants become its children."""

    def grant_open(self, identity: Identity) -> None:
        """A login as Airflow's role `User`: runs, and no connections, variables or settings."""
        self._allow(identity, "open")

    def grant_start(self, identity: Identity) -> None:
        """The same login: the program then asks Airflow's interface."""
        self._allow(identity, "start")

    def _allow(self, identity: Identity, what: str) -> None:
        # https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
        arn = self.scope.target(AwsTarget).arn("airflow", f"role/{environment_name(self.scope.spec)}/User")
        right = IamStatement(sid="Airflow", actions=("airflow:CreateWebLoginToken",), resources=arn)
        native(identity.parts, AwsIdentity).allow(self.scope, what, (right,))


def build(
    scope: Scope, spec: ManagedAirflowSpec, identity: Identity, store: ArtifactStore, cluster: Cluster
) -> AwsManagedAirflow:
    """The bucket with its files, the rights of its workers, and the environment."""
    role, clusters = native(identity.parts, AwsIdentity), native(cluster.parts, AwsAnyCluster)
    network = native(scope.context.network.parts, AwsNetwork)
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    name, key = environment_name(scope.spec), telemetry.log_key_arn
    group_id, rules = make_airflow_group(scope, network.network_id, clusters.security_group_id)
    admitted = clusters.admit_service(scope, role, AIRFLOW_GROUP, group_id, "Airflow's workers")
    logs = [telemetry.log_group(scope, f"logs-{end.lower()}", f"airflow-{name}-{end}") for end in _LOGS]
    bucket = _bucket(scope, key, native(store.parts, AwsStore))
    requirements = _file(scope, bucket, "requirements", "requirements.txt", REQUIREMENTS)
    dags = _dags(scope, bucket)
    role.allow(scope, "works", worker_rights(scope.target(AwsTarget), name, bucket, key, clusters.cluster_name))
    environment = mwaa.Environment(
        scope.child("environment"),
        name=name,
        airflow_version=VERSION,
        environment_class=CLASSES[spec.size],
        min_workers=1,
        max_workers=spec.max_workers,
        execution_role_arn=role.principal,
        source_bucket_arn=bucket.arn,
        dag_s3_path=_DAGS,
        requirements_s3_path=requirements.key,
        # without the version a changed file is not read: hashicorp/terraform-provider-aws#19265
        requirements_s3_object_version=requirements.version_id,
        kms_key=key,
        network_configuration=mwaa.EnvironmentNetworkConfigurationArgs(
            security_group_ids=[group_id], subnet_ids=list(network.node_subnet_ids[:_SUBNETS])
        ),
        webserver_access_mode="PRIVATE_ONLY",
        # a step waits in a worker: without this an update ends the runs that are going
        worker_replacement_strategy="GRACEFUL",
        airflow_configuration_options={"core.dags_are_paused_at_creation": "false"},
        logging_configuration=mwaa.EnvironmentLoggingConfigurationArgs(
            dag_processing_logs=mwaa.EnvironmentLoggingConfigurationDagProcessingLogsArgs(
                enabled=True, log_level="WARNING"
            ),
            scheduler_logs=mwaa.EnvironmentLoggingConfigurationSchedulerLogsArgs(enabled=True, log_level="WARNING"),
            task_logs=mwaa.EnvironmentLoggingConfigurationTaskLogsArgs(enabled=True, log_level="INFO"),
            webserver_logs=mwaa.EnvironmentLoggingConfigurationWebserverLogsArgs(enabled=True, log_level="WARNING"),
            worker_logs=mwaa.EnvironmentLoggingConfigurationWorkerLogsArgs(enabled=True, log_level="WARNING"),
        ),
        tags=scope.tags,
        opts=scope.opts(
            depends_on=[*role.grants, *network.ready, *bucket.ready, *rules, *admitted, *logs, *dags],
            protect=scope.defaults.protected or None,
            delete_before_replace=True,
        ),
    )
    scope.note(
        "cluster.managed_airflow",
        "its pages answer only inside the network: open them from there, by the console's link or with "
        f"`aws mwaa create-web-login-token --name {name}`",
    )
    return AwsManagedAirflow(url=pulumi.Output.concat("https://", environment.webserver_url), scope=scope)


def _bucket(scope: Scope, key: pulumi.Output[str], store: AwsStore) -> AwsBucket:
    """Its files under the key of the environment, which may be no other one,
    https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html"""
    former = s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(noncurrent_days=_FORMER_DAYS)
    plan = BucketPlan(
        role=_DAGS,
        key_arn=key,
        versioned=True,
        rules=[lifecycle_rule("unfinished"), lifecycle_rule("former", noncurrent=former)],
        # everything in it is written again by `up`
        disposable=True,
        protected=False,
        logs_to=store.access_logs,
    )
    return make_bucket(scope, plan)


def _dags(scope: Scope, bucket: AwsBucket) -> list[s3.BucketObjectv2]:
    files: Mapping[str, str] = dag_files(layer_context(scope.spec, scope.context.target.name))
    return [
        _file(scope, bucket, f"dag-{name.removesuffix('.py').replace('_', '-')}", f"{_DAGS}/{name}", text)
        for name, text in sorted(files.items())
    ]


def _file(scope: Scope, bucket: AwsBucket, role: str, key: str, text: str) -> s3.BucketObjectv2:
    return s3.BucketObjectv2(
        scope.child(role),
        bucket=bucket.name,
        key=key,
        content=text,
        content_type="text/plain",
        opts=scope.opts(depends_on=bucket.ready),
    )
