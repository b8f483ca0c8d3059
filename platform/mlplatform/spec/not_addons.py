"""What people write among the add-ons and find elsewhere, or nowhere: told by validation and by the matrix."""

from __future__ import annotations

import re

from mlplatform.fast.record import record


@record(kw_only=True)
class NotAddOn:
    """A program that is no add-on."""

    name: str
    """Its name, as the matrix shows it."""

    words: tuple[str, ...]
    """What people write for it, in small letters and digits alone."""

    reason: str
    """Why it is none."""

    instead: str
    """What to do, an imperative."""


_STORE = "declare it with its vendor's provider beside this stack, and give its identity grants on the store"

NOT_ADDONS: tuple[NotAddOn, ...] = (
    NotAddOn(
        name="Airflow",
        words=("airflow", "apacheairflow"),
        reason="it is a part of the spec, since it needs a login and a database of the cloud",
        instead="remove it here, and write `cluster.airflow`",
    ),
    NotAddOn(
        name="Kubeflow Pipelines",
        words=("kubeflowpipelines", "kfp", "kubeflow", "pipelines"),
        reason="it has no chart, only kustomizations with a database and an object store of their own",
        instead="use argo-workflows, which runs the same steps",
    ),
    NotAddOn(
        name="MLflow",
        words=("mlflow",),
        reason="it is a part of the spec, since it needs a database of the cloud",
        instead="remove it here, and write `tracking`",
    ),
    NotAddOn(
        name="JupyterHub",
        words=("jupyterhub", "jupyter", "jupyterlab", "notebooks"),
        reason="it is a part of the spec, since it needs a login and pools",
        instead="remove it here, and write `cluster.notebooks`",
    ),
    NotAddOn(
        name="Ray",
        words=("ray", "kuberay"),
        reason="it is an engine of jobs",
        instead="remove it here, and add ray to `cluster.engines`",
    ),
    NotAddOn(
        name="KServe",
        words=("kserve", "kfserving", "seldon"),
        reason="it makes the Deployments that the platform makes, and checks neither callers nor what was released",
        instead="remove it: endpoints with `on: cluster` are served without it",
    ),
    NotAddOn(
        name="Kueue and JobSet",
        words=("kueue", "jobset"),
        reason="every layer has them",
        instead="remove it",
    ),
    NotAddOn(
        name="Feast",
        words=("feast",),
        reason="it is a library that reads files, and no program of the cluster",
        instead="remove it here, and write `feature_store`",
    ),
    NotAddOn(
        name="Databricks",
        words=("databricks", "unitycatalog"),
        reason="it is a platform of its own, with accounts and clusters that it runs, none of them in this cluster",
        instead=_STORE,
    ),
    NotAddOn(
        name="H2O.ai",
        words=("h2o", "h2oai", "driverlessai", "h2odriverlessai"),
        reason="it is a platform of its own, with licences and clusters that it runs; nothing of it is a chart that "
        "everybody may pull",
        instead=_STORE,
    ),
)
"""Programs that are asked for beside the engines."""


def not_addon(written: object) -> NotAddOn | None:
    """What is known of a word that is no add-on; None for nothing.

    Args:
        written: what the spec says.
    """
    plain = re.sub(r"[^a-z0-9]+", "", str(written).lower())
    return next((each for each in NOT_ADDONS if plain in each.words), None)
