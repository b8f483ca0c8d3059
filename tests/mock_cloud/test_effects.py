"""Rights that are seconds old: the mock cloud refuses what uses them, and the platform waits for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pulumi
import pulumi.runtime.resource
import pytest

from mlplatform import (
    AwsTarget,
    AzureTarget,
    ClusterSpec,
    EndpointSpec,
    GcpTarget,
    PlatformSpec,
    SharedFileSystemSpec,
    TrackingSpec,
)
from mlplatform.components import scope
from mlplatform.components.imagined_releases import as_released
from mlplatform.mock_cloud import Cloud, CloudRefused, Held
from mlplatform.mock_cloud.effects import is_needed, is_user, right_of
from mlplatform.mock_cloud.held import texts_by_property
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.timing import EffectRule
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import record
from mlplatform.spec.target import Target

from ..cluster.conftest import small_spec
from ..cluster.test_managed_airflow import spec_with
from ..components.test_managed_features import managed
from ..components.test_online_features import features, platform
from ..conftest import CLOUDS
from ..planned import least_platform, made_after

MakeCloud = Callable[[str], Cloud]
TARGETS: Mapping[str, Target] = {
    "aws": AwsTarget(account_id="123456789012", region="us-east-1"),
    "gcp": GcpTarget(project="acme-ml-dev", project_number="123456789012", region="us-central1"),
    "azure": AzureTarget(
        subscription_id="00000000-1111-4222-8333-444444444444",
        tenant_id="55555555-6666-4777-8888-999999999999",
        location="eastus",
    ),
}
KEY = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
STORAGE = "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
GRANT = {"role": "roles/cloudkms.cryptoKeyEncrypterDecrypter", "member": STORAGE}


def _bucket(key: str) -> dict[str, object]:
    return {"name": "b", "location": "us-central1", "encryption": {"defaultKmsKeyName": key}}


def _granted(gcp: Cloud) -> tuple[str, Held]:
    key = gcp.create("gcp:kms/cryptoKey:CryptoKey", "key", {"name": "key", "keyRing": "ring"}).id
    return key, gcp.create(KEY, "grant", {**GRANT, "cryptoKeyId": key})


def test_a_right_of_this_run_is_not_in_effect(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    key, _ = _granted(gcp)
    with pytest.raises(CloudRefused, match="Permission denied on Cloud KMS key") as refused:
        gcp.create("gcp:storage/bucket:Bucket", "store", _bucket(key))
    assert "grant was granted seconds ago" in refused.value.cause
    gcp.create("gcp:storage/bucket:Bucket", "other", {**_bucket("another"), "name": "c"})


def test_a_right_of_another_service_to_the_same_key_is_not_waited_for(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    key = gcp.create("gcp:kms/cryptoKey:CryptoKey", "key", {"name": "key", "keyRing": "ring"}).id
    agent = "serviceAccount:service-123456789012@gcp-sa-cloud-sql.iam.gserviceaccount.com"
    gcp.create(KEY, "grant", {**GRANT, "member": agent, "cryptoKeyId": key})
    gcp.create("gcp:storage/bucket:Bucket", "store", _bucket(key))
    database = {"name": "d", "databaseVersion": "POSTGRES_17", "region": "us-central1", "encryptionKeyName": key}
    with pytest.raises(CloudRefused, match="Permission denied on Cloud KMS key"):
        gcp.create("gcp:sql/databaseInstance:DatabaseInstance", "database", database)


def test_a_service_that_is_enabled_twice_is_waited_for_once(cloud: MakeCloud, tmp_path: Path) -> None:
    gcp = cloud("gcp")
    service, group = "gcp:projects/service:Service", "gcp:vertex/aiFeatureGroup:AiFeatureGroup"
    first = gcp.create(service, "first", {"service": "aiplatform.googleapis.com", "project": "p"})
    with pytest.raises(CloudRefused, match="has not been used in the project"):
        gcp.create(group, "early", {"name": "early", "region": "us-central1"})
    gcp.effects.rehearsed = tmp_path / "waits"
    gcp.effects.rehearsed.write_text(f"{first.id}\n", encoding="utf-8")
    gcp.create(service, "second", {"service": "aiplatform.googleapis.com", "project": "p"})
    gcp.create(group, "group", {"name": "group", "region": "us-central1"})


def test_a_right_is_in_effect_after_the_wait_and_in_the_next_run(cloud: MakeCloud, tmp_path: Path) -> None:
    gcp = cloud("gcp")
    key, grant = _granted(gcp)
    gcp.effects.rehearsed = tmp_path / "waits"
    gcp.effects.rehearsed.write_text(f"{grant.id}\n", encoding="utf-8")
    gcp.create("gcp:storage/bucket:Bucket", "store", _bucket(key))
    later = cloud("gcp")
    key, _ = _granted(later)
    later.run()
    later.create("gcp:storage/bucket:Bucket", "store", _bucket(key))


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Logical names of the resources that wait after their creation: in plans, no hook is registered."""
    found: set[str] = set()

    async def prepare(hooks: pulumi.ResourceHookBinding | None, prefix: str) -> None:
        if hooks and hooks.after_create:
            found.add(prefix.partition("_")[2])

    def hooked(_: int) -> pulumi.ResourceHookBinding:
        return pulumi.ResourceHookBinding(after_create=[lambda _: None])

    monkeypatch.setattr(scope, "wait_after_creation", hooked)
    monkeypatch.setattr(pulumi.runtime.resource, "_prepare_resource_hooks", prepare)
    return found


