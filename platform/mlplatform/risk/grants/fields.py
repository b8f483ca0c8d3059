"""Reads the principals, roles and scopes of a resource that grants something by its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from mlplatform.checks.resource import Resource
from mlplatform.plan.documents import UnknownInput
from mlplatform.risk.condition import Condition, expression_conditions
from mlplatform.risk.right import LOG_IN, Right, RightKind

Reader: TypeAlias = Callable[[Resource], Iterator[Right]]


def value_at(resource: Resource, *paths: str) -> str:
    """The first property that is set: its value, or the URN of the resource that will provide it."""
    for path in paths:
        try:
            if value := resource.text(path):
                return value
        except UnknownInput:
            if urns := resource.from_others(path):
                return urns[0]
            raise
    return ""


def conditions_at(resource: Resource, path: str) -> frozenset[Condition]:
    """The conditions in an expression; none where it is not set."""
    return frozenset(expression_conditions(resource.text(path))) if resource.has(path) else frozenset()


def attached(
    principal: str,
    role: str,
    *scope: str,
    condition: str = "",
    nature: str = "",
    action: str = "",
    itself: bool = False,
) -> Reader:
    """A role or policy that is attached by name.

    Args:
        principal: property with the principal, or with several (`members[]`).
        role: property with the role, or with several; empty where the action is given.
        scope: properties with the scope; the first that is set counts. None set: the resource itself.
        condition: property with an expression that must hold.
        nature: property with the kind of principal.
        action: the action, where the type itself says it.
        itself: whether the resource is the principal.
    """

    def read(resource: Resource) -> Iterator[Right]:
        on = value_at(resource, *scope) if scope else resource.step.urn
        holders = [resource.step.urn] if itself else _values(resource, principal)
        roles = [action] if action else _values(resource, role)
        conditions = conditions_at(resource, condition) if condition else frozenset[Condition]()
        for holder in holders:
            for name in roles:
                if holder and name:
                    yield Right(
                        holder,
                        name,
                        on,
                        conditions=conditions,
                        kind=kind_of(name),
                        nature=resource.text(nature) if nature else "",
                        path=principal.rstrip("[]"),
                    )

    return read


def _values(resource: Resource, path: str) -> list[str]:
    return resource.texts(path) if "[]" in path else [value_at(resource, path)]


_LOGIN = (
    LOG_IN,
    "roles/iam.workloadidentityuser",
    "roles/iam.serviceaccounttokencreator",
    "roles/iam.serviceaccountopenidtokencreator",
    "roles/iam.serviceaccountkeyadmin",
)


def kind_of(action: str) -> RightKind:
    """Whether an action or role lets the holder act as an identity."""
    return "login" if action.lower() in _LOGIN or action.lower().startswith("sts:assumerole") else "allow"
