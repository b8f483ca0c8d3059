"""Plans of Azure's endpoints and monitoring alone, and what their templates hold."""

from __future__ import annotations

from typing import Any, cast

from mlplatform import EndpointSpec, PlatformSpec
from mlplatform.backends.azure.backend import BACKEND
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.context import Context
from mlplatform.components.endpoint import Endpoint
from mlplatform.components.identity import Identity
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.monitoring import Monitoring, Watched
from mlplatform.components.registry import ImageRegistry, ModelRegistry
from mlplatform.plan.model import PlanNote, Step
from mlplatform.plan.record import record_program

from ....planned import Planned
from ..conftest import spec

Json = Any


def serving(platform: PlatformSpec, *, resolve: bool = True) -> Planned:
    """Plan registries, endpoints and what watches them."""

    def program() -> list[PlanNote]:
        context = Context(as_released(platform), "azure")
        narrowed, name = context.spec, context.prefix
        store = ArtifactStore(f"{name}-store", narrowed.artifact_store, context)
        images = ImageRegistry(f"{name}-images", narrowed.registry, context)
        models = ModelRegistry(f"{name}-models", narrowed.registry, context, store=store, images=images)
        pipelines = Identity(f"{name}-pipelines", "pipelines", context)
        models.grant_register(pipelines)
        for endpoint in narrowed.endpoints:
            component = Endpoint(
                f"{name}-endpoint-{endpoint.name}", endpoint, context, store=store, images=images, models=models
            )
            component.grant_invoke(pipelines)
        Monitoring(
            f"{name}-monitoring", narrowed.monitoring, context, watched=Watched(store=store, cluster=None, pools=())
        )
        return [PlanNote(note.path, note.text) for note in context.notes]

    account = BACKEND.account(platform.targets[0])
    config = {f"mlplatform:{key}": "very-secret" for key in platform.registry.secret_keys()}
    return Planned(record_program(program, account=account, stack="test", config=config, resolve=resolve))


def endpoint(name: str = "scorer", **changes: object) -> Planned:
    """Plan one endpoint."""
    return serving(spec(endpoints=(EndpointSpec.model_validate({"name": name, **changes}),)))


def template(step: Step) -> list[dict[str, Json]]:
    """The resources of a template deployment."""
    return cast("Json", step.inputs)["properties"]["template"]["resources"]


def of_type(step: Step, kind: str) -> dict[str, Json]:
    """The one resource of a type in a template."""
    contents = [content for content in template(step) if content["type"].endswith(f"/{kind}")]
    assert len(contents) == 1, [content["type"] for content in template(step)]
    return contents[0]


def deployment(planned: Planned, variant: str, name: str = "scorer") -> dict[str, Json]:
    """What a variant's template deploys."""
    return of_type(planned.one(f"endpoint-{name}-release-{variant}"), "deployments")


def workflow_parameters(planned: Planned) -> dict[str, Json]:
    """Values of the rollout's parameters."""
    parameters: Json = planned.one("endpoint-scorer-rollout").inputs["parameters"]
    return {name: parameter["value"] for name, parameter in parameters.items()}
