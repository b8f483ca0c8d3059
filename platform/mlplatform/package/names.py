"""Platform names in use by components of one program.

Logical and physical names begin with the platform's, and Pulumi tells resources apart without the names of the
components they are in: two components under one platform name would make the same resource twice.
"""

from __future__ import annotations

import pulumi

from mlplatform.package.reading import refusal

_taken: dict[tuple[str, str, bool, str], tuple[str, str]] = {}


def claim(name: str, owner: pulumi.ComponentResource, where: str) -> None:
    """Take a platform's name for a component.

    Args:
        name: the platform's name.
        owner: the component.
        where: path of the argument that holds the name.

    Raises:
        pulumi.InputPropertiesError: another component of the program has it.
    """
    # a preview and the update after it may share this process
    key = (pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run(), name)
    own = (type(owner).__name__, owner.pulumi_resource_name)
    kind, other = _taken.setdefault(key, own)
    if (kind, other) != own:
        raise refusal(
            "a platform name twice",
            (
                where,
                f"got: {name}, which {kind} '{other}' uses already; expected: a different name for each component, "
                "because every resource's name begins with it",
            ),
        )
