"""A table of DynamoDB for each group, or SageMaker's feature group: paid by the request, nothing while nobody asks.

Feast makes such a table by itself, without the platform's key, protection and tags; here nobody has the right to.
https://docs.feast.dev/reference/online-stores/dynamodb
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

from mlplatform.backends.aws.feature_store.feature_groups import build_groups
from mlplatform.backends.aws.feature_store.names import table_prefix
from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import arns_or_prefix
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.feature_store import OnlineStore
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureStoreSpec

_KEY = "entity_id"
"""Key of Feast's tables, text: a hash of the keys of the entities, `feast/infra/online_stores/dynamodb.py` (0.67)."""

_READ = ("dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem")
"""What Feast calls for a look-up, and to see that a table is there."""

_WRITE = ("dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
"""What Feast calls to fill a table. It would delete the table of a group that is gone, and take the tags away that it
does not know: both are refused, which it tells and goes on."""


@dataclass(frozen=True, kw_only=True)
class DynamoTables(OnlineStore):
    """Tables by group."""

    scope: Scope
    """The feature store's, which owns the grants."""

    tables: Mapping[str, dynamodb.Table]
    """Table by group."""

    def grant_read(self, identity: Identity, groups: Collection[str]) -> None:
        """Look-ups in the tables of these groups."""
        self._allow(identity, "read", groups, _READ, ("kms:Decrypt",))

    def grant_write(self, identity: Identity) -> None:
        """All tables."""
        keys = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")
        self._allow(identity, "write", self.tables, (*_READ, *_WRITE), keys)

    def _allow(
        self, identity: Identity, role: str, groups: Collection[str], actions: tuple[str, ...], keys: tuple[str, ...]
    ) -> None:
        target = self.scope.target(AwsTarget)
        every = target.arn("dynamodb", f"table/{table_prefix(self.scope.spec)}")
        names = [target.arn("dynamodb", f"table/{table_prefix(self.scope.spec)}{group}") for group in groups]
        resources = arns_or_prefix(names, every, every=len(names) == len(self.tables))
        native(identity.parts, AwsIdentity).allow(
            self.scope,
            role,
            (
                IamStatement(sid="Tables", actions=tuple(sorted(actions)), resources=resources),
                # DynamoDB opens a table's key in the name of whoever asks,
                # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
                IamStatement(
                    sid="TablesKey",
                    actions=keys,
                    resources=self.scope.context.keys.ids["store"],
                    conditions={"StringEquals": {"kms:ViaService": f"dynamodb.{target.region}.{target.dns_suffix}"}},
                ),
            ),
        )


def build(scope: Scope, spec: FeatureStoreSpec) -> OnlineStore:
    """The tables, or feature groups, of the groups that are online."""
    if spec.engine == "managed":
        return build_groups(scope, spec)
    return DynamoTables(
        scope=scope,
        address=pulumi.Output.from_input(table_prefix(scope.spec)),
        tables={group.name: _table(scope, group.name) for group in spec.online_groups},
    )


def _table(scope: Scope, group: str) -> dynamodb.Table:
    protected = scope.defaults.protected
    return dynamodb.Table(
        # no name of a group has a hyphen, so that two names stay two
        scope.child(f"table-{group.replace('_', '-')}"),
        name=f"{table_prefix(scope.spec)}{group}",
        billing_mode="PAY_PER_REQUEST",
        hash_key=_KEY,
        attributes=[dynamodb.TableAttributeArgs(name=_KEY, type="S")],
        server_side_encryption=dynamodb.TableServerSideEncryptionArgs(
            enabled=True, kms_key_arn=scope.context.keys.ids["store"]
        ),
        point_in_time_recovery=dynamodb.TablePointInTimeRecoveryArgs(enabled=True),
        deletion_protection_enabled=protected,
        tags=scope.tags,
        opts=scope.opts(protect=protected or None),
    )
