"""The policy pack: the same verdicts as the engine of plans, by the arguments that Pulumi hands to policies."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import unknown_checking_proxy
from tests.checks.cases.case import Case, around
from tests.checks.test_rules import CASES, RULES

from mlplatform.checks.catalogue import built_in_rules
from mlplatform.checks.pack import OPEN, build_policies
from mlplatform.plan.acceptance import Acceptance
from mlplatform.plan.model import UNKNOWN, Step


def _options(step: Step) -> PolicyResourceOptions:
    return PolicyResourceOptions(step.protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], step.parent or None)


def _props(step: Step):
    return unknown_checking_proxy(deserialize_properties(json.loads(json.dumps(dict(step.inputs)))))


def _provider(step: Step, steps: Sequence[Step]) -> PolicyProviderResource | None:
    found = next((one for one in steps if step.provider.startswith(one.urn + "::")), None)
    return PolicyProviderResource(found.type, _props(found), found.urn, found.name) if found else None


def _run(found: Sequence[Policy], steps: Sequence[Step]) -> tuple[set[tuple[str, str]], set[str]]:
    """Violations as policy and URN, and what is said to be known only after creation."""
    violations: set[tuple[str, str]] = set()
    open_: set[str] = set()

    def ask(policy: Policy, args: object, urn: str = "") -> None:
        def report(message: str, at: str | None = None) -> None:
            if policy.name == OPEN:
                open_.add(message)
            else:
                violations.add((policy.name, urn or at or ""))

        policy.validate(args, report)  # type: ignore[attr-defined]

    for step in steps:
        for policy in found:
            if isinstance(policy, ResourceValidationPolicy):
                args = ResourceValidationArgs(
                    step.type, _props(step), step.urn, step.name, _options(step), _provider(step, steps)
                )
                ask(policy, args, step.urn)
    resources = {
        step.urn: PolicyResource(
            step.type, _props(step), step.urn, step.name, _options(step), _provider(step, steps), None, [], {}
        )
        for step in steps
    }
    for step in steps:
        resources[step.urn].property_dependencies = {
            name: [resources[urn] for urn in urns if urn in resources]
            for name, urns in step.property_dependencies.items()
        }
    for policy in found:
        if isinstance(policy, StackValidationPolicy):
            ask(policy, StackValidationArgs(list(resources.values())))
    return violations, open_


def _agrees(one: Case, *, bad: bool) -> None:
    for example in one.bad if bad else (*one.good, *one.apart):
        steps = example.steps(one.token)
        violations, unknown = _run(build_policies([RULES[one.rule]]), steps)
        # a pack is given inputs alone, so it knows nothing of what only a state has
        expected = bad and not example.outputs
        assert bool([urn for _, urn in violations if urn == steps[0].urn]) is expected, (one.token, example)
        assert not unknown


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_pack_says_of_every_example_what_the_check_says(rule: str):
    for one in CASES:
        # secrets lose their wrapping on the way: only names tell them there
        if one.rule == rule == "plain-secrets":
            one = dataclasses.replace(one, bad=one.bad[:2])
        if one.rule == rule:
            _agrees(one, bad=True)
            _agrees(one, bad=False)


def test_levels_become_enforcement_and_severity():
    by_name = {policy.name: policy for policy in build_policies(built_in_rules())}
    assert by_name["open-ingress"].enforcement_level == EnforcementLevel.MANDATORY
    assert by_name["open-egress"].enforcement_level == EnforcementLevel.ADVISORY
    assert by_name["bucket-versioning-stack"].url
    assert by_name["bucket-versioning"].remediation_steps
    assert all(policy.description.endswith(".") for policy in by_name.values())
    assert by_name.pop(OPEN).enforcement_level == EnforcementLevel.ADVISORY
    assert {name.removesuffix("-stack") for name in by_name} == set(RULES)


BUCKET = "gcp:storage/bucket:Bucket"


def _accept(**changes: object) -> list[Acceptance]:
    least = {"rule": "bucket-public-access", "resource": "it", "reason": "r", "owner": "o", "expires": date(2999, 1, 1)}
    return [Acceptance.model_validate({**least, **changes})]


@pytest.mark.parametrize(
    ("entry", "reported"),
    [
        (_accept(), False),
        (_accept(stack="dev-*"), True),
        (_accept(expires=date(2020, 1, 1)), True),
        (_accept(level="low"), False),
        (_accept(level="high"), True),
    ],
)
def test_what_is_accepted_is_not_reported(entry: list[Acceptance], reported: bool):
    steps = around({"publicAccessPrevention": "inherited"}).steps(BUCKET)
    violations, _ = _run(build_policies([RULES["bucket-public-access"]], entry), steps)
    assert bool(violations) is reported


def test_what_is_not_known_in_a_preview_is_summed_up():
    found = build_policies([RULES["bucket-encryption"]])
    unknown = {"encryption": {"defaultKmsKeyName": UNKNOWN}}
    said = {"Undecided before creation: bucket-encryption (1)."}
    assert _run(found, around(unknown).steps(BUCKET)) == (set(), said)
    of_the_stack = around(unknown, ("gcp:kms/cryptoKey:CryptoKey", "<encryption", {})).steps(BUCKET)
    assert _run(found, of_the_stack) == (set(), set())


def test_an_update_sees_the_values_that_a_preview_did_not_know():
    found = build_policies([RULES["bucket-versioning"]])
    token = "aws:s3/bucketVersioning:BucketVersioning"

    def steps(status: str):
        return around({}, (token, "bucket", {"versioningConfiguration": {"status": status}})).steps(
            "aws:s3/bucket:Bucket"
        )

    assert _run(found, steps(UNKNOWN)) == (set(), {"Undecided before creation: bucket-versioning (1)."})
    assert [name for name, _ in _run(found, steps("Suspended"))[0]] == ["bucket-versioning-stack"]
    assert _run(found, steps("Enabled")) == (set(), set())


def test_a_wrong_acceptance_file_stops_the_pack_with_every_problem(root: Path, tmp_path: Path):
    (tmp_path / "mlplatform.accepted.yaml").write_text("- rule: a-b\n- 5\n")
    done = subprocess.run(
        [sys.executable, str(root / "platform" / "policy_pack")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert all(word in done.stderr for word in ("[0].owner", "[0].expires", "[1]", "fields"))
    assert "Traceback" not in done.stderr


PROGRAM = """\
import pulumi
class Bucket(pulumi.CustomResource):
    def __init__(self, name, opened):
        super().__init__("gcp:storage/bucket:Bucket", name, {{"name": name, "publicAccessPrevention": opened}})
