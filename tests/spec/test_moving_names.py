"""Versions and tags that stand for something else tomorrow are refused, and those that only look like them are not."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from mlplatform.spec.feature_store import FeatureFillSpec
from mlplatform.spec.moving_names import MOVING_NAMES
from mlplatform.spec.notebooks import TaggedImage
from mlplatform.spec.tracking import ServerImage
from mlplatform.spec.variants import Image, ModelPath

DIGEST = f"sha256:{'0' * 64}"


@pytest.mark.parametrize("version", sorted(MOVING_NAMES))
def test_a_version_that_moves_is_refused(version: str) -> None:
    for written in (version, version.upper()):
        with pytest.raises(ValidationError):
            TypeAdapter[str](ModelPath).validate_python(f"team/fraud/{written}")


@pytest.mark.parametrize(
    "model",
    ["fraud", "fraud/7", "latest", "production/fraud/7", "fraud/latest-7", "team/fraud/v1.4"],
)
def test_a_name_or_a_version_is_accepted(model: str) -> None:
    assert TypeAdapter[str](ModelPath).validate_python(model) == model


@pytest.mark.parametrize("kind", [Image, TaggedImage, ServerImage], ids=["image", "notebook", "server"])
def test_a_tag_that_moves_is_refused_unless_a_digest_says_the_same(kind: type[str]) -> None:
    reader = TypeAdapter[str](kind)
    for stays in ("a.example/m:1", f"a.example/m:latest@{DIGEST}", "a.example:5000/m:latest-1", "latest:1"):
        assert reader.validate_python(stays) == stays
    with pytest.raises(ValidationError):
        reader.validate_python("a.example:5000/m:latest")


def test_the_image_that_fills_the_online_store_stays_what_it_is() -> None:
    for stays in ("training:fill-1", f"a.example/m:latest@{DIGEST}"):
        assert FeatureFillSpec(image=stays).image == stays
    for moving in ("training:latest", "a.example/training:latest"):
        with pytest.raises(ValidationError):
            FeatureFillSpec(image=moving)
