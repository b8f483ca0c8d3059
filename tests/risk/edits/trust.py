"""Who may log in: trust of roles, federated credentials and workload identity pools."""

from __future__ import annotations

import json

from .edit import REMOVED, Edit, more, swapped

RULE = "trust-widened"
CI = "iam/role:Role *-ci-role"
PEOPLE = "iam/role:Role *-ml-engineer-role"
SERVICE = "iam/role:Role *-pipelines-role"
PODS = "iam/role:Role *-training-role"
FIRST = ("assumeRolePolicy", "Statement", 0)
GITHUB = "token.actions.githubusercontent.com"
EQUALS = (*FIRST, "Condition", "StringEquals")
SUBJECT = (*EQUALS, f"{GITHUB}:sub")
OWN = "repo:acme@123456/ml-platform@456789:ref:refs/heads/main"
POOL = "WorkloadIdentityPoolProvider"
CI_MEMBER = "serviceaccount/iAMMember:IAMMember *-ci-trust"
CREDENTIAL = "FederatedIdentityCredential *-ci-trust"
WORKLOAD = "FederatedIdentityCredential *-training-training"
APPLICATION = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
FEDERATED = {
    "applicationId": "/applications/0",
    "audiences": ["api://AzureADTokenExchange"],
    "issuer": f"https://{GITHUB}",
    "subject": OWN,
    "displayName": "ci",
}
STRANGER = "arn:aws:iam::999988887777:root"
WEB = {
    "Effect": "Allow",
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": "arn:aws:iam::345678901234:oidc-provider/gitlab.com"},
    "Condition": {"StringEquals": {"gitlab.com:sub": "project_path:x/y:ref_type:branch:ref:main"}},
}
SAML = {
    "Effect": "Allow",
    "Action": "sts:AssumeRoleWithSAML",
    "Principal": {"Federated": "arn:aws:iam::345678901234:saml-provider/okta"},
}
ANCHOR = "aws:rolesanywhere/trustAnchor:TrustAnchor"
COGNITO = "aws:cognito/identityPool:IdentityPool"
WORKFORCE = "gcp:iam/workforcePoolProvider:WorkforcePoolProvider"
ROLE_WITH_SUBJECT_LIST = {
    "assumeRolePolicy": json.dumps(
        {"Statement": [{**WEB, "Condition": {"StringLike": {"gitlab.com:sub": "project_path:acme/*"}}}]}
    )
}

