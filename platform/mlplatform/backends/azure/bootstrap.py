"""State, identities, registrations and the deployer's role of one stack on Azure. Imports no SDK."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from mlplatform.backends.azure.addresses import place_container
from mlplatform.backends.azure.ci_login import build as build_login
from mlplatform.backends.azure.foundation.principal import TOKEN_AUDIENCE
from mlplatform.backends.azure.foundation.registrations import needed_features, needed_providers
from mlplatform.backends.azure.naming import guid, physical_name
from mlplatform.backends.azure.rights import build as derive_rights
from mlplatform.backends.azure.rights import directory_types
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.bootstrap import OPERATIONS, Bootstrap, BootstrapStep, PlannedResource, sum_rights
from mlplatform.components.ci_login import CiSystem, Duty
from mlplatform.components.narrowed import target_of
from mlplatform.components.record_copy import compares
from mlplatform.spec.access import CiSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import COPY_PATH

_BLOB = {"deploy": "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "preview": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"}
"""Storage Blob Data Contributor and Reader."""
_CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
_CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security"""
_COPY_ACTIONS = tuple(
    f"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/{verb}" for verb in ("read", "write")
)
"""A blob that is replaced, or made, by one request with its content."""
_CONTAINER = "state"
_KEY = "state"
_DUTIES: tuple[Duty, ...] = ("deploy", "preview")


def build(spec: PlatformSpec, resources: Sequence[PlannedResource], state: str | None) -> Bootstrap:
    """The bootstrap, from a spec narrowed to Azure."""
    target = target_of(spec, AzureTarget)
    apply = sum_rights(derive_rights, resources, OPERATIONS)
    preview = sum_rights(derive_rights, resources, ("read",))
    subscription = f"/subscriptions/{target.subscription_id}"
    roles = {
        duty: _role(spec, duty, rights, subscription) for duty, rights in (("deploy", apply), ("preview", preview))
    }
    condition = assignment_condition(
        sorted(
            {
                str(each.inputs["roleDefinitionId"]).rpartition("/")[2]
                for each in resources
                if each.type == "azure-native:authorization:RoleAssignment"
            }
        )
    )
    if compares(spec):
        condition = f"{condition} AND {copy_condition(spec)}"
    directory = sorted({kind for each in resources for kind in directory_types(each)})
    container, account = _account_of(state) or (_CONTAINER, physical_name(spec, "storage-account", "state"))
    vault = physical_name(spec, "vault", "state")
    ci = spec.access.ci
    values: dict[str, object] = {
        "subscription": subscription,
        "tenant": target.tenant_id,
        "location": target.location,
        "tags": {"platform": spec.name, "environment": spec.environment, "managed-by": "mlplatform-bootstrap"},
        "group": physical_name(spec, "resource-group", "bootstrap"),
        "account": None if state else account,
        "container": container,
        "vault": None if state else vault,
        "key": _KEY,
        "identities": {duty: physical_name(spec, "identity", duty) for duty in _DUTIES},
        "roles": {
            duty: {
                "id": role["id"],
                "name": role["Name"],
                "actions": role["Actions"],
                "data_actions": role["DataActions"],
            }
            for duty, role in roles.items()
        },
        "assignments": {
            f"{duty}-{what}": guid(spec, "bootstrap", duty, what)
            for duty in _DUTIES
            for what in ("role", "state", "key")
        },
        "condition": condition,
        "blob_roles": _BLOB,
        "key_role": _CRYPTO_USER,
        "issuer": ci.issuer if ci else None,
        "audience": TOKEN_AUDIENCE,
        "subjects": {duty: list(_subjects(spec, ci, duty)) for duty in _DUTIES} if ci else {},
    }
    # the names that `mlplatform render ci` gives them
    clients = [build_login(spec, duty, CiSystem(name=ci.system)).identity for duty in _DUTIES] if ci else []
    return Bootstrap(
        state=state or f"azblob://{container}?storage_account={account}",
        secrets="" if state else f"azurekeyvault://{vault}.vault.azure.net/keys/{_KEY}",
        apply=apply,
        preview=preview,
        documents={
            **{
                f"{duty}-role.json": _json({k: v for k, v in role.items() if k != "id"}) for duty, role in roles.items()
            },
            "assign-condition.txt": condition,
        },
        steps=tuple(_steps(spec, target, values)),
        settings=(f"CI variables {' and '.join(clients)}: the client ids that the last commands print",) if ci else (),
        limits=(
            "whoever may write role definitions can widen the platform's own custom roles; the "
            "condition lets only planned "
            "roles be assigned, and only the subscription's Owner can take the right away",
            *(
                (
                    f"Entra objects ({', '.join(directory)}) are no resources of the subscription: "
                    "give the deployer's identity "
                    "`Application.ReadWrite.OwnedBy` of Microsoft Graph, or name targets[azure].callers_app_id",
                )
                if directory
                else ()
            ),
        ),
        values=values,
        program=Path(__file__).with_name("bootstrap_program.py"),
    )


