"""Problems of people's groups on Azure. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = ()
"""Every field of `access` is honoured."""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Texts that are no group id, and groups named twice: Azure assigns the same role only once."""
    role_of: dict[str, str] = {}
    named = {f"people.{role}": groups for role, groups in target.people.items()}
    named |= {f"members.{team}": groups for team, groups in target.members.items()}
    for field, groups in named.items():
        role, path = field.partition(".")[2], f"targets[azure].{field}"
        for group in groups:
            if not _is_id(group):
                yield backend.refuse(
                    path,
                    group,
                    "the object id of an Entra group",
                    "write the id that `az ad group show --group NAME --query id` prints",
                )
                continue
            other = role_of.setdefault(group.lower(), role)
            if other != role or groups.count(group) > 1:
                yield backend.refuse(
                    path,
                    group,
                    f"a group that is named only once; {other} names it too",
                    "remove it, or nest it in a separate group for this role or team",
                )


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
