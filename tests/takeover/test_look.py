"""An account is asked what is there. Answers have the forms of the command lines' own references.

https://docs.aws.amazon.com/cli/latest/reference/, https://cloud.google.com/sdk/gcloud/reference,
https://learn.microsoft.com/cli/azure/resource#az-resource-show
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from mlplatform import discovery
from mlplatform.catalog.import_ids import import_form, live_list
from mlplatform.components.live_traffic import NotAnswered
from mlplatform.plan.model import Plan
from mlplatform.spec.platform import PlatformSpec
from mlplatform.takeover.identify import Identifier
from mlplatform.takeover.look import WrongAccount, look_up, require_account
from mlplatform.takeover.survey import Looked, survey, takes_over

from ..conftest import CLOUDS

Planned = Callable[..., Plan]
Spec = Callable[[str], PlatformSpec]


class Account:
    """Answers commands by a part of them; what it does not know fails as the command line does."""

    def __init__(self, answers: Mapping[str, object], otherwise: str | list[object]) -> None:
        self._answers = answers
        self._otherwise = otherwise
        self.asked: list[str] = []

    def __call__(self, command: Sequence[str]) -> object:
        words = " ".join(command)
        self.asked.append(words)
        for part, answer in self._answers.items():
            if part in words:
                return answer
        if isinstance(self._otherwise, str):
            raise NotAnswered(f"`{words[:40]}`: {self._otherwise}")
        return self._otherwise


@pytest.fixture
def looked(stack_plan: Planned, stack_spec: Spec) -> Callable[[str, Account], tuple[Plan, Looked]]:
    """What an account says of the plan of dev."""

    def look(cloud: str, account: Account) -> tuple[Plan, Looked]:
        both = stack_plan("dev", cloud, resolve=True)
        plan = replace(both, steps=tuple(step for step in both.steps if step.package != "kubernetes"))
        sample = discovery.backend(cloud).account(stack_spec("dev").target(cloud))
        identifier = Identifier(plan, sample)
        found = look_up(plan, identifier, (), account)
        survey(plan, identifier, {}, found, frozenset())
        return plan, found

    return look


def _by_name(plan: Plan, found: Looked) -> dict[str, tuple[str | None, str]]:
    return {step.name: found[step.urn] for step in plan.resources() if step.urn in found}


def test_aws(looked: Callable[[str, Account], tuple[Plan, Looked]]) -> None:
    vpc = {"VpcId": "vpc-0a", "Tags": [{"Key": "Name", "Value": "acme-ml-dev-network"}]}
    answers: dict[str, object] = {
        "list-buckets": {"Buckets": [{"Name": "other"}, {"Name": "acme-ml-dev-data-123456789012-us-east-1-an"}]},
        "describe-vpcs": {"Vpcs": [vpc, {"VpcId": "vpc-0b"}]},
        "eks list-clusters": {"clusters": ["acme-ml-dev-cluster"]},
        "eks list-addons --cluster-name acme-ml-dev-cluster": {"addons": ["vpc-cni"]},
        "list-log-groups": {},
    }
    account = Account(answers, "An error occurred (AccessDenied) when calling the operation")
    plan, found = looked("aws", account)
    names = _by_name(plan, found)
    assert names["acme-ml-store-data"] == ("acme-ml-dev-data-123456789012-us-east-1-an", "the account has it")
    assert names["acme-ml-store-models"][0] == ""
    assert names["acme-ml-network-vpc"][0] == "vpc-0a"
    addons = {step.name: names[step.name][0] for step in plan.of_type("aws:eks/addon:Addon")}
    assert set(addons.values()) == {"", "acme-ml-dev-cluster:vpc-cni"}
    # nobody may list roles: that is not a no
    role, why = names["acme-ml-training-role"]
    assert role is None
    assert "AccessDenied" in why
    # each list is asked for once, and in the target's region
    assert len(account.asked) == len(set(account.asked))
    assert all("--region us-east-1" in words for words in account.asked)


def test_two_that_look_alike_are_not_chosen_from(looked: Callable[[str, Account], tuple[Plan, Looked]]) -> None:
    tags = [{"Key": "Name", "Value": "acme-ml-dev-network"}]
    two = {"Vpcs": [{"VpcId": "vpc-0a", "Tags": tags}, {"VpcId": "vpc-0b", "Tags": tags}]}
    plan, found = looked("aws", Account({"describe-vpcs": two}, []))
    id_, why = _by_name(plan, found)["acme-ml-network-vpc"]
    assert id_ is None
    assert "2 that look like it: vpc-0a, vpc-0b; name one with --id acme-ml-network-vpc=ID" in why


def test_gcp(looked: Callable[[str, Account], tuple[Plan, Looked]]) -> None:
    ring = "projects/acme-ml-dev/locations/us-central1/keyRings/acme-ml-dev"
    answers: dict[str, object] = {
        "compute networks list": [{"name": "acme-ml-dev", "selfLink": "x"}],
        "kms keyrings list": [{"name": ring}],
        f"kms keys list --keyring {ring}": [{"name": f"{ring}/cryptoKeys/acme-ml-dev-monitoring"}],
        "workload-identity-pools list": [
            {"name": "projects/123456789012/locations/global/workloadIdentityPools/acme-ml-dev-ci"}
        ],
    }
    plan, found = looked("gcp", Account(answers, "PERMISSION_DENIED: Cloud Run Admin API is disabled"))
    network = plan.one("gcp:compute/network:Network")
    assert found[network.urn][0] == "projects/acme-ml-dev/global/networks/acme-ml-dev"
    keys = {found[step.urn][0] for step in plan.of_type("gcp:kms/cryptoKey:CryptoKey")}
    assert keys == {"", f"{ring}/cryptoKeys/acme-ml-dev-monitoring"}
    pool = plan.one("gcp:iam/workloadIdentityPool:WorkloadIdentityPool")
    assert found[pool.urn][0] == "projects/acme-ml-dev/locations/global/workloadIdentityPools/acme-ml-dev-ci"
    # a service that is switched off has nothing
    assert {found[step.urn][0] for step in plan.of_type("gcp:cloudrunv2/service:Service")} == {""}


def test_azure_asks_for_nothing_in_a_group_that_is_not_there(
    looked: Callable[[str, Account], tuple[Plan, Looked]],
) -> None:
    account = Account({}, "(ResourceGroupNotFound) Resource group 'acme-ml-dev-rg' could not be found.")
    plan, found = looked("azure", account)
    assert {id_ for id_, _ in found.values()} == {""}
    assert len(account.asked) < len(plan.resources()) / 10


def test_azure_knows_ids_in_other_letters(looked: Callable[[str, Account], tuple[Plan, Looked]]) -> None:
    group = "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/acme-ml-dev-rg"
    vnet = f"{group}/providers/Microsoft.Network/virtualNetworks/acme-ml-dev-vnet"
    answers: dict[str, object] = {
        f"{vnet}/subnets/nodes ": {"id": f"{vnet}/subnets/nodes"},
        f"{vnet} ": {"id": vnet.upper()},
        f"{group} ": {"id": group},
    }
    plan, found = looked("azure", Account(answers, "(ResourceNotFound) The Resource was not found."))
    assert found[plan.one("azure-native:network:VirtualNetwork").urn][0] == vnet
    subnets = {found[step.urn][0] for step in plan.of_type("azure-native:network:Subnet")}
    assert subnets == {"", f"{vnet}/subnets/nodes"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_who_is_of_another_account_is_not_believed(cloud: str, stack_spec: Spec) -> None:
    answers = {"get-caller-identity": {"Account": "999999999999", "Arn": "arn:aws:iam::999999999999:user/u"}}
    with pytest.raises(WrongAccount, match="--live"):
        require_account(stack_spec("dev"), cloud, Account(answers, "not logged in"))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_list_is_of_a_type_with_an_id(cloud: str, stack_plan: Planned) -> None:
    plan = stack_plan("dev", cloud, resolve=True)
    wanted = {step.type for step in plan.resources() if not step.type.startswith("kubernetes:")}
    known = {kind for kind in wanted if (form := import_form(kind)) and form.form and not takes_over(kind)}
    listed = {kind for kind in known if live_list(kind)}
    assert len(listed) > len(known) / 2, sorted(known - listed)