Bucket("shut", "enforced")
Bucket("open", "{opened}")
"""


@pytest.mark.skipif(shutil.which("pulumi") is None, reason="no `pulumi` on PATH: https://www.pulumi.com/docs/install/")
def test_the_engine_stops_a_preview_that_breaks_a_mandatory_rule(root: Path, tmp_path: Path):
    port = tmp_path / "port"
    provider = subprocess.Popen([sys.executable, str(root / "benchmarks" / "provider.py"), str(port), "gcp"])
    try:
        project = tmp_path / "project"
        project.mkdir()
        (project / "Pulumi.yaml").write_text("name: p\nruntime: {name: python, options: {virtualenv: .venv}}\n")
        (project / ".venv").symlink_to(root / ".venv")
        while not port.is_file() or not port.read_text():
            assert provider.poll() is None
        environment = {
            **os.environ,
            "PULUMI_DEBUG_PROVIDERS": port.read_text(),
            "PULUMI_BACKEND_URL": f"file://{tmp_path}",
            "PULUMI_CONFIG_PASSPHRASE": "x",
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }

        def pulumi(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = ["pulumi", "--cwd", str(project), "--non-interactive", *arguments]
            return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

        assert pulumi("stack", "init", "prod").returncode == 0
        preview = ("preview", "--stack", "prod", "--policy-pack", str(root / "platform" / "policy_pack"))
        (project / "__main__.py").write_text(PROGRAM.format(opened="inherited"))
        broken = pulumi(*preview)
        assert broken.returncode != 0
        said = broken.stdout + broken.stderr
        assert "bucket-public-access" in said
        assert "[mandatory]" in said
        assert "bucket-versioning" in said
        (project / "__main__.py").write_text(PROGRAM.format(opened="enforced"))
        (tmp_path / "config.json").write_text(json.dumps({"all": "advisory"}))
        kept = pulumi(*preview, "--policy-pack-config", str(tmp_path / "config.json"))
        assert kept.returncode == 0, kept.stdout + kept.stderr
    finally:
        provider.terminate()
        provider.wait()
