"""How pods on GKE read models, and where the cluster's tokens are checked."""

from __future__ import annotations

from mlplatform.backends.gcp.cluster.teams import SERVERS
from mlplatform.cluster.facts import ModelAccess
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ModelAccess:
    """https://rclone.org/googlecloudstorage/, of buckets without rights of single objects;
    https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/getJwks"""
    del spec
    return ModelAccess(
        address="gs://",
        settings={"type": "google cloud storage", "env_auth": "true", "bucket_policy_only": "true"},
        keys_host="container.googleapis.com",
        identity_servers=SERVERS,
    )
