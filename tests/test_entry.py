"""What a stack's configuration names, and how its mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pytest
from pulumi.runtime.config import CONFIG

from mlplatform.entry import refuse_misspelt_keys, run_configured


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("layr", "layer"),
        ("Layer", "layer"),
        ("tagret", "target"),
        ("specs", "spec"),
        ("cloud_stack", "cloudStack"),
        ("cloud-stack", "cloudStack"),
    ],
)
def test_a_misspelt_key_is_refused_with_the_one_that_is_meant(key: str, meant: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"^mlplatform:{key}: got an unknown key; write mlplatform:{meant}$"):
        refuse_misspelt_keys({"mlplatform:spec", "mlplatform:target", f"mlplatform:{key}"})


def test_all_are_told_and_secrets_of_routes_are_none() -> None:
    names = ("pagerduty-key", "slack-token", "registry-quay", "spec", "target", "cloud", "layer", "cloudStack")
    refuse_misspelt_keys({"aws:region", "other:layr", *(f"mlplatform:{name}" for name in names)})
    with pytest.raises(pulumi.RunError) as refused:
        refuse_misspelt_keys({"mlplatform:layr", "mlplatform:tagret"})
    assert len(str(refused.value).splitlines()) == 2


def test_a_stack_with_one_makes_nothing(tmp_path: Path) -> None:
    before = CONFIG.set({"mlplatform:spec": "dev", "mlplatform:target": "aws", "mlplatform:layr": "cluster"})
    try:
        with pytest.raises(pulumi.RunError, match="mlplatform:layr"):
            run_configured(tmp_path)
    finally:
        CONFIG.reset(before)
