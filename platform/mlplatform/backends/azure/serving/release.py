"""A release: the content that decides it, and its target."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pulumi

from mlplatform.backends.azure.naming import name_hash
from mlplatform.backends.azure.registry import server_images
from mlplatform.backends.azure.serving import servers
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec


@record(kw_only=True)
class ReleaseContent:
    """Content of a release; other content is another deployment."""

    spec: EndpointSpec
    """The endpoint."""

    variant: str
    """The variant's name."""

    model: str | None
    """Path below the store's `models` place."""

    image: str | None
    """The image set for it."""

    instance_type: str
    """Machine of a replica."""

    tags: Mapping[str, str]
    """Tags that last as long as the platform: another tag would be another deployment, because rewriting the same one
    would shrink it."""

    @property
    def image_to_run(self) -> str | None:
        """The image that runs; None where Azure has its own for the type of model."""
        return self.image or (server_images.public_image(self.spec) if self.spec.server == "tensorflow" else None)

    @property
    def model_type(self) -> str:
        """Azure's type of the model's files."""
        return "custom_model" if self.image_to_run else servers.NO_CODE.get(self.spec.server, "custom_model")

    @property
    def deployment(self) -> str:
        """Name of the online deployment: `<variant>-<hash>`."""
        spec = self.spec
        fields = {
            "model": self.model,
            "type": self.model_type,
            "image": self.image_to_run,
            "instance": self.instance_type,
            "environment": spec.env,
            "secrets": spec.secrets,
            "concurrency": spec.max_concurrency,
            "timeout": spec.timeout_seconds,
            "listens": [servers.server_address(spec).port, servers.server_address(spec).health_path],
            "capture": spec.capture_percent,
            "tags": dict(self.tags),
        }
        if spec.longest_start != _FORMER_START:
            fields["start"] = spec.longest_start
        return f"{self.variant}-{content_hash(fields)}"


_FORMER_START = 600
"""Start of every deployment before the spec had one: it is not in the name, so that those deployments keep theirs."""


@record(kw_only=True)
class ReleaseTarget:
    """Target of a release."""

    workspace: str
    """Physical name of the workspace."""

    endpoint: str
    """Physical name of the endpoint."""

    location: str
    """Azure region of the endpoint."""

    model_uri: str | None
    """Long address of the model's folder."""

    image: pulumi.Input[str] | None
    """The image's pull address, through the platform's cache where it has one."""

    secrets: Mapping[str, pulumi.Input[str]]
    """References to secrets by environment variable."""


def content_hash(content: Sequence[object] | Mapping[str, object]) -> str:
    """A short hash of a content."""
    return name_hash(json.dumps(content, sort_keys=True, default=str))
