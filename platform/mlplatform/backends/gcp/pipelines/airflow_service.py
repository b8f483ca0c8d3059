"""Google's managed Airflow: its workers have addresses in the platform's network and start pods on GKE."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_gcp import composer, projects, storage

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.foundation.foundation import enable_service, grant_agent_role
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.agent_right import let_agent_use_key
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import bucket_name
from mlplatform.backends.gcp.network.address_plan import inner_range
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.pipelines.airflow_names import BUCKET, IMAGE, MACHINES, environment_name
from mlplatform.backends.gcp.storage.bucket import make_bucket
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.content import layer_context
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.identity import Identity
from mlplatform.components.managed_airflow import ManagedAirflowParts
from mlplatform.components.scope import Scope
from mlplatform.pipelines.dags import dag_files
from mlplatform.spec.managed_airflow import ManagedAirflowSpec

_AGENT = "roles/composer.serviceAgent"
_WORKER = "roles/composer.worker"
_USER = "roles/composer.user"
"""https://docs.cloud.google.com/composer/docs/composer-3/access-control"""

_STORAGE_GIB = 10
_FORMER_DAYS = 30
_WINDOW = ("2026-01-03T01:00:00Z", "2026-01-03T07:00:00Z", "FREQ=WEEKLY;BYDAY=SA,SU")
"""At least twelve hours a week, https://docs.cloud.google.com/composer/docs/composer-3/specify-maintenance-windows"""


@dataclass(frozen=True, kw_only=True)
class GcpManagedAirflow(ManagedAirflowParts):
    """One environment."""

    scope: Scope
    """The component's own scope: grants become its children."""

    def grant_open(self, identity: Identity) -> None:
        """The pages and the interface of every Airflow of the project, because no grant can name one."""
        native(identity.parts, GcpIdentity).allow(self.scope, "opens", _USER)

    def grant_start(self, identity: Identity) -> None:
        """The same right: the service knows no lesser one."""
        native(identity.parts, GcpIdentity).allow(self.scope, "starts", _USER)


def build(
    scope: Scope, spec: ManagedAirflowSpec, identity: Identity, store: ArtifactStore, cluster: Cluster
) -> GcpManagedAirflow:
    """The service and its agent, the bucket with the DAGs, the workers' right, and the environment."""
    target, machines = scope.target(GcpTarget), MACHINES[spec.size]
    keys, network = native(scope.context.keys.parts, GcpKeys), native(scope.context.network.parts, GcpNetwork)
    workers = native(identity.parts, GcpIdentity)
    if workers.email is None:
        raise TypeError("the workers of Airflow act as a service account")
    enabled = enable_service(scope, "composer", after=keys.foundation.after("cloudresourcemanager"))
    agent = let_agent_use_key(
        scope,
        keys,
        enabled,
        service="composer",
        agent="cloudcomposer-accounts",
        title="Managed Airflow",
        field="cluster.managed_airflow",
    )
    bucket = _bucket(scope, keys, native(store.parts, GcpStore))
    rights = _rights(scope, agent.member, workers)
    dags = _dags(scope, bucket)
    start, end, recurrence = _WINDOW
    environment = composer.Environment(
        scope.child("environment"),
        project=target.project,
        region=target.region,
        name=environment_name(scope.spec),
        storage_config=composer.EnvironmentStorageConfigArgs(bucket=bucket.name),
        config=composer.EnvironmentConfigArgs(
            environment_size=machines.environment,
            enable_private_environment=True,
            enable_private_builds_only=True,
            software_config=composer.EnvironmentConfigSoftwareConfigArgs(
                image_version=IMAGE, airflow_config_overrides={"core-dags_are_paused_at_creation": "False"}
            ),
            node_config=composer.EnvironmentConfigNodeConfigArgs(
                network=network.network_id,
                subnetwork=network.subnet_id,
                service_account=workers.email,
                # Google's own choice lies among the addresses that pods have by default
                composer_internal_ipv4_cidr_block=str(inner_range(scope.spec.network)),
            ),
            workloads_config=composer.EnvironmentConfigWorkloadsConfigArgs(
                worker=composer.EnvironmentConfigWorkloadsConfigWorkerArgs(
                    cpu=machines.cpus,
                    memory_gb=machines.memory_gib,
                    storage_gb=_STORAGE_GIB,
                    min_count=1,
                    max_count=spec.max_workers,
                )
            ),
            encryption_config=composer.EnvironmentConfigEncryptionConfigArgs(kms_key_name=keys.ids["store"]),
            maintenance_window=composer.EnvironmentConfigMaintenanceWindowArgs(
                start_time=start, end_time=end, recurrence=recurrence
            ),
        ),
        labels=scope.tags,
        opts=scope.opts(
            depends_on=[enabled, *agent.ready, *rights, *network.ready, *dags, cluster],
            protect=scope.defaults.protected or None,
            timeouts={"create": "120m", "update": "120m", "delete": "60m"},
        ),
    )
    scope.note(
        "cluster.managed_airflow",
        f"Google's role of Airflow's workers, {_WORKER}, holds for all buckets and clusters of the project; whoever "
        "may open one Airflow of the project may open all, with Airflow's role Op",
    )
    url = environment.config.apply(lambda config: config.airflow_uri or "")
    return GcpManagedAirflow(url=url, layer={"url": url}, scope=scope)


def _rights(scope: Scope, agent: pulumi.Output[str], workers: GcpIdentity) -> list[pulumi.Resource]:
    """The agent's own role, and the workers'."""
    role = grant_agent_role(scope, "agent-role", _AGENT, agent)
    works = projects.IAMMember(
        scope.child("works"),
        project=scope.target(GcpTarget).project,
        role=_WORKER,
        member=workers.principal,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    return [role, works]


def _bucket(scope: Scope, keys: GcpKeys, store: GcpStore) -> storage.Bucket:
    """Under the key of the environment, as the service wants it; with the logs of steps."""
    logs = store.access_logs
    return make_bucket(
        scope,
        keys,
        BUCKET,
        name=bucket_name(scope.spec, scope.target(GcpTarget), BUCKET),
        # former files show what ran
        deleted=storage.BucketLifecycleRuleConditionArgs(
            days_since_noncurrent_time=_FORMER_DAYS, with_state="ARCHIVED"
        ),
        logging=storage.BucketLoggingArgs(log_bucket=logs.bucket.name, log_object_prefix=BUCKET) if logs else None,
        after=[logs.writer] if logs else (),
    )


def _dags(scope: Scope, bucket: storage.Bucket) -> list[storage.BucketObject]:
    files = dag_files(layer_context(scope.spec, scope.context.target.name))
    return [
        storage.BucketObject(
            scope.child(f"dag-{name.removesuffix('.py').replace('_', '-')}"),
            bucket=bucket.name,
            name=f"dags/{name}",
            content=text,
            content_type="text/plain",
            opts=scope.opts(),
        )
        for name, text in sorted(files.items())
    ]
