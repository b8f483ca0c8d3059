"""Which resources follow from a field, and which fields a resource follows from."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.cli.conftest import VALID
from tests.cli.conftest import command as command

from mlplatform.plan.consequences import NoSuchResource, ResourceCauses, what_follows, why_there
from mlplatform.plan.explanation import field_meanings, locations_of, resources_of
from mlplatform.plan.field_examples import accepts, field_example
from mlplatform.plan.matrix import spec_fields
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.versions import ADDED, RENAMES
from mlplatform.views.spec import explanation as view
from mlplatform.views.style import Style

SPEC = (
    VALID
    + """\
budget: {monthly_usd: 500, emails: [ml@acme.example]}
registry: {repositories: [training], keep_images: 7}
"""
)


@cache
def spec() -> PlatformSpec:
    loaded = load(_file())
    assert loaded.spec is not None
    return loaded.spec


@cache
def _file() -> Path:
    from tempfile import mkdtemp

    file = Path(mkdtemp()) / "spec.yaml"
    file.write_text(SPEC, encoding="utf-8")
    return file


def follows(path: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    (location,) = locations_of(spec(), path)
    found = what_follows(spec(), "aws", location)
    assert found is not None
    assert view.follows_text(found, Style())
    assert json.dumps(view.follows_body(found))
    return {each.step.type.rpartition(":")[2]: (each.kind, each.properties) for each in found.resources}


def test_a_part_makes_its_resources_and_a_value_sets_them() -> None:
    made = follows("budget")
    assert made["Budget"][0] == "create"
    assert follows("budget.monthly_usd")["Budget"] == ("update", ("limitAmount",))
    kept = follows("registry.keep_images")
    assert kept
    assert "create" not in {kind for kind, _ in kept.values()}


@cache
def causes(name: str) -> ResourceCauses:
    return why_there(spec(), "aws", name)


@pytest.mark.thorough
def test_a_resource_names_the_fields_that_make_and_set_it() -> None:
    found = {each.place: (each.makes, each.properties) for each in causes("budget-monthly").causes}
    assert found["budget"] == (True, ())
    assert found["budget.monthly_usd"] == (False, ("limitAmount",))
    assert "registry.keep_images" not in found
    shown = view.causes_text(causes("budget-monthly"), Style())
    assert "made by   budget\n" in shown
    assert "not seen" not in shown
    assert json.dumps(view.causes_body(causes("budget-monthly")))


def test_a_name_that_no_resource_has_is_refused() -> None:
    with pytest.raises(NoSuchResource, match="did you mean budget-monthly or"):
        why_there(spec(), "aws", "budget-montly")
    with pytest.raises(NoSuchResource, match="resources are called"):
        why_there(spec(), "aws", "public-access")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("SPEC", "--what", "budget", "--why", "x"), "expected one of them"),
        (("SPEC", "budget", "--what", "budget"), "expected the spec alone"),
        (("SPEC", "--what", "bugdet"), "did you mean budget"),
        (("SPEC", "--what", "training"), "or the spec has nothing there"),
        (("SPEC", "--what", "name"), "no other value is accepted"),
        (("SPEC", "budget", "--target", "aws"), "is for --what and --why"),
    ],
)
def test_what_cannot_be_answered_is_refused(command: Callable[..., object], args: tuple[str, ...], words: str) -> None:
    refused = command("explain", *(str(_file()) if each == "SPEC" else each for each in args))
    assert refused.code == 2  # type: ignore[attr-defined]
    assert words in refused.flat  # type: ignore[attr-defined]


def test_every_example_is_accepted() -> None:
    with_one = 0
    for field in spec_fields():
        for meaning in field_meanings(field.path):
            name = field.path.rpartition(".")[2].partition("=")[0]
            value = field_example(field.path, meaning.model, name)
            if value is None:
                continue
            with_one += 1
            *above, _ = field.path.split(".")
            for _ in above:
                (value,) = value.values()  # type: ignore[attr-defined]
                value = value[0] if isinstance(value, list) else value
            (value,) = value.values()  # type: ignore[attr-defined]
            assert accepts(meaning.model, name, value), (field.path, value)
    assert with_one > 300


def test_a_field_tells_what_becomes_of_it_and_since_when() -> None:
    (env,) = field_meanings("endpoints.env")
    assert "called 'environment' before version 2 of specs" in env.since
    assert "cloudrunv2.Service" in resources_of("endpoints.replicas")["GCP"]
    (accelerator,) = field_meanings("training.pools.accelerator")
    assert accelerator.example == {"training": {"pools": [{"accelerator": "H100:8"}]}}
    known = {field.path for field in spec_fields()}
    assert set(ADDED) <= known
    assert all(rename.since >= 2 for rename in RENAMES)
