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


SAID = {
    "nothing": (
        {},
        "mlplatform:spec: got nothing, expected a spec in {}: dev; `pulumi config set mlplatform:spec …`\n"
        "mlplatform:target: got nothing, expected a target of the spec; `pulumi config set mlplatform:target …`",
    ),
    "keys of the project": (
        {"acme:spec": "dev", "acme:target": "aws"},
        "mlplatform:spec: got nothing, expected a spec in {}: dev; rename acme:spec: the key begins with mlplatform:\n"
        "mlplatform:target: got nothing, expected a target of the spec; rename acme:target: the key begins with "
        "mlplatform:",
    ),
    "another spec": (
        {"mlplatform:spec": "prod", "mlplatform:target": "aws"},
        "mlplatform:spec: got 'prod', expected a spec in {}: dev",
    ),
    "the name of the stack": (
        {"mlplatform:spec": "dev-aws", "mlplatform:target": "aws"},
        "mlplatform:spec: got 'dev-aws', expected a spec in {}: dev; write dev",
    ),
    "a path": (
        {"mlplatform:spec": "stacks/dev.py", "mlplatform:target": "aws"},
        "mlplatform:spec: got 'stacks/dev.py', expected a spec in {}: dev; write dev",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_a_stack_that_does_not_say_what_it_is(case: str, tmp_path: Path) -> None:
    settings, said = SAID[case]
    for name in ("dev.py", "Pulumi.dev-aws.yaml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    before = CONFIG.set(settings)
    try:
        with pytest.raises(pulumi.RunError) as refused:
            run_configured(tmp_path)
    finally:
        CONFIG.reset(before)
    assert str(refused.value) == said.format(tmp_path)
