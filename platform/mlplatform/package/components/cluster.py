"""The training cluster alone, with its pools."""

import pulumi

from mlplatform.components.identity import Identity
from mlplatform.components.node_pool import GpuNodePool as LibraryPool
from mlplatform.package.args import ContextArgs, Made, TrainingSpec
from mlplatform.package.components.base import opened, without
from mlplatform.package.existing import made_of
from mlplatform.package.reading import Part, refused
from mlplatform.spec.access import ROLES


class ClusterArgs(TrainingSpec):
    """A cluster of its own, with any number of GPU pools."""

    context: ContextArgs
    """What it belongs to; the target's `people` may use its API as their roles allow."""


class Cluster(pulumi.ComponentResource):
    """A private Kubernetes cluster with a CPU system pool, GPU pools and workload identity."""

    cluster_name: pulumi.Output[str]
    """Physical name."""

    credentials_command: pulumi.Output[str]
    """Shell command that gives a person a kubeconfig."""

    pool_names: pulumi.Output[dict[str, str]]
    """Physical name of each GPU pool."""

    principals: pulumi.Output[dict[str, str]]
    """How the cloud names who acts in it: `training`, which the pods of the namespace's service account `training`
    act as, and the roles of people."""

    existing: pulumi.Output[Made]
    """The cluster, as other components take it."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Cluster", name, {}, opts)
        context = opened(self, args["context"], opts, Part("training", without(args)))
        if context.existing.cluster:
            where = f"context.existing.{context.target.cloud}.cluster"
            raise refused("a cluster that exists", (where, "this component makes one; GpuNodePool adds pools to it"))
        made, spec = context.cluster, context.spec.training
        training = Identity(f"{context.prefix}-training", "training", context)
        made.bind(training, context.spec.access.training_namespace, "training")
        principals = {"training": training.principal}
        for role in ROLES:
            if context.target.people.get(role):
                person = Identity(f"{context.prefix}-{role}", role, context)
                made.admit(person)
                principals[role] = person.principal
        pools = {
            pool.name: LibraryPool(f"{context.prefix}-pool-{pool.name}", pool, made, context)
            for pool in (spec.pools if spec else ())
        }
        self.cluster_name = made.cluster_name
        self.credentials_command = made.credentials_command
        self.pool_names = pulumi.Output.all(**{name: pool.pool_name for name, pool in pools.items()})
        self.principals = pulumi.Output.all(**principals)
        self.existing = made_of(context.target.cloud, cluster=made)
        self.register_outputs({})
