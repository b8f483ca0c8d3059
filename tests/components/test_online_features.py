"""The online store of features: made private, encrypted and protected, and granted to those that the spec names."""

from __future__ import annotations

import json
from functools import cache
from typing import cast

import pytest
import yaml

from mlplatform import Context, EndpointSpec, FeatureStoreSpec, ModelMonitorSpec, PlatformSpec, discovery
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.feature_fill import FeatureFill
from mlplatform.components.feature_store import FeatureStore, looks_features_up
from mlplatform.components.identity import Identity
from mlplatform.components.monitor_document import served_groups
from mlplatform.components.registry import ModelRegistry
from mlplatform.mock_cloud.rights import aws_allows
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import PlanRefused

from ..conftest import CLOUDS
from .parts import TARGETS, plan_of


def features(**changes: object) -> FeatureStoreSpec:
    group = {"entities": ["customer"], "features": [{"name": "amount", "type": "float64"}], "online": True}
    given: dict[str, object] = {
        "entities": [{"name": "customer", "key": "customer_id"}],
        "groups": [
            {"name": "spend", **group},
            {"name": "device_risk", **group, "features": [{"name": "risk", "type": "float64"}]},
            {"name": "rare", **group, "online": False},
        ],
        "services": [
            {"name": "scorer", "features": ["spend:amount"], "endpoints": ["scorer"]},
            {"name": "nobody", "features": ["device_risk"]},
        ],
    }
    return FeatureStoreSpec.model_validate({**given, **changes})


def platform(cloud: str, **changes: object) -> PlatformSpec:
    # an endpoint of Azure Machine Learning does not reach the store
    replicas = (0, 2)
    return PlatformSpec.model_validate(
        {
            "name": "acme",
            "environment": "dev",
            "owner": "ml",
            "cost_center": "1",
            "targets": (TARGETS[cloud],),
            "endpoints": (EndpointSpec(name="scorer", server="triton", model="m/1", replicas=replicas),),
            "feature_store": features(),
            **changes,
        }
    )


@cache
def planned(cloud: str, *, protected: bool = False, filled: bool = False) -> Plan:
    fill = {"fill": {"image": "docker.io/acme/fill:1", "every_hours": 6}} if filled else {}
    spec = platform(cloud, deletion_protection=protected, feature_store=features(**fill))

    def program() -> None:
        context = Context(spec)
        assert spec.feature_store
        store = FeatureStore("acme-features", spec.feature_store, context)
        reader, writer = (Identity(f"acme-{name}", "serving", context) for name in ("reader", "writer"))
        store.grant_endpoint(reader, "scorer")
        store.grant_endpoint(Identity("acme-other", "serving", context), "other")
        store.grant_write(writer)
        if filled:
            artefacts = ArtifactStore("acme-store", spec.artifact_store, context)
            models = ModelRegistry("acme-models", spec.registry, context, store=artefacts, images=context.images)
            FeatureFill("acme-fill", store, context, store=artefacts, models=models)

    return plan_of(cloud, program)


def one(plan: Plan, kind: str) -> Step:
    (found,) = plan.of_type(kind)
    return found


def test_aws_has_a_table_for_each_group_that_is_online() -> None:
    plan = planned("aws", protected=True)
    tables = {str(step.inputs["name"]): step.inputs for step in plan.of_type("Table")}
    assert sorted(tables) == ["acme-dev-features-device_risk", "acme-dev-features-spend"]
    for table in tables.values():
        assert table["hashKey"] == "entity_id", "Feast's key"
        assert table["deletionProtectionEnabled"] is True
        assert "kmsKeyArn" in str(table["serverSideEncryption"])
        assert table["pointInTimeRecovery"] == {"enabled": True}
    (online,) = [discovery.backend("aws").feast_online(platform("aws"))]
    template = dict(online.options)["table_name_template"]
    assert {template.format(table_name=group) for group in ("spend", "device_risk")} == set(tables)


@pytest.mark.parametrize(
    ("who", "action", "table", "allowed"),
    [
        ("reader", "dynamodb:BatchGetItem", "spend", True),
        ("reader", "dynamodb:BatchGetItem", "device_risk", False),
        ("reader", "dynamodb:PutItem", "spend", False),
        ("writer", "dynamodb:BatchWriteItem", "device_risk", True),
        ("writer", "dynamodb:DeleteTable", "spend", False),
        ("writer", "dynamodb:CreateTable", "rare", False),
        ("writer", "dynamodb:UntagResource", "spend", False),
        ("other", "dynamodb:GetItem", "spend", False),
    ],
)
def test_aws_rights_end_at_values_and_groups(who: str, action: str, table: str, *, allowed: bool) -> None:
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/acme-dev-features-{table}"
    steps = list(planned("aws").resources())
    assert aws_allows(steps, f"acme-dev-{who}", action, arn, {}) is allowed


