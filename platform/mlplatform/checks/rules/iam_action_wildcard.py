"""Permissions name actions, not whole services."""

from __future__ import annotations

from mlplatform.checks.documents import IDENTITY_POLICIES, policy_statements
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown


def _wide(path: str, resource: Resource) -> list[CheckFault]:
    faults: list[CheckFault] = []
    for statement in policy_statements(resource, path):
        if not statement.allows:
            continue
        if statement.inverted:
            faults.append(CheckFault("A statement allows everything except what it names.", statement.path))
        wide = [action for action in statement.actions if action == "*" or action.endswith(":*")]
        faults += (CheckFault(f"A statement allows {shown(action)}.", statement.path) for action in wide)
    return faults


def _role(role: Resource) -> list[CheckFault]:
    paths = ("permissions[].actions[]", "permissions[].dataActions[]")
    wide = [(at, action) for path in paths for at, action in role.each(path) if _is_wide(str(action))]
    return [CheckFault(f"The role allows {shown(action)}.", at) for at, action in wide]


def _is_wide(action: str) -> bool:
    # `*`, `*/write`, `Microsoft.Storage/*`
    return action.startswith("*") or (action.count("/") == 1 and action.endswith("/*"))


RULE = CheckRule(
    id="iam-action-wildcard",
    level="high",
    topic="least privilege",
    title="Permissions name actions, not whole services",
    why="A wildcard also grants future actions, among them those that grant more permissions.",
    fix="List the actions that are needed.",
    entries=(
        *(
            Entry(
                (token,),
                lambda resource, path=path: _wide(path, resource),
                refs=("CIS AWS 5.0 1.15", "AWS FSBP IAM.1", "AWS FSBP IAM.21"),
                link="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
            )
            for token, path in IDENTITY_POLICIES
        ),
        Entry(
            ("azure-native:authorization:RoleDefinition",),
            _role,
            refs=("CIS Azure 4.0 6.23", "MCSB PA-7"),
            link="https://learn.microsoft.com/azure/role-based-access-control/custom-roles",
        ),
    ),
)
