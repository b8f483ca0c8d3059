"""A serving endpoint with its identity, alarms, SLO and rollout."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import pulumi

from mlplatform.catalog.catalog import Choice
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.feature_store import FeatureStore
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistry, ModelRegistry
from mlplatform.components.releases import apply_releases
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_endpoint
from mlplatform.spec.endpoints import EndpointSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

EndpointPhase = Literal["serving", "awaiting-model"]


@dataclass(frozen=True, kw_only=True)
class EndpointNeeds:
    """The components that an endpoint uses."""

    identity: Identity
    """The identity of the replicas."""

    store: ArtifactStore
    """The source of models and the destination of captures."""

    images: ImageRegistry
    """The source of images."""

    models: ModelRegistry
    """The model registry (the machine learning workspace, on Azure)."""

    choice: Choice | None
    """The GPU machine; None for CPU."""


@dataclass(frozen=True, kw_only=True)
class EndpointParts(ABC):
    """One endpoint."""

    endpoint_name: pulumi.Output[str]
    """Physical name."""

    url: pulumi.Output[str]
    """Address of requests."""

    dashboard_url: pulumi.Output[str] | None = None
    """The endpoint's dashboard; None where dashboards are off."""

    @abstractmethod
    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests."""

    def grant_invoke_all(self, scope: Scope, identity: Identity, every: Sequence[EndpointParts]) -> None:
        """Let an identity send requests to every endpoint of the platform, by one grant where one suffices."""
        for parts in every:
            parts.grant_invoke(identity)


@contract("serving.endpoint")
class BuildsEndpoint(Protocol):
    """Makes one endpoint."""

    def __call__(self, scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, /) -> EndpointParts: ...


class Endpoint(Component):
    """An online prediction service."""

    capability = "endpoints"

    def __init__(
        self,
        name: str,
        spec: EndpointSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        images: ImageRegistry,
        models: ModelRegistry,
        features: FeatureStore | None = None,
    ) -> None:
        """Make the endpoint.

        Args:
            name: logical name.
            spec: the endpoint.
            context: the platform that it belongs to.
            opts: the usual options.
            store: the source of models and the destination of captures.
            images: the source of images.
            models: the model registry.
            features: the feature store that its servers look up. Omitted: they look nothing up.

        Raises:
            ValueError: the training cluster runs it.
        """
        if spec.on == "cluster":
            raise ValueError(f"endpoints[{spec.name}].on: the training cluster runs it: make a ClusterEndpoint")
        super().__init__(name, context, opts)
        wanted, applied = spec, apply_releases(context.wanted, spec, context.backend)
        self.wanted = wanted
        self.spec = spec = applied.spec
        self.identity = Identity(
            f"{name}-identity",
            "serving",
            context,
            pulumi.ResourceOptions(parent=self),
            principal=context.existing.identity("serving", spec.name),
        )
        store.grant_read(self.identity, "models")
        if spec.capture_percent:
            store.grant_write(self.identity, "monitoring")
        images.grant_pull(self.identity)
        if features:
            features.grant_endpoint(self.identity, spec.name)
        choice = choose_endpoint(context.backend, context.target, spec)
        if choice:
            self.scope.note(f"endpoints[{spec.name}].accelerator", choice.reason)
        self.phase: EndpointPhase = "awaiting-model" if spec.awaits_model else "serving"
        for awaiting in applied.awaiting:
            self.scope.note(f"endpoints[{spec.name}].{awaiting_field(wanted, awaiting.variant)}", str(awaiting))
        needs = EndpointNeeds(identity=self.identity, store=store, images=images, models=models, choice=choice)
        self.parts = context.backend.load(BuildsEndpoint)(self.scope, spec, needs)
        self.endpoint_name = self.parts.endpoint_name
        self.url = self.parts.url
        self.register_outputs({"name": self.endpoint_name, "url": self.url, "phase": self.phase})

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests."""
        self.parts.grant_invoke(identity)
        identity.note_grant("call", "endpoints", self.spec.name)


def awaiting_field(endpoint: EndpointSpec, variant: str) -> str:
    """Field of the spec that names a variant's model."""
    if endpoint.shadow and endpoint.shadow.name == variant:
        return "shadow.model"
    return f"variants[{variant}].model" if endpoint.variants else "model"


def grant_invoke_all(scope: Scope, endpoints: Sequence[Endpoint], identity: Identity) -> None:
    """Let an identity send requests to every endpoint; `scope` owns the grants that are not one endpoint's."""
    if endpoints:
        endpoints[0].parts.grant_invoke_all(scope, identity, [endpoint.parts for endpoint in endpoints])
        identity.note_grant("call", "endpoints")
