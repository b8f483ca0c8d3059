"""What is released is never deleted by a rule of the store."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mlplatform.spec.artifact_store import ArtifactStoreSpec, PlaceSpec
from mlplatform.spec.platform import PlatformSpec

from ..pipelines.fraud import platform

ENDPOINT = {"name": "scorer", "model": "fraud/1"}


def _platform(store: dict[str, object], **more: object) -> PlatformSpec:
    given = {"endpoints": [], "registry": {"models": ["fraud"]}, **more}
    return platform("gcp", pipelines=(), artifact_store=store, **given)


def test_no_class_deletes_models() -> None:
    store = ArtifactStoreSpec(retention="ephemeral")
    expiring = {each.place for each in store.places() if each.expire_after_days}
    assert expiring == {"data", "features", "pipelines", "monitoring"}
    assert store.place("models").disposable, "a destroy deletes them all the same"
    assert ArtifactStoreSpec(models=PlaceSpec(expire_after_days=90)).place("models").expire_after_days == 90


@pytest.mark.parametrize("more", [{"endpoints": [ENDPOINT]}, {"tracking": {"server": "service"}}])
def test_models_that_are_released_do_not_expire(more: dict[str, object]) -> None:
    assert _platform({"retention": "ephemeral"}, **more)
    with pytest.raises(ValidationError, match="released models are in it") as refused:
        _platform({"models": {"expire_after_days": 90}}, **more)
    assert "artifact_store.models.expire_after_days" in str(refused.value)


def test_a_platform_without_models_of_its_own_may_delete_them() -> None:
    assert not _platform({"models": {"expire_after_days": 90}}).endpoints
