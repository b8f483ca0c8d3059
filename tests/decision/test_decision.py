"""What a reviewer decides: findings by cause, the heading, models that move, cost beside the budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.risk.conftest import STACK, step

from mlplatform.decision.causes import group_by_cause
from mlplatform.decision.headline import headline_of
from mlplatform.decision.models import moved_models
from mlplatform.decision.money import cost_sentence, over_budget
from mlplatform.plan.change import FieldEffect, SpecChange
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.change import CostChange
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan, Step
from mlplatform.review import Review, review
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import Release, ReleaseRecord
from mlplatform.spec.rollouts import AllAtOnce, CanaryRollout
from mlplatform.spec.variants import ShadowSpec, VariantSpec
from mlplatform.views.comment.comment import CommentSubject, comment_document
from mlplatform.views.risk import risk
from mlplatform.views.style import Style

BUCKET, NETWORK, ROLE = "aws:s3/bucket:Bucket", "aws:ec2/vpc:Vpc", "aws:iam/role:Role"


def _review(before: Sequence[Step], after: Sequence[Step], *fields: SpecChange, stack: str = "prod-aws") -> Review:
    plans = [Plan("aws", "acme", stack, (STACK, *steps), target="aws") for steps in (before, after)]
    return review(replace(diff(plans[0], plans[1]), spec_changes=fields))


def _field(path: str, before: object, after: object, *steps: Step, **effects: str) -> SpecChange:
    kinds = {one.urn: FieldEffect(effects["kind"], frozenset()) for one in steps if "kind" in effects}  # type: ignore[arg-type]
    return SpecChange(path, before, after, tuple(one.urn for one in steps), kinds)


def _stores(count: int, **inputs: object) -> list[Step]:
    return [step(BUCKET, f"store-{n}", {"bucket": f"b{n}", **inputs}, protect=True) for n in range(count)]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [("targets.aws.region", "us-east-1", "eu-west-1"), ("name", "acme", "other"), ("environment", "prod", "staging")],
)
def test_what_rebuilds_the_platform_is_one_cause_with_its_own_advice(path: str, before: str, after: str) -> None:
    old = _stores(60, region="us-east-1")
    new = [step(BUCKET, f"new-{n}", {"bucket": f"n{n}", "region": "eu-west-1"}) for n in range(60)]
    tag = _field("tags.team", None, "ml", *old)
    changed = _review(old, new, _field(path, before, after, *old, *new), tag)
    causes = [cause for cause in group_by_cause([changed]) if cause.worst]
    assert [cause.fields[0].path for cause in causes] == [path]
    assert causes[0].rebuilds
    comment = comment_document(CommentSubject("main", (changed,)))
    assert f"another `{path}` builds prod-aws anew; 60 data stores are to be deleted" in comment.splitlines()[1]
    told = risk.text([changed], Style(width=500))
    for text in (comment, told):
        assert text.count("No data moves by itself.") == 1
        assert "Keep it in the spec" not in text
        assert "logical name" not in text
        assert {one.rule for one in changed.judged.findings if one.rule not in text} == set(), "none is lost"
    assert len([line for line in comment.splitlines() if "stateful-deleted" in line]) == 1


def test_each_field_has_what_it_causes() -> None:
    stores, network = _stores(3), step(NETWORK, "net")
    changed = _review(
        [*stores, network],
        [],
        _field("artifact_store.replicated", True, False, *stores),
        _field("network.existing", None, "vpc-1", network),
        _field("owner", "a", "b"),
    )
    causes = {cause.fields[0].path: cause for cause in group_by_cause([changed]) if cause.fields}
    rules = {path: {one.finding.rule for one in cause.findings} for path, cause in causes.items()}
    assert rules["artifact_store.replicated"] == {"stateful-deleted"}
    assert "service-deleted" in rules["network.existing"]
    assert rules["owner"] == set()
    listed = [one for cause in group_by_cause([changed]) for one in cause.findings]
    assert len(listed) == len(changed.judged.findings), "each finding once"


def test_of_two_fields_the_one_that_deletes_is_the_cause() -> None:
    (store,) = _stores(1)
    changed = _review(
        [store],
        [],
        _field("tags.team", None, "x", store, kind="update"),
        _field("profile", None, "dev", store, kind="delete"),
    )
    worst = group_by_cause([changed])[0]
    assert [field.path for field in worst.fields] == ["profile"]
    unknown = _review([store], [], _field("tags.team", None, "x", store), _field("profile", None, "dev", store))
    assert len(group_by_cause([unknown])[0].fields) == 2, "who knows less does not guess"


def test_the_same_cause_in_two_stacks_is_one() -> None:
    stores = _stores(2)
    field = _field("artifact_store.replicated", True, False, *stores)
    reviews = [_review(stores, [], field), _review(stores, [], field, stack="prod-2")]
    assert len([cause for cause in group_by_cause(reviews) if cause.fields]) == 1
    assert headline_of(reviews).text.startswith("4 data stores are to be deleted")


def test_a_rename_is_one_cause() -> None:
    old, new = step(NETWORK, "old"), step(NETWORK, "new")
    item = {"name": "old", "max_nodes": 4}
    changed = _review(
        [old],
        [new],
        _field("training.pools.old", item, None, old),
        _field("training.pools.new", None, {**item, "name": "new"}, new),
    )
    causes = [cause for cause in group_by_cause([changed]) if cause.fields]
    assert [cause.renamed for cause in causes] == ["new"]


def test_one_tag_on_many_resources_is_one_line() -> None:
    before = [*_stores(100), *(step(ROLE, f"role-{n}", {"tags": {}}) for n in range(32))]
    after = [replace(one, inputs={**one.inputs, "tags": {"team": "ml"}}) for one in before]
    after[0] = replace(after[0], inputs={**after[0].inputs, "acl": "private"})
    comment = comment_document(CommentSubject("main", (_review(before, after, _field("tags.team", None, "ml")),)))
    lines = comment[comment.index("```diff") :].splitlines()
    assert "! 132 resources: 100 s3.Bucket, 32 iam.Role" in lines
    assert len([line for line in lines if "team" in line]) <= 2
    assert "! s3.Bucket store-0" in lines, "what has more is told"
    assert '+     acl: "private"' in lines
    assert "! s3.Bucket store-1" not in lines


HOSTILE = [
    "</summary></details><img src=x onerror=alert(1)>",
    "<script>x</script>",
    "`` ` ``",
    "a|b|c",
    "[x](https://evil.example)",
    "@acme/everyone #1 !2",
    "- [ ] x\n# h",
    "{things} {count} [a|b]",
    "it's 'quoted'",
    "<!-- mlplatform:comment:acme -->",
]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=30)), min_size=4, max_size=4))
def test_hostile_names_are_never_markup(texts: list[str]) -> None:
    name, stack, path, value = texts
    before = [step(BUCKET, name.replace("::", ""), {"bucket": value}, protect=True), step(NETWORK, f"n{value}", {})]
    changed = _review(before, [], _field(f"x.{path}", value, [path], *before), stack=stack.replace("::", ":"))
    comment = comment_document(CommentSubject(path, (changed,), (value,), folders=(path,)))
    marker, rest = comment.split("\n", 1)
    assert marker.startswith("<!-- mlplatform:comment:")
    page = _Tags()
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(rest)
    for token in [*tokens, *(child for one in tokens for child in one.children or [])]:
        assert token.type not in ("link_open", "image")
        if token.type in ("html_block", "html_inline"):
            page.feed(token.content)
    assert page.tags <= {"details", "summary", "sub"}
    assert len([token for token in tokens if token.type == "heading_open" and token.tag == "h2"]) == 1


def _costing(spec: PlatformSpec, before: float, after: float, **change: object) -> Review:
    amounts = (Range.exactly(amount) for amount in (before, after))
    plain = _review([], [step(ROLE, "r")])
    total = replace(CostChange(*amounts), **change)  # type: ignore[arg-type]
    return replace(plain, specs=(spec, spec), cost=replace(plain.cost, total=total))


def test_the_cost_stands_beside_the_budget(stack_spec: Callable[[str], PlatformSpec]) -> None:
    spec = stack_spec("prod").overlay(budget={"monthly_usd": 100_000})
    dear = _costing(spec, 0, 361_783)
    assert cost_sentence([dear]) == "+361,783 USD a month, 3.6 times the budget of 100,000"
    assert over_budget([dear])
    assert headline_of([dear]).level == "high", "over the budget is worth a colour"
    assert cost_sentence([_costing(spec, 200_000, 150_000)]) == "-50,000 USD a month"
    assert cost_sentence([_costing(spec, 1000, 1000.2)]) == "same cost"
    unknown = _costing(spec, 303, 0, unknown=("no price for p5",))
    assert cost_sentence([unknown]) == "unknown cost: 1 price is missing"
    assert "-303" not in comment_document(CommentSubject("main", (unknown,))).split("### ")[0]


@pytest.mark.parametrize(
    ("rollout", "words"),
    [
        (CanaryRollout(steps=(5, 50)), "as a canary with 5, 50 % first, watched by alarms"),
        (AllAtOnce(), "without a canary, and no alarm watches it"),
        (None, "without a canary; alarms watch it for 10 minutes"),
    ],
)
def test_a_model_that_moves_is_told_with_who_watches(
    rollout: CanaryRollout | AllAtOnce | None, words: str, stack_spec: Callable[[str], PlatformSpec]
) -> None:
    def platform(model: str, shadow: str) -> PlatformSpec:
        more = {} if rollout is None else {"rollout": rollout}
        variants = (
            VariantSpec(name="main", model=model, traffic_percent=90),
            VariantSpec(name="b", model="x/1", traffic_percent=10),
        )
        endpoint = EndpointSpec(name="scorer", variants=variants, shadow=ShadowSpec(model=shadow), **more)  # type: ignore[arg-type]
        return stack_spec("prod").overlay(endpoints=(endpoint,)).with_record(None)

    sides = (platform("fraud/7", "next/1"), platform("fraud/8", "next/1"))
    changed = replace(_review([], [step(ROLE, "r")]), specs=sides)
    (move,) = moved_models([changed])
    assert (move.endpoint, move.variant, move.before, move.after, move.watch) == (
        "scorer",
        "main",
        "fraud/7",
        "fraud/8",
        words,
    )
    assert f"endpoint 'scorer' ('main') serves 'fraud/8' instead of 'fraud/7', {words}" in headline_of([changed]).text
    shadowed = replace(changed, specs=(platform("fraud/7", "next/1"), platform("fraud/7", "next/2")))
    assert [each.watch for each in moved_models([shadowed])] == ["as a shadow whose answers nobody sees"]


def test_a_release_is_told_with_its_numbers_beside_the_old_ones(stack_spec: Callable[[str], PlatformSpec]) -> None:
    def platform(version: str, **gate: object) -> PlatformSpec:
        spec = stack_spec("prod").overlay(endpoints=(EndpointSpec(name="scorer", model="fraud"),))
        release = Release.model_validate(
            {
                "model": "fraud",
                "version": version,
                "artifact": f"s3://b/fraud/{version}/",
                "run": "r1",
                "gates": [{"name": "auc | at least 0.8", **gate}, {"name": "by hand", "by": "@all"}],
                "approver": "ana",
            }
        )
        targets = {target.name: {"scorer": {"main": release}} for target in spec.targets}
        return spec.with_record(ReleaseRecord(platform=spec.name, environment=spec.environment, targets=targets))

    old, new = platform("7", value=0.9), platform("8", value=0.91, threshold=0.8)
    changed = replace(_review([], [step(ROLE, "r")]), specs=(old, new))
    text = comment_document(CommentSubject("main", (changed,)))
    assert "### Release of `fraud/8` instead of `fraud/7`" in text
    assert "| passed | 0.91 | 0.8 | 0.9 |" in text
    assert "run `r1`" in text
    assert "@all" not in text, "a name in the record notifies nobody"
    measured = replace(changed, specs=(old, platform("8", value=0.91, released=0.88, test="delong", p_value=0.01)))
    assert "| 0.91 |  | 0.88 | 0.01 |" in comment_document(CommentSubject("main", (measured,)))
    overruled = replace(changed, specs=(old, platform("8", passed=False, by="ana")))
    assert "**not passed**, overruled by ana" in comment_document(CommentSubject("main", (overruled,)))
    first = replace(changed, specs=(old.with_record(None), new))
    assert "`fraud/8`, the first release" in comment_document(CommentSubject("main", (first,)))
    same = replace(changed, specs=(new, new))
    assert "### Release" not in comment_document(CommentSubject("main", (same,)))
