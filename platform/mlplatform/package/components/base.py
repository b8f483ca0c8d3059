"""Shared by the package's components: contexts from arguments, and options.

Each component wraps the library's component of the same name, so the library's own attributes (its context, its parts)
do not belong to the package's interface.
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from mlplatform import discovery
from mlplatform.components.context import Context
from mlplatform.components.options import passed_on
from mlplatform.package import names
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.existing import read_existing
from mlplatform.package.reading import Part, read_component


def inner_options(outer: pulumi.ComponentResource, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Options of the wrapped component: Pulumi passes on protection and aliases; providers are passed on by name."""
    given = opts or pulumi.ResourceOptions()
    own = pulumi.ResourceOptions.merge(passed_on(given), pulumi.ResourceOptions(parent=outer))
    own.providers = given.providers
    return own


def open_context(
    outer: pulumi.ComponentResource,
    given: ContextArgs,
    opts: pulumi.ResourceOptions | None,
    *parts: Part,
    record: Mapping[str, Any] | None = None,
) -> Context:
    """The context of a component used alone.

    Args:
        outer: the component.
        given: its `context`.
        opts: its options; components made on first use get them too.
        parts: its other arguments that are parts of the spec.
        record: what is released of its endpoints, as `targets` of a record. Omitted: nothing.

    Raises:
        pulumi.InputPropertiesError: the arguments are refused; every problem is in it.
    """
    spec = read_component(given, parts, record)
    cloud = spec.targets[0].cloud
    existing = read_existing(given.get("existing"), cloud, "context.existing")
    load_sdk(cloud)
    context = Context(spec, opts=inner_options(outer, opts), existing=existing)
    names.claim(context.prefix, outer, "context.name")
    return context


def spec_fields(given: Mapping[str, Any], *others: str) -> dict[str, Any]:
    """Arguments that are fields of the component's spec."""
    return {name: value for name, value in given.items() if name not in ("context", *others)}


def load_sdk(cloud: str) -> None:
    """Load the cloud's SDK class by class, as they are used."""
    from mlplatform.fast.sdk import fast_sdk

    fast_sdk(discovery.backend(cloud).sdks)
