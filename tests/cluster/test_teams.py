"""Teams: their queues share the pools exactly, and nothing of one is open to another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import cel
import pytest
from pydantic import ValidationError

from mlplatform import ClusterSpec, PlatformSpec, TeamSpec, TrainingSpec, discovery
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import STAGES, ChartRelease
from mlplatform.cluster.jobs.kinds import job_objects
from mlplatform.cluster.jobs.request import JobRequest
from mlplatform.cluster.objects.core import Namespace
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.plan.model import Plan, Step
from mlplatform.spec.target import PoolOverride

from ..azure_conditions import azure_admits
from ..conftest import CLOUDS
from .conftest import POOLS, TARGETS, small_spec

MEMBERS = {
    "aws": ("arn:aws:iam::123456789012:role/sso-fraud",),
    "gcp": ("Fraud@acme.example", "user:ann@acme.example"),
    "azure": ("AAAAAAAA-bbbb-4ccc-8ddd-eeeeeeeeeee1",),
}
FRAUD = TeamSpec("fraud", quota={"big": 16, "shared": 4}, borrow={"big": 0})
VISION = TeamSpec("vision", quota={"shared": 8, "spot": 0}, lend={"shared": 2}, weight=3)
StackPlan = Callable[..., Plan]


def with_teams(cloud: str, *teams: TeamSpec, members: Mapping[str, tuple[str, ...]] | None = None) -> PlatformSpec:
    """The small platform with teams, of which `fraud` has members."""
    named = {"fraud": MEMBERS[cloud]} if members is None else dict(members)
    extra = {"security_group": "gke-security-groups@acme.example"} if cloud == "gcp" else {}
    target = TARGETS[cloud].overlay(members=named, **extra)
    cluster = ClusterSpec(engines=("trainer", "ray"), teams=teams)
    return small_spec(cloud, targets=(target,), cluster=cluster)


def objects(spec: PlatformSpec, cloud: str) -> dict[str, dict[str, Any]]:
    """The layer's own objects by role."""
    items = layer_items(layer_context(spec, cloud))
    return {item.role: cast("Any", wire_object(item.body)) for item in items if not isinstance(item.body, ChartRelease)}