def _endpoint(cloud: str) -> PlatformSpec:
    endpoint = EndpointSpec(name="scorer", model="fraud/1", capture_percent=5)
    return as_released(least_platform(TARGETS[cloud], training={}, endpoints=(endpoint,)))


def _features(cloud: str) -> PlatformSpec:
    return platform(cloud, feature_store=managed(), endpoints=())


def _stores(cloud: str) -> PlatformSpec:
    """What has a key of the platform beside the store: features online, the tracking server's database, and a shared
    file system."""
    layer = ClusterSpec(shared_file_system=SharedFileSystemSpec(capacity_gib=18_000))
    return small_spec(cloud, tracking=TrackingSpec(), cluster=layer, feature_store=features(services=[]))


SPECS: Mapping[str, tuple[Callable[[str], PlatformSpec], tuple[str, ...]]] = {
    "endpoint": (_endpoint, CLOUDS),
    "airflow": (spec_with, ("aws", "gcp")),
    "features": (_features, ("gcp",)),
    "stores": (_stores, ("gcp", "azure")),
}


@pytest.mark.parametrize(("what", "name"), [(what, name) for what, (_, names) in SPECS.items() for name in names])
def test_whatever_needs_a_right_comes_after_the_wait_for_it(what: str, name: str, waits: set[str]) -> None:
    plan = record(SPECS[what][0](name), name, resolve=True)
    needed = list(_needed(plan))
    assert needed, "no rule applies: the test proves nothing"
    after = {user.urn: made_after(plan, user) for user, _ in needed}
    unordered = [
        f"{user.name} does not come after {', '.join(grant.name for grant in same)}"
        for user, same in needed
        if not {grant.urn for grant in same} & after[user.urn]
    ]
    hasty = {f"{grant.name} is used at once" for _, same in needed for grant in same if grant.name not in waits}
    assert not unordered
    assert not hasty


def _needed(plan: Plan) -> Iterator[tuple[Step, list[Step]]]:
    """Every resource with each right that the cloud must know before it, as the grants of it."""
    held = {step.urn: _held(step) for step in plan.resources()}
    rules: set[EffectRule] = {rule for step in plan.resources() for rule in rules_of(step.type).effects}
    steps = list(plan.resources())
    for rule in rules:
        users = [step for step in steps if is_user(rule, step.type)]
        grants = [step for step in steps if step.type == rule.grant]
        for user in users:
            rights: dict[tuple[str, ...], list[Step]] = {}
            for grant in grants:
                if is_needed(rule, held[grant.urn], held[user.urn], held.values()):
                    rights.setdefault(right_of(rule, held[grant.urn]), []).append(grant)
            for same in rights.values():
                yield user, same


def _held(step: Step) -> Held:
    return Held(
        step.type,
        step.name,
        str(step.id),
        step.inputs,
        step.outputs,
        step.name,
        references=texts_by_property(step.inputs),
    )


def test_the_store_may_not_send_at_once(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    agent = "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    member, sends = "gcp:pubsub/topicIAMMember:TopicIAMMember", "roles/pubsub.publisher"
    gcp.create(member, "person", {"topic": "door", "role": sends, "member": "user:ada@acme.example"})
    told = {"bucket": "b", "topic": "projects/p/topics/door", "payloadFormat": "JSON_API_V1"}
    gcp.create("gcp:storage/notification:Notification", "others", told)
    gcp.create(member, "store", {"topic": "door", "role": sends, "member": agent})
    with pytest.raises(CloudRefused, match="does not have permission to publish"):
        gcp.create("gcp:storage/notification:Notification", "told", {**told, "bucket": "c"})
