"""Runs of Vertex AI's pipelines: what the service, its agent and the steps' account ask for, held against the grants.

A definition is taken whatever the account may do; each of these refusals ends a run, some of them hours later.
https://docs.cloud.google.com/vertex-ai/docs/pipelines/configure-project (2026-11)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from mlplatform.mock_cloud.logins import Granted
from mlplatform.mock_cloud.rights import GCP_ROLES
from mlplatform.providers.wire import as_list, as_object, value_at_path

_AGENT_ROLE = "roles/aiplatform.serviceAgent"
_KEY_ROLE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
_RECORD = (
    "aiplatform.metadataStores.get",
    "aiplatform.contexts.create",
    "aiplatform.executions.create",
    "aiplatform.artifacts.create",
)
"""The steps' account writes the record of a run."""
_ATTACHED = ("compute.networkAttachments.get", "compute.networkAttachments.update", "compute.regionOperations.get")
_ADDRESS = re.compile(r"^gs://([^/]+)/")
_OWN_IMAGE = re.compile(r"^([a-z0-9-]+)-docker\.pkg\.dev/([^/]+)/([^/:@]+)/")
_PULLED = ("pkg.dev", "gcr.io", "docker.io")


class Identified(Granted, Protocol):
    """A planned or held resource with its id."""

    @property
    def id(self) -> str:
        """Physical id."""
        ...


def refused_requests(
    resources: Iterable[Identified], run: Mapping[str, object], *, project: str, number: str
) -> tuple[str, ...]:
    """What a run is refused, in words of the request: `storage.objects.get on BUCKET by MEMBER`.

    Args:
        resources: everything of the platform, with its values known.
        run: the body that starts it, with its `pipelineSpec`.
        project: the project's id.
        number: its number.
    """
    return tuple(dict.fromkeys(_Run(tuple(resources), run, project, number).refused()))