def quotas(queue: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The quota of each pool in a queue."""
    return {
        flavor["name"].rpartition("-")[0]: {k: v for k, v in flavor["resources"][0].items() if k != "name"}
        for group in queue["spec"]["resourceGroups"]
        for flavor in group["flavors"]
    }


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_no_team_has_stays_with_the_platform(cloud: str) -> None:
    made = objects(with_teams(cloud, FRAUD, VISION), cloud)
    assert quotas(made["queue-team-fraud"]) == {
        "big": {"nominalQuota": "16", "borrowingLimit": "0"},
        "shared": {"nominalQuota": "4"},
    }
    assert quotas(made["queue-team-vision"]) == {
        "shared": {"nominalQuota": "8", "lendingLimit": "2"},
        "spot": {"nominalQuota": "0"},
    }
    rest = quotas(made["queue-acme-ml"])
    assert {pool: each["nominalQuota"] for pool, each in rest.items()} == {"big": "16", "shared": "4", "spot": "16"}
    cohorts = {made[f"queue-{name}"]["spec"]["cohortName"] for name in ("team-fraud", "team-vision", "acme-ml")}
    assert cohorts == {"acme-ml"}
    assert made["queue-team-vision"]["spec"]["fairSharing"] == {"weight": "3"}
    assert made["local-queue-team-fraud"]["metadata"] | {"labels": None} == {
        "name": "default",
        "namespace": "team-fraud",
        "labels": None,
    }


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_is_in_a_namespace_comes_after_it(cloud: str, stack_spec: Callable[[str], PlatformSpec]) -> None:
    for spec in (with_teams(cloud, FRAUD, VISION), stack_spec("prod")):
        items = layer_items(layer_context(spec, cloud))
        made = {item.body.metadata.name: item.stage for item in items if isinstance(item.body, Namespace)}
        for item in items:
            inside = item.body.namespace if isinstance(item.body, ChartRelease) else item.body.metadata.namespace
            if inside in made:
                assert STAGES.index(item.stage) > STAGES.index(made[inside]), item.role


@pytest.mark.parametrize("cloud", CLOUDS)
def test_without_teams_the_layer_is_as_before(cloud: str) -> None:
    items = layer_items(layer_context(small_spec(cloud), cloud))
    assert not [item.role for item in items if "team" in item.role or "role-" in item.role]
    (kueue,) = [item.body for item in items if isinstance(item.body, ChartRelease) and item.body.chart == "kueue"]
    config = json.loads(cast("Any", kueue.values)["managerConfig"]["controllerManagerConfigYaml"])
    assert "fairSharing" not in config


@pytest.mark.parametrize("cloud", CLOUDS)
def test_kueue_holds_the_jobs_of_every_team_and_shares_fairly(cloud: str) -> None:
    items = layer_items(layer_context(with_teams(cloud, FRAUD, VISION), cloud))
    (kueue,) = [item.body for item in items if isinstance(item.body, ChartRelease) and item.body.chart == "kueue"]
    config = json.loads(cast("Any", kueue.values)["managerConfig"]["controllerManagerConfigYaml"])
    (selected,) = config["managedJobsNamespaceSelector"]["matchExpressions"]
    assert selected["values"] == ["team-fraud", "team-vision", "training"]
    # version v1beta2 knows no `enable`, and its decoding is strict: Kueue would not start
    assert set(config["fairSharing"]) == {"preemptionStrategies"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_team_is_shut_off_from_the_others(cloud: str) -> None:
    made = objects(with_teams(cloud, FRAUD, VISION), cloud)
    policy = made["network-team-vision"]["spec"]
    assert policy["podSelector"] == {}
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert {"podSelector": {}} in [peer for rule in policy["ingress"] for peer in rule["from"]]
    outside = [peer for rule in policy["ingress"] for peer in rule["from"] if "namespaceSelector" in peer]
    assert [peer["namespaceSelector"]["matchLabels"] for peer in outside] == [
        {"kubernetes.io/metadata.name": "kuberay-system"}
    ]
    anywhere = [rule for rule in policy["egress"] if "to" not in rule]
    assert [port["port"] for rule in anywhere for port in rule["ports"]] == [53, 53, 443]
    servers = {peer["ipBlock"]["cidr"] for rule in policy["egress"] for peer in rule.get("to", ()) if "ipBlock" in peer}
    expected = {"aws": {"169.254.170.23/32"}, "gcp": {"169.254.169.252/32", "169.254.169.254/32"}, "azure": set[str]()}
    assert servers == expected[cloud], "jobs get the credentials of their identity there, and nothing of the node's"
    enforced = "pod-security.kubernetes.io/enforce"
    assert made["namespace-team-vision"]["metadata"]["labels"][enforced] == "baseline"
    # a fabric's jobs lock memory
    assert made["namespace-team-fraud"]["metadata"]["labels"][enforced] == "privileged"
    hard = made["limits-team-vision"]["spec"]["hard"]
    # a quota of devices or pods refuses a part of what Kueue has admitted
    assert not [name for name in hard if "gpu" in name or name in ("pods", "requests.cpu")]
    assert hard["services.loadbalancers"] == "0"
    assert made["critical-team-vision"]["spec"]["hard"] == {"pods": "0"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_members_are_named_as_the_cloud_introduces_them_and_change_nothing_that_holds_teams_apart(cloud: str) -> None:
    made = objects(with_teams(cloud, FRAUD, VISION), cloud)
    subjects = {(each["kind"], each["name"]) for each in made["members-team-fraud"]["subjects"]}
    assert (
        subjects
        == {
            "aws": {("Group", "mlplatform:team-fraud")},
            # RBAC compares every letter, and tokens have small ones
            "gcp": {("Group", "fraud@acme.example"), ("User", "ann@acme.example")},
            "azure": {("Group", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1")},
        }[cloud]
    )
    assert made["members-team-fraud"]["metadata"]["namespace"] == "team-fraud"
    assert "members-team-vision" not in made, "nobody was named"
    write = {"create", "update", "patch", "delete", "deletecollection"}
    held = {"networkpolicies", "resourcequotas", "serviceaccounts", "localqueues", "workloads", "clusterqueues"}
    held |= {"roles", "rolebindings", "namespaces", "nodes", "resourceflavors", "clustertrainingruntimes"}
    for role in ("role-mlplatform-team", "role-mlplatform-team-reader"):
        for rule in made[role]["rules"]:
            assert "*" not in rule["resources"] + rule["verbs"] + rule["apiGroups"]
            if held & set(rule["resources"]):
                assert not write & set(rule["verbs"]), rule
    changed = {
        kind
        for rule in made["role-mlplatform-team"]["rules"]
        if "create" in rule["verbs"]
        for kind in rule["resources"]
    }
    assert {"trainjobs", "rayjobs", "jobsets", "jobs"} <= changed


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_pods_of_a_team_act_as_its_own_identity(cloud: str, stack_plan: StackPlan) -> None:
    plan = stack_plan("prod", cloud, resolve=True)
    for team in ("team-fraud", "team-vision"):
        (account,) = _named(plan, f"acme-ml-layer-account-{team}-training")
        annotations: Mapping[str, str] = cast("Any", account.inputs)["metadata"].get("annotations") or {}
        match cloud:
            case "aws":
                (bound,) = _named(plan, f"acme-ml-cluster-bind-{team}-training")
                (role,) = _named(plan, f"acme-ml-{team}-role")
                assert (bound.inputs["namespace"], bound.inputs["serviceAccount"]) == (team, "training")
                trust = json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"][0]["Condition"]["StringEquals"]
                assert trust["aws:RequestTag/kubernetes-namespace"] == team
            case "gcp":
                (bound,) = _named(plan, f"acme-ml-cluster-{team}-{team}-training")
                assert str(bound.inputs["member"]).endswith(f"[{team}/training]")
                assert annotations["iam.gke.io/gcp-service-account"] in str(bound.inputs["serviceAccountId"])
            case _:
                (bound,) = _named(plan, f"acme-ml-cluster-bind-{team}-{team}-training")
                assert bound.inputs["subject"] == f"system:serviceaccount:{team}:training"
                assert annotations["azure.workload.identity/client-id"]
    if cloud != "aws":
        ids = {
            json.dumps(cast("Any", step.inputs)["metadata"]["annotations"])
            for step in plan.steps
            if step.type == "kubernetes:core/v1:ServiceAccount" and step.name.endswith("-training")
        }
        assert len(ids) == 3, "each namespace has another identity"


def test_a_team_may_not_write_what_endpoints_serve(stack_plan: StackPlan) -> None:
    plan = stack_plan("prod", "aws", resolve=True)
    policies = [step for step in plan.of_type("aws:iam/rolePolicy:RolePolicy") if step.name.endswith("-team-fraud")]
    written = [
        resource
        for step in policies
        for statement in json.loads(str(step.inputs["policy"]))["Statement"]
        if "s3:PutObject" in statement["Action"]
        for resource in ([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"])
    ]
    assert written
    assert all("pipelines" in resource for resource in written), written


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_team_sees_its_own_folder_of_what_teams_write(cloud: str, stack_plan: StackPlan) -> None:
    """A checkpoint that another team can change is a program that runs with this team's rights."""
    plan = stack_plan("prod", cloud, resolve=True)
    layer = layer_context(with_teams(cloud, FRAUD, members={}), cloud)
    job = JobRequest(name="llm", team="fraud", pool="big", image="a.b/c:1", command=("python",))
    (env, *_) = cast("Any", job_objects(layer, job)[0]).spec.trainer.env
    # what a job is told to write to is what its identity may write to
    folder = env.value.split("/", 3)[3].removesuffix("/llm")
    assert folder == "checkpoints/team-fraud"
    match cloud:
        case "aws":
            (step,) = (
                each
                for each in plan.of_type("aws:iam/rolePolicy:RolePolicy")
                if "write-pipelines-team-fraud" in each.name
            )
            statements = {each["Sid"]: each for each in json.loads(str(step.inputs["policy"]))["Statement"]}
            assert str(statements["Objects"]["Resource"]).endswith(f"/{folder}/*")
            assert statements["List"]["Condition"] == {"StringLike": {"s3:prefix": [folder, f"{folder}/*"]}}
            assert "s3:ListBucket" not in statements["Bucket"]["Action"]
        case "gcp":
            (step,) = (
                each
                for each in plan.of_type("gcp:storage/bucketIAMMember:BucketIAMMember")
                if "pipelines-write" in each.name and "team-fraud" in each.name
            )
            expression = cast("Any", step.inputs)["condition"]["expression"]
            objects = f"projects/_/buckets/{step.inputs['bucket']}/objects"

            def admitted(name: str, listed: str = "") -> object:
                context = cel.Context({"resource": {"name": name}, "api": {}})
                context.add_function("getAttribute", lambda _, __, default: listed or default)
                return cel.evaluate(expression, context)

            assert admitted(f"{objects}/{folder}/llm/latest") is True
            assert admitted(f"{objects}/{folder}-2/llm/latest") is False
            assert admitted(f"{objects}/checkpoints/team-vision/llm") is False
            # of a listing, the resource is the bucket
            bucket = objects.removesuffix("/objects")
            assert [admitted(bucket, prefix) for prefix in (f"{folder}/", f"{folder}/llm", "", "checkpoints/")] == [
                *(True, True),
                *(False, False),
            ]
        case _:
            (step,) = (
                each
                for each in plan.of_type("azure-native:authorization:RoleAssignment")
                if "store-pipelines-" in each.name and "team-fraud" in each.name
            )
            assert step.inputs["conditionVersion"] == "2.0"
            condition = str(step.inputs["condition"])
            for action in ("read", "write", "delete", "add/action", "move/action"):
                assert azure_admits(condition, action, path=f"{folder}/llm/latest")
                assert not azure_admits(condition, action, path=f"{folder}-2/llm/latest")
                assert not azure_admits(condition, action, path="checkpoints/team-vision/llm")
            assert azure_admits(condition, "read", listed=f"{folder}/llm")
            assert not azure_admits(condition, "read", listed="checkpoints/")
            assert not azure_admits(condition, "read", listed="")


def test_a_pool_that_a_target_leaves_out_is_not_in_its_quotas() -> None:
    spec = with_teams("aws", FRAUD, VISION)
    target = spec.targets[0].overlay(pools={"big": PoolOverride(enabled=False)})
    made = objects(spec.overlay(targets=(target,)), "aws")
    assert quotas(made["queue-team-fraud"]).keys() == {"shared"}


def problems(cloud: str, *teams: TeamSpec, members: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, str]:
    """What a cloud refuses: found, expected and the fix, by path."""
    spec = with_teams(cloud, *teams, members=members or {}).on(cloud)
    return {each.path: f"{each.got}; {each.expected}; {each.fix}" for each in discovery.backend(cloud).problems(spec)}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_quotas_that_a_pool_cannot_hold_are_refused_on_every_cloud(cloud: str) -> None:
    assert not problems(cloud, FRAUD, VISION, members={"fraud": MEMBERS[cloud]})
    # to the last device
    assert not problems(cloud, TeamSpec("a", quota={"big": 32, "shared": 16}))
    found = problems(cloud, TeamSpec("a", quota={"big": 20}), TeamSpec("b", quota={"big": 13}))
    assert "20 (a) + 13 (b) = 33; at most 32 in all, 4 nodes with 8 GPUs" in found["cluster.teams[1].quota.big"]
    assert "max_nodes of big to at least 5" in found["cluster.teams[1].quota.big"]
    found = problems(cloud, TeamSpec("a", quota={"shared": 17}))
    assert "at most 16 in all, 4 nodes with 1 GPU, each for 4 clients" in found["cluster.teams[0].quota.shared"]
    nothing = TeamSpec("a", quota={"big": 0}, borrow={"big": 0})
    for team in (TeamSpec("a"), nothing):
        assert "the team may use: shared, spot, big" in problems(cloud, team)["cluster.teams[0].quota"]
    assert not problems(cloud, TeamSpec("a", quota={"big": 0})), "it borrows"


@pytest.mark.parametrize(
    ("cloud", "member", "words"),
    [
        ("aws", "sso-fraud", "the ARN of an IAM role"),
        ("gcp", "fraud", "the e-mail address of a Google group"),
        ("azure", "fraud", "the object id of an Entra group"),
    ],
)
def test_a_member_that_the_cloud_does_not_know_is_refused(cloud: str, member: str, words: str) -> None:
    found = problems(cloud, FRAUD, members={"fraud": (member,)})
    assert words in found[f"targets[{cloud}].members.fraud"]


def test_a_group_needs_the_targets_security_group_on_gke() -> None:
    bare = TARGETS["gcp"].overlay(members={"fraud": ("fraud@acme.example",)})
    spec = with_teams("gcp", FRAUD).overlay(targets=(bare,))
    (problem,) = discovery.backend("gcp").problems(spec.on("gcp"))
    assert problem.path == "targets[gcp].members.fraud"
    person = bare.overlay(members={"fraud": ("user:ann@acme.example",)})
    assert not discovery.backend("gcp").problems(spec.overlay(targets=(person,)).on("gcp"))


REFUSED: dict[str, Callable[[], object]] = {
    "a name that no other team has": lambda: ClusterSpec(teams=(FRAUD, FRAUD)),
    "one of the pools": lambda: with_teams("aws", TeamSpec("fraud", quota={"gone": 1})),
    "one of the names in cluster.teams": lambda: with_teams("aws", FRAUD, members={"gone": MEMBERS["aws"]}),
    "nothing here: cluster.teams of the spec has no names": lambda: with_teams("aws", members={"gone": MEMBERS["aws"]}),
    "one team: fraud has it too": lambda: with_teams(
        "aws", FRAUD, VISION, members={"fraud": MEMBERS["aws"], "vision": MEMBERS["aws"]}
    ),
    "not those of name": lambda: with_teams("aws", FRAUD).overlay(name="team-fraud"),
    "not those of access.training_namespace": lambda: with_teams("aws", FRAUD).overlay(
        access={"training_namespace": "team-fraud"}
    ),
    "at most the quota, 16": lambda: TeamSpec("fraud", quota={"big": 16}, lend={"big": 17}),
    "a pool of the team's quota": lambda: TeamSpec("fraud", quota={"big": 16}, borrow={"shared": 1}),
    "match": lambda: TeamSpec("Fraud_Team", quota={"big": 16}),
    "should match": lambda: TeamSpec("a" * 21, quota={"big": 16}),
    "greater than or equal to 0": lambda: TeamSpec("fraud", quota={"big": -1}),
    "and no cluster|training": lambda: with_teams("aws", FRAUD).overlay(training=None),
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_team_that_cannot_be_is_refused(words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        REFUSED[words]()


def test_every_field_of_a_team_changes_its_layer() -> None:
    def content(team: TeamSpec) -> object:
        spec = small_spec("gcp", cluster=ClusterSpec(teams=(team,)), training=TrainingSpec(pools=POOLS))
        return layer_items(layer_context(spec, "gcp"))

    first = content(FRAUD)
    for change in (
        {"name": "other"},
        {"quota": {"big": 8, "shared": 4}},
        {"borrow": {"big": 8}},
        {"lend": {"big": 8}},
        {"weight": 2},
        {"max_jobs": 5},
    ):
        assert content(FRAUD.overlay(**change)) != first, change


def _named(plan: Plan, name: str) -> list[Step]:
    return [step for step in plan.steps if step.name == name]
