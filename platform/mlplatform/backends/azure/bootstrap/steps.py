"""The commands of the bootstrap, for a person with the Azure command line."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.bootstrap.policies import BLOB_ROLES, CRYPTO_OFFICER, CRYPTO_USER
from mlplatform.backends.azure.bootstrap.trust import DUTIES, trusted_subjects
from mlplatform.backends.azure.foundation.principal import TOKEN_AUDIENCE
from mlplatform.backends.azure.foundation.registrations import needed_features, needed_providers
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.bootstrap import BootstrapStep
from mlplatform.spec.platform import PlatformSpec

STATE_KEY = "state"


def bootstrap_steps(spec: PlatformSpec, target: AzureTarget, values: dict[str, object]) -> Iterator[BootstrapStep]:
    """The commands, in their order."""
    subscription, group = f"/subscriptions/{target.subscription_id}", values["group"]
    own = f"--subscription {target.subscription_id}"
    yield BootstrapStep(
        title="Resource providers",
        why="no resource can register one, and a subscription lacks most of them at first",
        commands=tuple(f"az provider register {own} --namespace Microsoft.{name}" for name in needed_providers(spec)),
    )
    features = needed_features(spec)
    if features:
        yield BootstrapStep(
            title="Features",
            why="each takes some minutes; the second command of a pair makes it known to its provider",
            commands=tuple(
                command
                for namespace, name in features
                for command in (
                    f"az feature register {own} --namespace {namespace} --name {name}",
                    f"az provider register {own} --namespace {namespace}",
                )
            ),
        )
    yield BootstrapStep(
        title="Resource group of the bootstrap",
        why="it outlives the platform's own",
        commands=(f"az group create {own} --name {group} --location {target.location}",),
    )
    account, vault, container = values["account"], values["vault"], values["container"]
    if account:
        scope = f"{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}"
        yield BootstrapStep(
            title="State and its key",
            why="Pulumi's state holds the stack's secrets, encrypted, and every version of itself",
            commands=(
                f"az storage account create {own} --resource-group {group} --name {account} "
                f"--location {target.location} "
                "--sku Standard_ZRS --min-tls-version TLS1_2 --allow-blob-public-access false "
                "--allow-shared-key-access false",
                f"az storage account blob-service-properties update {own} --resource-group {group} "
                f"--account-name {account} "
                "--enable-versioning true --enable-delete-retention true --delete-retention-days 30",
                f"az storage container-rm create {own} --resource-group {group} --storage-account "
                f"{account} --name {container}",
                f"az keyvault show {own} --name {vault} >/dev/null 2>&1 || az keyvault create {own} "
                f"--resource-group {group} "
                f"--name {vault} --location {target.location} --enable-rbac-authorization true "
                "--enable-purge-protection true",
                f'az role assignment create --assignee "$(az ad signed-in-user show --query id --output tsv)" '
                f"--role {CRYPTO_OFFICER} --scope {scope}",
                f"az keyvault key show --vault-name {vault} --name {STATE_KEY} >/dev/null 2>&1 || "
                f"az keyvault key create --vault-name {vault} --name {STATE_KEY} --kty RSA --size 3072",
            ),
        )
    for duty in DUTIES:
        name = physical_name(spec, "identity", duty)
        principal = (
            f'"$(az identity show {own} --resource-group {group} --name {name} --query principalId --output tsv)" '
            "--assignee-principal-type ServicePrincipal"
        )
        commands = [
            f"if [ \"$(az role definition list {own} --name {name} --query 'length(@)')\" = 0 ]; "
            f"then az role definition create {own} --role-definition @{duty}-role.json; "
            f"else az role definition update {own} --role-definition @{duty}-role.json; fi",
            f"az identity create {own} --resource-group {group} --name {name} --location {target.location}",
            f"az role assignment create --assignee-object-id {principal} --role {name} --scope {subscription}"
            + (' --condition "$(cat assign-condition.txt)" --condition-version 2.0' if duty == "deploy" else ""),
        ]
        if account:
            storage = f"{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}"
            key = f"{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}"
            commands += [
                f"az role assignment create --assignee-object-id {principal} --role {BLOB_ROLES[duty]} --scope "
                f"{storage}/blobServices/default/containers/{container}",
                f"az role assignment create --assignee-object-id {principal} --role {CRYPTO_USER} --scope {key}",
            ]
        ci = spec.access.ci
        if ci is not None:
            commands += [
                f"az identity federated-credential create {own} --resource-group {group} --identity-name {name} "
                f"--name {ci.system}-{number} --issuer {ci.issuer} --subject '{subject}' --audiences {TOKEN_AUDIENCE}"
                for number, subject in enumerate(trusted_subjects(spec, ci, duty), 1)
            ]
        commands.append(f"az identity show {own} --resource-group {group} --name {name} --query clientId --output tsv")
        yield BootstrapStep(
            title=f"Identity {name} and its role",
            why="runs `up`; the condition lets it assign the planned roles only"
            if duty == "deploy"
            else "runs `preview`: it reads, and changes nothing",
            commands=tuple(commands),
        )
