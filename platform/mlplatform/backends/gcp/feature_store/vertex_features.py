"""Vertex AI's feature store: a table of BigQuery for each group, which Vertex AI copies into its own Bigtable.

A table has one row for each key, with the newest values: the job that fills merges the Parquet files of the store into
it, so that nothing is kept twice but what is served. The tier without a Bigtable, `optimized`, is deprecated:
https://docs.cloud.google.com/vertex-ai/docs/featurestore/latest/online-serving-types
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import bigquery, kms, projects, vertex

from mlplatform.backends.gcp.feature_store.names import feature_group_name, features_name
from mlplatform.backends.gcp.foundation.foundation import enable_service, grant_agent_role
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.agent_right import let_agent_use_key
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.feature_store import OnlineStore
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureGroupSpec, FeatureStoreSpec, FeatureType, KeyType

VALID_FROM = "valid__from"
"""Column, and feature, with the moment of a row in microseconds. No name in a spec has two underscores."""

MOMENT = "feature_timestamp"
"""Column by which Vertex AI finds the newest row,
https://docs.cloud.google.com/vertex-ai/docs/featurestore/latest/prepare-data-source"""

MOST_NODES = 3
"""Nodes of the Bigtable at most; it has one while nobody asks."""

_CPU_TARGET = 50

_TYPES: Mapping[FeatureType, str] = {
    "string": "STRING",
    "int64": "INTEGER",
    "float32": "FLOAT",
    "float64": "FLOAT",
    "bool": "BOOLEAN",
    "timestamp": "INTEGER",
}
"""How a value is kept, a moment in whole seconds as Feast has it; `vertex_features.py` of the repository writes it."""

_KEYS: Mapping[KeyType, str] = {"string": "STRING", "int64": "INTEGER"}

_READS = ("aiplatform.featureViews.fetchFeatureValues",)
"""What a look-up takes: Google's own role with it, `aiplatform.viewer`, sees everything else too.
https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.featureOnlineStores.featureViews/fetchFeatureValues"""


@dataclass(frozen=True, kw_only=True)
class VertexFeatures(OnlineStore):
    """One store; `address` is its name."""

    scope: Scope
    """The feature store's, which owns the grants."""

    dataset: bigquery.Dataset
    """The dataset of the tables."""

    reader: projects.IAMCustomRole
    """The role of who looks values up."""

    def grant_read(self, identity: Identity, groups: Collection[str]) -> None:
        """Look-ups: a right holds for all stores of the project, because no grant can name one."""
        del groups
        native(identity.parts, GcpIdentity).allow(self.scope, "read", self.reader.name)

    def grant_write(self, identity: Identity) -> None:
        """Look-ups, queries in the project, and the rows of the tables."""
        grantee = native(identity.parts, GcpIdentity)
        grantee.allow(self.scope, "read", self.reader.name)
        grantee.allow(self.scope, "query", "roles/bigquery.jobUser")
        for name, member in grantee.grantees("write"):
            grantee.grants.append(
                bigquery.DatasetIamMember(
                    self.scope.child(name),
                    project=self.scope.target(GcpTarget).project,
                    dataset_id=self.dataset.dataset_id,
                    role="roles/bigquery.dataEditor",
                    member=member,
                    opts=self.scope.opts(),
                )
            )


def build_features(scope: Scope, spec: FeatureStoreSpec) -> VertexFeatures:
    """Dataset and tables, the store with its view of each table, and the role of who looks up."""
    target, protected = scope.target(GcpTarget), scope.defaults.protected
    keys = native(scope.context.keys.parts, GcpKeys)
    after = keys.foundation.after("cloudresourcemanager")
    vertex_service, query_service = (enable_service(scope, name, after=after) for name in ("aiplatform", "bigquery"))
    vertex_right = let_agent_use_key(
        scope,
        keys,
        vertex_service,
        service="aiplatform",
        agent="gcp-sa-aiplatform",
        title="Vertex AI",
        field="feature_store.engine",
    )
    dataset = bigquery.Dataset(
        scope.child("dataset"),
        project=target.project,
        dataset_id=features_name(scope.spec),
        location=target.region,
        description="Newest values of features, which Vertex AI serves",
        default_encryption_configuration=bigquery.DatasetDefaultEncryptionConfigurationArgs(
            kms_key_name=keys.ids["store"]
        ),
        labels=scope.tags,
        opts=scope.opts(depends_on=[query_service, *_let_bigquery_use_key(scope, keys, query_service)]),
    )
    store = vertex.AiFeatureOnlineStore(
        scope.child("store"),
        project=target.project,
        region=target.region,
        name=features_name(scope.spec),
        bigtable=vertex.AiFeatureOnlineStoreBigtableArgs(
            auto_scaling=vertex.AiFeatureOnlineStoreBigtableAutoScalingArgs(
                min_node_count=1, max_node_count=MOST_NODES, cpu_utilization_target=_CPU_TARGET
            )
        ),
        encryption_spec=vertex.AiFeatureOnlineStoreEncryptionSpecArgs(kms_key_name=keys.ids["store"]),
        labels=scope.tags,
        opts=scope.opts(
            depends_on=[vertex_service, *vertex_right.ready], protect=protected or None, timeouts={"create": "60m"}
        ),
    )
    readable = _let_vertex_read(scope, dataset, vertex_right.member)
    for group in spec.online_groups:
        _group(scope, spec, group, dataset, store, readable)
    reader = projects.IAMCustomRole(
        scope.child("reader"),
        project=target.project,
        # underscores are the only separator that a role's id may have
        role_id=f"{features_name(scope.spec)}_reader",
        title=f"{scope.spec.name} {scope.spec.environment}: looks features up",
        description="Looks values of features up by their keys; sees nothing else of Vertex AI",
        permissions=list(_READS),
        stage="GA",
        opts=scope.opts(depends_on=keys.foundation.after("iam")),
    )
    scope.note(
        "feature_store.engine",
        "Vertex AI's store has a node of Bigtable that is paid by the hour, also while nobody asks; who looks features "
        "up may do so in all stores of the project",
    )
    return VertexFeatures(scope=scope, dataset=dataset, reader=reader, address=store.name)


