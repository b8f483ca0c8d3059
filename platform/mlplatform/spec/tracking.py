"""Tracking: the server that keeps runs, metrics and the registry of models."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from mlplatform.field_problem import FieldProblem
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel, default
from mlplatform.spec.moving_names import pinned_image

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec

TRACKING_NAMESPACE = "tracking"
"""Namespace of the server in the training cluster."""

TrackingServer = Literal["cluster", "service", "managed"]
"""What runs the server: the training cluster, a service of containers, or the cloud's own machine learning service."""

DatabaseSize = Literal["small", "medium", "large"]
"""Machine of the database: 2 vCPUs with 4 GiB, 2 vCPUs with 8 GiB, or 4 vCPUs with 16 GiB."""

ServerImage = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._:/-]*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$"),
    AfterValidator(pinned_image),
]


class TrackingDatabaseSpec(SpecModel):
    """The PostgreSQL database of the server: private, encrypted with the platform's key, with backups.

    Its disk starts with 32 GiB and grows by itself; no cloud makes it smaller again.
    """

    size: DatabaseSize | None = None
    """Its machine. Omitted: `small` in dev, else `medium`. Another one restarts it."""

    standby: bool | None = None
    """A second one, which takes over when the first fails. Omitted: in prod."""

    backup_days: int | None = Field(default=None, ge=7, le=35)
    """Days for which it can be restored to any point in time. Omitted: 7 in dev, else 30."""


class TrackingSpec(SpecModel):
    """A tracking server: MLflow, with its metadata in a PostgreSQL database and its artefacts in the store.

    In the training cluster, jobs log in with a token of their service account, people by the cluster's API. What it
    keeps is lost with its database: that is protected where the environment is.
    """

    on: str | None = None
    """Name of the target that it is in. Omitted: the only target."""

    server: TrackingServer = "cluster"
    """What runs it: `cluster`, the training cluster, which needs `cluster` in the spec; `service`, the same server on
    Cloud Run or Container Apps, without a cluster, which steps of pipelines reach too; or `managed`, the cloud's own:
    an MLflow app of SageMaker, or the workspace of Azure ML. Theirs lack keys, rights and versions of their own:
    docs/tracking.md."""

    image: ServerImage | None = None
    """Image of the server, with a tag: MLflow with the drivers of PostgreSQL and of the cloud's store. Omitted:
    MLflow's own, `ghcr.io/mlflow/mlflow` in a version that was tried."""

    replicas: int | None = Field(default=None, ge=1, le=10)
    """Servers beside each other. Omitted: 2 in prod, else 1."""

    database: TrackingDatabaseSpec = default(TrackingDatabaseSpec)
    """Its database."""


def tracking_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """A home that is not there or not clear, no cluster to run on, and artefacts that would be deleted."""
    tracking = spec.tracking
    if tracking is None:
        return
    yield from _home_problems(tracking, [target.name for target in spec.targets])
    if tracking.server == "managed":
        for name in ("image", "replicas", "database"):
            if name in tracking.model_fields_set and getattr(tracking, name) not in (None, TrackingDatabaseSpec()):
                yield FieldProblem(
                    ("tracking", name),
                    "nothing: the cloud's service runs the server and keeps what it knows",
                    "remove it, or set tracking.server to cluster or service",
                    fields=(("tracking", "server"),),
                )
    elif tracking.server == "cluster" and (spec.training is None or spec.cluster is None):
        missing = "training" if spec.training is None else "cluster"
        yield FieldProblem(
            ("tracking", "server"),
            "a training cluster with its layer, which runs the server",
            f"add `{missing}`, or set tracking.server to service or managed, as the cloud has it",
            got=f"'{tracking.server}', and no {missing}",
            fields=(("training",), ("cluster",)),
        )
    if tracking.server == "cluster" and spec.access.training_namespace == TRACKING_NAMESPACE:
        yield FieldProblem(
            ("access", "training_namespace"),
            f"another name: the tracking server has the namespace {TRACKING_NAMESPACE}",
            "write for example jobs",
            got=f"'{TRACKING_NAMESPACE}'",
            fields=(("tracking",),),
        )
    place = spec.artifact_store.place("models")
    if place.worm:
        yield FieldProblem(
            ("artifact_store", "models", "worm"),
            "a place whose objects can be replaced: the tracking server writes some of its artefacts again",
            "remove it, or keep runs in a platform of their own",
            got=f"write-once for {place.worm.days} days",
            fields=(("tracking",),),
        )


def _home_problems(tracking: TrackingSpec, names: Sequence[str]) -> Iterator[FieldProblem]:
    if tracking.on is None:
        if len(names) > 1:
            yield FieldProblem(
                ("tracking", "on"),
                f"one of the targets, because runs and models have one home: {', '.join(names)}",
                f"write for example {names[0]}",
                got="none",
                fields=(("targets",),),
            )
    elif tracking.on not in names:
        near = nearest_names(tracking.on, names)
        yield FieldProblem(
            ("tracking", "on"),
            f"one of the targets: {', '.join(names)}",
            f"write {near[0]}" if near else "use one of these names",
            fields=(("targets",),),
        )
