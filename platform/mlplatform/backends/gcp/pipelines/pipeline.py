"""What a run of a pipeline starts from on Vertex AI: its definition, and what the service needs to run it."""

from __future__ import annotations

import json

import pulumi
from pulumi_gcp import kms

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.pipelines.definitions import build_definition, ensure_definitions
from mlplatform.backends.gcp.pipelines.form import build_specification
from mlplatform.backends.gcp.pipelines.parts import GcpPipeline
from mlplatform.backends.gcp.pipelines.private import ensure_way
from mlplatform.backends.gcp.pipelines.run import KEY, build_run, emit_run, has_way, parent_of
from mlplatform.backends.gcp.registry.existing_repositories import let_agent_pull
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.service_agents import ensure_vertex_agent
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.pipeline import PipelineNeeds
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.pipelines.forms import kfp
from mlplatform.spec.pipelines import PipelineSpec


def build(scope: Scope, spec: PipelineSpec, needs: PipelineNeeds) -> GcpPipeline:
    """Build the definition; the first pipeline builds what all share.

    Raises:
        ValueError: the identity of pipelines is no service account.
    """
    models = native(needs.models.parts, GcpModels)
    identity = native(needs.identity.parts, GcpIdentity)
    if identity.email is None:
        raise ValueError("the identity of pipelines: Vertex AI's jobs act as a service account only")
    target = scope.target(GcpTarget)
    service = _ensure_service(models)
    way = ensure_way(models) if has_way(target) else None
    if way is None:
        scope.note(
            f"pipelines[{spec.name}]",
            "Vertex AI gives its steps no address in the existing network, whose owner has not attached them: they "
            "reach Google's services and public addresses",
        )
    text = kfp.text(build_specification(scope.context.backend, scope.spec, spec))
    definition = build_definition(
        scope, ensure_definitions(models, native(needs.store.parts, GcpStore)), spec.name, text
    )
    run = pulumi.Output.all(account=identity.email, key=models.keys.ids[KEY], way=way.name if way else None).apply(
        lambda known: json.dumps(emit_run(build_run(scope.spec, spec, **known)), sort_keys=True)
    )
    return GcpPipeline(
        models=models,
        start={
            "parent": parent_of(target),
            "definition": definition.address,
            "digest": definition.digest,
            "run": run,
        },
        ready=(definition.object, *service.ready, *(way.ready if way else ()), *identity.grants),
    )


@record(kw_only=True)
class _JobService:
    """Vertex AI as all pipelines of a target need it."""

    ready: tuple[pulumi.Resource, ...]
    """Its agent's rights."""


def _ensure_service(models: GcpModels) -> _JobService:
    return models.share(_JobService, lambda: _build_service(models))


def _build_service(models: GcpModels) -> _JobService:
    """The agent encrypts disks and records, and pulls images, those of other projects too."""
    scope = models.scope
    agent = ensure_vertex_agent(models)
    key = kms.CryptoKeyIAMMember(
        scope.child("jobs-key"),
        crypto_key_id=models.keys.ids[KEY],
        role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=agent.member,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    pulls = let_agent_pull(scope, "vertex", models.images.existing, agent.member)
    return _JobService(ready=(*agent.ready, key, *pulls))
