"""Every rule by every type: what complies, what does not, what it does not speak of; and that none is left out."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from tests.checks.cases import cluster, encryption, layer, network, rights, storage, teams, volumes
from tests.checks.cases.case import Around, Case

from mlplatform.checks.catalogue import built_in_rules
from mlplatform.checks.engine import check_plan, entry_applies
from mlplatform.checks.rule import CheckRule
from mlplatform.cluster.charts.registry import chart, chart_names
from mlplatform.fast.sdk import fast_sdk
from mlplatform.plan.model import Plan
from mlplatform.providers.kubernetes.check import is_object, kind_of_token
from mlplatform.providers.kubernetes.tables import kind_of
from mlplatform.providers.schema import resource_schema
from mlplatform.providers.shape import check_object

CASES: tuple[Case, ...] = (
    *storage.CASES,
    *encryption.CASES,
    *network.CASES,
    *cluster.CASES,
    *rights.CASES,
    *layer.CASES,
    *volumes.CASES,
    *teams.CASES,
)
RULES = {rule.id: rule for rule in built_in_rules()}


def _look(rule: CheckRule, token: str, one: Around) -> str:
    """What one rule says of the first step."""
    steps = one.steps(token)
    report = check_plan(Plan("test", "p", "prod-test", steps), [rule])
    urn = steps[0].urn
    if any(finding.urn == urn for finding in report.findings):
        return "violated"
    if any(unknown.urn == urn for unknown in report.unknown):
        return "unknown"
    return "compliant" if (rule.id, urn) in report.compliant else "not-applicable"


@pytest.mark.parametrize("rule", sorted(RULES))
def test_what_complies_what_does_not_and_what_it_does_not_speak_of(rule: str):
    ours = [one for one in CASES if one.rule == rule]
    assert ours
    for one in ours:
        for wanted, examples in (("compliant", one.good), ("violated", one.bad), ("not-applicable", one.apart)):
            for example in examples:
                assert _look(RULES[rule], one.token, example) == wanted, (one.token, example)


def test_every_entry_has_its_cases():
    missing: list[str] = []
    for rule in RULES.values():
        for entry in rule.entries:
            ours = [one for one in CASES if one.rule == rule.id and entry_applies(entry, one.token)]
            if not any(one.bad for one in ours):
                missing.append(f"{rule.id} {entry.types[0]}")
            always = [other for other in rule.entries if other.when is None and set(other.types) & set(entry.types)]
            if entry.when is not None and not always and not any(one.apart for one in ours):
                missing.append(f"{rule.id} {entry.types[0]}: when")
    assert not missing


def test_the_kinds_of_every_chart_are_looked_at():
    groups = {kind.partition("/")[0] for name in chart_names() for kind in chart(name).kinds}
    (entry,) = RULES["kind-version"].entries
    assert set(entry.types) == {f"kubernetes:{group}/*" for group in groups}


@pytest.fixture(scope="module")
def _light_sdks() -> None:
    fast_sdk(("pulumi_aws", "pulumi_gcp", "pulumi_azure_native"))


@pytest.mark.usefixtures("_light_sdks")
def test_the_examples_are_spelled_as_the_providers_spell():
    wrong: set[str] = set()
    for one in CASES:
        if is_object(one.token):
            continue  # an old version is one of the planted errors
        schema = resource_schema(one.token) if not one.token.startswith("mlplatform:") else None
        if schema is None:
            assert one.token.startswith("mlplatform:"), one.token
            continue
        for example in (*one.good, *one.bad, *one.apart):
            refusals = check_object(schema.inputs, example.inputs)
            wrong |= {f"{one.token} {r.path}: {r.got}" for r in refusals if "nothing" not in r.got}
    assert not wrong


@pytest.mark.usefixtures("_light_sdks")
def test_the_types_of_every_rule_exist():
    tokens = {token for rule in RULES.values() for entry in rule.entries for token in entry.types}
    objects = [token for token in tokens if "*" not in token and is_object(token)]
    assert [token for token in objects if kind_of(*kind_of_token(token)) is None] == []
    exact = sorted(
        token for token in tokens if "*" not in token and not token.startswith("mlplatform:") and not is_object(token)
    )
    former = {
        "aws:s3/bucketV2:BucketV2",
        "azure-native:documentdb:DatabaseAccount",
        "azure-native:storage:ImmutabilityPolicy",
    }
    assert [token for token in exact if resource_schema(token) is None and token not in former] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_rules_say_what_they_are(rule: CheckRule):
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
    for entry in rule.entries:
        assert entry.links
        assert all(link.startswith("https://") for link in entry.links), rule.id
        assert all(fnmatchcase(ref, "CIS * *") or ref.startswith(("AWS FSBP ", "MCSB ")) for ref in entry.refs)


def test_every_cloud_is_looked_at():
    by_cloud = {
        cloud: [r.id for r in RULES.values() if cloud in r.packages] for cloud in ("aws", "gcp", "azure-native")
    }
    assert min(len(found) for found in by_cloud.values()) >= 40, {k: len(v) for k, v in by_cloud.items()}


def test_files_are_named_after_their_rules(root):
    names = {file.stem for file in (root / "platform/mlplatform/checks/rules").glob("*.py")} - {"__init__"}
    assert names == {rule.replace("-", "_") for rule in RULES}
