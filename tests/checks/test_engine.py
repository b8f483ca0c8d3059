"""The engine: what is found, what cannot be known, in what order, how fast; and rules of other packages."""

from __future__ import annotations

import dataclasses
import time
from importlib.metadata import EntryPoint, EntryPoints

import pytest
from tests.checks.conftest import OPEN, step

from mlplatform import checks
from mlplatform.checks import CheckFault, CheckRule, Entry, Resource, UnknownInput
from mlplatform.checks.catalogue import BadRules, all_rules, built_in_rules
from mlplatform.checks.engine import check_plan
from mlplatform.checks.gate import gate_plan
from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, Plan

KEY = "gcp:kms/cryptoKey:CryptoKey"
BUCKET = "gcp:storage/bucket:Bucket"


def _one(plan: Plan, rule: str):
    return check_plan(plan, [one for one in built_in_rules() if one.id == rule])


def test_findings_are_worst_first_and_say_what_to_do(open_plan: Plan):
    report = check_plan(open_plan)
    assert [(finding.rule, finding.level, finding.name) for finding in report.findings] == [
        ("bucket-public-access", "critical", "data"),
        ("message-encryption", "medium", "news"),
    ]
    worst = report.findings[0]
    assert worst.path == "publicAccessPrevention"
    assert "inherited" in worst.reason
    assert worst.fix
    assert worst.link.startswith("https://")


def test_what_cannot_be_known_is_neither_found_nor_in_order(open_plan: Plan):
    report = _one(open_plan, "bucket-encryption")
    assert not report.findings
    assert not report.compliant
    assert [(unknown.name, unknown.path) for unknown in report.unknown] == [("data", "encryption.defaultKmsKeyName")]


def test_a_value_taken_from_a_key_of_the_plan_is_a_key():
    key = step(KEY, "key", {"name": "key"})
    bucket = step(BUCKET, "data", OPEN, property_dependencies={"encryption": (key.urn,)})
    report = _one(Plan("gcp", "acme", "prod-gcp", (key, bucket)), "bucket-encryption")
    assert [urn for _, urn in report.compliant] == [bucket.urn]


def test_settings_of_their_own_are_found_by_reference_by_id_and_by_name():
    rule, token = "bucket-versioning", "aws:s3/bucketVersioning:BucketVersioning"
    on = {"versioningConfiguration": {"status": "Enabled"}}
    bucket = step("aws:s3/bucket:Bucket", "data", {"bucket": "acme-data"}, id="acme-data-1")
    for inputs, deps in (
        ({"bucket": UNKNOWN, **on}, {"bucket": (bucket.urn,)}),
        ({"bucket": "acme-data-1", **on}, {}),
        ({"bucket": "acme-data", **on}, {}),
    ):
        versioning = step(token, "v", inputs, property_dependencies=deps)
        assert not _one(Plan("aws", "a", "b", (bucket, versioning)), rule).findings
    stranger = step(token, "v", {"bucket": "other", **on})
    assert _one(Plan("aws", "a", "b", (bucket, stranger)), rule).findings
    unknown = step(token, "v", {"bucket": UNKNOWN, **on})
    assert _one(Plan("aws", "a", "b", (bucket, unknown)), rule).unknown


def test_what_goes_away_or_is_only_read_is_not_asked(open_plan: Plan):
    gone = tuple(dataclasses.replace(one, op=op) for one, op in zip(open_plan.steps, ("delete", "read"), strict=True))
    report = check_plan(dataclasses.replace(open_plan, steps=gone))
    assert (report.findings, report.unknown, report.compliant) == ((), (), ())


def test_an_api_version_in_the_token_changes_nothing():
    account = {"allowBlobPublicAccess": True}
    plan = Plan("azure", "a", "b", (step("azure-native:storage/v20240101:StorageAccount", "s", account),))
    assert _one(plan, "bucket-public-access").findings


def test_no_secret_is_told():
    secret = {SIGNATURE: SECRET_SIGNATURE, "value": "hunter2"}
    inputs = {"template": {"containers": [{"envs": [{"name": "X", "value": secret}]}]}, "ingress": secret}
    report = check_plan(Plan("gcp", "a", "b", (step("gcp:cloudrunv2/service:Service", "s", inputs),)))
    assert any(finding.rule == "plain-secrets" for finding in report.findings)
    assert ("endpoint-private", "ingress (secret)") in [(one.rule, one.path) for one in report.unknown]
    assert "hunter2" not in str((report.findings, report.unknown))


def test_the_same_plan_gives_the_same_report_in_any_order(stack_plan):
    plan = stack_plan("prod", "aws", resolve=True)
    turned = dataclasses.replace(plan, steps=tuple(reversed(plan.steps)))
    one, other = check_plan(plan), check_plan(turned)
    assert (one.findings, one.unknown, one.compliant) == (other.findings, other.unknown, other.compliant)


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_own_stacks_have_no_findings_and_nothing_unknown(stack_plan, stack: str, cloud: str):
    report = check_plan(stack_plan(stack, cloud, resolve=True))
    # digests of images are read from their registries, at the one who applies the stack
    found = [finding for finding in report.findings if stack != "prod" or finding.rule != "cluster-image-digest"]
    assert [(finding.rule, finding.name, finding.reason) for finding in found] == []
    assert report.unknown == ()
    assert len(report.compliant) > 250


