"""How pods on GKE read models, and where the cluster's tokens are checked."""

from __future__ import annotations

from mlplatform.backends.gcp.addresses import place_uri
from mlplatform.backends.gcp.cluster.teams import SERVERS
from mlplatform.cluster.serving_facts import CapturePlace, ModelAccess
from mlplatform.spec.platform import PlatformSpec


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
        keys_host="container.googleapis.com",
        identity_servers=SERVERS,
    )
