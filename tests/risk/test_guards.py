"""Guards in the company of other resources: what goes with its subject, what is renamed, what is not known yet."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from mlplatform.checks.resource import plain_type
from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, Step
from mlplatform.providers.schema import load_package, sdk_modules
from mlplatform.risk.guards.rows import Row
from mlplatform.risk.guards.tables.deletion import DELETION
from mlplatform.risk.guards.tables.exposure import EXPOSURE
from mlplatform.risk.guards.tables.isolation import ISOLATION
from mlplatform.risk.guards.tables.monitoring import MONITORING
from mlplatform.risk.guards.tables.network import GUARDS, NETWORK_OPENED
from mlplatform.risk.guards.tables.retention import RETENTION
from mlplatform.risk.guards.tables.safety import SAFETY
from mlplatform.risk.guards.tables.transport import TRANSPORT
from mlplatform.risk.rules.guard_removed import RULE as GUARD
from mlplatform.risk.rules.monitoring_weakened import RULE as MONITORING_WEAKENED
from mlplatform.risk.rules.protection_off import RULE as PROTECTION
from mlplatform.risk.rules.retention_shortened import RULE as RETENTION_SHORTENED
from mlplatform.risk.rules.safety_net_removed import RULE as SAFETY_NET

from .conftest import found, step

TABLES = (DELETION, EXPOSURE, GUARDS, ISOLATION, MONITORING, NETWORK_OPENED, RETENTION, SAFETY, TRANSPORT)
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ENDPOINT = step("aws:sagemaker/endpoint:Endpoint", "e", {"name": "acme-scorer"})
METRIC: dict[str, object] = {
    "metricName": "Errors",
    "namespace": "AWS/SageMaker",
    "comparisonOperator": "GreaterThanThreshold",
    "threshold": 2,
    "evaluationPeriods": 1,
}
NETWORK = step("azure-native:network:VirtualNetwork", "v")
RULES = step("azure-native:network:NetworkSecurityGroup", "g", {"securityRules": []})
BUCKET = step("aws:s3/bucket:Bucket", "data")
LOGS = step("aws:s3/bucket:Bucket", "logs")


def subnet(*needs: Step) -> Step:
    return step("azure-native:network:Subnet", "s", dependencies=tuple(one.urn for one in needs))


def alarm(name: str, *needs: Step, **more: object) -> Step:
    return step(ALARM, name, {**METRIC, **more}, dependencies=tuple(one.urn for one in needs))


def test_an_alarm_that_goes_with_its_endpoint_is_no_loss() -> None:
    for mine in (alarm("a", ENDPOINT), alarm("a", dimensions={"EndpointName": "acme-scorer"})):
        assert found([ENDPOINT, mine], [], MONITORING_WEAKENED) == []
        assert found([ENDPOINT, mine], [ENDPOINT], MONITORING_WEAKENED) == [("high", "a", "")]


def test_an_alarm_goes_with_the_component_of_its_endpoint_but_not_with_one_of_its_own() -> None:
    component = step("mlplatform:index:Endpoint", "scorer", custom=False)
    alarms = step("mlplatform:index:Monitoring", "alarms", custom=False)
    inside = step(ALARM, "a", METRIC, parent=component.urn)
    beside = step(ALARM, "a", METRIC, parent=alarms.urn)
    served = step("gcp:cloudrunv2/service:Service", "s", parent=component.urn)
    assert found([component, served, inside], [], MONITORING_WEAKENED) == []
    assert found([component, served, alarms, beside], [component, served], MONITORING_WEAKENED) == [("high", "a", "")]


def test_rules_that_go_with_their_subnet_are_no_loss() -> None:
    assert found([NETWORK, RULES, subnet(NETWORK, RULES)], [NETWORK], GUARD) == []
    assert found([NETWORK, RULES, subnet(NETWORK, RULES)], [NETWORK, subnet(NETWORK)], GUARD) == [("high", "g", "")]


def test_a_log_does_not_go_with_the_place_that_it_is_written_to() -> None:
    log = step("aws:s3/bucketLogging:BucketLogging", "l", dependencies=(BUCKET.urn, LOGS.urn))
    assert found([BUCKET, LOGS, log], [BUCKET], MONITORING_WEAKENED) == [("high", "l", "")]
    assert found([BUCKET, LOGS, log], [], MONITORING_WEAKENED) == []


def test_a_renamed_guard_is_compared_with_its_successor() -> None:
    assert found([alarm("a")], [alarm("b")], MONITORING_WEAKENED) == []
    assert found([alarm("a")], [alarm("b", threshold=900)], MONITORING_WEAKENED) == [("high", "b", "threshold")]
    other = {"metricName": "Latency", "namespace": "x", "threshold": 7, "period": 60}
    assert found([alarm("a")], [step(ALARM, "b", other)], MONITORING_WEAKENED) == [("high", "a", "")]


def test_a_guard_that_stays_in_the_cloud_is_no_loss() -> None:
    kept = step(ALARM, "a", METRIC, retain_on_delete=True)
    assert found([kept], [], MONITORING_WEAKENED) == []


def test_what_is_known_only_after_the_update_may_be_weaker() -> None:
    table = "aws:dynamodb/table:Table"
    strong, unknown = {"deletionProtectionEnabled": True}, {"deletionProtectionEnabled": UNKNOWN}
    assert found([step(table, "t", strong)], [step(table, "t", unknown)], PROTECTION) == [
        ("medium", "t", "deletionProtectionEnabled")
    ]
    assert found([step(table, "t")], [step(table, "t", unknown)], PROTECTION) == []


def test_a_secret_is_never_shown() -> None:
    secret = {SIGNATURE: SECRET_SIGNATURE, "value": "hunter2"}
    token = "aws:cloudwatch/eventApiDestination:EventApiDestination"
    before, after = ([step(token, "d", {"invocationEndpoint": value})] for value in (secret, "https://elsewhere"))
    assert found(before, after, MONITORING_WEAKENED) == [("high", "d", "invocationEndpoint")]
    assert found(after, before, MONITORING_WEAKENED) == [("high", "d", "invocationEndpoint")]


def test_a_list_in_another_order_has_lost_nothing() -> None:
    token, kinds = "aws:eks/cluster:Cluster", ["api", "audit", "scheduler"]
    before = [step(token, "c", {"enabledClusterLogTypes": kinds})]
    for left, expected in ((kinds[::-1], []), (["scheduler", "audit"], ["medium"]), (["scheduler", "api"], ["high"])):
        after = [step(token, "c", {"enabledClusterLogTypes": left})]
        assert [level for level, _, _ in found(before, after, MONITORING_WEAKENED)] == expected


def test_an_item_that_goes_as_a_whole_has_switched_nothing_off() -> None:
    """A pool less is no autoscaler less of the others."""
    token = "azure-native:containerservice:ManagedCluster"
    pools = [{"name": name, "enableAutoScaling": True, "minCount": 3} for name in ("a", "b")]
    before, after = ([step(token, "c", {"agentPoolProfiles": some})] for some in (pools, pools[:1]))
    assert found(before, after, SAFETY_NET) == []


def test_rules_of_a_store_that_is_named_in_words() -> None:
    token = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    rules = {"bucket": "acme", "rules": [{"status": "Enabled", "expiration": {"days": 1}}]}
    made = step("aws:s3/bucket:Bucket", "b", {"bucket": "acme"})
    assert found([], [step(token, "l", rules)], RETENTION_SHORTENED) == [("high", "l", "rules[0].expiration.days")]
    assert found([], [made, step(token, "l", rules)], RETENTION_SHORTENED) == []


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_about_types_that_exist(table: tuple[Row, ...]) -> None:
    """Of the installed SDKs; types of clusters and of older majors of a provider have no SDK here."""
    tokens: set[str] = set()
    for package in ("aws", "gcp", "azure-native"):
        assert load_package(package)
        tokens |= {plain_type(token) for module in sdk_modules(package) for token in module.classes}
    unknown = {
        pattern
        for row in table
        for pattern in row.types.split()
        if not pattern.startswith("kubernetes:")
        and pattern not in tokens
        and not any(fnmatchcase(token, pattern) for token in tokens)
    }
    assert unknown <= {"azure-native:*:LogProfile"}


def test_a_reference_follows_what_it_refers_to() -> None:
    """Another name of the endpoint and of the log's bucket moves nothing elsewhere."""
    renamed = step("aws:sagemaker/endpoint:Endpoint", "e", {"name": "acme-ranker"})
    before, after = (alarm("a", dimensions={"EndpointName": f"acme-{name}"}) for name in ("scorer", "ranker"))
    assert found([ENDPOINT, before], [renamed, after], MONITORING_WEAKENED) == []
    assert found([ENDPOINT, before], [ENDPOINT, after], MONITORING_WEAKENED) == [
        ("medium", "a", "dimensions.EndpointName")
    ]


def test_an_alarm_that_names_a_deleted_endpoint_in_its_query_goes_with_it() -> None:
    token = "gcp:monitoring/alertPolicy:AlertPolicy"
    service = step("gcp:cloudrunv2/service:Service", "s", {"name": "acme-scorer"})
    policy = step(token, "p", {"conditions": [{"filter": 'service_name="acme-scorer"'}]})
    assert found([service, policy], [], MONITORING_WEAKENED) == []
    assert found([service, policy], [service], MONITORING_WEAKENED) == [("high", "p", "")]


def test_zones_of_another_region_are_as_many() -> None:
    token = "gcp:container/nodePool:NodePool"
    before = [step(token, "n", {"nodeLocations": ["us-central1-a", "us-central1-b"]})]
    for zones, expected in ((["us-east1-b", "us-east1-c"], []), (["us-east1-b"], [("medium", "n", "nodeLocations")])):
        assert found(before, [step(token, "n", {"nodeLocations": zones})], SAFETY_NET) == expected
