"""A refusal by a cloud shows a text in quotes, as every other refusal does, and leaves its own words as they are."""

from __future__ import annotations

import pytest

from mlplatform import EndpointSpec, PlatformSpec, discovery
from mlplatform.components.shown_values import in_quotes
from mlplatform.spec.problem import Problem

from ..cluster.conftest import TARGETS
from ..conftest import CLOUDS
from ..planned import least_platform

SPEC = least_platform(
    TARGETS["aws"].overlay(people={"operator": ("a", "b")}, zones=("us-east-1a", "us-east-1b")),
    endpoints=(EndpointSpec(name="scorer", model="m/1", server="mlflow", env={"A_B": "x", "C": "y"}),),
)


@pytest.mark.parametrize(
    ("path", "got", "shown"),
    [
        ("endpoints[0].server", "mlflow", "'mlflow'"),
        ("endpoints[scorer].server", "mlflow", "'mlflow'"),
        ("endpoints[0].env", "A_B", "'A_B'"),
        ("endpoints[0].env", "A_B, C", "'A_B', 'C'"),
        ("endpoints[0].env.C", "y", "'y'"),
        ("targets[aws].region", "us-east-1", "'us-east-1'"),
        ("targets[aws].people.operator", "b", "'b'"),
        ("targets[aws].zones", "us-east-1a, us-east-1b", "'us-east-1a', 'us-east-1b'"),
        ("network.cidr", "10.40.0.0/16", "'10.40.0.0/16'"),
        # numbers, truths, and what a check says in words of its own
        ("endpoints[0].max_concurrency", "16", "16"),
        ("network.flow_logs", "True", "True"),
        ("targets[aws].people.operator", "2 principals", "2 principals"),
        ("endpoints[0].server", "mlflow without an image", "mlflow without an image"),
        ("endpoints[7].server", "mlflow", "mlflow"),
        ("nothing.there", "x", "x"),
    ],
)
def test_what_stands_in_the_spec_is_quoted(path: str, got: str, shown: str) -> None:
    (problem,) = in_quotes(SPEC.on("aws"), (Problem(path, got, "another", "write it"),))
    assert problem.got == shown


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_unknown_region_is_quoted(cloud: str) -> None:
    field = "location" if cloud == "azure" else "region"
    unknown = {"aws": "us-east-9", "gcp": "us-south9", "azure": "eastus9"}[cloud]
    spec: PlatformSpec = least_platform(TARGETS[cloud].overlay(**{field: unknown}))
    (problem,) = discovery.backend(cloud).problems(spec.on(cloud))
    assert (problem.path, problem.got) == (f"targets[{cloud}].{field}", f"'{unknown}'")
