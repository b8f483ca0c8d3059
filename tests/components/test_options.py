"""Resource options of components reach everything in them."""

from __future__ import annotations

import pulumi
import pytest

from mlplatform import ArtifactStore, ArtifactStoreSpec, Context, Identity, Platform
from mlplatform.components.options import APPLIED, PASSED_ON, OptionRefused
from mlplatform.components.options import REFUSED as ADVICE
from mlplatform.plan.model import Plan, Step

from ..conftest import CLOUDS
from .parts import context, plan_of, spec


class Other(pulumi.ComponentResource):
    """A component of a user's program."""

    def __init__(self, name: str) -> None:
        super().__init__("acme:index:Other", name)


def _resource(cloud: str, name: str) -> pulumi.Resource:
    """A resource of a user's program: Pulumi waits for a component's children, of which `Other` has none."""
    if cloud == "aws":
        from pulumi_aws import s3

        return s3.Bucket(name, bucket=f"acme-{name}-of-theirs")
    if cloud == "gcp":
        from pulumi_gcp import storage

        return storage.Bucket(name, name=f"acme-{name}-of-theirs", location="us-central1")
    from pulumi_azure_native import resources

    return resources.ResourceGroup(name, resource_group_name=name, location="eastus2")


def _inside(plan: Plan, top: str) -> list[Step]:
    """Real resources below a component."""
    parents = {step.urn: step.parent for step in plan.steps}

    def within(urn: str) -> bool:
        while urn:
            if urn == top:
                return True
            urn = parents.get(urn, "")
        return False

    return [step for step in plan.resources() if within(step.parent)]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_parent_protection_and_dependencies_reach_every_resource(cloud: str) -> None:
    def program() -> None:
        first, outer = _resource(cloud, "first"), Other("outer")
        opts = pulumi.ResourceOptions(parent=outer, protect=True, depends_on=[first])
        own = context(cloud, opts=opts)
        store = ArtifactStore("acme-store", ArtifactStoreSpec(retention="ephemeral"), own)
        store.grant_read(Identity("acme-reader", "pipelines", own))

    plan = plan_of(cloud, program, resolve=False)
    inside = _inside(plan, plan.named("outer").urn)
    assert len(inside) == len(plan.resources()) - 1 > 10
    assert all(step.protect for step in inside)
    first = plan.named("first").urn
    assert all(first in step.dependencies for step in inside)


def test_a_components_own_options_come_on_top() -> None:
    def program() -> None:
        first, second = _resource("aws", "first"), _resource("aws", "second")
        own = context("aws", opts=pulumi.ResourceOptions(depends_on=[first]))
        opts = pulumi.ResourceOptions(depends_on=[second], aliases=[pulumi.Alias(name="old-store")])
        ArtifactStore("acme-store", ArtifactStoreSpec(), own, opts)

    plan = plan_of("aws", program, resolve=False)
    store = plan.named("acme-store")
    assert store.aliases == (store.urn.replace("acme-store", "old-store"),)
    first, second = plan.named("first").urn, plan.named("second").urn
    assert all({first, second} <= set(step.dependencies) for step in _inside(plan, store.urn))
    keys = _inside(plan, plan.named("acme-keys").urn)
    assert keys
    assert not any(second in step.dependencies for step in keys), "the keys are not the store's"


def test_an_explicit_provider_is_used_by_everything() -> None:
    import pulumi_aws as aws

    def program() -> None:
        there = aws.Provider("there", region="us-east-1")
        ArtifactStore("acme-store", ArtifactStoreSpec(), context("aws", opts=pulumi.ResourceOptions(provider=there)))
        Platform(spec("aws", "other"), opts=pulumi.ResourceOptions(provider=there))

    plan = plan_of("aws", program, resolve=False)
    there = plan.named("there").urn
    assert {step.provider.rpartition("::")[0] for step in plan.resources()} == {there}
    assert [step.name for step in plan.steps if step.type == "pulumi:providers:aws"] == ["there"]


