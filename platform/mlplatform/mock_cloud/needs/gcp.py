"""Cloud Run: what a revision mounts, pulls and reads, and grants on secrets. Vertex AI: what is deployed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.needs.base import CloudNeeds, Need, Serving
from mlplatform.mock_cloud.needs.gcp_vertex import deployments
from mlplatform.mock_cloud.rollouts.base import as_text
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.accounts import Account
from mlplatform.providers.wire import as_list, as_object, plain_value, value_at_path

_SERVICE = "gcp:cloudrunv2/service:Service"
_JOB = "gcp:cloudrunv2/job:Job"
_REPOSITORY = "gcp:artifactregistry/repository:Repository"
_GRANT = "gcp:secretmanager/secretIamMember:SecretIamMember"
_SECRET = "gcp:secretmanager/secret:Secret"
_REF = "https://docs.cloud.google.com/"
_ONLY = "only-dir="

_NEVER_READY = CloudError(
    "FAILED_PRECONDITION",
    "Revision '{name}' is not ready and cannot serve traffic. The user-provided container failed the configured "
    "startup probe checks: it found no files at {user}.",
    _REF + "run/docs/troubleshooting#container-failed-to-start",
    "the mounted folder is empty: release the model first (`mlplatform promote`)",
)
_NO_IMAGE = CloudError(
    "NOT_FOUND",
    "Revision '{name}' is not ready and cannot serve traffic. Image '{user}' not found.",
    _REF + "run/docs/troubleshooting",
    "nobody has pushed it yet: push it, and release it by its digest (`mlplatform promote`)",
)
_NO_JOB_IMAGE = CloudError(
    "NOT_FOUND",
    "googleapi: Error 404: Image '{user}' not found.",
    _REF + "run/docs/troubleshooting",
    "nobody has pushed it yet: push it before the first `up` of triggers",
)
_NO_VERSION = CloudError(
    "FAILED_PRECONDITION",
    "Revision '{name}' is not ready and cannot serve traffic. Secret {user}/versions/latest was not found.",
    _REF + "run/docs/configuring/services/secrets",
    "add a version of the secret before the release",
)
_NO_SECRET = CloudError(
    "notFound",
    "googleapi: Error 404: Secret [{user}] not found.",
    _REF + "secret-manager/docs/reference/rest/v1/projects.secrets/setIamPolicy",
    "nobody has created the secret yet: grant access to it only once its endpoint is released",
)


class CloudRunNeeds(CloudNeeds):
    """What services and grants need."""

    def of(self, held: Held, every: Iterable[Held]) -> Iterator[Need]:
        """Files, images and secrets of a service; the secret of a grant."""
        everything = tuple(every)
        if held.token == _SERVICE:
            yield from _of_service(held, everything, self.account)
        elif held.token == _JOB:
            for container in as_list(value_at_path(plain_value(held.inputs), "template.template.containers")) or ():
                image = as_text(value_at_path(container, "image"))
                if _is_own(image, everything, self.account):
                    yield Need("image", image, _NO_JOB_IMAGE)
        elif held.token == _GRANT:
            secret = as_text(plain_value(held.inputs.get("secretId")))
            if not _is_declared(secret, everything):
                yield Need("secret", secret, _NO_SECRET)

    def serving(self, endpoint: str, every: Iterable[Held]) -> tuple[Serving, ...]:
        """The services with a model server: the endpoint's own, or those behind its router."""
        everything = tuple(every)
        services = [held for held in everything if held.token == _SERVICE]
        front = next((held for held in services if held.inputs.get("name") == endpoint), None)
        if front is None:
            return tuple(
                Serving(model, tuple(self._of_deployment(model, image, everything)))
                for model, image in deployments(endpoint, everything)
            )
        label = value_at_path(plain_value(front.inputs), "labels.endpoint")
        behind = [
            held
            for held in services
            if held is not front and value_at_path(plain_value(held.inputs), "labels.endpoint") == label
        ]
        servers = [held for held in (front, *behind) if _server(held) is not None]
        return tuple(Serving(_folder(held), tuple(_of_service(held, everything, self.account))) for held in servers)

    def _of_deployment(self, model: str, image: str, everything: Iterable[Held]) -> Iterator[Need]:
        if model:
            yield Need("object", model, None)
        if _is_own(image, everything, self.account):
            yield Need("image", image, None)


def _of_service(held: Held, everything: Iterable[Held], account: Account) -> Iterator[Need]:
    if folder := _folder(held):
        server = _server(held) or {}
        # Triton starts without any model, and then serves none
        ready = as_text((as_list(server.get("args")) or [""])[0]) == "tritonserver"
        yield Need("object", folder, None if ready else _NEVER_READY)
    for container in _containers(held):
        image = as_text(container.get("image"))
        if _is_own(image, everything, account):
            yield Need("image", image, _NO_IMAGE)
        for variable in as_list(container.get("envs")) or ():
            secret = as_text(value_at_path(variable, "valueSource.secretKeyRef.secret"))
            if secret and not _is_declared(secret, everything):
                yield Need("secret", secret, _NO_VERSION)


def _containers(held: Held) -> list[Mapping[str, object]]:
    found = as_list(value_at_path(plain_value(held.inputs), "template.containers")) or []
    return [container for item in found if (container := as_object(item)) is not None]


def _server(held: Held) -> Mapping[str, object] | None:
    return next((container for container in _containers(held) if container.get("name") == "server"), None)


def _folder(held: Held) -> str:
    """Address of the folder that a service mounts for its model; empty for none."""
    for volume in as_list(value_at_path(plain_value(held.inputs), "template.volumes")) or ():
        options = as_list(value_at_path(volume, "gcs.mountOptions")) or ()
        for option in options:
            if as_text(option).startswith(_ONLY):
                return f"gs://{as_text(value_at_path(volume, 'gcs.bucket'))}/{as_text(option).removeprefix(_ONLY)}"
    return ""


def _is_own(image: str, everything: Iterable[Held], account: Account) -> bool:
    """Whether an image is of a repository that people push to; caches hold what their upstream has."""
    parts = image.split("/")
    if len(parts) < 4 or not parts[0].endswith("-docker.pkg.dev") or parts[1] != account.account:
        return False
    for held in everything:
        if held.token == _REPOSITORY and as_text(held.inputs.get("repositoryId")) == parts[2]:
            return as_text(held.inputs.get("mode")) != "REMOTE_REPOSITORY"
    return True


def _is_declared(secret: str, everything: Iterable[Held]) -> bool:
    return any(held.token == _SECRET and secret in {held.id, *held.identifiers} for held in everything) or any(
        held.token == _SECRET and as_text(held.inputs.get("secretId")) == secret.rpartition("/")[2]
        for held in everything
    )


NEEDS = CloudRunNeeds
