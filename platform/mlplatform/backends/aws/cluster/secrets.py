"""Where the secrets of a namespace are on AWS."""

from __future__ import annotations

from mlplatform.backends.aws.naming import secrets_folder
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.addon_facts import NamespaceVault
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.secret_stores import (
    AccountReference,
    AwsLogin,
    SecretsManagerVault,
    TokenLogin,
    VaultProvider,
)
from mlplatform.components.narrowed import target_of
from mlplatform.components.secret_names import SECRETS_ACCOUNT, reader_name
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, namespace: str) -> NamespaceVault:
    """A folder of Secrets Manager. The operator takes the role that the account's annotation names, with a token of the
    account: it cannot act by EKS Pod Identity, which gives credentials to a pod's own account alone."""
    login = TokenLogin(service_account_ref=AccountReference(name=SECRETS_ACCOUNT))
    return NamespaceVault(
        provider=VaultProvider(
            aws=SecretsManagerVault(
                region=target_of(spec, AwsTarget).region,
                auth=AwsLogin(jwt=login),
                prefix=secrets_folder(spec, namespace),
            )
        ),
        annotations={"eks.amazonaws.com/role-arn": FromCloud(f"layer.identities.{reader_name(namespace)}")},
    )
