"""The door through which runs of pipelines start: a program that a job of Container Apps runs every few minutes.

It sends the request of a run to Azure ML under an id that follows from what asked for the run: the service runs an id
once, whoever sends it how often. Azure ML's own schedules are not used: they read days and months of a cron expression
as `*`, they stop when the person who made them loses a right, and an enabled one cannot be deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import eventgrid, storage

from mlplatform.backends.azure.artifact_store.parts import LEDGERS, ORDERS, REPORTS, AzureStore
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.identity.grants import grant_role
from mlplatform.backends.azure.pipelines import door_alarms, door_rights
from mlplatform.backends.azure.pipelines.inbox import DEAD, INBOX, AzureInbox, make_inbox
from mlplatform.backends.azure.pipelines.notices import make_notices
from mlplatform.backends.azure.pipelines.pipeline import AzurePipeline
from mlplatform.backends.azure.pipelines.scheduled_job import JobPlan, make_scheduled_job
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.pipeline import DoorNeeds, DoorParts, ExchangePlaces
from mlplatform.components.scope import Scope
from mlplatform.spec.triggers import TICK_MINUTES

_SECONDS = TICK_MINUTES * 60 - 20
"""Longest tick, seconds: the next one finds nobody at work."""

_VCPUS, _MEMORY = 0.25, "0.5Gi"


@dataclass(frozen=True, kw_only=True)
class AzureDoor(DoorParts):
    """The door of the target."""

    scope: Scope
    """Its scope: grants become its children."""

    queues: AzureInbox
    """Its queues."""

    def grant_send(self, identity: Identity) -> None:
        """Let an identity put messages into the queue; it cannot read one."""
        grant_role(self.scope, "ask", "queue-sender", on=self.queues.inbox_id, to=identity)


def build(scope: Scope, needs: DoorNeeds) -> AzureDoor:
    """Make the queues, the notices of new data, the job that decides, its rights and its alarms."""
    store = native(needs.store.parts, AzureStore)
    triggers = [(each.name, trigger) for each in needs.triggered if each.triggers for trigger in each.triggers.data]
    inbox = make_inbox(scope, events=bool(triggers))
    topics: Mapping[str, eventgrid.SystemTopic] = make_notices(scope, store, inbox, triggers) if triggers else {}
    needs.images.grant_pull(needs.identity)
    ledgers = _make_container(scope, store, LEDGERS)
    grant_role(scope, LEDGERS, "blob-contributor", on=ledgers.id, to=needs.identity)
    exchange = _make_exchange(scope, needs, store)
    door_rights.grant_inbox(scope, inbox, needs.identity)
    if needs.pipelines:
        door_rights.grant_runs(scope, needs.models, needs.identity)
    job = make_scheduled_job(
        scope,
        needs.identity,
        JobPlan(
            name="door",
            container="door",
            image=needs.image,
            command=("mlplatform-step", "door", "--cloud", "azure"),
            environment=_variables(inbox, known_output(ledgers, _address(store, f"{LEDGERS}/door")), needs, exchange),
            vcpus=_VCPUS,
            memory=_MEMORY,
            # the program judges all schedules itself: this one only wakes it
            cron=f"*/{TICK_MINUTES} * * * *",
            longest_seconds=_SECONDS,
            after=(*inbox.ready, *(each for pipeline in needs.pipelines for each in pipeline.parts.ready)),
        ),
        needs.models,
        images=needs.images,
    )
    door_alarms.watch_door(scope, job, topics)
    _notes(scope, needs)
    inbox_url = pulumi.Output.concat(inbox.url, f"/{INBOX}")
    return AzureDoor(scope=scope, inbox=inbox_url, queues=inbox, exchange=exchange)


def _make_exchange(scope: Scope, needs: DoorNeeds, store: AzureStore) -> ExchangePlaces | None:
    """Orders and reports in containers of their own: a role holds for a whole container, and who reads one writes the
    other."""
    if needs.starter is None:
        return None
    orders, reports = (_make_container(scope, store, name) for name in (ORDERS, REPORTS))
    for name, made, writer, reader in (
        (ORDERS, orders, needs.identity, needs.starter),
        (REPORTS, reports, needs.starter, needs.identity),
    ):
        grant_role(scope, name, "blob-contributor", on=made.id, to=writer)
        grant_role(scope, name, "blob-reader", on=made.id, to=reader)
    return ExchangePlaces(
        orders=known_output(orders, _address(store, ORDERS)), reports=known_output(reports, _address(store, REPORTS))
    )


def _make_container(scope: Scope, store: AzureStore, name: str) -> storage.BlobContainer:
    """A container of its own: steps, jobs and people write the store's `pipelines`, and a ledger or an order that one
    of them could change would start any run, or none."""
    return storage.BlobContainer(
        scope.child(name),
        container_name=name,
        account_name=store.account_name,
        resource_group_name=resource_group(scope).group_name,
        public_access=storage.PublicAccess.NONE,
        opts=scope.opts(depends_on=store.ready, protect=scope.defaults.protected or None),
    )


def _address(store: AzureStore, folder: str) -> str:
    return f"https://{store.account_name}.blob.core.windows.net/{folder}"


def _notes(scope: Scope, needs: DoorNeeds) -> None:
    """What must be there before, and who reaches the queue: no right alone opens a storage account."""
    scope.note(
        "pipelines.programs_image",
        f"{needs.image} must be in the registry before `up` makes the door: Container Apps looks for it. On a new "
        "platform run `up` without triggers first, push the image, and add them then",
    )
    for pipeline in needs.triggered:
        triggers, ci = pipeline.triggers, scope.spec.access.ci
        path = f"pipelines[{pipeline.name}].triggers"
        scope.note(
            path,
            "`mlplatform retrain --send` reaches the door's queue from the network alone, or from one that is joined "
            "to it; messages from elsewhere are refused whatever rights their sender has",
        )
        if triggers and triggers.branch and ci and ci.runner == "hosted":
            scope.note(
                f"{path}.branch",
                "CI's own machines do not reach the queue: set access.ci.runner to network, or let a machine in the "
                "network send `mlplatform retrain --reason code`",
            )


def _variables(
    inbox: AzureInbox, ledgers: pulumi.Input[str], needs: DoorNeeds, exchange: ExchangePlaces | None
) -> Mapping[str, pulumi.Input[str]]:
    """What the program is told."""
    variables: dict[str, pulumi.Input[str]] = {
        "MLPLATFORM_DOOR_RULES": needs.rules,
        "MLPLATFORM_DOOR_INBOX": pulumi.Output.concat(inbox.url, f"/{INBOX}"),
        "MLPLATFORM_DOOR_DEAD": pulumi.Output.concat(inbox.url, f"/{DEAD}"),
        "MLPLATFORM_DOOR_LEDGERS": ledgers,
    }
    if exchange:
        variables |= exchange.variables
    runs = [native(pipeline.parts, AzurePipeline) for pipeline in needs.pipelines]
    # each request in a variable of its own: Linux takes at most 128 KiB in one
    return variables | {each.variable: each.request for each in runs}
