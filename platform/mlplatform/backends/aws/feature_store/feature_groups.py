"""A feature group of SageMaker for each group, with an online store alone: paid by the request.

The tables stay the only history: an offline store of SageMaker would be a second one, which begins empty, and which
nothing compares with the first.

Cloud Control makes the groups. The provider's own resource has features as a list that replaces the group, with all its
values, when one is added (https://github.com/hashicorp/terraform-provider-aws/issues/36784); Cloud Control adds it in
place, and replaces a group whose tags, key or identifier change. So a group has the tags that last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudcontrol

from mlplatform.backends.aws.feature_store.names import group_name, table_prefix
from mlplatform.backends.aws.foundation.policy import IamStatement, to_json
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import arns_or_prefix
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.feature_store import OnlineStore
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureGroupSpec, FeatureStoreSpec, FeatureType, KeyType

TYPE = "AWS::SageMaker::FeatureGroup"
"""Its name in Cloud Control."""

_TYPES: Mapping[FeatureType, str] = {
    "string": "String",
    "int64": "Integral",
    "float32": "Fractional",
    "float64": "Fractional",
    "bool": "Integral",
    "timestamp": "Integral",
}
"""How a value is kept, a moment in whole seconds as Feast has it; `sagemaker_features.py` reads it back.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FeatureDefinition.html"""

_KEYS: Mapping[KeyType, str] = {"string": "String", "int64": "Integral"}

_READ = ("sagemaker:BatchGetRecord", "sagemaker:GetRecord")

_WRITE = ("sagemaker:DeleteRecord", "sagemaker:PutRecord")


@dataclass(frozen=True, kw_only=True)
class FeatureGroups(OnlineStore):
    """Groups by name."""

    scope: Scope
    """The feature store's, which owns the grants."""

    groups: Mapping[str, cloudcontrol.Resource]
    """Resource by group."""

    def grant_read(self, identity: Identity, groups: Collection[str]) -> None:
        """Look-ups in these groups."""
        self._allow(identity, "read", groups, _READ)

    def grant_write(self, identity: Identity) -> None:
        """Records of all groups."""
        self._allow(identity, "write", self.groups, (*_READ, *_WRITE))

    def _allow(self, identity: Identity, role: str, groups: Collection[str], actions: tuple[str, ...]) -> None:
        target, spec = self.scope.target(AwsTarget), self.scope.spec
        names = [target.arn("sagemaker", f"feature-group/{group_name(spec, group)}") for group in groups]
        every = target.arn("sagemaker", f"feature-group/{table_prefix(spec)}")
        resources = arns_or_prefix(names, every, every=len(names) == len(self.groups))
        native(identity.parts, AwsIdentity).allow(
            self.scope,
            role,
            (
                IamStatement(sid="Records", actions=tuple(sorted(actions)), resources=resources),
                # who reads or writes a record opens the group's key himself,
                # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OnlineStoreSecurityConfig.html
                IamStatement(
                    sid="RecordsKey", actions=("kms:Decrypt",), resources=self.scope.context.keys.ids["store"]
                ),
            ),
        )


def build_groups(scope: Scope, spec: FeatureStoreSpec) -> FeatureGroups:
    """The groups that are online."""
    return FeatureGroups(
        scope=scope,
        address=pulumi.Output.from_input(table_prefix(scope.spec)),
        groups={group.name: _group(scope, spec, group) for group in spec.online_groups},
    )


def _group(scope: Scope, spec: FeatureStoreSpec, group: FeatureGroupSpec) -> cloudcontrol.Resource:
    entities = {each.name: each for each in spec.entities}
    entity = entities[group.entities[0]]
    # the moment of a record, in seconds: of two records of a key, the later one stays
    columns = {entity.key: _KEYS[entity.type], group.timestamp: "Fractional"}
    columns |= {feature.name: _TYPES[feature.type] for feature in sorted(group.features, key=lambda each: each.name)}
    online: dict[str, object] = {
        "EnableOnlineStore": True,
        "StorageType": "Standard",
        "SecurityConfig": {"KmsKeyId": scope.context.keys.ids["store"]},
    }
    if group.ttl_hours:
        online["TtlDuration"] = {"Unit": "Hours", "Value": group.ttl_hours}
    state: dict[str, object] = {
        "FeatureGroupName": group_name(scope.spec, group.name),
        "RecordIdentifierFeatureName": entity.key,
        "EventTimeFeatureName": group.timestamp,
        "FeatureDefinitions": [{"FeatureName": name, "FeatureType": kind} for name, kind in columns.items()],
        "OnlineStoreConfig": online,
        "Tags": [{"Key": name, "Value": value} for name, value in sorted(scope.lasting_tags.items())],
    }
    return cloudcontrol.Resource(
        scope.child(f"group-{group.name.replace('_', '-')}"),
        type_name=TYPE,
        desired_state=to_json(state),
        # its name is fixed, so that the new one cannot be made beside the former one
        opts=scope.opts(protect=scope.defaults.protected or None, delete_before_replace=True),
    )
