"""Grants among a component's arguments: the identities that get rights, checked before anything is created."""

# no deferred annotations: Pulumi's host reads them
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar, cast

import pulumi

from mlplatform.components.context import Context
from mlplatform.components.identity import Identity
from mlplatform.package.reading import refusal
from mlplatform.spec.artifact_store import PLACES, Place


class GranteeArgs(TypedDict):
    """An identity that gets rights."""

    identity: str
    """Its name, unique in the component: lower-case letters, digits and inner hyphens."""

    principal: NotRequired[pulumi.Input[str]]
    """An existing identity: the ARN of a role in the target's account on AWS, a member on GCP, the object id of a
    managed identity on Azure. Omitted: an identity with the purpose `pipelines` is created."""


G = TypeVar("G", bound=GranteeArgs)


def check_grants(grants: Sequence[GranteeArgs], where: str, access: Sequence[str] = ()) -> None:
    """Refuse grants that cannot be given.

    Args:
        grants: the argument.
        where: its name.
        access: allowed values of a grant's `access`. Omitted: it has none.

    Raises:
        pulumi.InputPropertiesError: something is refused; every problem is in it.
    """
    names = [grant["identity"] for grant in grants]
    problems: list[tuple[str, str]] = []
    for at, grant in enumerate(cast("Sequence[Mapping[str, Any]]", grants)):
        path, name = f"{where}[{at}]", names[at]
        if not re.fullmatch(r"[a-z]([-a-z0-9]{0,30}[a-z0-9])?", name):
            words = "at most 32 lower-case letters, digits and inner hyphens, a letter first"
            problems.append((f"{path}.identity", f"got: {name}; expected: {words}"))
        if name in names[:at]:
            problems.append((f"{path}.identity", f"'{name}' appears twice: list its rights in one entry"))
        for field, known in (("read", PLACES), ("write", PLACES), ("access", access)):
            given = grant.get(field, ())
            strange = [word for word in ([given] if isinstance(given, str) else given) if word not in known]
            if strange:
                problems.append((f"{path}.{field}", f"got: {', '.join(strange)}; expected: {', '.join(known)}"))
    if problems:
        raise refusal("the grants are refused", *problems)


def grant_all(
    context: Context, grants: Sequence[G], give: Callable[[G, Identity], None]
) -> pulumi.Output[dict[str, str]]:
    """Give each grant's identity its rights; the cloud's name of each identity.

    Args:
        context: of the component.
        grants: the argument, checked.
        give: gives one grant's rights to its identity.
    """
    principals: dict[str, pulumi.Output[str]] = {}
    for grant in grants:
        name = f"{context.prefix}-{grant['identity']}"
        identity = Identity(name, "pipelines", context, principal=grant.get("principal"))
        give(grant, identity)
        principals[grant["identity"]] = identity.principal
    return pulumi.Output.all(**principals)


def ordered_places(given: Sequence[str]) -> tuple[Place, ...]:
    """Places by name, in their own order."""
    return tuple(place for place in PLACES if place in given)
