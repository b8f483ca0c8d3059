"""What AWS components hand to each other, beyond what every cloud's do. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.backends.aws.policy import Statement
from mlplatform.components.artifact_store import StoreAccess, StoreParts
from mlplatform.components.context import Scope
from mlplatform.components.foundation import FoundationParts
from mlplatform.components.identity import Identity, IdentityParts
from mlplatform.components.keys import KeysParts
from mlplatform.components.network import NetworkParts
from mlplatform.components.registry import ImageRegistryParts
from mlplatform.components.routes import RoutesParts
from mlplatform.components.telemetry import TelemetryParts
from mlplatform.spec.artifact_store import Place

if TYPE_CHECKING:
    from pulumi_aws import cloudwatch, ecr, iam, s3


@dataclass(frozen=True, kw_only=True)
class AwsFoundation(FoundationParts):
    """The ground of a platform on AWS."""

    oidc: dict[str, pulumi.Resource] = field(default_factory=dict[str, pulumi.Resource])
    """The CI system's identity provider by its issuer, once something needed it."""


@dataclass(frozen=True, kw_only=True)
class AwsKeys(KeysParts):
    """Keys; `ids` are ARNs."""


@dataclass(frozen=True, kw_only=True)
class AwsTelemetry(TelemetryParts):
    """Log settings, managed Prometheus, managed Grafana."""

    log_retention_days: int
    """Days, one of those CloudWatch Logs offers."""

    log_key_arn: pulumi.Output[str]
    """Key of every log group."""

    amp_workspace_id: pulumi.Output[str] | None
    """Managed Prometheus; None where it was not asked for."""

    amp_workspace_arn: pulumi.Output[str] | None
    """Its ARN."""

    grafana_workspace_id: pulumi.Output[str] | None
    """Managed Grafana; None where it was not asked for."""

    def log_group(self, scope: Scope, role: str, name: str) -> cloudwatch.LogGroup:
        """A log group with the platform's retention and key, made before the service that writes to it."""
        from mlplatform.backends.aws.log_group import make

        return make(scope, role, name, retention_days=self.log_retention_days, key_arn=self.log_key_arn)


@dataclass(frozen=True, kw_only=True)
class AwsRoutes(RoutesParts):
    """Topics; `targets` holds one topic ARN per severity."""


@dataclass(frozen=True, kw_only=True)
class AwsNetwork(NetworkParts):
    """A VPC; `node_subnet_ids` holds one private subnet per zone, in the zones' order."""

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

    role: iam.Role
    """The role."""

    role_name: str
    """Its physical name, known beforehand."""

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


@dataclass(frozen=True, kw_only=True)
class AwsBucket:
    """The bucket of one place."""

    bucket: s3.Bucket
    """The bucket itself."""

    name: str
    """Its physical name, known beforehand."""

    arn: pulumi.Output[str]
    """Its ARN."""

    ready: tuple[pulumi.Resource, ...]
    """Its policy, access block, encryption and versioning: objects come after these."""

    settled: pulumi.Resource
    """The last of its settings: one more setting comes after this one."""


@dataclass(frozen=True, kw_only=True)
class AwsStore(StoreParts):
    """One bucket per place."""

    scope: Scope
    """The store's own scope: grants become its children."""

    buckets: Mapping[Place, AwsBucket]
    """Bucket by place."""

    key_arn: pulumi.Output[str]
    """Key of all of them."""

    kms_via: str
    """The service the key may be used through."""

    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places, with the least rights that do it, keys included."""
        from mlplatform.backends.aws.grants import grant_store

        grant_store(self, identity, access, places)


@dataclass(frozen=True, kw_only=True)
class AwsImages(ImageRegistryParts):
    """ECR repositories."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    repositories: Mapping[str, ecr.Repository]
    """Repository by its name in the spec."""

    pulled: Sequence[pulumi.Resource]
    """Caches and their settings: a puller comes after these."""

    cache_prefixes: Mapping[str, str]
    """First part of the repository names that a pull through the cache makes, by public registry."""

    cache_statements: tuple[Statement, ...]
    """What a puller needs to fill the caches."""

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        from mlplatform.backends.aws.grants import grant_images

        grant_images(self, identity, access)
