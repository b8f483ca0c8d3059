"""Rights on AWS: policy documents in any input, and the resources that grant by their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import cast

from mlplatform.checks.documents import PolicyStatement, statements_of
from mlplatform.checks.resource import Resource
from mlplatform.plan.documents import UnknownInput, document_in
from mlplatform.plan.model import UNKNOWN, Value, is_secret
from mlplatform.risk.condition import Condition
from mlplatform.risk.grants.fields import Reader, attached, value_at
from mlplatform.risk.right import LOG_IN, Right, RightKind

_HOLDERS = {
    "aws:iam/rolePolicy:RolePolicy": "role",
    "aws:iam/userPolicy:UserPolicy": "user",
    "aws:iam/groupPolicy:GroupPolicy": "group",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "permissionSetArn",
}
"""Identity policies that are attached where they stand, and the property with their holder."""
_FENCES = ("aws:ec2/vpcEndpoint*", "aws:organizations/*", "aws:cloudformation/stackSet*")
"""Documents that give nothing by themselves: what a way lets through, and the most that an organisation allows."""


def policy_rights(resource: Resource) -> Iterator[Right]:
    """The rights in the policy documents of a resource, wherever they stand in its inputs."""
    token = resource.step.type
    holder = ""
    if token in _HOLDERS:
        holder = value_at(resource, _HOLDERS[token])
    for path, document in policy_documents(resource.step.inputs, ""):
        is_trust = path.endswith("assumeRolePolicy")
        for statement in statements_of(document, path):
            kind: RightKind = "allow" if statement.allows else "deny"
            if statement.allows and any(fnmatchcase(token, pattern) for pattern in _FENCES):
                kind = "fence"
            elif statement.allows and is_trust:
                kind = "login"
            yield from _statement_rights(statement, kind, holder or resource.step.urn, resource.step.urn)


def _statement_rights(statement: PolicyStatement, kind: RightKind, holder: str, own: str) -> Iterator[Right]:
    principals = statement.principals or (("", holder),)
    if statement.not_principals:
        principals = (("AWS", "*"),)
    conditions = frozenset(
        Condition(operator, key, frozenset(values)) for operator, key, values in statement.conditions
    )
    left_out = frozenset(
        {*statement.not_actions, *statement.not_resources, *(name for _, name in statement.not_principals)}
    )
    scopes = statement.resources or (("*",) if statement.not_resources else (own,))
    for nature, principal in principals:
        for action in statement.actions or ("*",):
            for scope in scopes:
                yield Right(principal, action, scope, kind, conditions, left_out, nature, statement.path)


def policy_documents(value: Value, path: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every policy document inside a value, with its path; also in texts, as Cloud Control's resources are.

    Raises:
        UnknownInput: what looks like a policy cannot be read.
    """
    if isinstance(value, str):
        if '"Statement"' in value:
            yield from policy_documents(document_in(value, path), path)
        elif value == UNKNOWN and _POLICY_NAME.search(path):
            raise UnknownInput(path)
    elif isinstance(value, Mapping):
        entries = cast("Mapping[str, Value]", value)
        if is_secret(entries):
            return
        if isinstance(entries.get("Statement"), list | dict):
            yield path, entries
        else:
            for key, item in entries.items():
                if item is not None and type(item) not in _NO_DOCUMENT:
                    yield from policy_documents(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Value]", value)):
            yield from policy_documents(item, f"{path}[{index}]")


_NO_DOCUMENT = (int, float, bool)
"""Types of values that hold none."""
_POLICY_NAME = re.compile(r"(^|\.)(\w*[pP]olicy|policyDocument|accessPolicies)$")
"""Inputs that hold a policy: where their value is unknown, so is what it allows."""


def _permission(resource: Resource) -> Iterator[Right]:
    """https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html"""
    keys = (
        ("aws:SourceAccount", "sourceAccount"),
        ("aws:SourceArn", "sourceArn"),
        ("aws:PrincipalOrgID", "principalOrgId"),
    )
    conditions = frozenset(
        Condition("StringEquals", key.lower(), frozenset({value_at(resource, path)}))
        for key, path in keys
        if resource.has(path)
    )
    principal = value_at(resource, "principal")
    nature = "Service" if principal.endswith(".amazonaws.com") else "AWS"
    yield Right(
        principal,
        value_at(resource, "action"),
        value_at(resource, "function"),
        conditions=conditions,
        nature=nature,
        path="principal",
    )


