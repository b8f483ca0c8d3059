"""Converts Pulumi's policy arguments to steps of a plan, so that the same rules can read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from pulumi_policy import PolicyResource, ResourceValidationArgs, StackValidationArgs
from pulumi_policy.proxy import UnknownValueError

from mlplatform.checks.index import Index
from mlplatform.checks.rule import Entry
from mlplatform.plan.model import UNKNOWN, Step, Value


class PolicyMemory:
    """Remembers the inputs of each resource, because stack policies get only the outputs."""

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}
        self._index: Index | None = None
        self.open: dict[tuple[str, str], Sequence[Entry]] = {}
        """Undecided checks: rule and URN, with the entries to apply again."""

    def decide(self, rule: str, urn: str, entries: Sequence[Entry], *, known: bool) -> None:
        """Record an undecided check, or remove a decided one."""
        if known:
            self.open.pop((rule, urn), None)
        else:
            self.open[rule, urn] = entries

    def knows(self, urn: str) -> bool:
        """Whether the resource is remembered."""
        return urn in self._steps

    def remember(self, step: Step) -> Step:
        """Remember a resource's inputs; an update passes them again, with more values known."""
        self._steps[step.urn] = step
        self._index = None
        return step

    def index(self, args: StackValidationArgs) -> Index:
        """Index of all resources of the stack, built once for consecutive policies."""
        if self._index is None:
            self._index = Index(_all(args.resources, self._steps))
        return self._index


def step_from_policy(args: ResourceValidationArgs | PolicyResource) -> Step:
    """Convert one resource of a policy's arguments."""
    return Step(
        "create",
        args.urn,
        args.resource_type,
        args.name,
        custom=not args.resource_type.startswith("mlplatform:"),
        inputs=_mapping(args.props),
        protect=bool(args.opts.protect),
        provider=f"{args.provider.urn}::id" if args.provider else "",
    )


def _all(resources: Sequence[PolicyResource], seen: Mapping[str, Step]) -> Iterator[Step]:
    providers: set[str] = set()
    for resource in resources:
        after = step_from_policy(resource)
        before = seen.get(resource.urn, after)
        sources = {
            name: tuple(sorted(source.urn for source in dependencies))
            for name, dependencies in resource.property_dependencies.items()
        }
        yield replace(
            after,
            id=str(after.inputs.get("id", "")),
            inputs=before.inputs,
            outputs=after.inputs,
            property_dependencies=sources,
        )
        provider = resource.provider
        if provider and provider.urn not in providers:
            providers.add(provider.urn)
            kind = f"pulumi:providers:{provider.resource_type.rpartition(':')[2]}"
            yield Step("create", provider.urn, kind, provider.name, custom=True, inputs=_mapping(provider.props))


def _mapping(props: object) -> Mapping[str, Value]:
    return cast("Mapping[str, Value]", _plain(props))


def _plain(value: object) -> Value:
    """Plain data, with the plan's marker for unknown values, for which Pulumi's proxies raise."""
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        return {key: _item(mapping, key) for key in mapping}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        items = cast("Sequence[object]", value)
        return [_item(items, position) for position in range(len(items))]
    return value


def _item(container: object, key: object) -> Value:
    try:
        item: object = container[key]  # type: ignore[index]  # pyright: ignore
    except UnknownValueError:
        return UNKNOWN
    return _plain(item)  # pyright: ignore[reportUnknownArgumentType]