def assignment_condition(roles: Sequence[str]) -> str:
    """The condition under which only these roles may be assigned, and their assignments deleted.

    https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
    """
    guids = ", ".join(roles)
    attribute = "[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals"
    return " AND ".join(
        f"((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{verb}'}})) OR ({where}{attribute} {{{guids}}}))"
        for verb, where in (("write", "@Request"), ("delete", "@Resource"))
    )


def copy_condition(spec: PlatformSpec) -> str:
    """The condition under which a role reads and writes one blob alone, the copy of the record of releases.

    https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-attributes
    """
    account, container = place_container(spec, "models")
    others = " AND ".join(f"!(ActionMatches{{'{action}'}})" for action in _COPY_ACTIONS)
    services = "Microsoft.Storage/storageAccounts"
    held = {
        f"{services}:name": account,
        f"{services}/blobServices/containers:name": container,
        f"{services}/blobServices/containers/blobs:path": COPY_PATH,
    }
    only = " AND ".join(f"@Resource[{name}] StringEquals '{value}'" for name, value in held.items())
    return f"(({others}) OR ({only}))"


def _role(spec: PlatformSpec, duty: str, rights: Sequence[str], subscription: str) -> dict[str, object]:
    """A custom role: every read, because Azure names those of running operations differently in each service."""
    return {
        "id": guid(spec, "bootstrap", duty),
        "Name": physical_name(spec, "identity", duty),
        "IsCustom": True,
        "Description": f"Runs {'up' if duty == 'deploy' else 'preview'} of one stack",
        "Actions": ["*/read", *(right for right in rights if not right.endswith("/read"))],
        "NotActions": list[str](),
        "DataActions": list(_COPY_ACTIONS) if duty == "deploy" and compares(spec) else list[str](),
        "AssignableScopes": [subscription],
    }


def _subjects(spec: PlatformSpec, ci: CiSpec, duty: str) -> tuple[str, ...]:
    if duty == "deploy":
        return (ci.deploy_subject(spec.environment),)
    return ci.preview_subjects


def _account_of(state: str | None) -> tuple[str, str] | None:
    if state is None:
        return None
    parts = urlsplit(state)
    account = parse_qs(parts.query).get("storage_account", [""])[0]
    if parts.scheme != "azblob" or not parts.netloc or not account:
        raise ValueError(f"got '{state[:80]}', expected `azblob://CONTAINER?storage_account=ACCOUNT`")
    return parts.netloc, account


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, indent=2) + "\n"


def _steps(spec: PlatformSpec, target: AzureTarget, values: dict[str, object]) -> Iterator[BootstrapStep]:
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
                f"--role {_CRYPTO_OFFICER} --scope {scope}",
                f"az keyvault key show --vault-name {vault} --name {_KEY} >/dev/null 2>&1 || az keyvault key create "
                f"--vault-name {vault} --name {_KEY} --kty RSA --size 3072",
            ),
        )
    for duty in _DUTIES:
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
                f"az role assignment create --assignee-object-id {principal} --role {_BLOB[duty]} --scope "
                f"{storage}/blobServices/default/containers/{container}",
                f"az role assignment create --assignee-object-id {principal} --role {_CRYPTO_USER} --scope {key}",
            ]
        ci = spec.access.ci
        if ci is not None:
            commands += [
                f"az identity federated-credential create {own} --resource-group {group} --identity-name {name} "
                f"--name {ci.system}-{number} --issuer {ci.issuer} --subject '{subject}' --audiences {TOKEN_AUDIENCE}"
                for number, subject in enumerate(_subjects(spec, ci, duty), 1)
            ]
        commands.append(f"az identity show {own} --resource-group {group} --name {name} --query clientId --output tsv")
        yield BootstrapStep(
            title=f"Identity {name} and its role",
            why="runs `up`; the condition lets it assign the planned roles only"
            if duty == "deploy"
            else "runs `preview`: it reads, and changes nothing",
            commands=tuple(commands),
        )