def test_gcp_has_one_database_of_its_own_with_its_key() -> None:
    plan = planned("gcp", protected=True)
    database = one(plan, "Database").inputs
    assert database["type"] == "DATASTORE_MODE"
    assert database["deleteProtectionState"] == "DELETE_PROTECTION_ENABLED"
    assert database["deletionPolicy"] == "DELETE", "what is left out would stay, and cost"
    assert "kmsKeyName" in str(database["cmekConfig"])
    agent = plan.of_type("CryptoKeyIAMMember")
    assert any("gcp-sa-firestore" in str(each.inputs["member"]) for each in agent)
    grants = {
        str(each.inputs["role"]): each.inputs
        for each in plan.of_type("IAMMember")
        if "datastore" in str(each.inputs["role"])
    }
    assert sorted(grants) == ["roles/datastore.user", "roles/datastore.viewer"], "nobody for whom nothing is named"
    for grant in grants.values():
        assert 'resource.name == "projects/acme-ml-dev/databases/acme-dev-features"' in str(grant["condition"])


def test_azure_has_a_private_redis_without_keys() -> None:
    plan = planned("azure", protected=True)
    redis, database = one(plan, "RedisEnterprise").inputs, one(plan, "redisenterprise:Database").inputs
    assert redis["publicNetworkAccess"] == "Disabled"
    assert redis["highAvailability"] == "Enabled"
    assert "customerManagedKeyEncryption" in str(redis["encryption"])
    assert database["accessKeysAuthentication"] == "Disabled"
    assert database["clientProtocol"] == "Encrypted"
    assert database["evictionPolicy"] == "NoEviction", "a value that is thrown away would be served as missing"
    endpoints = [each for each in plan.of_type("PrivateEndpoint") if "redisEnterprise" in str(each.inputs)]
    assert len(endpoints) == 1
    zones = {str(each.inputs["privateZoneName"]) for each in plan.of_type("PrivateZone")}
    assert "privatelink.redis.azure.net" in zones
    logins = plan.of_type("AccessPolicyAssignment")
    assert len(logins) == 2
    # a Redis takes one change at a time
    assert any(logins[0].urn in each.dependencies for each in logins)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_store_that_nobody_protects_goes_with_the_platform(cloud: str) -> None:
    text = str([step.inputs for step in planned(cloud).resources() if "features" in step.name])
    assert "DELETE_PROTECTION_ENABLED" not in text
    assert "'deletionProtectionEnabled': True" not in text
    assert "'highAvailability': 'Enabled'" not in text


def test_names_that_the_clouds_refuse_are_refused_before_they_are_asked() -> None:
    from pulumi_azure_native import redisenterprise
    from pulumi_gcp import firestore

    def access() -> None:
        redisenterprise.AccessPolicyAssignment(
            "a",
            access_policy_assignment_name="a-b",
            access_policy_name="reader",
            cluster_name="r",
            database_name="default",
            resource_group_name="g",
            user=redisenterprise.AccessPolicyAssignmentPropertiesUserArgs(object_id="o"),
        )

    with pytest.raises(PlanRefused) as refused:
        plan_of("azure", access)
    assert "accessPolicyAssignmentName" in str(refused.value)
    assert "accessPolicyName" in str(refused.value)

    def database() -> None:
        firestore.Database("d", name="ab", location_id="us-central1", type="DATASTORE_MODE", project="p")

    with pytest.raises(PlanRefused, match="4"):
        plan_of("gcp", database)


def test_only_endpoints_that_look_features_up_get_a_network() -> None:
    spec = platform("aws")
    assert looks_features_up(spec, spec.endpoints[0])
    assert not looks_features_up(spec, EndpointSpec(name="other", server="triton", model="m/1"))


@pytest.mark.parametrize(
    ("features_of_it", "readers", "words"),
    [
        ("rare", {"endpoints": ["scorer"]}, r"features\[0\].* a group that is kept online: scorer would find nothing"),
        ("spend", {"endpoints": ["scorers"]}, r"endpoints\[0\].* write scorer"),
        ("spend", {"teams": ["fraud"]}, r"teams\[0\].* one of the teams of the cluster: there is none"),
        ("spend", {"teams": ["a", "a"]}, r"teams\[1\].* a name that no other team has"),
    ],
)
def test_readers_that_would_find_nothing_are_refused(
    features_of_it: str, readers: dict[str, list[str]], words: str
) -> None:
    service = {"name": "s", "features": [features_of_it], **readers}
    with pytest.raises(ValueError, match=words):
        platform("aws", feature_store={**features().model_dump(exclude_defaults=True), "services": [service]})


