"""Vaults of secrets, as External Secrets reads them: https://external-secrets.io/v2.9.0/api/secretstore/"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata
from mlplatform.fast.record import record

GROUP = "external-secrets.io"


@record(kw_only=True)
class AccountReference:
    """A service account of the same namespace, whose tokens the operator asks the cluster for."""

    name: str
    """Its name."""


@record(kw_only=True)
class TokenLogin:
    """A login with tokens of a service account."""

    service_account_ref: AccountReference
    """The account."""


@record(kw_only=True)
class AwsLogin:
    """How the operator logs in to AWS."""

    jwt: TokenLogin
    """With a token that the account's role trusts; the annotation of the account names the role."""


@record(kw_only=True)
class SecretsManagerVault:
    """Secrets of AWS Secrets Manager."""

    region: str
    """Their region."""

    auth: AwsLogin
    """How the operator logs in."""

    prefix: str
    """Beginning of their names, which an ExternalSecret leaves out."""

    service: Literal["SecretsManager"] = "SecretsManager"
    """The service."""


@record(kw_only=True)
class GoogleLogin:
    """How the operator logs in to Google Cloud."""

    workload_identity: TokenLogin
    """With a token of an account that may act as a service account of Google's; its annotation names that one."""


@record(kw_only=True)
class SecretManagerVault:
    """Secrets of Google's Secret Manager."""

    project_id: str
    """Their project."""

    auth: GoogleLogin
    """How the operator logs in."""


@record(kw_only=True)
class KeyVault:
    """Secrets of an Azure Key Vault."""

    vault_url: str
    """Address of the vault."""

    tenant_id: str
    """Its tenant."""

    service_account_ref: AccountReference
    """The account whose tokens a managed identity trusts; its annotation names the identity."""

    auth_type: Literal["WorkloadIdentity"] = "WorkloadIdentity"
    """How the operator logs in."""


@record(kw_only=True)
class KubernetesLogin:
    """A login with a token of a service account, which the vault asks the cluster about."""

    mount_path: str
    """Where the vault has this way of login."""

    role: str
    """The vault's role, which says what may be read."""

    service_account_ref: AccountReference
    """The account whose tokens the operator asks the cluster for."""


@record(kw_only=True)
class VaultLogin:
    """How the operator logs in to a vault of its own kind."""

    kubernetes: KubernetesLogin
    """With a token of an account of the cluster."""


@record(kw_only=True)
class HashicorpVault:
    """Secrets of a vault that speaks the interface of HashiCorp Vault, as OpenBao does: the plain form where a cloud
    has none of the others. https://external-secrets.io/v2.9.0/provider/hashicorp-vault/"""

    server: str
    """Address of the vault, with `https://`."""

    path: str
    """Where the engine of keys and values is mounted."""

    auth: VaultLogin
    """How the operator logs in."""

    version: Literal["v1", "v2"] = "v2"
    """Version of that engine."""


@record(kw_only=True)
class VaultProvider:
    """The vault: one of these."""

    aws: SecretsManagerVault | None = None
    """In AWS Secrets Manager."""

    gcpsm: SecretManagerVault | None = None
    """In Google's Secret Manager."""

    azurekv: KeyVault | None = None
    """In an Azure Key Vault."""

    vault: HashicorpVault | None = None
    """In a vault that speaks the interface of HashiCorp Vault."""


@record(kw_only=True)
class SecretStoreSpec:
    """Where secrets are."""

    provider: VaultProvider
    """The vault."""


@record(kw_only=True)
class SecretStore(KubeObject):
    """The secrets of one namespace in the cloud's vault."""

    API = f"{GROUP}/v1"
    KIND = "SecretStore"

    metadata: Metadata
    """Name and namespace."""

    spec: SecretStoreSpec
    """Where they are."""
