"""The record applied to endpoints: what waits, what is deployed, what contradicts."""

from __future__ import annotations

import pytest

from mlplatform import EndpointSpec, PlatformSpec, ShadowSpec, VariantSpec, discovery
from mlplatform.components.context import Context
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.release_problems import release_problems, unused_releases
from mlplatform.components.releases import apply_record, apply_releases, awaiting_releases
from mlplatform.plan.record import record
from mlplatform.spec.releases import GateResult, Release, ReleaseRecord

from ..conftest import CLOUDS
from ..planned import least_platform
from .parts import spec as parts_spec

DIGEST = f"sha256:{'1' * 64}"


def platform(cloud: str, *endpoints: EndpointSpec) -> PlatformSpec:
    return least_platform(parts_spec(cloud).targets[0], endpoints=endpoints)


def release(cloud: str, spec: PlatformSpec, path: str | None = "fraud/7", **fields: object) -> Release:
    backend = discovery.backend(cloud)
    name, _, version = (path or "").rpartition("/")
    address = f"{backend.models_uri(spec.on(cloud))}/{path}/" if path else None
    given = {"model": name or None, "version": version or None, "artifact": address, **fields}
    return Release.model_validate({"approver": "ana", "gates": [GateResult(name="by hand", by="ana")], **given})


def released(cloud: str, spec: PlatformSpec, **variants: Release) -> PlatformSpec:
    targets = {cloud: {spec.endpoints[0].name: variants}}
    return spec.with_record(ReleaseRecord(platform=spec.name, environment=spec.environment, targets=targets))


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("model", ["fraud/7", "fraud", None])
def test_without_a_record_an_endpoint_waits(cloud: str, model: str | None) -> None:
    spec = platform(cloud, EndpointSpec(name="scorer", model=model)).on(cloud)
    applied = apply_releases(spec, spec.endpoints[0], discovery.backend(cloud))
    assert applied.spec.awaits_model
    (waiting,) = applied.awaiting
    assert "mlplatform promote" in waiting.command
    assert "--endpoint scorer --to dev" in waiting.command


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_name_follows_the_record(cloud: str) -> None:
    spec = platform(cloud, EndpointSpec(name="scorer", model="fraud"))
    followed = released(cloud, spec, main=release(cloud, spec, "fraud/12")).on(cloud)
    (endpoint,) = apply_record(followed, discovery.backend(cloud)).endpoints
    assert endpoint.model == "fraud/12"
    assert not list(release_problems(followed, discovery.backend(cloud)))


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(("named", "served"), [("fraud/7", "fraud/8"), ("fraud", "credit/8"), ("fraud/7", "credit/7")])
def test_a_pin_and_a_record_that_differ_are_refused(cloud: str, named: str, served: str) -> None:
    spec = platform(cloud, EndpointSpec(name="scorer", model=named))
    (problem,) = release_problems(
        released(cloud, spec, main=release(cloud, spec, served)).on(cloud), discovery.backend(cloud)
    )
    assert problem.path == "endpoints[0].model"
    assert named in problem.got
    assert served in problem.got
    assert "mlplatform promote" in problem.fix
    assert served in problem.fix
    with pytest.raises(ValueError, match=r"endpoints\[0\].model"):
        Context(released(cloud, spec, main=release(cloud, spec, served)))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_artefact_of_another_store_is_refused(cloud: str) -> None:
    spec = platform(cloud, EndpointSpec(name="scorer", model="fraud/7"))
    elsewhere = release(cloud, spec, artifact="s3://elsewhere/fraud/7/")
    (problem,) = release_problems(released(cloud, spec, main=elsewhere).on(cloud), discovery.backend(cloud))
    assert "s3://elsewhere" in problem.got
    assert discovery.backend(cloud).models_uri(spec.on(cloud)) in problem.expected


def test_a_released_variant_takes_over_the_share_of_one_that_waits() -> None:
    variants = tuple(
        VariantSpec(name=name, model=f"m/{at}", traffic_percent=share)
        for at, (name, share) in enumerate({"a": 50, "b": 30, "c": 20}.items())
    )
    spec = platform("aws", EndpointSpec(name="scorer", variants=variants))
    both = released("aws", spec, a=release("aws", spec, "m/0"), b=release("aws", spec, "m/1")).on("aws")
    (endpoint,) = apply_record(both, discovery.backend("aws")).endpoints
    assert {variant.name: variant.traffic_percent for variant in endpoint.variants} == {"a": 63, "b": 37}
    assert [waiting.variant for waiting in awaiting_releases(both, discovery.backend("aws"))] == ["c"]


def test_a_released_variant_without_traffic_serves_nobody_alone() -> None:
    variants = (
        VariantSpec(name="a", model="m/1", traffic_percent=100),
        VariantSpec(name="b", model="m/2", traffic_percent=0),
    )
    spec = platform("aws", EndpointSpec(name="scorer", variants=variants))
    only = released("aws", spec, b=release("aws", spec, "m/2")).on("aws")
    assert apply_record(only, discovery.backend("aws")).endpoints[0].awaits_model