def test_options_of_a_platform_reach_its_parts() -> None:
    def program() -> None:
        first = _resource("aws", "first")
        Platform(spec("aws"), opts=pulumi.ResourceOptions(depends_on=first, protect=True))

    plan = plan_of("aws", program, resolve=False)
    inside = _inside(plan, plan.named("acme").urn)
    assert len(inside) > 50
    assert all(step.protect and plan.named("first").urn in step.dependencies for step in inside)


def test_a_context_of_an_unknown_cloud_is_refused() -> None:
    with pytest.raises(ValueError, match="several targets"):
        Context(spec("aws").overlay(targets=(*spec("aws").targets, *spec("gcp").targets)))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_a_component_passes_on_reaches_every_resource(cloud: str) -> None:
    def program() -> None:
        opts = pulumi.ResourceOptions(
            retain_on_delete=True, deleted_with=Other("gone"), custom_timeouts=pulumi.CustomTimeouts(delete="3h")
        )
        store = ArtifactStore("acme-store", ArtifactStoreSpec(retention="ephemeral"), context(cloud), opts)
        store.grant_read(Identity("acme-reader", "pipelines", store.context))

    plan = plan_of(cloud, program, resolve=False)
    inside = _inside(plan, plan.named("acme-store").urn)
    assert len(inside) > 5
    assert all(step.retain_on_delete for step in inside)
    assert all(step.timeouts.get("delete") == 3 * 3600 for step in inside if "create" not in step.timeouts)
    assert not any(step.retain_on_delete for step in _inside(plan, plan.named("acme-reader").urn))


def test_options_of_a_context_reach_nested_components() -> None:
    def program() -> None:
        Platform(spec("aws"), opts=pulumi.ResourceOptions(retain_on_delete=True))

    plan = plan_of("aws", program, resolve=False)
    assert all(step.retain_on_delete for step in _inside(plan, plan.named("acme").urn))


REFUSED: dict[str, object] = {
    "ignore_changes": ["tags"],
    "replace_on_changes": ["tags"],
    "hide_diffs": ["tags"],
    "additional_secret_outputs": ["uris"],
    "delete_before_replace": True,
    "replacement_trigger": "1",
    "import_": "acme",
    "id": "acme",
    "urn": "urn:pulumi:dev::x::y::z",
    "version": "1.2.3",
    "plugin_download_url": "https://example.com",
    "hooks": pulumi.ResourceHookBinding(before_create=[lambda _: None]),
    "env_var_mappings": {"A": "B"},
    "replace_with": [object()],
    "state_migrations": [lambda _: None],
}


def _options(**given: object) -> pulumi.ResourceOptions:
    opts = pulumi.ResourceOptions()
    for name, value in given.items():
        setattr(opts, name, value)
    return opts


@pytest.mark.parametrize("name", REFUSED)
def test_an_option_that_would_be_dropped_is_refused(name: str) -> None:
    with pytest.raises(OptionRefused, match=rf"Context: opts\.{name}: expected no such option .*; \w+"):
        context("aws", opts=_options(**{name: REFUSED[name]}))


def test_every_option_of_pulumi_is_decided() -> None:
    assert {*APPLIED, *PASSED_ON, *ADVICE} == set(vars(pulumi.ResourceOptions()))


def test_all_refused_options_are_told_at_once() -> None:
    def program() -> None:
        ArtifactStore("acme-store", ArtifactStoreSpec(), context("aws"), _options(ignore_changes=["tags"], version="1"))

    with pytest.raises(OptionRefused) as refused:
        plan_of("aws", program, resolve=False)
    assert [line.split(": ")[:2] for line in str(refused.value).splitlines()] == [
        ["ArtifactStore acme-store", "opts.ignore_changes"],
        ["ArtifactStore acme-store", "opts.version"],
    ]


def test_options_that_another_language_leaves_out_are_not_refused() -> None:
    empty = _options(
        ignore_changes=[],
        replace_on_changes=[],
        hooks=pulumi.ResourceHookBinding(),
        delete_before_replace=False,
        custom_timeouts=pulumi.CustomTimeouts(),
        import_="",
    )
    context("aws", opts=empty)
