"""What a scheduled job of Container Apps cannot be. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.pipelines.limits import pulled
from mlplatform.backends.azure.repositories import registry_server
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def job_problems(
    spec: PlatformSpec, target: AzureTarget, backend: Backend, image: str | None, path: str, what: str
) -> Iterator[Problem]:
    """An image that the job may not pull, and a network without a place for jobs.

    Args:
        spec: narrowed to the target.
        target: the target.
        backend: this cloud.
        image: its image, if any.
        path: the part of the spec that asks for the job; its field `image` names the image.
        what: what it is, for people: `monitor`.
    """
    # a public one needs a way out alone
    public = ".azurecr." not in (image or "") and spec.network.nat != "none"
    if image and not public and not pulled(spec, image):
        yield backend.refuse(
            f"{path}.image",
            image,
            f"an image of {registry_server(spec)}, or of a registry in registry.pull_through: the {what}'s "
            "identity may pull from no other",
            "push it to one of the platform's repositories, or cache its registry",
            fields=("name", "environment", "targets", f"{path}.image", "registry.pull_through"),
        )
    if target.network and not target.network.apps_subnet_id:
        yield backend.refuse(
            "targets[azure].network.apps_subnet_id",
            "nothing",
            f"a subnet delegated to Microsoft.App/environments, in which the {what} runs",
            f"name one of /27 or larger, or remove the {what}",
            fields=(path,),
        )
