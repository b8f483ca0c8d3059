"""References to images as inputs have them, read by the one reader of addresses."""

from __future__ import annotations

import pytest

from mlplatform.cluster.images.address import ImageAddress, parse_image
from mlplatform.risk.references import image_reference

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("https://Acme.azurecr.io/Team/Scorer:V1", "acme.azurecr.io/team/scorer:V1"),
        (" nginx ", "docker.io/library/nginx:latest"),
        (f"localhost:5000/app@{DIGEST.upper()}", f"localhost:5000/app@{DIGEST}"),
        (f"quay.io/a/b:1@sha512:{'b' * 128}", f"quay.io/a/b:1@sha512:{'b' * 128}"),
    ],
)
def test_a_scheme_and_capital_letters_change_nothing(text: str, same: str) -> None:
    assert image_reference(text) == parse_image(same)


def test_the_case_of_a_tag_counts() -> None:
    assert image_reference("a/b:V1") == ImageAddress(host="docker.io", path="a/b", tag="V1")


@pytest.mark.parametrize("text", ["", "https://", "a b", "name:tag:tag", "app@sha256:short", "../x"])
def test_what_is_no_image_is_none(text: str) -> None:
    assert image_reference(text) is None
