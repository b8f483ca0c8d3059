"""AWS policy documents as statements: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.plan.documents import is_known

IDENTITY_POLICIES = (
    ("aws:iam/policy:Policy", "policy"),
    ("aws:iam/rolePolicy:RolePolicy", "policy"),
    ("aws:iam/userPolicy:UserPolicy", "policy"),
    ("aws:iam/groupPolicy:GroupPolicy", "policy"),
    ("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "inlinePolicy"),
)
"""Types of identity policies, and their property with the document."""


NARROWING = (
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "kms:CallerAccount",
)
"""Condition keys that limit the principal `*`."""


@dataclass(frozen=True, slots=True)
class PolicyStatement:
    """One statement of a policy; single values are tuples of one."""

    path: str
    """Path of the statement: the property and its index."""

    allows: bool
    """True for `Allow`, false for `Deny`."""

    actions: tuple[str, ...]
    """Actions; empty where it has `NotAction`."""

    resources: tuple[str, ...]
    """Resources; empty where it has `NotResource` or none."""

    principals: tuple[tuple[str, str], ...]
    """Kind and name of each principal, for example `("Service", "ecs.amazonaws.com")`; `*` alone is of kind `AWS`."""

    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Operator, key in lower case, and values."""

    inverted: bool
    """It has `NotAction`, `NotResource` or `NotPrincipal`."""

    def condition(self, key: str) -> tuple[str, ...]:
        """Values of all conditions on a key; empty without any."""
        return tuple(value for _, name, values in self.conditions if name == key.lower() for value in values)

    @property
    def narrowed_by(self) -> str:
        """The condition key that limits the principal; empty without one."""
        return next((key for key in NARROWING if self.condition(key)), "")


def policy_statements(resource: Resource, path: str) -> Iterator[PolicyStatement]:
    """The statements of the policy document in a property.

    Raises:
        UnknownInput: the document, or a statement in it, is unknown or no policy.
    """
    for position, item in enumerate(_list(resource.document(path).get("Statement"))):
        at = f"{path}.Statement[{position}]"
        if not isinstance(item, Mapping) or not is_known(item):
            raise UnknownInput(at)
        body = cast("Mapping[str, object]", item)
        yield PolicyStatement(
            at,
            body.get("Effect") == "Allow",
            _texts(body.get("Action")),
            _texts(body.get("Resource")),
            tuple(_principals(body.get("Principal"))),
            tuple(_conditions(body.get("Condition"))),
            any(name in body for name in ("NotAction", "NotResource", "NotPrincipal")),
        )


def _principals(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for kind, names in cast("Mapping[str, object]", value).items():
            yield from ((kind, name) for name in _texts(names))
    else:
        yield from (("AWS", name) for name in _texts(value))


def _conditions(value: object) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if isinstance(value, Mapping):
        for operator, keys in cast("Mapping[str, object]", value).items():
            if isinstance(keys, Mapping):
                for key, values in cast("Mapping[str, object]", keys).items():
                    yield operator, key.lower(), _texts(values)


def _list(value: object) -> list[object]:
    return list(cast("list[object]", value)) if isinstance(value, list) else [] if value is None else [value]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in _list(value))
