"""What Pulumi hands to policies, as steps of a plan: the same rules then read them."""

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
    """What was asked for each resource: policies over the stack are handed only what the provider answered."""

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}
        self._index: Index | None = None
        self.open: dict[tuple[str, str], Sequence[Entry]] = {}
        """What cannot be decided yet: rule and URN, and the entries to ask again."""

    def decide(self, rule: str, urn: str, entries: Sequence[Entry], *, known: bool) -> None:
        """Keep, or strike out, what cannot be decided yet."""
        if known:
            self.open.pop((rule, urn), None)
        else:
            self.open[rule, urn] = entries

    def knows(self, urn: str) -> bool:
        """Whether a resource was seen."""
        return urn in self._steps

    def remember(self, step: Step) -> Step:
        """Keep what is asked for a resource; an update asks again, with more values known."""
        self._steps[step.urn] = step
        self._index = None
        return step

    def index(self, args: StackValidationArgs) -> Index:
        """All resources of the stack; made once for all policies that follow each other."""
        if self._index is None:
            self._index = Index(_all(args.resources, self._steps))
        return self._index


def step_from_policy(args: ResourceValidationArgs | PolicyResource) -> Step:
    """One resource as policies see it."""
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
            name: tuple(sorted(one.urn for one in found)) for name, found in resource.property_dependencies.items()
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
    """Plain data, with the marker of plans where a value is not known: Pulumi's proxies raise there."""
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        return {key: _item(mapping, key) for key in mapping}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        items = cast("Sequence[object]", value)
        return [_item(items, position) for position in range(len(items))]
    return value


def _item(container: object, key: object) -> Value:
    try:
        found: object = container[key]  # type: ignore[index]  # pyright: ignore
    except UnknownValueError:
        return UNKNOWN
    return _plain(found)  # pyright: ignore[reportUnknownArgumentType]
