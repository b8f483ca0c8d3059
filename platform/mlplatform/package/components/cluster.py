"""The training cluster alone, with its pools."""

from typing import Any

import pulumi

from mlplatform.components.cluster import layer_outputs
from mlplatform.components.identity import Identity
from mlplatform.components.node_pool import CpuNodePool as LibraryCpuPool
from mlplatform.components.node_pool import GpuNodePool as LibraryPool
from mlplatform.components.team import TeamIdentity, admit_team
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.existing import Made
from mlplatform.package.args.training import TrainingSpec
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.existing import show_existing
from mlplatform.package.reading import Part, refusal
from mlplatform.spec.access import ROLES


class ClusterArgs(TrainingSpec):
    """A cluster of its own, with any number of GPU and CPU pools."""

    context: ContextArgs
    """The platform that it belongs to. The target's `people` may use the cluster's API as their roles allow. With
    `cluster`, it is ready for a stack with `ClusterLayer`, and each team has an identity."""


class Cluster(pulumi.ComponentResource):
    """A private Kubernetes cluster with a CPU system pool, GPU and CPU pools and workload identity."""

    cluster_name: pulumi.Output[str]
    """Physical name."""

    credentials_command: pulumi.Output[str]
    """Shell command that gives a person a kubeconfig."""

    pool_names: pulumi.Output[dict[str, str]]
    """Physical name of each GPU and CPU pool."""

    principals: pulumi.Output[dict[str, str]]
    """The cloud's name of each identity in it: `training`, for the pods of the namespace's service account `training`,
    the roles of people, and `team-NAME` for the jobs of each team, which have no rights until something grants them."""

    layer: pulumi.Output[dict[str, Any]] | None
    """What a stack with `ClusterLayer` is told, where `context` has `cluster`: export it under this name."""

    existing: pulumi.Output[Made]
    """The cluster, in the form that other components take."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Cluster", name, {}, opts)
        context = open_context(self, args["context"], opts, Part("training", spec_fields(args)))
        if context.existing.cluster:
            where = f"context.existing.{context.target.cloud}.cluster"
            raise refusal(
                "an existing cluster",
                (where, "this component creates a cluster; GpuNodePool and CpuNodePool add pools to an existing one"),
            )
        if context.spec.cluster and context.spec.cluster.mounts:
            raise refusal(
                "mounts",
                (
                    "context.cluster.mounts",
                    "this component has no store; omit it, or use the component Platform",
                ),
            )
        cluster, spec = context.cluster, context.spec.training
        existing = context.existing.identity("training")
        training = Identity(f"{context.prefix}-training", "training", context, principal=existing)
        if existing is None:
            cluster.bind(training, context.spec.access.training_namespace, "training")
        principals = {"training": training.principal}
        teams: dict[str, Identity] = {}
        for team in context.spec.cluster.teams if context.spec.cluster else ():
            jobs = TeamIdentity(f"{context.prefix}-{team.namespace}", team, "jobs", context)
            admit_team(cluster, team, jobs)
            teams[team.namespace], principals[team.namespace] = jobs, jobs.principal
        for role in ROLES:
            if context.target.people.get(role):
                person = Identity(f"{context.prefix}-{role}", role, context)
                cluster.admit(person)
                principals[role] = person.principal
        pools = {
            pool.name: LibraryPool(f"{context.prefix}-pool-{pool.name}", pool, context, cluster=cluster)
            for pool in (spec.pools if spec else ())
        }
        cpu_pools = {
            pool.name: LibraryCpuPool(f"{context.prefix}-pool-{pool.name}", pool, context, cluster=cluster)
            for pool in (spec.cpu_pools if spec else ())
        }
        self.cluster_name = cluster.cluster_name
        self.credentials_command = cluster.credentials_command
        self.pool_names = pulumi.Output.all(**{name: pool.pool_name for name, pool in {**pools, **cpu_pools}.items()})
        self.principals = pulumi.Output.all(**principals)
        told = layer_outputs(cluster, training, teams, {})
        self.layer = pulumi.Output.from_input(told) if told else None
        self.existing = show_existing(context.target.cloud, cluster=cluster)
        self.register_outputs({})