def test_a_shadow_waits_for_itself_and_never_serves_alone() -> None:
    spec = platform("gcp", EndpointSpec(name="scorer", model="m/1", shadow=ShadowSpec(model="m/2", sample_percent=50)))
    backend = discovery.backend("gcp")
    main = released("gcp", spec, main=release("gcp", spec, "m/1")).on("gcp")
    (endpoint,) = apply_record(main, backend).endpoints
    assert endpoint.model == "m/1"
    assert endpoint.shadow is None
    shadow = released("gcp", spec, shadow=release("gcp", spec, "m/2")).on("gcp")
    assert apply_record(shadow, backend).endpoints[0].awaits_model


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_own_image_waits_and_runs_by_its_digest(cloud: str) -> None:
    backend = discovery.backend(cloud)
    (own, *_) = (i for i in backend.own_images(platform(cloud).on(cloud)) if i.endswith("serving"))
    endpoint = EndpointSpec(name="scorer", server="custom", image=f"{own}/score:1.2")
    spec = platform(cloud, endpoint)
    (waiting,) = awaiting_releases(spec.on(cloud), backend)
    assert waiting.reason == f"image {own}/score"
    assert "MODEL" not in waiting.command
    served = released(cloud, spec, main=release(cloud, spec, None, image_digest=DIGEST)).on(cloud)
    assert apply_record(served, backend).endpoints[0].image == f"{own}/score@{DIGEST}"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_public_image_that_holds_its_model_waits_for_nothing_but_secrets(cloud: str) -> None:
    backend = discovery.backend(cloud)
    endpoint = EndpointSpec(name="scorer", server="custom", image="docker.io/acme/score:1")
    assert not awaiting_releases(platform(cloud, endpoint).on(cloud), backend)
    guarded = platform(cloud, endpoint.overlay(secrets={"TOKEN": "token"}))
    (waiting,) = awaiting_releases(guarded.on(cloud), backend)
    assert waiting.reason == "its secrets"
    plan = record(guarded, cloud)
    # nothing refers to a secret that nobody has put
    assert not any("token" in str(step.inputs) and "ecret" in step.type for step in plan.resources())


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_plan_waits_and_says_so(cloud: str) -> None:
    spec = platform(
        cloud, EndpointSpec(name="scorer", model="fraud/7", shadow=ShadowSpec(model="fraud/8", sample_percent=50))
    )
    waiting, served = record(spec, cloud), record(as_released(spec), cloud)
    assert waiting.outputs["endpoints"]["scorer"]["phase"] == "awaiting-model"
    assert served.outputs["endpoints"]["scorer"]["phase"] == "serving"
    assert "fraud/7" not in "".join(str(step.inputs) for step in waiting.resources())
    assert "fraud/7" in "".join(str(step.inputs) for step in served.resources())
    notes = {note.path: note.text for note in waiting.notes if "awaiting" in note.text}
    assert set(notes) == {"endpoints[scorer].model", "endpoints[scorer].shadow.model"}
    assert "--shadow" in notes["endpoints[scorer].shadow.model"]


def test_a_release_that_the_spec_has_no_place_for_is_noted() -> None:
    spec = platform("aws", EndpointSpec(name="scorer", model="fraud/7"))
    stale = released("aws", spec, main=release("aws", spec), gone=release("aws", spec))
    assert list(unused_releases(stale.on("aws"))) == [("aws.scorer.gone", "a variant or shadow 'gone'")]
    assert any(note.path == "record.aws.scorer.gone" for note in record(stale, "aws").notes)


def test_a_record_is_passed_to_a_program() -> None:
    spec = platform("aws", EndpointSpec(name="scorer", model="fraud/7"))
    found = released("aws", spec, main=release("aws", spec)).record
    assert not Context(spec, record=found).spec.endpoints[0].awaits_model
    assert Context(spec).spec.endpoints[0].awaits_model


def test_an_overlay_keeps_the_record() -> None:
    spec = released("aws", platform("aws", EndpointSpec(name="s", model="m/1")), main=release("aws", platform("aws")))
    assert spec.overlay(owner="other").record is spec.record
    assert spec.on("aws").record is spec.record
    assert "_record" not in spec.model_dump()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_first_release_in_production_deletes_nothing_protected(cloud: str) -> None:
    endpoint = EndpointSpec(name="scorer", server="tensorflow", model="fraud/7", replicas=(2, 4))
    spec = least_platform(parts_spec(cloud).targets[0], environment="prod", endpoints=(endpoint,))
    waiting, served = record(spec, cloud), record(as_released(spec), cloud)
    kept = {step.urn for step in served.steps}
    assert not [step.urn for step in waiting.resources() if step.protect and step.urn not in kept]