def test_azure_refuses_readers_in_a_network_without_a_way_to_redis() -> None:
    managed = EndpointSpec(name="scorer", server="triton", model="m/1", replicas=(1, 2))
    (limit,) = [each for each in discovery.backend("azure").limits if each.field == "feature_store.services.endpoints"]
    refused = list(limit.violations(platform("azure", endpoints=(managed,))))
    assert refused == [("feature_store.services[0].endpoints[0]", "scorer")]
    assert not list(limit.violations(platform("azure")))


def test_a_target_without_the_endpoint_has_no_reader() -> None:
    target = TARGETS["aws"].overlay(endpoints={"scorer": {"enabled": False}})
    narrowed = platform("aws", targets=(target,)).on("aws")
    assert narrowed.feature_store
    assert narrowed.feature_store.looked_up_by("endpoints", "scorer") == ()


JOBS = {
    "aws": ("TaskDefinition", "Schedule"),
    "gcp": ("cloudrunv2/job:Job", "cloudscheduler/job:Job"),
    "azure": ("app:Job",),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_job_fills_the_store_and_its_silence_is_told(cloud: str) -> None:
    plan = planned(cloud, filled=True)
    job, *_ = (one(plan, kind) for kind in JOBS[cloud])
    text = str(job.inputs)
    assert "mlplatform-fill" in text
    assert "acme/fill:1" in text, "on GCP through the cache of its registry"
    document = json.loads(_variable(job, "MLPLATFORM_FILL_JOB"))
    assert sorted(document["groups"]) == ["device_risk", "spend"], "rare is not online"
    assert document["groups"]["spend"] == {
        "keys": ["customer_id"], "features": ["amount"], "timestamp": "event_timestamp"
    }  # fmt: skip
    assert document["late_hours"] == 48
    assert yaml.safe_load(document["configuration"])["online_store"]
    assert 'name="spend"' in document["definitions"]
    times = str([step.inputs for step in plan.resources() if step.name.startswith("acme-fill")])
    assert "0 0,6,12,18 *" in times
    # three times six hours
    silence = [step for step in plan.resources() if step.name.endswith("silence")]
    assert len(silence) == 1
    period = {"aws": "'evaluationPeriods': 18", "gcp": "[18h]", "azure": "ago(18h)"}[cloud]
    assert period in str(silence[0].inputs)


def test_the_job_writes_definitions_and_values_and_no_table() -> None:
    steps = list(planned("aws", filled=True).resources())
    bucket = "arn:aws:s3:::acme-dev-features-123456789012-us-east-1-an"
    asked = {
        ("s3:GetObject", f"{bucket}/spend/a.parquet"): True,
        ("s3:PutObject", f"{bucket}/spend/a.parquet"): False,
        ("s3:PutObject", f"{bucket}/feast/registry.db"): True,
        ("s3:PutObject", f"{bucket}/feast/filled.json"): True,
        ("dynamodb:BatchWriteItem", "arn:aws:dynamodb:us-east-1:123456789012:table/acme-dev-features-spend"): True,
    }
    for (action, resource), allowed in asked.items():
        assert aws_allows(steps, "acme-dev-fill-identity", action, resource, {}) is allowed, (action, resource)


def _variable(job: Step, name: str) -> str:
    """A variable of the job's container, wherever the cloud has it."""
    found: list[str] = []

    def look(value: object) -> None:
        if isinstance(value, str) and value.startswith("["):
            value = json.loads(value)
        if isinstance(value, dict):
            each = cast("dict[str, object]", value)
            if each.get("name") == name:
                found.append(str(each["value"]))
            for inner in each.values():
                look(inner)
        elif isinstance(value, list):
            for inner in cast("list[object]", value):
                look(inner)

    look(dict(job.inputs))
    (text,) = found
    return text


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_fill_with_nothing_to_fill_and_definitions_that_no_variable_holds_are_refused(cloud: str) -> None:
    with pytest.raises(ValueError, match="fill: got nothing to fill"):
        features(
            fill={"image": "training:x"}, groups=[{**features().groups[2].model_dump(), "online": False}], services=[]
        )
    many = [{"name": f"feature_with_a_long_name_number_{index}", "type": "float64"} for index in range(400)]
    group = {"name": "spend", "entities": ["customer"], "features": many, "online": True}
    spec = platform(
        cloud,
        endpoints=(),
        feature_store=features(groups=[group], services=[], fill={"image": "docker.io/acme/fill:1"}),
    )
    found = {problem.path: problem for problem in discovery.backend(cloud).problems(spec)}
    assert "24000" in found["feature_store.groups"].expected
    nowhere = platform(cloud, feature_store=features(fill={"image": "elsewhere:1"}))
    found = {problem.path: problem for problem in discovery.backend(cloud).problems(nowhere)}
    assert "a repository of the platform and a tag" in found["feature_store.fill.image"].expected


def test_azures_own_feature_store_is_refused_with_the_reason() -> None:
    spec = platform("azure", feature_store=features(engine="managed"))
    found = {problem.path: problem for problem in discovery.backend("azure").problems(spec)}
    assert "open internet access" in found["feature_store.engine"].expected
    assert "Feast keeps the same definitions" in found["feature_store.engine"].fix


def test_a_monitor_compares_the_features_of_its_service_alone() -> None:
    monitor = ModelMonitorSpec.model_validate(
        {"task": "classification", "inputs": [{"name": "amount"}], "reference": "r", "features": "scorer"}
    )
    groups = served_groups(monitor, platform("aws", feature_store=features(fill={"image": "x:1", "every_hours": 2})))
    assert [(each.name, each.table, each.keys, each.features) for each in groups] == [
        ("spend", "spend", ("customer_id",), ("amount",))
    ]
    assert groups[0].late_hours == 6, "three fills"
    assert served_groups(monitor.overlay(features=None), platform("aws")) == ()


@pytest.mark.parametrize(
    ("monitor", "store", "words"),
    [
        ({"features": "scorers"}, True, r"write scorer"),
        ({"features": "scorer"}, False, r"services of the feature store: there is none"),
        ({"features": "scorer", "task": "language"}, True, r"requests of a language model are texts"),
    ],
)
def test_features_that_a_monitor_cannot_compare_are_refused(
    monitor: dict[str, object], words: str, *, store: bool
) -> None:
    given = {"task": "classification", "inputs": [{"name": "amount"}], "reference": "r", **monitor}
    if given["task"] == "language":
        given.pop("inputs")
    endpoint = {
        "name": "scorer", "server": "vllm" if given["task"] == "language" else "triton", "model": "m/1",
        "capture_percent": 10, "replicas": (0, 2), "monitor": {**given, "image": "docker.io/acme/monitor:1"},
    }  # fmt: skip
    with pytest.raises(ValueError, match=words):
        platform("aws", endpoints=(endpoint,), feature_store=features() if store else None)


def _columns(*names: str, ttl_hours: int | None = None) -> FeatureStoreSpec:
    entities = [{"name": "customer", "key": "customer_id"}, {"name": "device", "key": "device_id"}]
    group = {"entities": ["customer"], "online": True, "ttl_hours": ttl_hours}
    groups = [
        {"name": "spend", **group, "features": [{"name": name, "type": "float64"} for name in names]},
        {"name": "device_risk", **group, "entities": ["device"], "features": [{"name": "risk", "type": "float64"}]},
    ]
    return features(entities=entities, groups=groups, services=[], fill={"image": "docker.io/acme/fill:1"})


def _without_device(store: FeatureStoreSpec) -> FeatureStoreSpec:
    return store.overlay(entities=store.entities[:1], groups=store.groups[:1])


@cache
def _made(cloud: str, store: str) -> Plan:
    spec = platform(cloud, feature_store=FeatureStoreSpec.model_validate_json(store), endpoints=())

    def program() -> None:
        context = Context(spec)
        assert spec.feature_store
        made = FeatureStore("acme-features", spec.feature_store, context)
        artefacts = ArtifactStore("acme-store", spec.artifact_store, context)
        models = ModelRegistry("acme-models", spec.registry, context, store=artefacts, images=context.images)
        FeatureFill("acme-fill", made, context, store=artefacts, models=models)

    return plan_of(cloud, program)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_with_feast_a_change_of_definitions_reaches_the_job_and_no_store(cloud: str) -> None:
    base = _columns("amount")

    def changed(store: FeatureStoreSpec) -> set[str]:
        """Kinds of change of the online store; the job that fills it is told each time."""
        texts = (each.model_dump_json(exclude_defaults=True) for each in (base, store))
        found = diff(*(_made(cloud, text) for text in texts)).changes
        told = {each.kind for each in found if each.step.name.startswith("acme-fill")}
        # a task of ECS has another revision, which is another resource
        assert told in ({"update"}, {"update", "replace"})
        return {each.kind for each in found if each.step.name.startswith("acme-features")}

    assert changed(_columns("amount", "payments")) == set()
    assert changed(_columns("amount", ttl_hours=12)) == set()
    # DynamoDB has a table per group; the others have one store for all of them
    gone = changed(_without_device(base))
    assert gone == ({"delete", "update"} if cloud == "aws" else set[str]())