def _let_bigquery_use_key(scope: Scope, keys: GcpKeys, service: pulumi.Resource) -> Sequence[pulumi.Resource]:
    """BigQuery's own account, which Google makes when somebody asks for it, and its right to the key."""
    target = scope.target(GcpTarget)
    if scope.context.existing.keys:
        scope.note(
            "feature_store.engine",
            "existing keys: their owner must let BigQuery's service account "
            f"(bq-{target.project_number}@bigquery-encryption.iam.gserviceaccount.com) encrypt and decrypt with the "
            "key of the store",
        )
        return ()
    account = bigquery.get_default_service_account_output(
        project=target.project, opts=pulumi.InvokeOutputOptions(parent=scope.component, depends_on=[service])
    )
    right = kms.CryptoKeyIAMMember(
        scope.child("bigquery-key"),
        crypto_key_id=keys.ids["store"],
        role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=account.member,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    return (right,)


def _let_vertex_read(scope: Scope, dataset: bigquery.Dataset, agent: pulumi.Output[str]) -> Sequence[pulumi.Resource]:
    """The rights of Vertex AI's own account: its role, and the tables that it copies."""
    role = grant_agent_role(scope, "agent-role", "roles/aiplatform.serviceAgent", agent)
    right = bigquery.DatasetIamMember(
        scope.child("agent-tables"),
        project=scope.target(GcpTarget).project,
        dataset_id=dataset.dataset_id,
        role="roles/bigquery.dataViewer",
        member=agent,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    return (role, right)


def _group(
    scope: Scope,
    spec: FeatureStoreSpec,
    group: FeatureGroupSpec,
    dataset: bigquery.Dataset,
    store: vertex.AiFeatureOnlineStore,
    readable: Sequence[pulumi.Resource],
) -> None:
    """The table, its features, and the view that copies them: one more feature changes table and view in place."""
    target, key = scope.target(GcpTarget), native(scope.context.keys.parts, GcpKeys).ids["store"]
    short = group.name.replace("_", "-")
    entities = {each.name: each for each in spec.entities}
    named = sorted((entities[name] for name in group.entities), key=lambda each: each.key)
    types = {VALID_FROM: "INTEGER"} | {feature.name: _TYPES[feature.type] for feature in group.features}
    columns = {each.key: _KEYS[each.type] for each in named} | {MOMENT: "TIMESTAMP"} | dict(sorted(types.items()))
    table = bigquery.Table(
        scope.child(f"table-{short}"),
        project=target.project,
        dataset_id=dataset.dataset_id,
        table_id=group.name,
        schema=json.dumps([{"name": name, "type": kind, "mode": "NULLABLE"} for name, kind in columns.items()]),
        encryption_configuration=bigquery.TableEncryptionConfigurationArgs(kms_key_name=key),
        deletion_protection=scope.defaults.protected,
        labels=scope.tags,
        opts=scope.opts(protect=scope.defaults.protected or None),
    )
    registered = vertex.AiFeatureGroup(
        scope.child(f"group-{short}"),
        project=target.project,
        region=target.region,
        name=feature_group_name(scope.spec, group.name),
        big_query=vertex.AiFeatureGroupBigQueryArgs(
            big_query_source=vertex.AiFeatureGroupBigQueryBigQuerySourceArgs(
                input_uri=pulumi.Output.concat("bq://", target.project, ".", table.dataset_id, ".", table.table_id)
            ),
            entity_id_columns=[each.key for each in named],
        ),
        labels=scope.tags,
        opts=scope.opts(depends_on=readable),
    )
    features = [
        vertex.AiFeatureGroupFeature(
            # two underscores in the one name that the spec does not give
            scope.child(f"feature-{short}-{name.replace('__', '--').replace('_', '-')}"),
            project=target.project,
            region=target.region,
            feature_group=registered.name,
            name=name,
            labels=scope.tags,
            opts=scope.opts(),
        )
        for name in sorted(types)
    ]
    hours = ",".join(map(str, spec.fill.hours_of_day)) if spec.fill else "*"
    vertex.AiFeatureOnlineStoreFeatureview(
        scope.child(f"view-{short}"),
        project=target.project,
        region=target.region,
        feature_online_store=store.name,
        name=group.name,
        feature_registry_source=vertex.AiFeatureOnlineStoreFeatureviewFeatureRegistrySourceArgs(
            feature_groups=[
                vertex.AiFeatureOnlineStoreFeatureviewFeatureRegistrySourceFeatureGroupArgs(
                    feature_group_id=registered.name, feature_ids=sorted(types)
                )
            ]
        ),
        # half an hour after the job that fills starts
        sync_config=vertex.AiFeatureOnlineStoreFeatureviewSyncConfigArgs(cron=f"TZ=UTC 30 {hours} * * *"),
        labels=scope.tags,
        opts=scope.opts(depends_on=features),
    )
