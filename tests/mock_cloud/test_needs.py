"""What must be put into a cloud first: models, images and secrets, which no resource of a program holds."""

from __future__ import annotations

import pytest

from mlplatform import EndpointSpec, PlatformSpec, ShadowSpec, discovery
from mlplatform.components.imagined_releases import as_released
from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import record

from ..components.parts import TARGETS
from ..conftest import CLOUDS
from ..planned import least_platform

MADE = {
    "aws": ("Repository", "Model", "EndpointConfiguration", "Endpoint", "cloudcontrol/resource:Resource"),
    "gcp": ("Repository", "Service", "SecretIamMember"),
    "azure": ("Registry", "CacheRule", "Datastore", "resources:Deployment", "ContainerApp", "OnlineEndpoint"),
}
FILES = ("config.pbtxt", "1/model.onnx")


def own_image(spec: PlatformSpec, cloud: str) -> str:
    """An image of the platform's `serving` repository; on GCP a repository holds images with names of their own."""
    found = next(i for i in discovery.backend(cloud).own_images(spec.on(cloud)) if "serving" in i)
    return f"{found}/score" if cloud == "gcp" else found


def platform(cloud: str) -> PlatformSpec:
    """A model with a shadow, one that sleeps, and an own image with a secret."""
    spec = least_platform(TARGETS[cloud])
    own = own_image(spec, cloud)
    ShadowSpec(model="plain/2", sample_percent=50)
    return spec.overlay(
        endpoints=(
            EndpointSpec(
                name="plain",
                server="tensorflow",
                model="plain/1",
                shadow=ShadowSpec(model="plain/2", sample_percent=50),
            ),
            EndpointSpec(name="sleeper", server="tensorflow", model="sleeper/1", replicas=(0, 1)),
            EndpointSpec(name="own", server="custom", image=f"{own}:1", secrets={"TOKEN": "token"}),
        )
    )


def steps(plan: Plan, cloud: str) -> list[Step]:
    """The resources that need something or that it belongs to, stores first."""
    return [step for step in plan.resources() if step.type.endswith(MADE[cloud])]


def create(cloud: Cloud, made: list[Step]) -> dict[str, CloudRefused]:
    """Create every resource; returns the refusals by logical name."""
    refused: dict[str, CloudRefused] = {}
    for step in made:
        try:
            cloud.create(step.type, step.name, step.inputs)
        except CloudRefused as error:
            refused[step.name.removeprefix("acme-ml-")] = error
    return refused


def put_all(cloud: Cloud, spec: PlatformSpec, *, but: str = "") -> None:
    """Put models, image and secret there, without one kind of them."""
    backend, narrowed = discovery.backend(cloud.account.cloud), spec.on(cloud.account.cloud)
    image = as_released(spec).record
    assert image is not None
    digest = image.of(cloud.account.cloud, "own")["main"].image_digest
    vault = backend.look_secret(narrowed, "token")
    secret = f"{vault[vault.index('--vault-name') + 1]}/token" if "--vault-name" in vault else "token"
    if but != "object":
        for path in ("plain/1", "plain/2", "sleeper/1"):
            for file in FILES:
                cloud.put("object", f"{backend.models_uri(narrowed)}/{path}/{file}")
    if but != "image":
        cloud.put("image", f"{own_image(spec, cloud.account.cloud)}@{digest}")
    if but != "secret":
        cloud.put("secret", secret)


@pytest.fixture(scope="module")
def plans() -> dict[str, tuple[PlatformSpec, Plan, Plan]]:
    """By cloud: a spec, its first plan, and that with everything released."""
    found: dict[str, tuple[PlatformSpec, Plan, Plan]] = {}
    for cloud in CLOUDS:
        spec = platform(cloud)
        waiting, served = record(spec, cloud, resolve=True), record(as_released(spec), cloud, resolve=True)
        found[cloud] = (spec, waiting, served)
    return found


def account(cloud: str) -> Cloud:
    there = Cloud(discovery.backend(cloud).account(TARGETS[cloud]))
    # the time that rights and services take has tests of its own
    there.effects.refuse_early = lambda *_: None  # type: ignore[method-assign]
    return there


Plans = dict[str, tuple[PlatformSpec, Plan, Plan]]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_first_up_needs_nothing(plans: Plans, cloud: str) -> None:
    there = account(cloud)
    assert not create(there, steps(plans[cloud][1], cloud))
    for about in plans[cloud][1].outputs["endpoints"].values():
        assert there.invoke(about["name"]).status == 503


@pytest.mark.parametrize("cloud", CLOUDS)
def test_released_endpoints_answer_once_everything_is_there(plans: Plans, cloud: str) -> None:
    there = account(cloud)
    spec, _, served = plans[cloud]
    put_all(there, spec)
    assert not create(there, steps(served, cloud))
    answers = {name: there.invoke(about["name"]) for name, about in served.outputs["endpoints"].items()}
    assert {name: answer.status for name, answer in answers.items()} == {"plain": 200, "sleeper": 200, "own": 200}
    assert [model.rstrip("/").rpartition("models/")[2][-7:] for model in answers["plain"].models] == [
        "plain/1",
        "plain/2",
    ]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(("but", "words"), [("object", "mlplatform promote"), ("image", "push"), ("secret", "secret")])
def test_what_nobody_put_there_is_refused(plans: Plans, cloud: str, but: str, words: str) -> None:
    there = account(cloud)
    spec, _, served = plans[cloud]
    put_all(there, spec, but=but)
    refused = create(there, steps(served, cloud))
    assert refused
    assert all(error.source.startswith("https://") for error in refused.values())
    assert any(words in error.cause for error in refused.values())
    concerned = ("plain", "sleeper") if but == "object" else ("own",)
    assert all(any(f"endpoint-{name}" in resource for name in concerned) for resource in refused), sorted(refused)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_endpoint_stops_answering_when_its_model_is_taken_away(plans: Plans, cloud: str) -> None:
    there = account(cloud)
    spec, _, served = plans[cloud]
    put_all(there, spec)
    create(there, steps(served, cloud))
    snapshot = there.remember("served")
    place = discovery.backend(cloud).models_uri(spec.on(cloud))
    for file in FILES:
        there.take("object", f"{place}/sleeper/1/{file}")
    name = served.outputs["endpoints"]["sleeper"]["name"]
    answer = there.invoke(name)
    assert (answer.status, "sleeper/1" in answer.reason) == (503, True)
    there.recall(snapshot)
    assert there.invoke(name).status == 200


def test_triton_starts_without_a_model_and_serves_none() -> None:
    spec = least_platform(TARGETS["gcp"], endpoints=(EndpointSpec(name="scorer", model="fraud/7"),))
    served = record(as_released(spec), "gcp", resolve=True)
    there = account("gcp")
    assert not create(there, steps(served, "gcp"))
    assert there.invoke(served.outputs["endpoints"]["scorer"]["name"]).status == 503
