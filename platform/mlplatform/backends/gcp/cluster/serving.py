"""How pods on GKE read models, and where the cluster's tokens are checked."""

from __future__ import annotations

from mlplatform.backends.gcp.addresses import place_uri
from mlplatform.backends.gcp.cluster.teams import SERVERS
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.serving_facts import CapturePlace, ModelAccess, SecretCommands
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

_CLI = "gcr.io/google.com/cloudsdktool/google-cloud-cli:573.0.0-stable"
"""Takes the identity of GKE's metadata server by itself, https://docs.cloud.google.com/sdk/docs/downloads-docker
(2026-11)"""


def build(spec: PlatformSpec) -> ModelAccess:
    """https://rclone.org/googlecloudstorage/, of buckets without rights of single objects;
    https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/getJwks"""
    settings = {"type": "google cloud storage", "env_auth": "true", "bucket_policy_only": "true"}
    return ModelAccess(
        address="gs://",
        settings=settings,
        captures=CapturePlace(
            settings={**settings, "no_check_bucket": "true"},
            address=place_uri(spec, "monitoring").removeprefix("gs://"),
        ),
        secrets=SecretCommands(
            image=_CLI,
            read=f"gcloud secrets versions access latest --secret={{secret}} "
            f"--project={target_of(spec, GcpTarget).project} --quiet",
        ),
        keys_host="container.googleapis.com",
        # https://docs.cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
        entry={"cloud.google.com/l4-rbs": "enabled"},
        identity_servers=SERVERS,
    )
