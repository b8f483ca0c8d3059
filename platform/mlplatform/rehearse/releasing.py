"""Releases the models of a rehearsed stack, as people do between two updates: secrets, images, then `promote`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, cast

from mlplatform import discovery
from mlplatform.components.fill_document import fill_image
from mlplatform.components.release_problems import release_problems
from mlplatform.components.releases import awaiting_releases, own_image, releases_of, variant_paths
from mlplatform.mock_cloud.cloud import Answer
from mlplatform.mock_cloud.replicas import cluster_models
from mlplatform.promote.carry_out import carry_out
from mlplatform.promote.gated import gating_pipelines
from mlplatform.promote.promotion import plan_promotion
from mlplatform.promote.reading import read_for_promotion
from mlplatform.promote.request import PromotionRequest
from mlplatform.reading.partial import Unacceptable
from mlplatform.rehearse.model import RehearsalFailure, RehearsalPhase
from mlplatform.rehearse.shell import MockShell, image_of, secret_of
from mlplatform.rehearse.stage import RehearsalStage
from mlplatform.spec.capture_redaction import redaction_image
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.monitored import monitor_image
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.variants import ShadowSpec, VariantSpec

BY = "the rehearsal"
"""Name of the approver in a rehearsal's records."""
_NO_RUN = "a rehearsal runs no pipeline"
_DIGEST = f"sha256:{'5' * 64}"


def waits(stage: RehearsalStage) -> bool:
    """Whether the stack has something to release."""
    return any(True for _ in _unreleased(stage.spec, stage.target))


def promote_all(stage: RehearsalStage, name: str = "promote") -> RehearsalPhase:
    """Put secrets and images there, and release every model that the spec names."""
    begin = time.monotonic()
    try:
        notes = tuple(release_all(stage))
        failures: tuple[RehearsalFailure, ...] = ()
    except Unacceptable as refused:
        notes = ()
        failures = failures_of_problems(refused.problems)
    return RehearsalPhase(
        name, "every named model is released", not failures, time.monotonic() - begin, failures=failures, notes=notes
    )


def failures_of_problems(problems: Sequence[Problem]) -> tuple[RehearsalFailure, ...]:
    """What `promote` refused, as failures of a phase."""
    return tuple(
        RehearsalFailure(problem.path, f"got {problem.got}, expected {problem.expected}", problem.fix)
        for problem in problems
    )


def push_programs(stage: RehearsalStage) -> None:
    """Put the images there with which an `up` starts programs: CI pushes them before it."""
    for image in program_images(stage.spec.on(stage.target)):
        stage.cloud.put("image", image)


def program_images(spec: PlatformSpec) -> Iterator[str]:
    """Images of the programs that a platform, narrowed to one target, starts by itself: doors, monitors, fills."""
    backend = discovery.backend(spec.targets[0].cloud)
    for pipeline in spec.pipelines:
        if pipeline.triggers and pipeline.programs_image:
            yield pipeline.programs_image
    for endpoint in spec.endpoints:
        if endpoint.monitor:
            yield monitor_image(endpoint.monitor, spec)
        if endpoint.redact:
            yield redaction_image(endpoint, spec)
    features = spec.feature_store
    if features and features.fill and features.online_groups:
        yield fill_image(spec, features.fill, backend)


def release_all(stage: RehearsalStage) -> list[str]:
    """Release everything that the spec names and the record does not; returns what was released.

    Raises:
        Unacceptable: `promote` refuses it.
    """
    released: list[str] = []
    shell = MockShell(stage.cloud)
    for endpoint, variant in list(_unreleased(stage.spec, stage.target)):
        request = _request(stage, endpoint, variant)
        # the spec and the record as the program will read them
        spec, file = read_for_promotion(stage.project.spec_file, stage.spec.environment)
        promotion = plan_promotion(spec, request)
        for made in promotion.releases:
            for _, command in made.looks:
                # a person puts the value there, CI pushes the image
                if secret := secret_of(command):
                    stage.cloud.put("secret", secret)
                elif image := image_of(command):
                    stage.cloud.put("image", image)
        carry_out(promotion, file, shell)
        stage.release(promotion.record)
        served = promotion.releases[0].release.path or promotion.releases[0].release.image_digest or "its image"
        released.append(f"released {served} to {endpoint.name}, {variant.name}")
    return released


