"""Principals that AWS refuses."""

from __future__ import annotations

from mlplatform.backends.aws import BACKEND

from ....planned import Refusals
from ..conftest import spec, target

refused = Refusals(BACKEND, spec).refused


def test_people_are_arns() -> None:
    refused("targets[aws].people.operator", "ARN", targets=(target(people={"operator": ("ops@acme.example",)}),))
    wild = "arn:aws:iam::123456789012:role/*"
    refused("targets[aws].people.operator", "wildcards", targets=(target(people={"operator": (wild,)}),))