class _Run:
    def __init__(self, resources: Sequence[Identified], run: Mapping[str, object], project: str, number: str) -> None:
        self.resources, self.run, self.project = resources, run, project
        self.agent = f"serviceAccount:service-{number}@gcp-sa-aiplatform.iam.gserviceaccount.com"
        self.account = f"serviceAccount:{_text(run.get('serviceAccount'))}"
        self.own_roles = {
            f"projects/{role.inputs['project']}/roles/{role.inputs['roleId']}": tuple(
                map(_text, as_list(role.inputs["permissions"]) or ())
            )
            for role in self._of("gcp:projects/iAMCustomRole:IAMCustomRole")
        }

    def refused(self) -> Iterator[str]:
        yield from self._service()
        yield from self._network()
        for permission in _RECORD:
            yield from self._need(self.account, permission, self.project)
        yield from self._need(self.account, "logging.logEntries.create", self.project)
        executors = as_object(value_at_path(self.run, "pipelineSpec.deploymentSpec.executors")) or {}
        for name, executor in executors.items():
            if image := _text(value_at_path(executor, "container.image")):
                yield from (f"{name}: {each}" for each in self._image(image))
            if folder := _text(value_at_path(executor, "importer.artifactUri.constant")):
                yield from (f"{name}: {each}" for each in self._folder(folder, ("get", "list")))
        output = _text(value_at_path(self.run, "runtimeConfig.gcsOutputDirectory"))
        yield from self._folder(output, ("get", "list", "create"))

    def _service(self) -> Iterator[str]:
        """Vertex AI itself: enabled, its agent as Google makes it, the key, and the account."""
        services = {each.inputs.get("service") for each in self._of("gcp:projects/service:Service")}
        if "aiplatform.googleapis.com" not in services:
            yield "aiplatform.googleapis.com is not enabled"
        if not self._holds(self.agent, _AGENT_ROLE):
            yield f"iam.serviceAccounts.getAccessToken on {self.account} by {self.agent}"
        key = _text(value_at_path(self.run, "encryptionSpec.kmsKeyName"))
        grants = self._of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
        if not any(
            (each.inputs.get("cryptoKeyId"), each.inputs.get("member"), each.inputs.get("role"))
            == (key, self.agent, _KEY_ROLE)
            for each in grants
        ):
            yield f"cloudkms.cryptoKeyVersions.useToEncrypt on {key or 'no key'} by {self.agent}"
        accounts = self._of("gcp:serviceaccount/account:Account")
        if accounts and self.account.partition(":")[2] not in {each.id.rpartition("/")[2] for each in accounts}:
            yield f"{self.account} is not there"

    def _network(self) -> Iterator[str]:
        name = _text(value_at_path(self.run, "pscInterfaceConfig.networkAttachment"))
        if not name:
            return
        found = next(
            (each for each in self._of("gcp:compute/networkAttachment:NetworkAttachment") if each.id == name), None
        )
        if found is None:
            yield f"{name} is not there"
            return
        for permission in _ATTACHED:
            yield from self._need(self.agent, permission, self.project)
        subnets = {each.id for each in self._of("gcp:compute/subnetwork:Subnetwork")}
        for subnet in as_list(found.inputs.get("subnetworks")) or ():
            if subnets and _text(subnet) not in subnets:
                yield f"{subnet} is not there"

    def _image(self, image: str) -> Iterator[str]:
        registry, slash, _ = image.partition("/")
        if slash and "." in registry and not registry.endswith(_PULLED):
            yield f"{image}: Vertex AI pulls from Artifact Registry and Docker Hub only"
        found = _OWN_IMAGE.match(image)
        if found is None:
            return
        location, project, repository = found.groups()
        path = f"projects/{project}/locations/{location}/repositories/{repository}"
        if project != self.project:
            yield from self._need(self.agent, "artifactregistry.repositories.downloadArtifacts", path)
            return
        made = {each.id for each in self._of("gcp:artifactregistry/repository:Repository")}
        if made and path not in made:
            yield f"{path} is not there"

    def _folder(self, address: str, verbs: Iterable[str]) -> Iterator[str]:
        found = _ADDRESS.match(address)
        if found is None:
            yield f"{address or 'no address'}: no folder of Cloud Storage"
            return
        for verb in verbs:
            yield from self._need(self.account, f"storage.objects.{verb}", found[1])

    def _need(self, member: str, permission: str, on: str) -> Iterator[str]:
        if not self._allows(member, permission, on):
            yield f"{permission} on {on} by {member}"

    def _allows(self, member: str, permission: str, on: str) -> bool:
        """Whether a grant on a thing, or on the project, gives a member a permission."""
        for grant in self.resources:
            role = grant.inputs.get("role")
            if grant.inputs.get("member") != member or not isinstance(role, str) or not self._is_about(grant, on):
                continue
            if role in (_AGENT_ROLE, _KEY_ROLE):
                continue
            permissions = self.own_roles.get(role) or GCP_ROLES.get(role)
            if permissions is None:
                raise LookupError(f"{role}: its permissions are not in the table")
            if any(re.fullmatch(re.escape(each).replace(r"\*", ".*"), permission) for each in permissions):
                return True
        return False

    def _is_about(self, grant: Identified, on: str) -> bool:
        if grant.inputs.get("condition"):
            return False
        match grant.type:
            case "gcp:projects/iAMMember:IAMMember":
                return grant.inputs.get("project") == self.project
            case "gcp:storage/bucketIAMMember:BucketIAMMember":
                return grant.inputs.get("bucket") == on
            case "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember":
                inputs = grant.inputs
                return on == (
                    f"projects/{inputs.get('project')}/locations/{inputs.get('location')}/repositories/"
                    f"{_text(inputs.get('repository')).rpartition('/')[2]}"
                )
            case _:
                return False

    def _holds(self, member: str, role: str) -> bool:
        return any(
            (grant.inputs.get("member"), grant.inputs.get("role")) == (member, role)
            for grant in self._of("gcp:projects/iAMMember:IAMMember")
        )

    def _of(self, kind: str) -> list[Identified]:
        return [each for each in self.resources if each.type == kind]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