def served_answers(stage: RehearsalStage, name: str = "answers") -> RehearsalPhase:
    """Every released endpoint answers, and every other one says that it waits."""
    begin = time.monotonic()
    run = stage.engine.stack("stack", "output", "--json")
    failures: list[RehearsalFailure] = []
    notes: list[str] = []
    try:
        outputs = cast("dict[str, Any]", json.loads(run.output or "{}"))
    except json.JSONDecodeError:
        outputs = {}
    endpoints = cast("dict[str, dict[str, str]]", outputs.get("endpoints") or {})
    if not endpoints:
        failures.append(RehearsalFailure("pulumi stack output", "names no endpoint", run.output[-300:]))
    # how another cloud's service answers, the mock cloud cannot know
    unknown = not discovery.backend(stage.spec.target(stage.target).cloud).sdks
    for endpoint, about in sorted(endpoints.items()):
        if unknown and _is_managed(about):
            notes.append(f"{endpoint} was not asked: nobody here knows how the service of its cloud answers")
            continue
        answer = stage.cloud.invoke(about["name"]) if _is_managed(about) else _ask_cluster(stage, about["name"])
        serving = about["phase"] == "serving"
        if serving == (answer.status == 200):
            models = ", ".join(answer.models)
            notes.append(f"{endpoint} answers{f' with {models}' if models else ''}" if serving else f"{endpoint} waits")
        else:
            words = answer.reason or "answers although nothing is released"
            failures.append(RehearsalFailure(f"endpoint {endpoint}", f"{answer.status}: {words}"))
    ok = not failures
    return RehearsalPhase(
        name,
        "released endpoints answer",
        ok,
        time.monotonic() - begin,
        failures=tuple(failures),
        notes=tuple(notes),
    )


def _is_managed(about: dict[str, str]) -> bool:
    """Whether the cloud's own service runs an endpoint of the outputs."""
    return ".svc.cluster.local" not in about["url"]


def _ask_cluster(stage: RehearsalStage, endpoint: str) -> Answer:
    """The answer of an endpoint that the cluster runs: its pods copy their model from the store."""
    models = cluster_models(endpoint, stage.inner.cloud.contents()) if stage.inner else None
    if models is None:
        return Answer(503, (), "no replica serves: the endpoint waits for its release, or the cluster's stack for `up`")
    missing = [model for model in models if model and not stage.cloud.objects(model)]
    if missing:
        return Answer(503, (), f"there are no files at {missing[0]}")
    return Answer(200, models)


def _unreleased(spec: PlatformSpec, target: str) -> Iterator[tuple[EndpointSpec, VariantSpec | ShadowSpec]]:
    """Variants and shadows that wait, or whose release contradicts the spec; without those whose model is left open."""
    narrowed = spec.on(target)
    backend = discovery.backend(narrowed.targets[0].cloud)
    waiting = {(each.endpoint, each.variant) for each in awaiting_releases(narrowed, backend)}
    wrong = {problem.path for problem in release_problems(narrowed, backend)}
    for index, endpoint in enumerate(narrowed.endpoints):
        found = releases_of(narrowed, endpoint.name)
        for path, variant in variant_paths(endpoint):
            open_model = variant.model is None and endpoint.server != "custom"
            contradicts = variant.name in found and f"endpoints[{index}].{path}" in wrong
            if ((endpoint.name, variant.name) in waiting and not open_model) or contradicts:
                yield endpoint, variant


def _request(stage: RehearsalStage, endpoint: EndpointSpec, variant: VariantSpec | ShadowSpec) -> PromotionRequest:
    narrowed = stage.spec.on(stage.target)
    backend = discovery.backend(narrowed.targets[0].cloud)
    folder = stage.project.folder / "artefact"
    folder.mkdir(exist_ok=True)
    (folder / "model.bin").write_text("weights", encoding="utf-8")
    model = variant.model if variant.model is None or "/" in variant.model else f"{variant.model}/1"
    own = own_image(narrowed, endpoint, variant, backend)
    pinned = (variant.image or endpoint.image or "").partition("@")[2]
    return PromotionRequest(
        endpoint=endpoint.name,
        model=model,
        variant=None if isinstance(variant, ShadowSpec) else variant.name,
        shadow=isinstance(variant, ShadowSpec),
        targets=(narrowed.targets[0].name,),
        approver=BY,
        artifact=folder if model else None,
        image_digest=(pinned or _DIGEST) if own else None,
        without_gate=_NO_RUN if model and not isinstance(variant, ShadowSpec) and _gated(stage.spec, model) else None,
    )


def _gated(spec: PlatformSpec, model: str) -> bool:
    return bool(gating_pipelines(spec, split_model(model)[0]))
