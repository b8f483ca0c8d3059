"""Plans made by hand, and the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import command  # noqa: F401  # pyright: ignore[reportUnusedImport]

from mlplatform.plan.model import UNKNOWN, Plan, Step

URN = "urn:pulumi:prod-gcp::acme::"
LABELS = {"owner": "ml", "environment": "prod", "cost-center": "1", "data-class": "internal"}
OPEN: dict[str, object] = {
    "name": "data",
    "labels": LABELS,
    "publicAccessPrevention": "inherited",
    "uniformBucketLevelAccess": True,
    "versioning": {"enabled": True},
    "logging": {"logBucket": "elsewhere"},
    "encryption": {"defaultKmsKeyName": UNKNOWN},
}


def step(token: str, name: str, inputs: dict[str, object], **more: object) -> Step:
    """A resource by hand."""
    return Step("create", f"{URN}{token}::{name}", token, name, custom=True, inputs=inputs, protect=True, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def open_plan() -> Plan:
    """A bucket that is open (critical), under a key that is not known yet, and a topic without a key (medium)."""
    return Plan(
        "gcp",
        "acme",
        "prod-gcp",
        (
            step("gcp:storage/bucket:Bucket", "data", OPEN),
            step("gcp:pubsub/topic:Topic", "news", {"labels": LABELS}),
        ),
    )


@pytest.fixture
def plan_file(open_plan: Plan, tmp_path: Path) -> Callable[..., str]:
    """That plan as a file."""

    def write(plan: Plan = open_plan) -> str:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(plan.to_preview()))
        return str(file)

    return write
