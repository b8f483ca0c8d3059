"""IAM policy documents, built of typed statements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

_Text = pulumi.Input[str]
_Texts = _Text | Sequence[_Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class IamStatement:
    """One statement of a policy document."""

    sid: str
    """Its id: letters and digits only."""

    actions: Sequence[str]
    """Allowed or denied actions."""

    resources: _Texts = ()
    """ARNs; empty in trust policies."""

    effect: Literal["Allow", "Deny"] = "Allow"
    """Whether it allows or denies."""

    principals: Mapping[str, _Texts] | None = None
    """Principals by kind (`Service`, `AWS`, `Federated`). Identity policies have none."""

    conditions: Mapping[str, Mapping[str, _Texts]] = field(default_factory=dict[str, Mapping[str, _Texts]])
    """Values by operator and condition key."""

    def json(self) -> dict[str, object]:
        """The statement in the form that AWS reads."""
        statement: dict[str, object] = {"Sid": self.sid, "Effect": self.effect, "Action": _flat(self.actions)}
        if self.principals:
            statement["Principal"] = {kind: _flat(names) for kind, names in self.principals.items()}
        if self.resources:
            statement["Resource"] = _flat(self.resources)
        if self.conditions:
            statement["Condition"] = {
                operator: {key: _flat(value) for key, value in keys.items()}
                for operator, keys in self.conditions.items()
            }
        return statement


def policy_document(*statements: IamStatement) -> _Text:
    """A policy document: plain text if all of its values are known, else an output."""
    body = {"Version": "2012-10-17", "Statement": [statement.json() for statement in statements]}
    return to_json(body)


def to_json(value: object) -> _Text:
    """Canonical JSON, so that equal content is no change; an output if the value holds one."""
    if _is_known(value):
        return json.dumps(value, sort_keys=True, separators=(",", ":"))
    return pulumi.Output.json_dumps(value, sort_keys=True, separators=(",", ":"))


def service_trust(
    *services: str, sid: str = "Service", conditions: Mapping[str, Mapping[str, _Texts]] | None = None
) -> _Text:
    """A trust policy for AWS services. Use conditions only on keys that the service is documented to send."""
    return policy_document(
        IamStatement(
            sid=sid,
            actions=("sts:AssumeRole",),
            principals={"Service": services},
            conditions=conditions or {},
        )
    )


def _flat(value: _Texts) -> object:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value
    return value[0] if len(value) == 1 else list(value)


def _is_known(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(_is_known(entry) for entry in value.values())  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        return all(_is_known(entry) for entry in value)  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
    return value is None or isinstance(value, str | int | float | bool)
