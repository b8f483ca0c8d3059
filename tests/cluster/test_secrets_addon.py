"""Secrets of the cloud's vault in namespaces of jobs: each namespace reads its own, and the operator nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from mlplatform import ClusterSpec, TeamSpec
from mlplatform.backends.aws.naming import secrets_folder
from mlplatform.backends.gcp.naming import secrets_prefix
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import STAGES, ChartRelease, LayerItem
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.core import ServiceAccount
from mlplatform.cluster.objects.rbac import ClusterRole, Role, RoleBinding
from mlplatform.cluster.objects.secret_stores import SecretStore
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.plan.model import Plan
from mlplatform.spec.cluster import AddOn

from ..conftest import CLOUDS
from .conftest import small_spec

TEAMS = (TeamSpec("fraud", quota={"spot": 8}), TeamSpec("fraud-eu", quota={"spot": 0}))
NAMESPACES = ("training", "team-fraud", "team-fraud-eu")


def _items(cloud: str, *addons: AddOn) -> dict[str, LayerItem]:
    spec = small_spec(cloud, cluster=ClusterSpec(addons=addons, teams=TEAMS))
    return {item.role: item for item in layer_items(layer_context(spec, cloud))}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_namespace_has_a_store_with_an_account_of_its_own(cloud: str) -> None:
    assert not any("vault-" in role or "secrets" in role for role in _items(cloud))
    items = _items(cloud, "external-secrets")
    for namespace in NAMESPACES:
        account = cast("ServiceAccount", items[f"account-{namespace}-external-secrets"].body)
        (identity,) = (account.metadata.annotations or {}).values()
        assert identity == FromCloud(f"layer.identities.secrets-{namespace}")
        assert account.automount_service_account_token is False
        store = items[f"vault-{namespace}"]
        assert STAGES.index(store.stage) > STAGES.index("access"), "the operator tries a store at once"
        body = wire_object(cast("SecretStore", store.body))
        text = json.dumps(body["spec"])
        assert '{"name": "external-secrets"}' in text
        assert "ecretRef" not in text, "no key of the cloud in the cluster"
        # the operator asks for the tokens of this account, and of no other
        role = cast("Role", items[f"role-secrets-{namespace}"].body)
        (rule,) = role.rules
        assert (role.metadata.namespace, rule.resources, rule.verbs, rule.resource_names) == (
            namespace, ("serviceaccounts/token",), ("create",), ("external-secrets",),
        )  # fmt: skip
        (operator,) = cast("RoleBinding", items[f"binding-secrets-{namespace}"].body).subjects
        assert (operator.name, operator.namespace) == ("external-secrets", "external-secrets")


def test_the_operator_makes_tokens_of_no_other_account_and_no_store_holds_for_the_whole_cluster() -> None:
    release = _items("aws", "external-secrets")["release-external-secrets"]
    values = cast("Any", cast("ChartRelease", release.body).values)
    assert values["rbac"]["serviceAccountTokenCreate"] is False
    assert not any(values["rbac"][f"aggregateTo{level}"] for level in ("View", "Edit", "Admin"))
    for kind in ("ClusterSecretStore", "ClusterExternalSecret", "PushSecret", "ClusterPushSecret", "ClusterGenerator"):
        assert values["crds"][f"create{kind}"] is False
        # the chart's operator looks for kinds that are not there, unless it is told
        assert values[f"process{kind}".replace("SecretStore", "Store")] is False
    assert values["crds"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    assert values["leaderElect"] is True, "of two replicas both would write"


def test_people_ask_for_secrets_and_make_no_stores() -> None:
    member = cast("ClusterRole", _items("gcp", "external-secrets")["role-mlplatform-team"].body)
    verbs = {plural: set(rule.verbs) for rule in member.rules for plural in rule.resources}
    assert "create" in verbs["externalsecrets"]
    assert verbs["secretstores"] == {"get", "list", "watch"}, "with their own, the operator would call any address"
    without = cast("ClusterRole", _items("gcp")["role-mlplatform-team"].body)
    assert "externalsecrets" not in {plural for rule in without.rules for plural in rule.resources}


def test_no_team_reads_what_another_has_whose_name_begins_alike() -> None:
    aws, gcp = (small_spec(cloud, cluster=ClusterSpec(teams=TEAMS)).on(cloud) for cloud in ("aws", "gcp"))
    assert not secrets_folder(aws, "team-fraud-eu").startswith(secrets_folder(aws, "team-fraud"))
    assert not secrets_prefix(gcp, "team-fraud-eu").startswith(secrets_prefix(gcp, "team-fraud"))


def test_roles_trust_the_tokens_of_one_account_and_read_one_folder(layered: Callable[[str], Plan]) -> None:
    plan = layered("aws")
    issuer = str(plan.named("acme-ml-cluster-tokens").inputs["url"]).removeprefix("https://")
    trust = json.loads(str(plan.named("acme-ml-secrets-training-role").inputs["assumeRolePolicy"]))
    (statement,) = trust["Statement"]
    assert statement["Condition"]["StringEquals"] == {
        f"{issuer}:aud": "sts.amazonaws.com",
        f"{issuer}:sub": "system:serviceaccount:training:external-secrets",
    }
    (policy,) = (step for step in plan.steps if step.name == "acme-ml-secrets-training-read-secrets-training")
    (right,) = json.loads(str(policy.inputs["policy"]))["Statement"]
    assert right["Resource"].endswith(":secret:acme-ml-dev-training/*")
    # Pod Identity would give the role to pods, which need it for nothing
    bound = [step.inputs["serviceAccount"] for step in plan.of_type("PodIdentityAssociation")]
    assert bound
    assert "external-secrets" not in bound


def test_an_account_of_google_reads_the_secrets_whose_names_begin_so(layered: Callable[[str], Plan]) -> None:
    member = layered("gcp").named("acme-ml-secrets-training-read")
    condition = cast("dict[str, str]", member.inputs["condition"])
    start = "projects/123456789012/secrets/acme-ml-dev-training_"
    assert condition["expression"] == f'resource.name.startsWith("{start}")'


def test_a_managed_identity_reads_a_private_vault_of_the_namespace(layered: Callable[[str], Plan]) -> None:
    plan = layered("azure")
    vault = cast("Any", plan.named("acme-ml-keys-vault-secrets-training").inputs)
    assert vault["properties"]["publicNetworkAccess"] == "disabled"
    assert plan.named("acme-ml-network-secrets-training-vault").inputs
    (right,) = (step for step in plan.steps if step.name.startswith("acme-ml-secrets-training-read"))
    assert str(right.inputs["scope"]).endswith(f"/vaults/{vault['vaultName']}")
    store = cast("Any", plan.named("acme-ml-layer-vault-training").inputs)
    assert store["spec"]["provider"]["azurekv"]["vaultUrl"] == f"https://{vault['vaultName']}.vault.azure.net"
