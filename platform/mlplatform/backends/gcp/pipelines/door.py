"""The door through which runs of pipelines start on Vertex AI."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_gcp import storage

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import LONG
from mlplatform.backends.gcp.pipelines.definitions import ensure_definitions
from mlplatform.backends.gcp.pipelines.door_account import LEDGERS, ORDERS, REPORTS, grant_door, grant_exchange
from mlplatform.backends.gcp.pipelines.door_alarms import build_alarms
from mlplatform.backends.gcp.pipelines.door_job import build_job
from mlplatform.backends.gcp.pipelines.inbox import DoorQueue, build_inbox, grant_publish, notify_of_data
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.names import physical_name
from mlplatform.components.pipeline import DoorNeeds, DoorParts, ExchangePlaces
from mlplatform.components.scope import Scope

_RULES = "rules.json"


@dataclass(frozen=True, kw_only=True)
class GcpDoor(DoorParts):
    """A queue of Pub/Sub, and a job of Cloud Run that reads it."""

    scope: Scope
    """The door's own scope: grants become its children."""

    queue: DoorQueue
    """The queue."""

    def grant_send(self, identity: Identity) -> None:
        """Let an identity send messages, and neither read nor delete them."""
        grantee = native(identity.parts, GcpIdentity)
        for name, member in grantee.grantees("send"):
            grantee.grants.append(grant_publish(self.scope, name, self.queue.topic, member))


def build(scope: Scope, needs: DoorNeeds) -> GcpDoor:
    """Build the queue, the job and its clock, the rights and the alerts."""
    models = native(needs.models.parts, GcpModels)
    store = native(needs.store.parts, GcpStore)
    account = native(needs.identity.parts, GcpIdentity)
    # without a pipeline on Vertex AI it starts nothing there
    runner = native(needs.runs_as.parts, GcpIdentity) if needs.pipelines else None
    definitions = ensure_definitions(models, store)
    inbox = build_inbox(scope, models.keys)
    notify_of_data(scope, inbox, store, needs.triggered, models.keys)
    rights = grant_door(scope, account, runner, models=models, definitions=definitions, inbox=inbox)
    rules = storage.BucketObject(
        scope.child("rules"),
        bucket=definitions.bucket.name,
        name=_RULES,
        content=needs.rules,
        content_type="application/json",
        opts=scope.opts(),
    )
    environment: dict[str, pulumi.Input[str]] = {
        "MLPLATFORM_DOOR_CLOUD": "gcp",
        # a variable has at most 32 KiB, and many pipelines have more rules
        "MLPLATFORM_DOOR_RULES": pulumi.Output.concat("gs://", definitions.bucket.name, f"/{_RULES}"),
        "MLPLATFORM_DOOR_LEDGERS": pulumi.Output.concat("gs://", definitions.bucket.name, f"/{LEDGERS}"),
        "MLPLATFORM_DOOR_INBOX": inbox.subscription.id,
        "MLPLATFORM_DOOR_DEAD": inbox.dead_topic.id,
    }
    exchange = None
    if needs.starter:
        starter = native(needs.starter.parts, GcpIdentity)
        rights += grant_exchange(scope, account, starter, definitions)
        exchange = ExchangePlaces(
            orders=pulumi.Output.concat("gs://", definitions.bucket.name, f"/{ORDERS}"),
            reports=pulumi.Output.concat("gs://", definitions.bucket.name, f"/{REPORTS}"),
        )
        environment |= exchange.variables
    ready = [each for pipeline in needs.pipelines for each in pipeline.parts.ready]
    build_job(scope, account, needs.image, environment, models=models, after=[*rights, *ready, rules])
    build_alarms(scope, physical_name(scope.spec, "door-dead", LONG))
    scope.note(
        "pipelines.triggers",
        f"push the image {needs.image} before `up`: Cloud Run refuses a job whose image is not there",
    )
    return GcpDoor(inbox=inbox.topic.id, scope=scope, queue=inbox, exchange=exchange)
