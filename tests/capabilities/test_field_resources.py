"""docs/resources.md has every field, and says what plans say; `make resources` writes it anew."""

from __future__ import annotations

import zlib

import pytest

from mlplatform import discovery
from mlplatform.plan.field_resources import field_resources

from .field_resources import cell, complete_page, read_page, wanted

SHARE = 48
"""`make test-thorough` proves one cell of so many; a plan takes a moment, and the table has more than a thousand."""


def test_every_field_has_a_row(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-goldens"):
        complete_page()
    assert list(read_page()) == wanted(), "fields of the spec changed: run `make goldens`"


def test_the_package_says_the_same() -> None:
    assert dict(field_resources()) == read_page(), "run `make goldens`"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("path", "cloud"),
    [
        (path, cloud)
        for path in wanted()
        for cloud in discovery.clouds()
        if zlib.crc32(f"{cloud} {path}".encode()) % SHARE == 0
    ],
)
def test_a_row_says_what_plans_say(path: str, cloud: str) -> None:
    assert read_page()[path][cloud] == cell(path, cloud), "resources changed: run `make resources`"
