"""What AWS components hand to each other, beyond what every cloud's do. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.aws.policy import Statement
from mlplatform.components.context import Scope
from mlplatform.components.foundation import FoundationParts
from mlplatform.components.identity import IdentityParts
from mlplatform.components.keys import KeysParts
from mlplatform.components.network import NetworkParts

if TYPE_CHECKING:
    from pulumi_aws import iam


@dataclass(frozen=True, kw_only=True)
class AwsFoundation(FoundationParts):
    """The ground of a platform on AWS."""

    oidc: dict[str, pulumi.Resource] = field(default_factory=dict[str, pulumi.Resource])
    """The CI system's identity provider by its issuer, once something needed it."""


@dataclass(frozen=True, kw_only=True)
class AwsKeys(KeysParts):
    """Keys; `ids` are ARNs."""


@dataclass(frozen=True, kw_only=True)
class AwsNetwork(NetworkParts):
    """A VPC; `node_subnet_ids` holds one private subnet per zone, in the zones' order."""

    mark: str
    """What is known of it beforehand: what stands in it is replaced when this changes."""

    cidrs: tuple[str, ...]
    """IPv4 ranges of the VPC."""

    subnet_by_zone: Mapping[str, pulumi.Output[str]]
    """Private subnet of each zone."""

    workload_security_group_id: pulumi.Output[str]
    """For what runs in the network without a group of its own (SageMaker): nothing in, HTTPS out."""

    ready: tuple[pulumi.Resource, ...]
    """Routes and endpoints that must stand before anything in a subnet can reach a service."""


@dataclass(frozen=True, kw_only=True)
class AwsIdentity(IdentityParts):
    """An IAM role; `principal` is its ARN."""

    role_name: pulumi.Output[str]
    """Its physical name."""

    short_name: str
    """Its logical name without the platform's, for the names of grants."""

    def allow(self, scope: Scope, role: str, statements: Sequence[Statement]) -> iam.RolePolicy:
        """Attach rights as an inline policy; all of a role's together may have 10,240 characters.

        Args:
            scope: who grants; the policy becomes its child.
            role: what is granted, unique for this grantor and this identity, for example `read`.
            statements: the rights.
        """
        from mlplatform.backends.aws.grants import attach

        return attach(scope, self, role, statements)