def _provider(resource: Resource) -> Iterator[Right]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html"""
    for audience in resource.texts("clientIdLists[]"):
        yield Right(value_at(resource, "url"), LOG_IN, "the account", "login", nature="Federated", path="clientIdLists",
                    conditions=frozenset({Condition("StringEquals", "aud", frozenset({audience}))}))  # fmt: skip


def _entry(resource: Resource) -> Iterator[Right]:
    """https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html"""
    for group in ("log in to the cluster", *resource.texts("kubernetesGroups[]")):
        yield Right(value_at(resource, "principalArn"), group, value_at(resource, "clusterName"), path="principalArn")


_ACCESS = ("permissions[]", "permissionsWithGrantOptions[]")


def _lake(resource: Resource) -> Iterator[Right]:
    for path in _ACCESS:
        for permission in resource.texts(path):
            yield Right(value_at(resource, "principal"), permission, resource.step.urn, path="principal")


READERS: Mapping[str, Reader] = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attached("role", "policyArn"),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": attached("user", "policyArn"),
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": attached("group", "policyArn"),
    "aws:iam/policyAttachment:PolicyAttachment": attached("roles[]", "policyArn"),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": attached("roleName", "policyArns[]"),
    "aws:iam/groupMembership:GroupMembership": attached("users[]", "group"),
    "aws:iam/userGroupMembership:UserGroupMembership": attached("user", "groups[]"),
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": attached("permissionSetArn", "managedPolicyArn"),
    "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment": attached(
        "permissionSetArn", "customerManagedPolicyReference.name"
    ),
    "aws:ssoadmin/accountAssignment:AccountAssignment": attached("principalId", "permissionSetArn", "targetId"),
    "aws:identitystore/groupMembership:GroupMembership": attached("memberId", "groupId"),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": attached("principalArn", "policyArn", "clusterName"),
    "aws:eks/accessEntry:AccessEntry": _entry,
    "aws:kms/grant:Grant": attached("granteePrincipal", "operations[]", "keyId"),
    "aws:lambda/permission:Permission": _permission,
    "aws:lambda/layerVersionPermission:LayerVersionPermission": attached("principal", "action", "layerName"),
    "aws:ram/principalAssociation:PrincipalAssociation": attached("principal", "", "resourceShareArn", action="use"),
    "aws:lakeformation/permissions:Permissions": _lake,
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission": attached("accountId", "", "imageId", action="launch"),
    "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission": attached(
        "accountId", "", "snapshotId", action="ec2:CreateVolume"
    ),
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": attached(
        "principalArn", "", "vpcEndpointServiceId", action="connect"
    ),
    "aws:rds/snapshot:Snapshot": attached("sharedAccounts[]", "", action="restore"),
    "aws:rds/snapshotCopy:SnapshotCopy": attached("sharedAccounts[]", "", action="restore"),
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": attached("sharedAccounts[]", "", action="restore"),
    "aws:redshift/endpointAuthorization:EndpointAuthorization": attached(
        "account", "", "clusterIdentifier", action="connect"
    ),
    "aws:redshift/dataShareAuthorization:DataShareAuthorization": attached(
        "consumerIdentifier", "", "dataShareArn", action="read"
    ),
    "aws:cloudwatch/eventPermission:EventPermission": attached("principal", "action", "eventBusName"),
    "aws:s3/bucketAcl:BucketAcl": attached(
        "accessControlPolicy.grants[].grantee.id", "", "bucket", action="read or write"
    ),
    "aws:signer/signingProfilePermission:SigningProfilePermission": attached("principal", "action", "profileName"),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _provider,
    "aws:iam/role:Role": attached("", "managedPolicyArns[]", itself=True),
}  # fmt: skip
"""Types that grant by their fields; documents are read of every type."""
