"""Places of the store are closed, encrypted, versioned, logged, and kept as their class says."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ....planned import Planned
from ..conftest import ACCOUNT

PLACES = ("data", "features", "models", "pipelines", "monitoring")
each_place = pytest.mark.parametrize("place", PLACES)


@each_place
def test_a_place_is_closed_and_encrypted(prod: Planned, place: str) -> None:
    block = prod.one(f"store-{place}-public-access").inputs
    assert [block[flag] for flag in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls")] == [True] * 3
    assert block["restrictPublicBuckets"] is True
    owner = prod.one(f"store-{place}-ownership").inputs["rule"]
    assert owner == {"objectOwnership": "BucketOwnerEnforced"}
    rules = prod.one(f"store-{place}-encryption").inputs["rules"]
    assert rules[0]["bucketKeyEnabled"] is True
    default = rules[0]["applyServerSideEncryptionByDefault"]
    assert default["sseAlgorithm"] == "aws:kms"
    assert default["kmsMasterKeyId"] == prod.one("keys-store").outputs["arn"]


@each_place
def test_a_place_takes_tls_12_alone(prod: Planned, place: str) -> None:
    statements = prod.document(f"store-{place}-policy")
    assert statements["OnlyTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statements["OnlyRecentTls"]["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
    assert {statement["Effect"] for statement in statements.values()} == {"Deny"}


@each_place
def test_settings_of_a_bucket_are_chained(prod: Planned, place: str) -> None:
    order = ["public-access", "ownership", "policy", "versioning", "encryption"]
    for first, then in pairwise(order):
        assert f"store-{place}-{first}" in prod.directly_after(f"store-{place}-{then}")
    assert f"store-{place}-events" not in prod.directly_after(f"store-{place}-logging")
    assert f"store-{place}-logging" in prod.directly_after(f"store-{place}-events")


@each_place
def test_access_is_recorded_and_new_objects_are_events(prod: Planned, place: str) -> None:
    logging = prod.one(f"store-{place}-logging").inputs
    assert logging["targetPrefix"] == f"{place}/"
    assert logging["targetBucket"] == prod.one("store-access-logs").inputs["bucket"]
    assert prod.one(f"store-{place}-events").inputs["eventbridge"] is True


def test_names_are_the_accounts_own(prod: Planned) -> None:
    for bucket in prod.all("Bucket"):
        region = bucket.inputs.get("region", "us-east-1")
        assert str(bucket.inputs["bucket"]).endswith(f"-{ACCOUNT}-{region}-an")
        assert bucket.inputs["bucketNamespace"] == "account-regional"


def test_only_the_log_service_writes_logs_and_only_for_the_places(prod: Planned) -> None:
    statement = prod.document("store-access-logs-policy")["AccessLogs"]
    assert statement["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert statement["Action"] == "s3:PutObject"
    sources = statement["Condition"]["ArnLike"]["aws:SourceArn"]
    assert sorted(sources) == sorted(f"arn:aws:s3:::{prod.one(f'store-{p}').inputs['bucket']}" for p in PLACES)
    assert not prod.has("store-access-logs-logging")
    rules = prod.one("store-access-logs-encryption").inputs["rules"]
    assert rules[0]["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"


def test_records_of_access_can_be_restored(prod: Planned) -> None:
    assert prod.one("store-access-logs-versioning").inputs["versioningConfiguration"] == {"status": "Enabled"}
    rules = {rule["id"]: rule for rule in prod.one("store-access-logs-lifecycle").inputs["rules"]}
    assert rules["old-versions"]["noncurrentVersionExpiration"]["noncurrentDays"] > 0


def test_worm_is_governance_unless_locked(prod: Planned) -> None:
    assert prod.one("store-data").inputs["objectLockEnabled"] is True
    data = prod.one("store-data-lock").inputs["rule"]["defaultRetention"]
    assert data == {"mode": "GOVERNANCE", "days": 365}
    features = prod.one("store-features-lock").inputs["rule"]["defaultRetention"]
    assert features == {"mode": "COMPLIANCE", "days": 30}
    assert not prod.has("store-models-lock")


def test_only_disposable_places_can_be_taken_in_production(prod: Planned) -> None:
    for place in PLACES:
        bucket = prod.one(f"store-{place}")
        assert bucket.inputs["forceDestroy"] is (place == "pipelines")
        assert bucket.protect is (place != "pipelines")


def test_development_can_be_destroyed(least: Planned) -> None:
    assert [bucket.inputs["forceDestroy"] for bucket in least.all("Bucket")] == [True] * 6
    assert not [step.urn for step in least.plan.resources() if step.protect]


def test_retention_classes(prod: Planned) -> None:
    def rules(place: str) -> dict[str, dict[str, object]]:
        return {rule["id"]: rule for rule in prod.one(f"store-{place}-lifecycle").inputs["rules"]}

    assert rules("models")["objects"]["transitions"] == [{"days": 90, "storageClass": "STANDARD_IA"}]
    assert "expiration" not in rules("models")["objects"]
    assert rules("models")["old-versions"]["noncurrentVersionExpiration"] == {"noncurrentDays": 90}
    assert rules("features")["objects"]["transitions"][0]["days"] == 30
    assert rules("pipelines")["objects"]["expiration"] == {"days": 30}
    for place in PLACES:
        assert rules(place)["objects"]["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}


def test_replication_carries_encrypted_objects_and_deletions(prod: Planned) -> None:
    for place in PLACES:
        replica = prod.one(f"store-replica-{place}")
        assert replica.inputs["region"] == "us-west-2"
        rule = prod.one(f"store-{place}-replication").inputs["rules"][0]
        assert rule["sourceSelectionCriteria"]["sseKmsEncryptedObjects"] == {"status": "Enabled"}
        assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
        key = rule["destination"]["encryptionConfiguration"]["replicaKmsKeyId"]
        assert key == prod.one("store-replica-key").outputs["arn"]
        after = prod.directly_after(f"store-{place}-replication")
        assert {"store-replication-rights", f"store-{place}-events"} <= after
    # a locked source replicates only to a locked target
    assert prod.one("store-replica-features").inputs["objectLockEnabled"] is True


def test_grants_are_for_the_places_and_through_s3(prod: Planned) -> None:
    statements = prod.document("store-read-data-models-training")
    read = (prod.one(f"store-{place}").outputs["arn"] for place in ("data", "models"))
    assert statements["Objects"]["Resource"] == [f"{arn}/*" for arn in read]
    assert "s3:PutObject" not in statements["Objects"]["Action"]
    assert statements["Key"]["Action"] == "kms:Decrypt"
    assert statements["Key"]["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    written = prod.document("store-write-features-pipelines-training")
    assert "s3:DeleteObject" in written["Objects"]["Action"]
    assert "kms:GenerateDataKey" in written["Key"]["Action"]
    assert not any(step.name.startswith("acme-ml-store") and "auditor" in step.name for step in prod.plan.steps)


def test_unversioned_without_logs(planned) -> None:
    plan = planned(artifact_store={"versioned": False, "access_logs": False})
    assert not plan.has("store-data-versioning")
    assert not plan.has("store-data-logging")
    assert [rule["id"] for rule in plan.one("store-data-lifecycle").inputs["rules"]] == ["objects"]
