"""What a spec keeps on one of its targets: the target's overrides applied, and nothing that runs on another target."""

from typing import TYPE_CHECKING

from mlplatform.spec.cluster import ClusterSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.target import Target, override_endpoint, override_pool
from mlplatform.spec.training import TrainingSpec

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.spec.tracking import TrackingSpec


def narrowed_fields(spec: "PlatformSpec", target: Target) -> dict[str, object]:
    """The fields of a spec that are others on one target, by name.

    Args:
        spec: the whole spec.
        target: one of its targets.
    """
    here = (None, target.name)
    pipelines = tuple(each for each in spec.pipelines if each.on in here)
    asked = {each.name for each in pipelines}
    endpoints = tuple(
        changed.asking(asked)
        for each in spec.endpoints
        if (changed := override_endpoint(each, target.endpoints.get(each.name)))
    )
    fields: dict[str, object] = {"endpoints": endpoints}
    if spec.feature_store:
        fields["feature_store"] = spec.feature_store.read_by({endpoint.name for endpoint in endpoints})
    if spec.extensions:
        fields["extensions"] = tuple(each for each in spec.extensions if each.on in here)
    if spec.pipelines:
        fields["pipelines"] = pipelines
    tracking = spec.tracking if spec.tracking and spec.tracking.on in here else None
    if spec.tracking and tracking is None:
        fields["tracking"] = None
    training = _training_on(spec.training, target) if spec.training else None
    if training:
        fields["training"] = training
    if spec.cluster:
        cluster = _cluster_changes(spec.cluster, training, tracking, pipelines)
        if cluster:
            fields["cluster"] = spec.cluster.rejoined(cluster)
    return fields


def _training_on(training: TrainingSpec, target: Target) -> TrainingSpec:
    """The cluster with the target's pools."""
    pools = (override_pool(each, target.pools.get(each.name)) for each in training.pools)
    cpu_pools = (override_pool(each, target.pools.get(each.name)) for each in training.cpu_pools)
    return training.rejoined({"pools": tuple(filter(None, pools)), "cpu_pools": tuple(filter(None, cpu_pools))})


def _cluster_changes(
    cluster: ClusterSpec,
    training: TrainingSpec | None,
    tracking: "TrackingSpec | None",
    pipelines: tuple[PipelineSpec, ...],
) -> dict[str, object]:
    """Fields of the layer that name pools, or need what is on another target; empty where it has none of them."""
    if not (cluster.teams or cluster.notebooks or cluster.airflow or cluster.managed_airflow):
        return {}
    pools = tuple(pool.name for pool in training.pools) if training else ()
    changes: dict[str, object] = {"teams": tuple(team.on_pools(pools) for team in cluster.teams)}
    if cluster.notebooks:
        every = tuple(pool.name for pool in training.all_pools) if training else ()
        changes["notebooks"] = cluster.notebooks.on_pools(every)
    if cluster.airflow and tracking is None:
        # it is where the tracking server's database is
        changes["airflow"] = None
    if cluster.managed_airflow and all(each.engine != "airflow" for each in pipelines):
        # paid by the hour where nothing runs on it
        changes["managed_airflow"] = None
    return changes
