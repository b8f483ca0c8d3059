"""What tells of new data: rules on the events of the store's buckets, under the folders that pipelines watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pulumi
from pulumi_aws import cloudwatch, sqs

from mlplatform.backends.aws.artifact_store.parts import AwsStore
from mlplatform.backends.aws.foundation.policy import to_json
from mlplatform.backends.aws.naming import RULE
from mlplatform.backends.aws.storage.bucket import AwsBucket
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.triggers import DataTrigger


def watched_keys(triggers: Iterable[DataTrigger]) -> dict[Place, list[dict[str, str]]]:
    """For each place, how the names of the objects look that may count; the door looks at each once more.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    """
    found: dict[Place, set[tuple[str, str]]] = {}
    for trigger in triggers:
        folder = f"{trigger.path}/"
        pattern = ("wildcard", f"{folder}*{trigger.marker}") if trigger.marker else ("prefix", folder)
        found.setdefault(trigger.place, set()).add(pattern)
    return {place: [{kind: text} for kind, text in sorted(patterns)] for place, patterns in sorted(found.items())}


def make_data_rules(
    scope: Scope, store: AwsStore, watched: Mapping[Place, Sequence[Mapping[str, str]]]
) -> dict[Place, cloudwatch.EventRule]:
    """Create a rule for each watched place.

    Args:
        scope: the door.
        store: the store.
        watched: what `watched_keys` says.
    """
    for place in watched:
        if not isinstance(store.buckets[place], AwsBucket):
            scope.note(
                f"targets[{scope.context.target.cloud}].existing.store",
                f"the owner of the bucket for {place} lets it send its events to EventBridge (s3:PutBucketNotification "
                "with EventBridgeConfiguration): new data starts no run before",
            )
    return {
        place: cloudwatch.EventRule(
            scope.child(f"{place}-objects"),
            name=physical_name(scope.spec, f"door-{place}-objects", RULE),
            description=f"New objects in {place} that a pipeline waits for",
            event_pattern=to_json(
                {
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": {"bucket": {"name": [store.buckets[place].name]}, "object": {"key": list(patterns)}},
                }
            ),
            tags=scope.tags,
            opts=scope.opts(delete_before_replace=True),
        )
        for place, patterns in watched.items()
    }


def send_data_events(
    scope: Scope,
    rules: Mapping[Place, cloudwatch.EventRule],
    queue: sqs.Queue,
    letters: sqs.Queue,
    ready: Sequence[pulumi.Resource],
) -> None:
    """Send what the rules see to the queue.

    Args:
        scope: the door.
        rules: by place.
        queue: who is told.
        letters: where events go that could not be sent.
        ready: the policies of both.
    """
    for place, rule in rules.items():
        cloudwatch.EventTarget(
            scope.child(f"{place}-objects-inbox"),
            rule=rule.name,
            target_id="inbox",
            arn=queue.arn,
            dead_letter_config=cloudwatch.EventTargetDeadLetterConfigArgs(arn=letters.arn),
            opts=scope.opts(depends_on=ready, delete_before_replace=True),
        )
