"""Deletions that a policy of the platform denies: an assignment with the effect DenyAction covers types in its scope.

https://learn.microsoft.com/azure/governance/policy/concepts/effect-deny-action
"""

from __future__ import annotations

from collections.abc import Iterable

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.wire import plain_value, value_at_path

_ASSIGNMENT = "azure-native:authorization:PolicyAssignment"
_DENIED = CloudError(
    "RequestDisallowedByPolicy",
    "Resource '{name}' was disallowed by policy. Policy: deny deletion",
    "https://learn.microsoft.com/azure/governance/policy/concepts/effect-deny-action",
    "set `deletion_protection` to false in the spec and run `pulumi up`, which removes the policy, before the destroy",
)


def refuse_by_policy(held: Held, present: Iterable[Held]) -> None:
    """Raises CloudRefused if a policy denies the deletion of a resource."""
    kind = _type_of(held.id)
    if not kind:
        return
    for assignment in present:
        if assignment.token != _ASSIGNMENT:
            continue
        parameters = assignment.inputs.get("parameters")
        effect = plain_value(value_at_path(parameters, "effect.value"))
        denied = plain_value(value_at_path(parameters, "listOfResourceTypesDisallowedForDeletion.value"))
        scope = str(plain_value(assignment.inputs.get("scope")))
        if effect == "DenyAction" and isinstance(denied, list) and kind in denied and held.id.startswith(f"{scope}/"):
            raise word_refusal(_DENIED, held.token, held.name, held.id)


def _type_of(id_: str) -> str:
    """The type in an id of Azure's resource manager, `Microsoft.Storage/storageAccounts`; empty for another id."""
    _, found, rest = id_.rpartition("/providers/")
    return "/".join(part for index, part in enumerate(rest.split("/")) if index == 0 or index % 2) if found else ""