def test_two_thousand_resources_take_no_time(stack_plan):
    plan = stack_plan("prod", "aws", resolve=True)
    steps = [
        dataclasses.replace(
            one,
            urn=f"{one.urn}{number}",
            property_dependencies={
                key: tuple(f"{urn}{number}" for urn in urns) for key, urns in one.property_dependencies.items()
            },
        )
        for number in range(2_000 // len(plan.steps) + 1)
        for one in plan.steps
    ]
    many = dataclasses.replace(plan, steps=tuple(steps))
    check_plan(plan)  # imports the rules
    start = time.process_time()
    report = check_plan(many)
    assert len(many.steps) >= 2_000
    # a layer's copies are controllers that are installed twice, and claims of one volume
    assert {finding.rule for finding in report.findings} <= {
        "single-controller",
        "device-plugin",
        "cluster-image-digest",
        "volume-claims",
        "fabric-zone",
    }
    assert time.process_time() - start < 0.6  # measured 0.15 s; twice that on a busy machine is still fine


NAMED = CheckRule(
    id="acme-names",
    level="low",
    topic="names",
    title="Buckets begin with acme",
    why="Names are looked up by prefix.",
    fix="Rename it.",
    entries=(Entry((BUCKET,), lambda one: [] if one.text("name").startswith("acme") else [CheckFault("Wrong name.")]),),
)
NO_RULE = 5
SAME_ID = dataclasses.replace(NAMED, id="bucket-tls")
MANY = (NAMED, dataclasses.replace(NAMED, id="acme-again"))


def _offer(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    points = EntryPoints(EntryPoint(name, value, "mlplatform.checks") for name, value in values.items())
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: points)


def test_rules_of_other_packages_are_asked_too(monkeypatch: pytest.MonkeyPatch, open_plan: Plan):
    _offer(monkeypatch, acme=f"{__name__}:MANY")
    rules = all_rules()
    assert {"acme-names", "acme-again"} <= {rule.id for rule in rules}
    assert len(rules) == len(built_in_rules()) + 2
    assert any(finding.rule == "acme-names" for finding in check_plan(open_plan).findings)


def test_every_package_that_offers_no_rule_is_named(monkeypatch: pytest.MonkeyPatch):
    _offer(monkeypatch, a=f"{__name__}:NO_RULE", b=f"{__name__}:SAME_ID", c="no.such.module:X")
    with pytest.raises(BadRules) as raised:
        all_rules()
    lines = str(raised.value).splitlines()
    assert len(lines) == 3
    assert "does not provide a mlplatform.checks.CheckRule" in lines[0]
    assert "'bucket-tls' is taken" in lines[1]
    assert "ModuleNotFoundError" in lines[2]


@pytest.mark.parametrize(
    ("change", "said"), [({"id": "Bad_Id"}, "hyphens"), ({"level": "bad"}, "critical"), ({"entries": ()}, "entry")]
)
def test_a_rule_that_says_nothing_is_refused(change: dict[str, object], said: str):
    with pytest.raises(ValueError, match=said):
        dataclasses.replace(NAMED, **change)


def test_a_rule_sees_other_resources_only_if_it_says_so(open_plan: Plan, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLPLATFORM_DEBUG", "1")
    peeping = dataclasses.replace(NAMED, entries=(Entry((BUCKET,), lambda one: [CheckFault(str(one.index))]),))
    with pytest.raises(AssertionError, match="siblings=True"):
        check_plan(open_plan, [peeping])


def test_a_rule_that_fails_is_a_finding_that_stops_the_gate(open_plan: Plan):
    def fails(resource: Resource) -> list[CheckFault]:
        raise KeyError(resource.text("bucket"))

    broken = dataclasses.replace(NAMED, id="broken", level="low", entries=(Entry((BUCKET,), fails),))
    report = check_plan(open_plan, [broken, NAMED])
    failed = [finding for finding in report.findings if finding.rule == "could-not-judge"]
    assert failed
    assert all(finding.level == "high" for finding in failed)
    assert "broken failed" in failed[0].reason
    assert "KeyError at test_engine.py:" in failed[0].fix
    assert not any(rule == "broken" for rule, _ in report.compliant)
    assert gate_plan(open_plan, rules=[broken]).stops("high")


@pytest.mark.parametrize(
    ("former", "present"), [("Fault", CheckFault), ("NotKnown", UnknownInput), ("Rule", CheckRule)]
)
def test_former_names_of_classes_still_work_with_a_warning(former: str, present: type):
    with pytest.warns(DeprecationWarning, match=present.__name__):
        assert getattr(checks, former) is present
