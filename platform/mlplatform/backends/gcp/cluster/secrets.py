"""Where the secrets of a namespace are on Google Cloud."""

from __future__ import annotations

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.addon_facts import NamespaceVault
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.secret_stores import (
    AccountReference,
    GoogleLogin,
    SecretManagerVault,
    TokenLogin,
    VaultProvider,
)
from mlplatform.components.narrowed import target_of
from mlplatform.components.secret_names import SECRETS_ACCOUNT, reader_name
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, namespace: str) -> NamespaceVault:
    """Secret Manager of the project. The operator reads the cluster's name from the metadata server of its node."""
    login = TokenLogin(service_account_ref=AccountReference(name=SECRETS_ACCOUNT))
    return NamespaceVault(
        provider=VaultProvider(
            gcpsm=SecretManagerVault(
                project_id=target_of(spec, GcpTarget).project, auth=GoogleLogin(workload_identity=login)
            )
        ),
        annotations={"iam.gke.io/gcp-service-account": FromCloud(f"layer.identities.{reader_name(namespace)}")},
    )
