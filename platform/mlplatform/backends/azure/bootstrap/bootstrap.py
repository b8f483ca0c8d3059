"""State, identities, registrations and the deployer's role of one stack on Azure. Imports no SDK."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from mlplatform.backends.azure.bootstrap.policies import BLOB_ROLES, CRYPTO_USER, assignment_condition, custom_role
from mlplatform.backends.azure.bootstrap.record_rights import with_copy
from mlplatform.backends.azure.bootstrap.rights import build as derive_rights
from mlplatform.backends.azure.bootstrap.rights import directory_types
from mlplatform.backends.azure.bootstrap.steps import STATE_KEY, bootstrap_steps
from mlplatform.backends.azure.bootstrap.trust import DUTIES, trusted_subjects
from mlplatform.backends.azure.ci_login import build as build_login
from mlplatform.backends.azure.foundation.principal import TOKEN_AUDIENCE
from mlplatform.backends.azure.naming import guid, physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.bootstrap import OPERATIONS, Bootstrap, PlannedResource, sum_rights
from mlplatform.components.ci_login import CiSystem
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

_CONTAINER = "state"


def build(spec: PlatformSpec, resources: Sequence[PlannedResource], state: str | None) -> Bootstrap:
    """The bootstrap, from a spec narrowed to Azure."""
    target = target_of(spec, AzureTarget)
    apply = sum_rights(derive_rights, resources, OPERATIONS)
    preview = sum_rights(derive_rights, resources, ("read",))
    subscription = f"/subscriptions/{target.subscription_id}"
    roles = {
        duty: custom_role(spec, duty, rights, subscription)
        for duty, rights in (("deploy", apply), ("preview", preview))
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
    condition = with_copy(condition, spec)
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
        "key": STATE_KEY,
        "identities": {duty: physical_name(spec, "identity", duty) for duty in DUTIES},
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
            for duty in DUTIES
            for what in ("role", "state", "key")
        },
        "condition": condition,
        "blob_roles": BLOB_ROLES,
        "key_role": CRYPTO_USER,
        "issuer": ci.issuer if ci else None,
        "audience": TOKEN_AUDIENCE,
        "subjects": {duty: list(trusted_subjects(spec, ci, duty)) for duty in DUTIES} if ci else {},
    }
    # the names that `mlplatform render ci` gives them
    clients = [build_login(spec, duty, CiSystem(name=ci.system)).identity for duty in DUTIES] if ci else []
    return Bootstrap(
        state=state or f"azblob://{container}?storage_account={account}",
        secrets="" if state else f"azurekeyvault://{vault}.vault.azure.net/keys/{STATE_KEY}",
        apply=apply,
        preview=preview,
        documents={
            **{
                f"{duty}-role.json": _json({k: v for k, v in role.items() if k != "id"}) for duty, role in roles.items()
            },
            "assign-condition.txt": condition,
        },
        steps=tuple(bootstrap_steps(spec, target, values)),
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
        program=Path(__file__).with_name("program.py"),
    )


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
