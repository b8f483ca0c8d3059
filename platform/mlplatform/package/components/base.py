"""What the package's components share: contexts from arguments, options, and identities that get grants.

Each component wraps the library's component of the same name, so what the library declares about itself (its context,
its parts) is none of the package's interface.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from mlplatform.components.context import Context
from mlplatform.components.identity import Identity
from mlplatform.package import names
from mlplatform.package.args import ContextArgs
from mlplatform.package.existing import existing_of
from mlplatform.package.reading import Part, platform_part, refused
from mlplatform.spec import discovery


class GranteeArgs(TypedDict):
    """Who gets rights."""

    identity: str
    """Its name, unique in the component: lower-case letters, digits and inner hyphens."""

    principal: NotRequired[pulumi.Input[str]]
    """Who is there already, as components name it: a role's ARN in the target's account on AWS, a member on GCP, the
    object id of a managed identity on Azure. Omitted: an identity is made, for pipelines."""


def inner(outer: pulumi.ComponentResource, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Options of what a component wraps: Pulumi hands on all but dependencies; providers are passed on by name."""
    given = opts or pulumi.ResourceOptions()
    own = pulumi.ResourceOptions(parent=outer, depends_on=given.depends_on)
    own.providers = given.providers
    return own


def opened(
    outer: pulumi.ComponentResource, given: ContextArgs, opts: pulumi.ResourceOptions | None, *parts: Part
) -> Context:
    """The context of a component used alone.

    Args:
        outer: the component.
        given: its `context`.
        opts: its options; components made on first use get them too.
        parts: what else it was given of the spec.

    Raises:
        pulumi.InputPropertiesError: the arguments are refused; every problem is in it.
    """
    spec = platform_part(given, parts)
    cloud = spec.targets[0].cloud
    names.claim(spec.name, outer, "context.name")
    existing = existing_of(given.get("existing"), cloud, "context.existing")
    load_fast(cloud)
    return Context(spec, opts=inner(outer, opts), existing=existing)


def without(given: Mapping[str, Any], *others: str) -> dict[str, Any]:
    """Arguments that are fields of the component's spec."""
    return {name: value for name, value in given.items() if name not in ("context", *others)}


def grantees(context: Context, grants: Sequence[GranteeArgs], where: str) -> Iterator[tuple[int, Identity]]:
    """The identity of each grant, with its position.

    Raises:
        pulumi.InputPropertiesError: an identity's name is refused, or used twice.
    """
    known: list[str] = []
    for at, grant in enumerate(grants):
        name, path = grant["identity"], f"{where}[{at}].identity"
        if not re.fullmatch(r"[a-z]([-a-z0-9]{0,30}[a-z0-9])?", name):
            raise refused("grants", (path, f"got: {name}; expected: lower-case letters, digits and inner hyphens"))
        if name in known:
            raise refused("grants", (path, f"'{name}' is there twice: put its rights into one entry"))
        known.append(name)
        yield at, Identity(f"{context.prefix}-{name}", "pipelines", context, principal=grant.get("principal"))


def chosen(value: str, words: Sequence[str], where: str) -> str:
    """One of some words.

    Raises:
        pulumi.InputPropertiesError: it is none of them.
    """
    if value not in words:
        raise refused("no such word", (where, f"got: {value}; expected: {', '.join(words)}"))
    return value


def load_fast(cloud: str) -> None:
    """Load the cloud's SDK class by class."""
    from mlplatform.plan.speed import fast_sdk

    fast_sdk(discovery.backend(cloud).sdks)
