"""What the reader of the layer's plan must know or do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform import discovery
from mlplatform.cluster.access_facts import ReachesCluster
from mlplatform.cluster.airflow.settings import LOGIN_SECRET as AIRFLOW_LOGIN
from mlplatform.cluster.charts.registry import chart
from mlplatform.cluster.content import layer_images
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.images.mirror import image_mirror
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.parts.mounts import shared_volume
from mlplatform.cluster.parts.notebooks import LOGIN_SECRET, NOTEBOOKS_NAMESPACE
from mlplatform.cluster.parts.teams import pod_security
from mlplatform.components.file_system_problems import CREATED, file_system_path
from mlplatform.components.scope import Note
from mlplatform.spec.airflow import AIRFLOW_NAMESPACE, AirflowSpec
from mlplatform.spec.notebooks import NotebooksSpec
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE


def layer_notes(layer: LayerContext, items: Sequence[LayerItem]) -> Iterator[Note]:
    """The way to the API, kinds that nobody upgrades, and what holds up a destroy.

    Args:
        layer: what the items were made from.
        items: what the stack holds.
    """
    access = discovery.backend(layer.spec.targets[0].cloud).load(ReachesCluster)(layer.spec)
    way = "" if access.from_anywhere else "a way to the cluster's private API, which a hosted runner of CI lacks, and "
    yield Note(
        "cluster",
        f"whoever applies the stack of what is inside the cluster needs {way}`{access.command}` on PATH "
        f"({access.install})",
    )
    releases = (item.body for item in items if isinstance(item.body, ChartRelease))
    for pinned in (chart(release.chart) for release in releases):
        if pinned.crds == "folder":
            yield Note(
                "cluster",
                f"Helm installs the kinds of {pinned.name} once and never upgrades them: before a newer version, apply "
                f"its `crds` folder with `kubectl apply --server-side`",
            )
    yield from _image_notes(layer)
    if layer.spec.access.ci:
        yield Note(
            "access.ci",
            "CI's identity of deployments, which `mlplatform bootstrap` makes, administers the cluster: it must be "
            "there before the cluster's stack is applied",
        )
    if notebooks := layer.spec.cluster.notebooks if layer.spec.cluster else None:
        yield from _notebook_notes(notebooks)
    if airflow := layer.spec.cluster.airflow if layer.spec.cluster else None:
        yield from _airflow_notes(airflow)
    for index, mount in enumerate(layer.spec.cluster.mounts if layer.spec.cluster else ()):
        if layer.spec.artifact_store.place(mount.place).worm:
            yield Note(
                f"cluster.mounts[{index}].place",
                f"{mount.place} is write-once, so its folder is read-only everywhere: the drivers write an object more "
                "than once before it is whole; write there by the cloud's API",
            )
    if shared := shared_volume(layer.spec, layer.spec.access.training_namespace):
        yield Note(
            file_system_path(layer.spec) if shared.owner else CREATED,
            (f"its owner sees to this: {shared.owner}. " if shared.owner else "")
            + "Jobs of every namespace see all of it, and the owners and modes of its files alone decide who writes "
            "what",
        )
    yield from team_notes(layer)
    where = (
        "--all --all-namespaces"
        if layer.spec.cluster and layer.spec.cluster.teams
        else f"--all --namespace {layer.spec.access.training_namespace}"
    )
    runs = any(pipeline.engine == "cluster" for pipeline in layer.spec.pipelines)
    also = f", `kubectl delete workflows --all --namespace {PIPELINES_NAMESPACE}`" if runs else ""
    yield Note(
        "cluster",
        "before this stack is destroyed, delete the jobs: Kueue keeps a queue while a job holds its quota "
        f"(`kubectl delete trainjobs,jobsets,jobs {where}`{also})",
    )


def team_notes(layer: LayerContext) -> Iterator[Note]:
    """What a team's people can do beyond their own namespace."""
    teams = layer.spec.cluster.teams if layer.spec.cluster else ()
    for index, team in enumerate(teams):
        if pod_security(layer, team) == "privileged":
            yield Note(
                f"cluster.teams[{index}].quota",
                f"{team.namespace} admits privileged pods, because jobs on a pool with a fabric lock memory and mount "
                "its libraries: who runs jobs there can take over the nodes of that pool",
            )


def _notebook_notes(notebooks: NotebooksSpec) -> Iterator[Note]:
    yield Note(
        "cluster.notebooks.login",
        f"nobody can log in before the application allows the redirect address {notebooks.address}/hub/oauth_callback "
        f"and its secret is in the cluster: `kubectl --namespace {NOTEBOOKS_NAMESPACE} create secret generic "
        f"{LOGIN_SECRET} --from-file=client-secret=FILE`, then `kubectl --namespace {NOTEBOOKS_NAMESPACE} rollout "
        "restart deployment/hub`",
    )
    if len(notebooks.pools) > 1:
        yield Note(
            "cluster.notebooks.pools",
            "a home is a disk in the zone of its first server: a pool whose machine is not in that zone cannot open it",
        )


def _airflow_notes(airflow: AirflowSpec) -> Iterator[Note]:
    yield Note(
        "cluster.airflow.login",
        f"nobody can log in before the application allows the redirect address {airflow.address}"
        f"/auth/oauth-authorized/login and its secret is in the cluster: `kubectl --namespace {AIRFLOW_NAMESPACE} "
        f"create secret generic {AIRFLOW_LOGIN} --from-file=client-secret=FILE`, then `kubectl --namespace "
        f"{AIRFLOW_NAMESPACE} rollout restart deployment/airflow-api-server`",
    )


def _image_notes(layer: LayerContext) -> Iterator[Note]:
    mirror, images = image_mirror(layer.spec), layer_images(layer)
    command = f"mlplatform render images SPEC --target {layer.spec.targets[0].name}"
    if copies := sum(mirror.way(image) == "copy" for image in images):
        yield Note(
            "cluster.images",
            f"before this stack is applied, {copies} images are copied into the platform's registry: "
            f"`{command} --format script | bash`, which CI does where it applies the stack",
        )
    if tags := sum(mirror.source(image).digest is None for image in images):
        yield Note(
            "cluster.images",
            f"{tags} of {len(images)} images are pulled by tag, which can be moved to another image: "
            f"`{command} --resolve` reads their digests",
        )
