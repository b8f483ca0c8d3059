"""AWS policy documents as statements: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
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

    not_actions: tuple[str, ...] = ()
    """What it is not about, where it has `NotAction`."""

    not_resources: tuple[str, ...] = ()
    """What it is not about, where it has `NotResource`."""

    not_principals: tuple[tuple[str, str], ...] = ()
    """Whom it is not about, where it has `NotPrincipal`."""

    @property
    def inverted(self) -> bool:
        """Whether it has `NotAction`, `NotResource` or `NotPrincipal`."""
        return bool(self.not_actions or self.not_resources or self.not_principals)

    def condition(self, key: str) -> tuple[str, ...]:
        """Values of all conditions on a key; empty without any."""
        return tuple(value for _, name, values in self.conditions if name == key.lower() for value in values)

    @property
    def narrowed_by(self) -> str:
        """The condition key that limits the principal; empty without one."""
        return next(
            (
                key
                for key in NARROWING
                for operator, name, values in self.conditions
                if name == key.lower() and limits_principal(operator, values)
            ),
            "",
        )


def limits_principal(operator: str, values: Collection[str]) -> bool:
    """Whether a condition on who calls leaves anybody out: it holds for named values, and not where the key is absent.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    name = operator.lower()
    if "not" in name or name.startswith(("forallvalues:", "null")) or name.endswith("ifexists"):
        return False
    return bool(values) and not any(_EVERY.fullmatch(value) for value in values)


_EVERY = re.compile(r"[*?]+|arn:[^:]*:(iam|sts|\*)::[*?]*:.*")
"""A value that everybody's account fulfils: a bare wildcard, or a principal's ARN that names no account."""


def policy_statements(resource: Resource, path: str) -> Iterator[PolicyStatement]:
    """The statements of the policy document in a property.

    Raises:
        UnknownInput: the document, or a statement in it, is unknown or no policy.
    """
    return statements_of(resource.document(path), path)


def statements_of(document: Mapping[str, object], path: str) -> Iterator[PolicyStatement]:
    """The statements of a policy document.

    Args:
        document: the document.
        path: the property that it stands in, for the paths of its statements.

    Raises:
        UnknownInput: a statement is unknown or none.
    """
    for position, item in enumerate(_list(document.get("Statement"))):
        at = f"{path}.Statement[{position}]"
        body = cast("Mapping[str, object]", item) if isinstance(item, Mapping) else None
        if body is None or not is_known(body):
            raise UnknownInput(at)
        yield PolicyStatement(
            at,
            body.get("Effect") == "Allow",
            _texts(body.get("Action")),
            _texts(body.get("Resource")),
            tuple(_principals(body.get("Principal"))),
            tuple(_conditions(body.get("Condition"))),
            _texts(body.get("NotAction")),
            _texts(body.get("NotResource")),
            tuple(_principals(body.get("NotPrincipal"))),
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
