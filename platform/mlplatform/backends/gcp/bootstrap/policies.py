"""The names and conditions of the roles of the deployer and of previews."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlplatform.components.names import platform_name
from mlplatform.spec.platform import PlatformSpec

BUDGET_ROLE = "roles/billing.costsManager"
"""Writes budgets of a billing account, https://docs.cloud.google.com/billing/docs/how-to/budgets#permissions

No role of a project does, Owner included: a budget belongs to the billing account.
"""


def role_id(spec: PlatformSpec, duty: str) -> str:
    """Id of a custom role, which has no hyphens."""
    return re.sub("[^a-zA-Z0-9_.]", "_", f"{platform_name(spec)}_{duty}")


_MOST_ROLES = 10
"""Most values of one list in a condition, https://docs.cloud.google.com/iam/docs/setting-limits-on-granting-roles"""


def grant_condition(roles: Sequence[str]) -> str:
    """The condition under which only these roles may be granted on the project.

    One change of the project's policy may touch the roles of one list only: the provider therefore writes each grant by
    itself (`provider.py`). https://docs.cloud.google.com/iam/docs/setting-limits-on-granting-roles
    """
    names = [f"'{role}'" for role in roles]
    lists = [", ".join(names[start : start + _MOST_ROLES]) for start in range(0, max(len(names), 1), _MOST_ROLES)]
    return " || ".join(
        f"api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([{few}])" for few in lists
    )
