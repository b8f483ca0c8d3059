"""A database of Firestore in Datastore mode, for all groups: paid by the request, and nothing while nobody asks.

https://docs.feast.dev/reference/online-stores/datastore
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pulumi_gcp import firestore, projects

from mlplatform.backends.gcp.feature_store.names import database_name
from mlplatform.backends.gcp.feature_store.vertex_features import build_features
from mlplatform.backends.gcp.foundation.foundation import enable_service
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.agent_right import let_agent_use_key
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.feature_store import OnlineStore
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureStoreSpec


@dataclass(frozen=True, kw_only=True)
class DatastoreDatabase(OnlineStore):
    """One database; `address` is its id."""

    scope: Scope
    """The feature store's, which owns the grants."""

    def grant_read(self, identity: Identity, groups: Collection[str]) -> None:
        """Look-ups in the database: a right holds for all of it, so for other groups too."""
        del groups
        self._grant(identity, "read", "roles/datastore.viewer")

    def grant_write(self, identity: Identity) -> None:
        """Entities of the database, and not its settings."""
        self._grant(identity, "write", "roles/datastore.user")

    def _grant(self, identity: Identity, what: str, role: str) -> None:
        project = self.scope.target(GcpTarget).project
        # this database alone, https://docs.cloud.google.com/datastore/docs/access/iam-conditions
        condition = projects.IAMMemberConditionArgs(
            title="online features",
            expression=self.address.apply(lambda name: f'resource.name == "projects/{project}/databases/{name}"'),
        )
        native(identity.parts, GcpIdentity).allow(self.scope, what, role, condition=condition)


def build(scope: Scope, spec: FeatureStoreSpec) -> OnlineStore:
    """The database, or Vertex AI's store, with the platform's key."""
    if spec.engine == "managed":
        return build_features(scope, spec)
    target, protected = scope.target(GcpTarget), scope.defaults.protected
    keys = native(scope.context.keys.parts, GcpKeys)
    service = enable_service(scope, "firestore", after=keys.foundation.after("cloudresourcemanager"))
    right = let_agent_use_key(
        scope,
        keys,
        service,
        service="firestore",
        agent="gcp-sa-firestore",
        title="Firestore",
        field="feature_store.groups.online",
    )
    database = firestore.Database(
        scope.child("database"),
        project=target.project,
        name=database_name(scope.spec),
        location_id=target.region,
        type="DATASTORE_MODE",
        cmek_config=firestore.DatabaseCmekConfigArgs(kms_key_name=keys.ids["store"]),
        point_in_time_recovery_enablement="POINT_IN_TIME_RECOVERY_ENABLED",
        delete_protection_state="DELETE_PROTECTION_ENABLED" if protected else "DELETE_PROTECTION_DISABLED",
        # what is left out would leave the database, with its cost, in the project
        deletion_policy="DELETE",
        opts=scope.opts(depends_on=[service, *right.ready], protect=protected or None),
    )
    return DatastoreDatabase(scope=scope, address=database.name)