EDITS = (
    # the trust of roles
    Edit("another repository", "aws", CI, SUBJECT, OWN.replace("ml-platform@456789", "fork@9"), "high", RULE),
    Edit("another branch", "aws", CI, SUBJECT, OWN.replace("main", "dev"), "high", RULE),
    Edit("pull requests", "aws", CI, SUBJECT, OWN.partition(":ref:")[0] + ":pull_request", "high", RULE),
    Edit("another owner", "aws", CI, SUBJECT, OWN.replace("acme@123456", "evil@6"), "high", RULE),
    Edit("a second repository", "aws", CI, SUBJECT, [OWN, OWN.replace("ml-platform@456789", "fork@9")], "high", RULE),
    Edit("no subject", "aws", CI, SUBJECT, REMOVED, "high", RULE),
    Edit("no audience", "aws", CI, (*EQUALS, f"{GITHUB}:aud"), REMOVED, "high", RULE),
    Edit("no condition", "aws", CI, (*FIRST, "Condition"), REMOVED, "high", RULE),
    Edit("a pattern", "aws", CI, (*FIRST, "Condition"), {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}, "StringLike": {f"{GITHUB}:sub": "repo:acme@123456/*"}}, "high", RULE),
    Edit("if exists", "aws", CI, (*FIRST, "Condition"), swapped("StringEquals", "StringEqualsIfExists"), "high", RULE),
    Edit("all values of none", "aws", CI, (*FIRST, "Condition"), swapped("StringEquals", "ForAllValues:StringEquals"), "high", RULE),
    Edit("ignoring case", "aws", CI, (*FIRST, "Condition"), swapped("StringEquals", "StringEqualsIgnoreCase"), "high", RULE),
    Edit("everybody but one", "aws", CI, (*FIRST, "Condition"), swapped("StringEquals", "StringNotEquals"), "high", RULE),
    Edit("another issuer beside it", "aws", CI, ("assumeRolePolicy", "Statement"), more(WEB), "high", RULE),
    Edit("a SAML provider", "aws", PEOPLE, ("assumeRolePolicy", "Statement"), more(SAML), "high", RULE),
    Edit("another account", "aws", PEOPLE, (*FIRST, "Principal", "AWS"), STRANGER, "high", RULE),
    Edit("another account beside it", "aws", PEOPLE, (*FIRST, "Principal", "AWS"), more("999988887777"), "high", RULE),
    Edit("everybody", "aws", PEOPLE, (*FIRST, "Principal"), "*", "critical", RULE),
    Edit("everybody of an organisation", "aws", PEOPLE, FIRST, {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}}, "high", RULE),
    Edit("everybody with a name", "aws", PEOPLE, FIRST, {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}, "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/sso-ml-engineer"}}}, "critical", RULE),
    Edit("everybody but one principal", "aws", PEOPLE, FIRST, {"Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": {"AWS": STRANGER}}, "critical", RULE),
    Edit("the whole account", "aws", PEOPLE, (*FIRST, "Principal", "AWS"), "arn:aws:iam::345678901234:root", "medium", RULE),
    Edit("for every account", "aws", SERVICE, (*FIRST, "Condition"), REMOVED, "high", RULE),
    Edit("for another account", "aws", SERVICE, (*FIRST, "Condition", "StringEquals", "aws:SourceAccount"), "999988887777", "high", RULE),
    Edit("for an account that the service does not name", "aws", SERVICE, (*FIRST, "Condition"), swapped("StringEquals", "StringEqualsIfExists"), "high", RULE),
    Edit("another service", "aws", SERVICE, (*FIRST, "Principal", "Service"), "lambda.amazonaws.com", "medium", RULE),
    Edit("every namespace", "aws", PODS, (*FIRST, "Condition", "StringEquals", "aws:RequestTag/kubernetes-namespace"), REMOVED, "high", RULE),
    Edit("another service account", "aws", PODS, (*FIRST, "Condition", "StringEquals", "aws:RequestTag/kubernetes-service-account"), "default", "high", RULE),
    Edit("another audience", "aws", "OpenIdConnectProvider", "clientIdLists", more("https://github.com/evil"), "high", RULE),
    Edit("another issuer", "aws", "OpenIdConnectProvider", "url", "https://token.evil.example", "high", RULE),
    Edit("another certificate", "aws", "OpenIdConnectProvider", "thumbprintLists", ["a" * 40], "medium", RULE),
    Edit("another metadata", "aws", "aws:iam/samlProvider:SamlProvider", "samlMetadataDocument", "<b/>", "high", RULE, {"name": "okta", "samlMetadataDocument": "<a/>"}),
    Edit("another authority", "aws", ANCHOR, "source.sourceData.x509CertificateData", "b", "high", RULE, {"name": "a", "source": {"sourceType": "CERTIFICATE_BUNDLE", "sourceData": {"x509CertificateData": "a"}}}),
    Edit("guests", "aws", COGNITO, "allowUnauthenticatedIdentities", True, "high", RULE, {"identityPoolName": "p", "allowUnauthenticatedIdentities": False}),
    Edit("another provider", "aws", COGNITO, "openidConnectProviderArns", ["arn:aws:iam::345678901234:oidc-provider/evil"], "high", RULE, {"identityPoolName": "p"}),
    Edit("another issuer for the cluster", "aws", "aws:eks/identityProviderConfig:IdentityProviderConfig", "oidc.issuerUrl", "https://evil.example", "high", RULE, {"clusterName": "c", "oidc": {"clientId": "a", "identityProviderConfigName": "o", "issuerUrl": "https://acme.example"}}),
    Edit("another role for pods", "aws", "aws:eks/podIdentityAssociation:PodIdentityAssociation *", "namespace", "default", "medium", RULE, {"clusterName": "c", "namespace": "training", "serviceAccount": "training", "roleArn": "r"}),
    Edit("keys of its own", "gcp", POOL, "oidc.jwksJson", '{"keys":[]}', "high", RULE),
    # workload identity of Google Cloud
    Edit("another repository", "gcp", POOL, "attributeCondition", swapped("ml-platform@456789", "fork@9"), "high", RULE),
    Edit("another owner", "gcp", POOL, "attributeCondition", swapped("'123456'", "'6'"), "high", RULE),
    Edit("another branch", "gcp", POOL, "attributeCondition", swapped("heads/main", "heads/dev"), "high", RULE),
    Edit("no condition", "gcp", POOL, "attributeCondition", REMOVED, "high", RULE),
    Edit("a condition that is always true", "gcp", POOL, "attributeCondition", "true", "high", RULE),
    Edit("one condition less", "gcp", POOL, "attributeCondition", swapped(" && assertion.repository_owner_id == '123456'", ""), "high", RULE),
    Edit("a way around", "gcp", POOL, "attributeCondition", swapped(" && ", " || "), "high", RULE),
    Edit("a prefix", "gcp", POOL, "attributeCondition", "assertion.sub.startsWith('repo:acme@123456/')", "high", RULE),
    Edit("another issuer", "gcp", POOL, "oidc.issuerUri", "https://evil.example", "high", RULE),
    Edit("another mapping", "gcp", POOL, ("attributeMapping", "attribute.repository"), "'acme/ml-platform'", "high", RULE),
    Edit("another subject", "gcp", POOL, ("attributeMapping", "google.subject"), "assertion.actor", "high", RULE),
    Edit("another audience", "gcp", POOL, "oidc.allowedAudiences", ["https://evil.example"], "high", RULE),
    Edit("another repository in the set", "gcp", CI_MEMBER, "member", swapped("acme/ml-platform", "acme/other"), "high", RULE),
    Edit("the whole pool", "gcp", CI_MEMBER, "member", swapped("attribute.repository/acme/ml-platform", "*"), "high", RULE),
    Edit("a pool of another project", "gcp", CI_MEMBER, "member", swapped("345678901234", "999999999999"), "high", RULE),
    Edit("everybody", "gcp", CI_MEMBER, "member", "allAuthenticatedUsers", "critical", RULE),
    Edit("an address of anybody", "gcp", CI_MEMBER, "member", "user:eve@gmail.com", "high", RULE),
    Edit("an account of another project", "gcp", CI_MEMBER, "member", "serviceAccount:bot@evil-project.iam.gserviceaccount.com", "high", RULE),
    Edit("every workload of a namespace", "gcp", "serviceaccount/iAMMember:IAMMember *-training-training-training", "member", swapped("[training/training]", "[default/default]"), "medium", RULE),
    Edit("the cluster of another project", "gcp", "serviceaccount/iAMMember:IAMMember *-training-training-training", "member", swapped("acme-ml-prod.svc", "evil-proj.svc"), "high", RULE),
    Edit("a disabled provider is back", "gcp", "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider old", "disabled", False, "high", RULE, {"workloadIdentityPoolId": "p", "workloadIdentityPoolProviderId": "q", "disabled": True, "oidc": {"issuerUri": "https://acme.example"}}),
    Edit("another account of AWS", "gcp", "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider aws", "aws.accountId", "999988887777", "high", RULE, {"workloadIdentityPoolId": "p", "workloadIdentityPoolProviderId": "q", "aws": {"accountId": "345678901234"}}),
    Edit("another metadata of SAML", "gcp", WORKFORCE, "saml.idpMetadataXml", "<b/>", "high", RULE, {"workforcePoolId": "p", "providerId": "q", "location": "global", "saml": {"idpMetadataXml": "<a/>"}}),
    # federated credentials of Azure
    Edit("another repository", "azure", CREDENTIAL, "subject", swapped("ml-platform@456789", "fork@9"), "high", RULE),
    Edit("another branch", "azure", CREDENTIAL, "subject", swapped("main", "dev"), "high", RULE),
    Edit("an environment", "azure", CREDENTIAL, "subject", "repo:acme@123456/ml-platform@456789:environment:dev", "high", RULE),
    Edit("another owner", "azure", CREDENTIAL, "subject", swapped("acme@123456", "evil@6"), "high", RULE),
    Edit("another issuer", "azure", CREDENTIAL, "issuer", "https://token.evil.example", "high", RULE),
    Edit("another audience", "azure", CREDENTIAL, "audiences", ["api://evil"], "high", RULE),
    Edit("another cluster", "azure", WORKLOAD, "issuer", "https://westus3.oic.prod-aks.azure.com/6/7/", "high", RULE),
    Edit("another service account", "azure", WORKLOAD, "subject", "system:serviceaccount:default:default", "high", RULE),
    Edit("the same trust for another identity", "azure", CREDENTIAL, "resourceName", "acme-ml-prod-operator", "high", RULE),
    Edit("another repository", "azure", APPLICATION, "subject", OWN.replace("acme@123456", "evil@6"), "high", RULE, FEDERATED),
    Edit("another issuer", "azure", APPLICATION, "issuer", "https://token.evil.example", "high", RULE, FEDERATED),
    Edit(
        "a flexible expression",
        "azure",
        "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
        "claimsMatchingExpression",
        "claims['sub'] matches 'repo:*'",
        "high",
        RULE,
        {"applicationId": "/applications/0", "audience": "api://AzureADTokenExchange", "issuer": f"https://{GITHUB}", "claimsMatchingExpression": f"claims['sub'] eq '{OWN}'", "displayName": "ci"},
    ),
    Edit("a new one for another repository", "azure", "azure-native:managedidentity:FederatedIdentityCredential second", "", {"issuer": f"https://{GITHUB}", "subject": "repo:evil/x:ref:refs/heads/main", "resourceName": "acme-ml-prod-ci", "audiences": ["api://AzureADTokenExchange"]}, "high", RULE, {}),
    # harmless
    Edit("another owner in the tags", "aws", "iam/role:Role", "tags.owner", "risk-team", None),
    Edit("shorter sessions", "aws", PEOPLE, "maxSessionDuration", 3600, None),
    Edit("one condition more", "aws", CI, (*EQUALS, f"{GITHUB}:environment"), "prod", None),
    Edit("a statement with another name", "aws", CI, (*FIRST, "Sid"), "Pipeline", None),
    Edit("a list instead of a text", "aws", CI, SUBJECT, [OWN], None),
    Edit("equal as a pattern", "aws", CI, (*FIRST, "Condition"), swapped("StringEquals", "StringLike"), None),
    Edit("a branch of the pattern", "aws", "aws:iam/role:Role gitlab", "assumeRolePolicy", swapped("project_path:acme/*", "project_path:acme/ml:ref_type:branch:ref:main"), None, "", ROLE_WITH_SUBJECT_LIST),
    Edit("a role instead of the account", "aws", PEOPLE, (*FIRST, "Sid"), "Humans", None),
    Edit("the same service for one resource", "aws", SERVICE, (*FIRST, "Condition", "ArnLike"), {"aws:SourceArn": "arn:aws:sagemaker:us-east-1:345678901234:*"}, None),
    Edit("another name to show", "gcp", "WorkloadIdentityPool", "displayName", "pool of CI", None),
    Edit("one condition more", "gcp", POOL, "attributeCondition", swapped("'123456'", "'123456' && assertion.environment == 'prod'"), None),
    Edit("the conditions in another order", "gcp", POOL, "attributeCondition", f"assertion.repository_owner_id == '123456' && assertion.repository_id == '456789' && assertion.sub == '{OWN}'", None),
    Edit("one attribute more", "gcp", POOL, ("attributeMapping", "attribute.actor"), "assertion.actor", None),
    Edit("one subject instead of the repository", "gcp", POOL, "displayName", "github", None),
    Edit("disabled", "gcp", POOL, "disabled", True, None),
    Edit("another owner in the tags", "azure", "Vault", "tags.owner", "risk-team", None),
)  # fmt: skip
