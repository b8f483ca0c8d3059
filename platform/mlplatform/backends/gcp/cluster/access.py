"""The way to the API of GKE."""

from __future__ import annotations

from mlplatform.cluster.access_facts import ClusterAccess
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ClusterAccess:
    """A token of whoever runs the program, by Google's plugin,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl

    The DNS endpoint has a certificate that every machine trusts; an address has one of the cluster's own authority.
    """
    return ClusterAccess(
        server=FromCloud("layer.server"),
        authority=FromCloud("layer.authority") if spec.entry == "none" else None,
        identifier=FromCloud("layer.id"),
        command="gke-gcloud-auth-plugin",
        arguments=(),
        install="`gcloud components install gke-gcloud-auth-plugin`",
        # IAM decides at the DNS endpoint who may send a request
        from_anywhere=spec.entry != "none",
        provides_cluster=True,
    )
