"""Names of AWS storage, keys, identities, networks and machines, as their APIs publish them."""

from __future__ import annotations

from mlplatform.providers.rules.base import NameRule, Scope

_REF = "https://docs.aws.amazon.com/"
_IAM = _REF + "IAM/latest/UserGuide/reference_iam-quotas.html"
_S3 = _REF + "AmazonS3/latest/userguide/bucketnamingrules.html"
_IAM_CHARS = r"[\w+=,.@-]+"
_IAM_WORDS = "letters, digits and + = , . @ _ -"


def _iam(kind: str, longest: int) -> NameRule:
    token = f"aws:iam/{kind[0].lower()}{kind[1:]}:{kind}"
    return NameRule(token, "name", _IAM_CHARS, 1, longest, "account", _IAM, _IAM_WORDS, folded=True)


def rule(
    token: str, prop: str, pattern: str, longest: int, scope: Scope, source: str, words: str, shortest: int = 1
) -> NameRule:
    """A rule whose source is a path below AWS's documentation."""
    return NameRule(token, prop, pattern, shortest, longest, scope, _REF + source, words)


NAMES = (
    NameRule(
        "aws:s3/bucket:Bucket",
        "bucket",
        r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]*[a-z0-9]"
        r"(?<!-s3alias)(?<!--ol-s3)(?<!\.mrap)(?<!--x-s3)",
        3,
        63,
        "global",
        _S3,
        "lower-case letters, digits, hyphens and dots, a letter or digit at both ends, no reserved prefix",
    ),
    _iam("Role", 64),
    _iam("User", 64),
    _iam("Policy", 128),
    _iam("InstanceProfile", 128),
    _iam("Group", 128),
    NameRule("aws:iam/rolePolicy:RolePolicy", "name", _IAM_CHARS, 1, 128, ("role",), _IAM, _IAM_WORDS, folded=True),
    rule(
        "aws:ssoadmin/permissionSet:PermissionSet",
        "name",
        r"[\w+=,.@-]+",
        32,
        ("instanceArn",),
        "singlesignon/latest/APIReference/API_CreatePermissionSet.html",
        _IAM_WORDS,
    ),
    rule(
        "aws:kms/alias:Alias",
        "name",
        r"alias/(?!aws/)[a-zA-Z0-9:/_-]+",
        256,
        "region",
        "kms/latest/APIReference/API_CreateAlias.html",
        "alias/ and letters, digits, : / _ -; alias/aws/ is reserved",
    ),
    rule(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "name",
        r"[a-zA-Z0-9().\-/_]+",
        128,
        "region",
        "AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html",
        "letters, digits and ( ) . - / _",
        shortest=3,
    ),
    rule(
        "aws:ec2/securityGroup:SecurityGroup",
        "name",
        r"(?!sg-)[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+",
        255,
        ("vpcId",),
        "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
        "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not starting with sg-",
    ),
    rule(
        "aws:ec2/placementGroup:PlacementGroup",
        "name",
        r"[\x20-\x7e]+",
        255,
        "region",
        "AWSEC2/latest/APIReference/API_CreatePlacementGroup.html",
        "ASCII characters",
    ),
    rule(
        "aws:backup/vault:Vault",
        "name",
        r"[a-zA-Z0-9_-]+",
        50,
        "region",
        "aws-backup/latest/devguide/API_CreateBackupVault.html",
        "letters, digits, - and _",
        shortest=2,
    ),
    rule(
        "aws:secretsmanager/secret:Secret",
        "name",
        r"[A-Za-z0-9/_+=.@-]+",
        512,
        "region",
        "secretsmanager/latest/apireference/API_CreateSecret.html",
        "letters, digits and / _ + = . @ -",
    ),
    rule(
        "aws:dynamodb/table:Table",
        "name",
        r"[a-zA-Z0-9_.-]+",
        255,
        "region",
        "amazondynamodb/latest/APIReference/API_CreateTable.html",
        "letters, digits and _ . -",
        shortest=3,
    ),
)
