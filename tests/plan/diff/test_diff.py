"""What differs between two plans: property by property, moves, replacements, what follows, and the engine's word."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.plan.change import Diff, PropertyChange, ResourceChange
from mlplatform.plan.diff import diff
from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, Plan, Step, Value
from mlplatform.plan.sources import read_plan

FIXTURES = Path(__file__).parents[1] / "fixtures"
HEAD = "urn:pulumi:s::p::"


def step(name: str = "x", kind: str = "aws:sns/topic:Topic", **more: object) -> Step:
    fields: dict[str, object] = {
        "op": "create",
        "urn": f"{HEAD}{kind}::{name}",
        "type": kind,
        "name": name,
        "custom": True,
        "inputs": {},
    }
    return Step(**{**fields, **more})  # pyright: ignore[reportArgumentType]


def plan(*steps: Step, **more: object) -> Plan:
    return Plan(**{"cloud": "aws", "project": "p", "stack": "s", "steps": steps, **more})  # pyright: ignore


def changed(before: Value, after: Value) -> list[tuple[str, str, Value, Value]]:
    """What differs between two values of one input, without its name."""
    found = diff(plan(step(inputs={"i": before})), plan(step(inputs={"i": after})))
    return [
        (p.text.removeprefix("i").lstrip("."), p.kind, p.before, p.after) for c in found.changes for p in c.properties
    ]


VALUES: dict[str, tuple[Value, Value, list[tuple[str, str, Value, Value]]]] = {
    "same": ({"a": [1, {"b": 2}]}, {"a": [1.0, {"b": 2}]}, []),
    "nothing and absent": ({"a": None}, {}, []),
    "a number": ({"a": {"b": 4}}, {"a": {"b": 8}}, [("a.b", "update", 4, 8)]),
    "added and removed": ({"a": 1}, {"b": 2}, [("a", "remove", 1, None), ("b", "add", None, 2)]),
    "put in between": (["a", "c"], ["a", "b", "c"], [("[1]", "add", None, "b")]),
    "taken out": (["a", "b", "c"], ["a", "c"], [("[1]", "remove", "b", None)]),
    "another order": (["a", "b"], ["b", "a"], [("", "update", ["a", "b"], ["b", "a"])]),
    "items by name": (
        [{"name": "a", "v": 1}, {"name": "b", "v": 2}],
        [{"name": "n", "v": 0}, {"name": "a", "v": 1}, {"name": "b", "v": 3}],
        [("[0]", "add", None, {"name": "n", "v": 0}), ("[2].v", "update", 2, 3)],
    ),
    "items without names": ([{"v": 1}, {"v": 2}], [{"v": 0}, {"v": 1}, {"v": 2}], [("[0]", "add", None, {"v": 0})]),
    "text that holds a document": (
        json.dumps({"Statement": [{"Sid": "Read", "Action": ["s3:GetObject"]}]}),
        json.dumps({"Statement": [{"Action": ["s3:GetObject", "s3:*"], "Sid": "Read"}]}, indent=1),
        [("Statement[0].Action[1]", "add", None, "s3:*")],
    ),
    "a document laid out anew": ('{"a": 1}', '{ "a":1 }', []),
    "text that only looks like one": ("{a", "{b", [("", "update", "{a", "{b")]),
    "what a provider filled in": ({"__defaults": ["n"], "n": "x-1", "a": 1}, {"a": 1}, []),
    "what a provider filled in and the program says now": ({"__defaults": ["n"], "n": "x"}, {"n": "y"}, [
        ("n", "update", "x", "y")
    ]),
    "kinds": ({"a": [1]}, {"a": "x"}, [("a", "update", [1], "x")]),
}  # fmt: skip


@pytest.mark.parametrize("case", VALUES)
def test_values(case: str) -> None:
    before, after, expected = VALUES[case]
    assert changed(before, after) == expected


def secret(**content: str) -> Value:
    return {SIGNATURE: SECRET_SIGNATURE, **content}


def test_secrets_are_compared_only_where_they_can_be() -> None:
    assert changed(secret(value="a"), secret(value="a")) == []
    assert len(changed(secret(value="a"), secret(value="b"))) == 1
    assert len(changed(secret(digest="a"), secret(digest="b"))) == 1
    assert len(changed(secret(ciphertext="a"), secret(ciphertext="b"))) == 1
    assert changed(secret(value="a"), secret(ciphertext="b")) == []
    assert changed(secret(), secret(value="b")) == []
    assert len(changed("plain", secret())) == 1


def test_unknown_values_differ_where_they_come_from_elsewhere() -> None:
    def of(*urns: str, value: Value = UNKNOWN, **more: object) -> Plan:
        return plan(step(inputs={"i": value}, property_dependencies={"i": urns}), **more)

    assert diff(of("a"), of("a")).changes == ()
    assert len(diff(of("a", value="known"), of("a")).changes) == 1
    # what a state knows and an offline plan does not is the same where it comes from the same, or does not say
    state = of("a", value="known", origin="state")
    for head in (of("a"), of(), of("a", value="")):
        assert diff(state, head).changes == ()
    assert len(diff(state, of("b")).changes) == 1
    assert len(diff(state, of("a", value="other")).changes) == 1
    (found,) = diff(of("a"), of("b")).changes
    assert found.properties == (PropertyChange(("i",), "update", UNKNOWN, UNKNOWN),)
    (found,) = diff(plan(step(inputs={"i": "literal"})), of("a")).changes
    assert found.properties[0].before == "literal"


def test_what_a_resolved_plan_made_up_is_no_difference_to_a_state() -> None:
    def policy(arn: str, *actions: str) -> Value:
        return json.dumps({"Statement": [{"Action": list(actions), "Resource": arn}]})

    topic = step("topic", inputs={"name": "n"}, outputs={"arn": "arn:aws:sns:us-east-1:1:n-made-up"})
    deps = {"policy": (topic.urn,)}
    queue = "aws:sqs/queuePolicy:QueuePolicy"

    def of(text: Value, **more: object) -> Plan:
        return plan(topic, step("p", queue, inputs={"policy": text}, property_dependencies=deps), **more)

    state = of(policy("arn:aws:sns:us-east-1:1:n", "sns:Publish"), origin="state")
    assert diff(state, of(policy("arn:aws:sns:us-east-1:1:n-made-up", "sns:Publish"), resolved=True)).changes == ()
    (found,) = diff(state, of(policy("arn:aws:sns:us-east-1:1:n-made-up", "sns:*"), resolved=True)).changes
    assert [(p.text, p.after) for p in found.properties] == [("policy.Statement[0].Action[0]", "sns:*")]


def test_options_are_told_apart_from_inputs() -> None:
    old = step(protect=True, timeouts={"create": 60}, provider=f"{HEAD}pulumi:providers:aws::one::id")
    new = step(retain_on_delete=True, timeouts={"create": 90}, ignore_changes=("tags",), aliases=("urn:x",))
    (found,) = diff(plan(old), plan(new)).changes
    assert [(p.text, p.kind) for p in found.properties] == [
        ("opts.aliases", "add"),
        ("opts.customTimeouts", "update"),
        ("opts.ignoreChanges", "add"),
        ("opts.protect", "remove"),
        ("opts.provider", "remove"),
        ("opts.retainOnDelete", "add"),
    ]
    assert all(p.is_option for p in found.properties)
    assert found.kind == "update"


def test_a_state_is_not_held_to_options_it_does_not_keep() -> None:
    old = step(provider=f"{HEAD}pulumi:providers:aws::default_7_1_0::id")
    new = step(ignore_changes=("tags",), replace_on_changes=("name",), timeouts={"create": 5})
    assert diff(plan(old, origin="state"), plan(new)).changes == ()


def test_ignored_changes_are_none() -> None:
    old = step(inputs={"tags": {"a.b": 1}, "list": [{"x": 1}], "n": 1})
    new = step(
        inputs={"tags": {"a.b": 2}, "list": [{"x": 2}], "n": 2}, ignore_changes=('tags["a.b"]', "list[*].x", "m")
    )
    (found,) = diff(plan(old), plan(new)).changes
    assert [p.text for p in found.properties if not p.is_option] == ["n"]


def test_replacements_come_from_the_table_and_from_the_program() -> None:
    (found,) = diff(plan(step(inputs={"name": "a"})), plan(step(inputs={"name": "b"}))).changes
    assert found.kind == "replace"
    assert found.properties[0].replaces == "`name` is fixed when it is made"
    new = step(inputs={"displayName": "b"}, replace_on_changes=("displayName",))
    (found,) = diff(plan(step(inputs={"displayName": "a"})), plan(new)).changes
    assert found.kind == "replace"
    kind = "gcp:container/nodePool:NodePool"
    (found,) = diff(plan(step(kind=kind)), plan(step(kind=kind, inputs={"nodeConfig": {"spot": True}}))).changes
    assert found.properties[0].replaces == "`nodeConfig.spot` is fixed when it is made"


def chain(name: str) -> Plan:
    """A topic, its policy that names it, and a bucket that nothing names."""
    topic = step("topic", inputs={"name": name})
    policy = step(
        "policy",
        "aws:sns/topicPolicy:TopicPolicy",
        inputs={"arn": UNKNOWN},
        property_dependencies={"arn": (topic.urn,)},
    )
    rule = step(
        "rule", "aws:cloudwatch/eventTarget:EventTarget", inputs={"arn": UNKNOWN, "rule": "r"},
        property_dependencies={"arn": (topic.urn,)},
    )  # fmt: skip
    named = step("named", "aws:sqs/queue:Queue", inputs={"topic": name}, property_dependencies={"topic": (topic.urn,)})
    return plan(topic, policy, rule, named)


def test_what_refers_to_a_replaced_resource_follows_it() -> None:
    found = {change.step.name: change for change in diff(chain("a"), chain("b")).changes}
    assert {name: change.kind for name, change in found.items()} == {
        "topic": "replace",
        "policy": "replace",
        "rule": "update",
        "named": "update",
    }
    assert found["rule"].properties == (PropertyChange(("arn",), "update", UNKNOWN, UNKNOWN),)
    assert [change.kind for change in diff(chain("a"), chain("b")).changes] == [
        "replace",
        "replace",
        "update",
        "update",
    ]


@pytest.mark.parametrize("keys", [("a", "b"), ("b", "a")])
def test_what_follows_is_in_one_order(keys: tuple[str, str]) -> None:
    def plans(name: str) -> Plan:
        topic = step("topic", inputs={"name": name})
        values = {key: dict.fromkeys(keys, UNKNOWN) for key in keys}
        rule = step(
            "rule", "aws:sns/topicRule:Rule", inputs=values, property_dependencies=dict.fromkeys(keys, (topic.urn,))
        )
        return plan(topic, rule)

    (found,) = (change for change in diff(plans("a"), plans("b")).changes if change.step.name == "rule")
    assert [change.text for change in found.properties] == ["a.a", "a.b", "b.a", "b.b"]


def component(name: str, **more: object) -> Step:
    return step(name, "mlplatform:index:Cluster", custom=False, **more)


def test_moves_by_alias_of_the_resource_and_of_its_parent() -> None:
    old = step("old")
    assert [c.kind for c in diff(plan(old), plan(step("new"))).changes] == ["delete", "create"]
    (found,) = diff(plan(old), plan(step("new", aliases=(old.urn,)))).changes
    assert (found.kind, found.before, found.properties) == ("move", old, ())
    (found,) = diff(plan(old), plan(step("new", aliases=(old.urn,), inputs={"tags": {"a": 1}}))).changes
    assert found.kind == "update"

    def inside(parent: Step, name: str) -> Step:
        return step(name, urn=f"{HEAD}{parent.type}$aws:sns/topic:Topic::{name}", parent=parent.urn)

    was, now = component("one"), component("two", aliases=(component("one").urn,))
    (found,) = diff(plan(was, inside(was, "one-topic")), plan(now, inside(now, "two-topic"))).changes
    assert found.kind == "move"
    other = component("one", urn=f"{HEAD}mlplatform:index:Group::one", type="mlplatform:index:Group")
    now = component("one", aliases=(other.urn,))
    (found,) = diff(plan(other, inside(other, "topic")), plan(now, inside(now, "topic"))).changes
    assert (found.kind, found.component, found.capability) == ("move", "one", "Training")


def test_references_to_what_moved_are_the_same() -> None:
    old, new = step("old"), step("new", aliases=(step("old").urn,))

    def user(of: Step) -> Step:
        return step("user", "aws:sqs/queue:Queue", inputs={"i": UNKNOWN}, property_dependencies={"i": (of.urn,)})

    assert [c.kind for c in diff(plan(old, user(old)), plan(new, user(new))).changes] == ["move"]


def test_stacks_of_other_names_are_compared_by_name() -> None:
    other = plan(step(urn="urn:pulumi:t::q::aws:sns/topic:Topic::x", inputs={"tags": 1}), stack="t", project="q")
    (found,) = diff(other, plan(step(inputs={"tags": 2}))).changes
    assert found.kind == "update"


def test_what_is_read_is_none_of_this_stacks_changes() -> None:
    was, now = step(op="read", inputs={"a": 1}), step(inputs={"a": 1})
    assert diff(plan(was), plan(step(op="read", inputs={"a": 2}))).changes == ()
    assert [c.kind for c in diff(plan(was), plan(now)).changes] == ["create"]
    assert [c.kind for c in diff(plan(now), plan(was)).changes] == ["delete"]


def previewed(name: str) -> Diff:
    found = read_plan((FIXTURES / name).read_bytes())
    assert found.before is not None
    return diff(found.before, found.plan, found.verdicts)


@pytest.mark.parametrize(
    "name", ["preview.json", "preview-sames.json", "preview-replacements.json", "events.ndjson"]
)  # fmt: skip
def test_a_preview_differs_as_the_engine_says(name: str) -> None:
    found = {change.step.name: change for change in previewed(name).changes}
    assert {name: change.kind for name, change in found.items()} == {
        "letters": "delete",
        "data": "replace",
        "data-versions": "replace",
        "alarms": "update",
        "reader": "update",
        "read": "update",
        "parcels": "create",
    }
    assert [(p.text, bool(p.replaces)) for p in found["data"].properties] == [("bucket", True)]
    assert [p.text for p in found["alarms"].properties] == ["opts.protect"]
    assert found["alarms"].before is not None
    assert found["alarms"].before.name == "alerts"
    assert [p.text for p in found["reader"].properties] == ["maxSessionDuration"]


def test_the_engines_verdict_wins_over_the_table() -> None:
    document = json.loads((FIXTURES / "preview.json").read_text())
    bucket = next(s for s in document["steps"] if s["urn"].endswith("::data"))
    bucket["oldState"].pop("delete")
    bucket.update(op="update", replaceReasons=[], detailedDiff={"bucket": {"kind": "update", "inputDiff": True}})
    role = next(s for s in document["steps"] if s["urn"].endswith("::reader"))
    role["detailedDiff"] = {"tags.owner": {"kind": "add", "inputDiff": False}}
    found = read_plan(json.dumps(document).encode())
    assert found.before is not None
    by_name: dict[str, ResourceChange] = {
        change.step.name: change for change in diff(found.before, found.plan, found.verdicts).changes
    }
    assert by_name["data"].kind == "update"
    assert by_name["data"].properties[0].replaces == ""
    # the provider counts no difference of the session, and found a tag in the cloud
    assert [p.text for p in by_name["reader"].properties] == ["tags.owner"]


def test_a_state_against_the_preview_made_from_it() -> None:
    state = read_plan((FIXTURES / "state.json").read_bytes()).plan
    head = read_plan((FIXTURES / "preview-sames.json").read_bytes())
    found = {change.step.name: change.kind for change in diff(state, head.plan).changes}
    assert found == {
        "letters": "delete",
        "data": "replace",
        "data-versions": "replace",
        "read": "update",
        "reader": "update",
        "alarms": "update",
        "parcels": "create",
    }


def test_a_plan_is_the_same_as_itself_and_not_as_another_stacks(stack_plan: Callable[..., Plan]) -> None:
    dev, prod = stack_plan("dev", "gcp"), stack_plan("prod", "gcp")
    again = read_plan(json.dumps(dev.to_preview()).encode()).plan
    assert diff(dev, again).changes == ()
    found = diff(dev, prod)
    assert {"create", "update", "replace"} <= {change.kind for change in found.changes}
    assert all(change.capability for change in found.changes)
    kept = [change for change in found.changes if change.before and change.after and change.after.package != "pulumi"]
    made = [change for change in found.changes if change.kind == "create"]
    assert len(kept) + len(made) + found.unchanged == len(prod.resources())


def owned(name: str, *, resolved: bool = True, seed: str = "") -> Plan:
    """A key ring, its key, a bucket with a name of its own, and a member and an alarm that refer to them."""
    ring = step("ring", "gcp:kms/keyRing:KeyRing", inputs={"name": name}, id=f"rings/{name}{seed}")
    bucket = step(
        "bucket",
        "gcp:storage/bucket:Bucket",
        inputs={"name": "data", "location": name, "key": f"rings/{name}{seed}/key" if resolved else UNKNOWN},
        outputs={"selfLink": f"https://storage/{name}{seed}/data"},
        property_dependencies={"key": (ring.urn,)},
    )
    member = step(
        "member",
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        inputs={"bucket": "data", "role": "viewer", "member": "a"},
        property_dependencies={"bucket": (bucket.urn,)},
    )
    channel = step("channel", "gcp:monitoring/notificationChannel:NotificationChannel", id=f"channels/{name}{seed}")
    alarm = step(
        "alarm",
        "gcp:monitoring/alertPolicy:AlertPolicy",
        inputs={"notificationChannels": [channel.id if resolved else UNKNOWN]},
        property_dependencies={"notificationChannels": (channel.urn,)},
    )
    return plan(ring, bucket, member, channel, alarm, resolved=resolved)


@pytest.mark.parametrize("resolved", [True, False])
def test_the_cascade_is_the_engines_with_and_without_made_up_values(resolved: bool) -> None:
    before, after = (owned(name, resolved=resolved) for name in ("us-east1", "us-west1"))
    found = {change.step.name: change for change in diff(before, after).changes}
    # the channel stays, so what a resolved plan made up for it is no change of the alarm
    assert {name: change.kind for name, change in found.items()} == {
        "ring": "replace",
        "bucket": "replace",
        "member": "replace",
    }
    # its name allows no two of it, and the member cannot outlive it
    assert found["bucket"].deleted_first
    assert found["member"].deleted_first
    assert [p.after for p in found["bucket"].properties if p.text == "key"] == [UNKNOWN]
    assert [(p.text, p.after, bool(p.replaces)) for p in found["member"].properties] == [("bucket", UNKNOWN, True)]


def test_values_that_a_plan_made_up_of_what_stays_are_no_change() -> None:
    """Another region changes all that a plan makes up; the engine compares with what is there."""
    before, after = owned("us-east1"), owned("us-east1", seed="-2")
    assert diff(before, after).changes == ()

    def grouped(group: str) -> Plan:
        cluster = step("cluster", "aws:eks/cluster:Cluster", outputs={"vpcConfig": {"clusterSecurityGroupId": group}})
        rule = step("rule", inputs={"group": group}, property_dependencies={"group": (cluster.urn,)})
        return plan(cluster, rule, resolved=True)

    assert diff(grouped("sg-0123456789"), grouped("sg-9876543210")).changes == ()


def test_a_replacement_trigger_replaces() -> None:
    (found,) = diff(plan(step(replacement_trigger="a")), plan(step(replacement_trigger="b"))).changes
    assert found.kind == "replace"
    assert [(p.text, bool(p.replaces)) for p in found.properties] == [("opts.replacementTrigger", True)]
    (first,) = diff(plan(step()), plan(step(replacement_trigger="b"))).changes
    assert first.kind == "update"


def test_what_helms_provider_works_out_is_no_difference() -> None:
    release = "kubernetes:helm.sh/v3:Release"
    found = {"compat": "true", "resourceNames": {"Deployment.apps/v1": ["a"]}}
    state, said = {"chart": "kueue", "version": "1", **found}, {"chart": "kueue", "version": "1"}
    assert not diff(plan(step(kind=release, inputs=state)), plan(step(kind=release, inputs=said))).changes
    # the version of a chart is no input of the engine, and other kinds have no such inputs
    newer = diff(plan(step(kind=release, inputs=state)), plan(step(kind=release, inputs={**said, "version": "2"})))
    assert [change.properties[0].text for change in newer.changes] == ["version"]
    assert diff(plan(step(inputs=state)), plan(step(inputs=said))).changes
