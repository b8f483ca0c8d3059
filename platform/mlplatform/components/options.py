"""Pulumi's resource options on a component: what reaches the resources in it, and what is refused because it would not.

Pulumi itself drops most of them on a component without a word (https://github.com/pulumi/pulumi/issues/9877).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi

APPLIED = (
    "parent",
    "provider",
    "providers",
    "protect",
    "depends_on",
    "aliases",
    "transforms",
    "transformations",
)
"""Options that Pulumi or the components apply to everything in a component."""

PASSED_ON = ("depends_on", "retain_on_delete", "deleted_with", "custom_timeouts")
"""Options that the components give to each resource in them; a resource's own come on top."""

_TRANSFORM = "write a transform that sets it for the resources of one type: opts.transforms, also on the context"

REFUSED: Mapping[str, tuple[str, str]] = {
    "ignore_changes": ("properties are those of one type of resource", _TRANSFORM),
    "replace_on_changes": ("properties are those of one type of resource", _TRANSFORM),
    "hide_diffs": ("properties are those of one type of resource", _TRANSFORM),
    "additional_secret_outputs": (
        "a component's outputs are secret where its resources' are",
        "wrap the value that you pass on: pulumi.Output.secret(…)",
    ),
    "delete_before_replace": ("each resource in it knows whether its name allows two of it", _TRANSFORM),
    "replace_with": ("it would replace everything in the component, stores too", _TRANSFORM),
    "replacement_trigger": ("it would replace everything in the component, stores too", _TRANSFORM),
    "hooks": ("Pulumi runs a component's hooks for none of the resources in it", _TRANSFORM),
    "import_": (
        "a component has no id in the cloud",
        "name what exists (`existing`), or write a transform that sets it for one resource",
    ),
    "id": ("a component has no id in the cloud", "name what exists (`existing`)"),
    "urn": ("a component is made, not read", "name what exists (`existing`)"),
    "version": ("it is the provider's", "set it on the provider that you give"),
    "plugin_download_url": ("it is the provider's", "set it on the provider that you give"),
    "env_var_mappings": ("it is the provider's", "set it on the provider that you give"),
    "state_migrations": ("a component's state has no inputs to migrate", _TRANSFORM),
}
"""Reason and alternative, by option."""


class OptionRefused(ValueError):
    """Options that a component cannot honour; the text has all of them."""


def option_problems(opts: pulumi.ResourceOptions) -> Iterator[tuple[str, str]]:
    """Options that a component cannot honour: the name of each, and what is wrong with it."""
    for name, value in vars(opts).items():
        if name in APPLIED or name in PASSED_ON or not _is_set(value):
            continue
        reason, fix = REFUSED.get(name, ("the components do not know it", _TRANSFORM))
        yield name, f"expected no such option on a component: {reason}; {fix}"


def refuse_options(where: str, opts: pulumi.ResourceOptions) -> None:
    """Refuse options that a component would drop.

    Args:
        where: who was given them, for the message.
        opts: the options.

    Raises:
        OptionRefused: there are such options.
    """
    if problems := list(option_problems(opts)):
        raise OptionRefused("\n".join(f"{where}: opts.{name}: {words}" for name, words in problems))


def passed_on(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions | None:
    """Options that each resource in a component is given; None where there are none."""
    given = {name: value for name in PASSED_ON if _is_set(value := getattr(opts, name))}
    return pulumi.ResourceOptions(**given) if given else None


def _is_set(value: object) -> bool:
    """Whether an option says anything: hosts of other languages send empty ones for those that were omitted."""
    if isinstance(value, pulumi.CustomTimeouts | pulumi.ResourceHookBinding):
        return any(vars(value).values())
    return value is not None and value is not False and value not in ([], {}, "", ())
