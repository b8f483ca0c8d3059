"""Images of model servers come through a cache."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import RegistrySpec

from ....planned import Planned
from ..served import endpoint, server

Plan = Callable[..., Planned]


def test_images_come_through_a_cache(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    cache = plan.one("models-servers-nvcr-io").inputs
    assert cache["mode"] == "REMOTE_REPOSITORY"
    assert cache["kmsKeyName"] == plan.one("keys-registry").id
    host = f"us-central1-docker.pkg.dev/acme-ml-prod/{cache['repositoryId']}/nvidia/tritonserver:"
    assert server(plan)["image"].startswith(host)
    own = planned(endpoints=(endpoint(image="us-docker.pkg.dev/x/y/z:1"),))
    assert server(own)["image"] == "us-docker.pkg.dev/x/y/z:1"
    assert not own.has("models-servers-nvcr-io")


def test_an_existing_cache_is_used(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(server="tensorflow"),), registry=RegistrySpec(pull_through=("docker.io",)))
    assert "cache-docker-io/tensorflow/serving:" in server(plan)["image"]
    assert not plan.has("models-servers-docker-io")
    assert "models-run-docker-io-pull" in plan.after("endpoint-fraud-service")
