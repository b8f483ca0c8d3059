"""What charts of add-ons must know of GKE."""

from __future__ import annotations

from mlplatform.backends.gcp.cluster.teams import SERVERS
from mlplatform.backends.gcp.naming import bucket_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.addon_facts import AddOnFacts
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> AddOnFacts:
    """The store's place of pipelines, by Workload Identity. The chart reads GCS' values as a template of its own."""
    return AddOnFacts(
        artifacts={
            "gcs": {
                "bucket": bucket_name(spec, target_of(spec, GcpTarget), "pipelines"),
                "keyFormat": '{{ "workflows/{{workflow.namespace}}/{{workflow.name}}/{{pod.name}}" }}',
            }
        },
        labels={},
        identity_servers=SERVERS,
    )
