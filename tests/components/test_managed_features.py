"""Features in the clouds' own feature stores: adding one replaces nothing, and what a cloud refuses is told before."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from mlplatform import Context, FeatureStoreSpec, discovery
from mlplatform.backends.aws.network.endpoints_private import gateway_services, private_services
from mlplatform.components.feature_store import FeatureStore
from mlplatform.components.identity import Identity
from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.mock_cloud.rights import aws_allows
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.stateful import holds_data
from mlplatform.providers.accounts import Account
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rules import stateful_replaced, update_refused

from .parts import TARGETS, plan_of
from .test_online_features import features, platform

A_DAY = {"name": "a_day", "type": "int64"}
AMOUNT, RISK = {"name": "amount", "type": "float64"}, {"name": "risk", "type": "float64"}


def managed(*columns: dict[str, str], ttl_hours: int | None = None, **changes: object) -> FeatureStoreSpec:
    """A store with the group `spend`, which has these features, and one that is not online."""
    group = {"entities": ["customer"], "features": list(columns or (AMOUNT,)), "online": True, "ttl_hours": ttl_hours}
    groups = [{"name": "spend", **group}, {"name": "rare", **group, "online": False}]
    return features(**{"engine": "managed", "groups": groups, "services": [], **changes})


def planned(cloud: str, store: FeatureStoreSpec, *, protected: bool = False, tags: str = "") -> Plan:
    return _planned(cloud, store.model_dump_json(exclude_defaults=True), protected=protected, tags=tags)


@cache
def _planned(cloud: str, text: str, *, protected: bool, tags: str) -> Plan:
    store = FeatureStoreSpec.model_validate_json(text)
    tagged = {"tags": {"commit": tags}} if tags else {}
    spec = platform(cloud, feature_store=store, deletion_protection=protected, endpoints=(), **tagged)

    def program() -> None:
        context = Context(spec)
        made = FeatureStore("acme-features", store, context)
        reader, writer = (Identity(f"acme-{name}", "serving", context) for name in ("reader", "writer"))
        made.grant_read(reader)
        made.grant_write(writer)

    return plan_of(cloud, program)


def _group(plan: Plan) -> Step:
    (found,) = (step for step in plan.resources() if step.name == "acme-features-group-spend")
    return found


def _state(plan: Plan) -> dict[str, Any]:
    return json.loads(str(_group(plan).inputs["desiredState"]))


def test_aws_has_a_feature_group_that_costs_nothing_while_nobody_asks() -> None:
    group = _group(planned("aws", managed(ttl_hours=24), protected=True))
    state = _state(planned("aws", managed(ttl_hours=24), protected=True))
    assert group.protect
    assert holds_data(group)
    assert state["FeatureGroupName"] == "acme-dev-features-spend"
    assert (state["RecordIdentifierFeatureName"], state["EventTimeFeatureName"]) == ("customer_id", "event_timestamp")
    assert state["OnlineStoreConfig"]["StorageType"] == "Standard", "memory would be paid by the hour"
    assert state["OnlineStoreConfig"]["SecurityConfig"]["KmsKeyId"]
    assert state["OnlineStoreConfig"]["TtlDuration"] == {"Unit": "Hours", "Value": 24}
    assert "OfflineStoreConfig" not in state, "a second history, which nothing compares with the tables"
    assert "RoleArn" not in state
    online = dict(discovery.backend("aws").feast_online(platform("aws", feature_store=managed())).options)
    assert state["FeatureGroupName"] == f"{online['prefix']}spend"


CHANGES: dict[str, tuple[FeatureStoreSpec, str, list[str]]] = {
    "a feature more, before the others": (managed(A_DAY, AMOUNT), "update", []),
    "another order": (managed(RISK, AMOUNT), "same", []),
    "another time to live": (managed(AMOUNT, RISK, ttl_hours=12), "update", []),
    "a feature less": (managed(AMOUNT), "update", ["risk"]),
    "another type of a feature": (managed(AMOUNT, {**RISK, "type": "string"}), "update", ["risk"]),
    "another key": (
        managed(AMOUNT, RISK, entities=[{"name": "customer", "key": "client_id"}]), "replace", []
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_group_of_sagemaker_grows_in_place_and_loses_nothing(name: str) -> None:
    wanted, kind, lost = CHANGES[name]
    base = managed(AMOUNT) if name.startswith("a feature more") else managed(AMOUNT, RISK)
    before, after = planned("aws", base), planned("aws", wanted)
    found = {change.step.name: change for change in diff(before, after).changes}
    change = found.get("acme-features-group-spend")
    assert (change.kind if change else "same") == kind
    hits = list(update_refused.RULE.examine(Evidence(diff(before, after))))
    assert [hit.path for hit in hits if lost and kind == "update"] == ["desiredState"] * (
        kind == "update" and bool(lost)
    )
    # and so does the cloud
    cloud, step, other = Cloud(Account.sample("aws")), _group(before), _group(after)
    held = cloud.create(step.type, step.name, step.inputs)
    if kind == "update" and lost:
        with pytest.raises(CloudRefused, match="risk would be removed or changed"):
            cloud.update(step.type, held.id, other.inputs)
    elif kind == "update":
        cloud.update(step.type, held.id, other.inputs)


def test_a_commit_in_the_tags_changes_no_group() -> None:
    one, two = (planned("aws", managed(), tags=commit) for commit in ("abc", "def"))
    assert _group(one).inputs == _group(two).inputs


@pytest.mark.parametrize(
    ("who", "action", "group", "allowed"),
    [
        ("reader", "sagemaker:BatchGetRecord", "spend", True),
        ("reader", "sagemaker:PutRecord", "spend", False),
        ("writer", "sagemaker:PutRecord", "spend", True),
        ("writer", "sagemaker:DeleteFeatureGroup", "spend", False),
        ("writer", "sagemaker:UpdateFeatureGroup", "spend", False),
        ("writer", "sagemaker:PutRecord", "rare", False),
    ],
)
def test_aws_rights_end_at_records(who: str, action: str, group: str, *, allowed: bool) -> None:
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:feature-group/acme-dev-features-{group}"
    assert aws_allows(list(planned("aws", managed()).resources()), f"acme-dev-{who}", action, arn, {}) is allowed


def test_aws_has_one_private_way_to_look_features_up() -> None:
    spec = platform("aws", feature_store=managed())
    assert "sagemaker.featurestore-runtime" in private_services(spec)
    assert gateway_services(spec) == ("s3",)
    assert "sagemaker.featurestore-runtime" not in private_services(platform("aws"))


def test_what_sagemaker_refuses_is_refused_before() -> None:
    two = [{"name": name, "key": f"{name}_id"} for name in ("customer", "merchant")]
    group = {"entities": ["customer", "merchant"], "features": [{"name": "write_time", "type": "int64"}]}
    long = "a" * 40
    target = TARGETS["aws"].overlay(name="a-long-target-name")
    store = managed(entities=two, groups=[{"name": long, "online": True, **group}])
    spec = platform("aws", feature_store=store, endpoints=(), targets=(target,))
    found = {problem.path: problem for problem in discovery.backend("aws").problems(spec)}
    assert "one column that identifies" in found["feature_store.groups[0].entities"].expected
    assert "at most 64 characters" in found["feature_store.groups[0].name"].expected
    assert "keep for itself" in found["feature_store.groups[0].features[0].name"].expected
    offline = managed(entities=two, groups=[{"name": "more", **group}, *managed().model_dump()["groups"]])
    assert not list(discovery.backend("aws").problems(platform("aws", feature_store=offline, endpoints=())))


def test_a_store_that_would_keep_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="engine: got managed, with nothing to keep"):
        managed(groups=[{"name": "spend", "entities": ["customer"], "features": [AMOUNT]}])


def test_gcp_has_a_table_a_group_and_a_view_with_the_platforms_key() -> None:
    plan = planned("gcp", managed(AMOUNT, RISK), protected=True)
    (store,), (view,) = plan.of_type("AiFeatureOnlineStore"), plan.of_type("AiFeatureOnlineStoreFeatureview")
    assert store.protect
    assert "bigtable" in store.inputs
    assert "optimized" not in store.inputs, "deprecated"
    (table,) = plan.of_type("bigquery/table:Table")
    assert table.inputs["deletionProtection"] is True
    for resource in (store, table, *plan.of_type("Dataset")):
        assert "cryptoKeys" in str(resource.inputs), resource.name
    columns = [each["name"] for each in json.loads(str(table.inputs["schema"]))]
    assert columns == ["customer_id", "feature_timestamp", "amount", "risk", "valid__from"]
    features_of_it = sorted(str(each.inputs["name"]) for each in plan.of_type("AiFeatureGroupFeature"))
    assert features_of_it == ["amount", "risk", "valid__from"]
    assert "'featureIds': ['amount', 'risk', 'valid__from']" in str(view.inputs)
    assert view.inputs["syncConfig"] == {"cron": "TZ=UTC 30 * * * *"}
    options = dict(discovery.backend("gcp").feast_online(platform("gcp", feature_store=managed())).options)
    assert (options["store"], options["dataset"]) == (store.inputs["name"], table.inputs["datasetId"])


def test_vertex_copies_after_the_job_that_fills() -> None:
    store = managed(fill={"image": "docker.io/acme/fill:1", "every_hours": 6})
    (view,) = planned("gcp", store).of_type("AiFeatureOnlineStoreFeatureview")
    assert view.inputs["syncConfig"] == {"cron": "TZ=UTC 30 0,6,12,18 * * *"}


_TOUCHED = {("update", "table-spend"), ("update", "view-spend")}
_NOTHING: set[tuple[str, str]] = set()


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        (managed(A_DAY, AMOUNT, RISK), {*_TOUCHED, ("create", "feature-spend-a-day")}),
        (managed(RISK, AMOUNT), _NOTHING),
        (managed(AMOUNT, RISK, ttl_hours=12), _NOTHING),
        (managed(AMOUNT), {*_TOUCHED, ("delete", "feature-spend-risk")}),
    ],
    ids=["a feature more", "another order", "another time to live", "a feature less"],
)  # fmt: skip
def test_nothing_of_vertex_is_made_anew(after: FeatureStoreSpec, changed: set[tuple[str, str]]) -> None:
    found = diff(planned("gcp", managed(AMOUNT, RISK)), planned("gcp", after)).changes
    assert {(each.kind, each.step.name.removeprefix("acme-features-")) for each in found} == changed


def test_gcp_rights_are_to_look_up_and_to_write_rows() -> None:
    plan = planned("gcp", managed())
    (role,) = plan.of_type("IAMCustomRole")
    assert role.inputs["permissions"] == ["aiplatform.featureViews.fetchFeatureValues"]
    grants = {
        (str(each.inputs["member"]).partition("@")[0].rpartition(":")[2], str(each.inputs["role"]).rpartition("/")[2])
        for each in [*plan.of_type("IAMMember"), *plan.of_type("DatasetIamMember")]
        if "service-" not in str(each.inputs["member"])
    }
    own = "acme_dev_features_reader"
    assert {each for each in grants if each[0] == "acme-dev-reader"} == {("acme-dev-reader", own)}
    wanted = {own, "bigquery.jobUser", "bigquery.dataEditor"}
    assert {right for who, right in grants if who == "acme-dev-writer"} == wanted


def test_names_that_vertex_refuses_are_refused_before() -> None:
    group = {"entities": ["customer"], "online": True, "features": [{"name": "feature_timestamp", "type": "int64"}]}
    target = TARGETS["gcp"].overlay(name="a-long-target-name")
    store = managed(groups=[{"name": "a" * 40, **group}])
    spec = platform("gcp", feature_store=store, endpoints=(), targets=(target,))
    found = {problem.path: problem for problem in discovery.backend("gcp").problems(spec)}
    assert "at most 60 characters" in found["feature_store.groups[0].name"].expected
    assert "gives no meaning to" in found["feature_store.groups[0].features[0].name"].expected


@pytest.mark.parametrize("columns", [(A_DAY, AMOUNT), ({**RISK, "type": "string"}, AMOUNT)], ids=["renamed", "type"])
def test_a_feature_that_is_another_empties_its_table_on_gcp_and_that_is_told(
    columns: tuple[dict[str, str], ...],
) -> None:
    found = diff(planned("gcp", managed(AMOUNT, RISK)), planned("gcp", managed(*columns)))
    (table,) = (each for each in found.changes if each.step.name == "acme-features-table-spend")
    assert table.kind == "replace", "BigQuery's provider drops no column beside one that comes"
    (hit,) = stateful_replaced.RULE.examine(Evidence(found))
    assert (hit.level, hit.path.partition("[")[0]) == ("critical", "schema")
