"""What charts of add-ons must know of AKS."""

from __future__ import annotations

from mlplatform.backends.azure.addresses import place_container
from mlplatform.backends.azure.cluster.pods import IDENTITY_LABELS
from mlplatform.cluster.addon_facts import AddOnFacts
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> AddOnFacts:
    """The store's place of pipelines, by workload identity. The chart reads Azure's values as a template of its own."""
    account, container = place_container(spec, "pipelines")
    return AddOnFacts(
        artifacts={
            "azure": {
                "endpoint": f"https://{account}.blob.core.windows.net",
                "container": container,
                "useSDKCreds": True,
                "blobNameFormat": '{{ "workflows/{{workflow.namespace}}/{{workflow.name}}/{{pod.name}}" }}',
            }
        },
        labels=IDENTITY_LABELS,
    )
