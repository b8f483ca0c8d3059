"""What the package's components share: contexts from arguments, and options.

Each component wraps the library's component of the same name, so what the library declares about itself (its context,
its parts) is none of the package's interface.
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from mlplatform import discovery
from mlplatform.components.context import Context
from mlplatform.package import names
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.existing import existing_of
from mlplatform.package.reading import Part, platform_part


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


def load_fast(cloud: str) -> None:
    """Load the cloud's SDK class by class."""
    from mlplatform.fast.sdk import fast_sdk

    fast_sdk(discovery.backend(cloud).sdks)
