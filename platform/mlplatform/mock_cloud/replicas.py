"""Endpoints that a cluster runs: what serves behind a router, and the files that its pods copy when they start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlplatform.components.labels import ENDPOINT_LABEL, ROLE_LABEL
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rollouts.base import as_text
from mlplatform.providers.wire import as_list, as_object, plain_value, value_at_path

_DEPLOYMENT = "kubernetes:apps/v1:Deployment"
_GROUPS = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"
_SERVICE = "kubernetes:core/v1:Service"
_ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout"
_PODS = {
    _DEPLOYMENT: "spec.template",
    _ROLLOUT: "spec.template",
    _GROUPS: "spec.leaderWorkerTemplate.leaderTemplate",
}
"""Where the pods that answer are, by what runs them."""

_GROUPS_END = "--nodes"
"""End of the name of a set of groups, after the name of its variant's service."""


def cluster_models(endpoint: str, objects: Iterable[Held]) -> tuple[str, ...] | None:
    """Addresses of the models behind an endpoint; empty for one whose image holds it. None: nothing answers.

    Args:
        endpoint: its name.
        objects: everything in the cluster.
    """
    here = list(objects)
    pods = [held for held in here if held.token in _PODS and _label(held, ENDPOINT_LABEL) == endpoint]
    roles = [_label(held, ROLE_LABEL) for held in pods]
    named = {_name(held) for held in here if held.token == _SERVICE}
    if "router" not in roles or "model" not in roles or endpoint not in named:
        return None
    models = [held for held in pods if _label(held, ROLE_LABEL) == "model"]
    # the router knows a model by the name of its service
    return (
        tuple(_address(held) for held in models)
        if all(_name(held).removesuffix(_GROUPS_END) in named for held in models)
        else None
    )


def _name(held: Held) -> str:
    return as_text(value_at_path(plain_value(held.inputs), "metadata.name"))


def _label(held: Held, label: str) -> str:
    labels = as_object(value_at_path(plain_value(held.inputs), f"{_PODS[held.token]}.metadata.labels")) or {}
    return as_text(labels.get(label))


def _address(held: Held) -> str:
    """Address of the folder that the first container of a deployment's pods copies; empty for none."""
    inputs = plain_value(held.inputs)
    for container in as_list(value_at_path(inputs, f"{_PODS[held.token]}.spec.initContainers")) or ():
        arguments = as_list(value_at_path(container, "args")) or []
        if arguments[:1] == ["copy"]:
            settings: Mapping[str, str] = {
                as_text(value_at_path(each, "name")).removeprefix("RCLONE_CONFIG_MODELS_"): as_text(
                    value_at_path(each, "value")
                )
                for each in as_list(value_at_path(container, "env")) or ()
            }
            place = as_text(arguments[1]).partition(":")[2]
            match settings.get("TYPE"):
                case "s3":
                    return f"s3://{place}"
                case "google cloud storage":
                    return f"gs://{place}"
                case _:
                    return f"https://{settings.get('ACCOUNT')}.blob.core.windows.net/{place}"
    return ""
