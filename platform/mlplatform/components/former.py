"""Former names: a renamed or moved resource stays the same one in the stacks that have it.

They are written beside the new name and stay there: a stack may come from any earlier release.
https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/
"""

from __future__ import annotations

import pulumi


def former(*names: str, parent: pulumi.Resource | None = None) -> pulumi.ResourceOptions:
    """Options of a component that had other logical names, or another parent.

    What is in the component follows by itself where its name begins with the component's.

    Args:
        names: former logical names, without the parts of the stack. Omitted: it had the present one.
        parent: former parent. Omitted: it had the present one.
    """
    if parent is None:
        return pulumi.ResourceOptions(aliases=[pulumi.Alias(name=name) for name in names])
    aliases = [pulumi.Alias(name=name, parent=parent) for name in names] or [pulumi.Alias(parent=parent)]
    return pulumi.ResourceOptions(aliases=list(aliases))


def with_former_types(opts: pulumi.ResourceOptions, *types: str) -> pulumi.ResourceOptions:
    """Options of a component whose class had other names, under each of the names it had itself.

    Args:
        opts: with the component's own former names and parents.
        types: former names of the class.
    """
    given = opts.aliases if isinstance(opts.aliases, list) else []
    named = [alias for alias in given if isinstance(alias, pulumi.Alias)]
    # Pulumi joins a resource's aliases with its parent's, but not with each other
    renamed = [
        pulumi.Alias(type_=f"mlplatform:index:{kind}", name=alias.name, parent=alias.parent)
        for kind in types
        for alias in (pulumi.Alias(), *named)
    ]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=list(renamed)))
