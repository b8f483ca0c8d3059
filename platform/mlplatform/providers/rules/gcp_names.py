"""Names of GCP storage, keys, identities, networks and machines, as their APIs publish them."""

from __future__ import annotations

from mlplatform.providers.rules.base import NameRule, Scope

_REF = "https://cloud.google.com/"
_COMPUTE = _REF + "compute/docs/naming-resources"
_BUCKETS = _REF + "storage/docs/buckets#naming"
_RFC1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_RFC_WORDS = "lower-case letters, digits and hyphens, a letter first, no hyphen last"


def name(
    token: str,
    prop: str,
    longest: int,
    source: str,
    *,
    scope: Scope = "region",
    pattern: str = _RFC1035,
    words: str = _RFC_WORDS,
    shortest: int = 1,
) -> NameRule:
    """A rule whose source may be a path below Google's documentation; without a pattern, RFC 1035's."""
    source = source if source.startswith("https") else _REF + source
    return NameRule(token, prop, pattern, shortest, longest, scope, source, words)


def _compute(kind: str, scope: Scope) -> NameRule:
    token = f"gcp:compute/{kind[0].lower()}{kind[1:]}:{kind}"
    return name(token, "name", 63, _COMPUTE, scope=scope)


NAMES = (
    *(
        _compute(kind, "account")
        for kind in (
            "Network",
            "Firewall",
            "GlobalAddress",
            "BackendService",
            "URLMap",
            "TargetHttpsProxy",
            "SecurityPolicy",
        )
    ),
    *(
        _compute(kind, "region")
        for kind in (
            "Subnetwork",
            "Router",
            "Address",
            "ForwardingRule",
            "ResourcePolicy",
            "RegionNetworkEndpointGroup",
            "RegionBackendService",
            "RegionUrlMap",
            "RegionTargetHttpProxy",
            "NetworkAttachment",
        )
    ),
    _compute("Reservation", ("zone",)),
    _compute("FutureReservation", ("zone",)),
    name("gcp:compute/routerNat:RouterNat", "name", 63, _COMPUTE, scope=("router", "region")),
    NameRule(
        "gcp:storage/bucket:Bucket",
        "name",
        r"(?!goog)(?!.*(google|g00gle))(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9._-]*[a-z0-9]",
        3,
        63,
        "global",
        _BUCKETS,
        "lower-case letters, digits and - _ ., letter or digit at both ends; no goog prefix, no google",
    ),
    name(
        "gcp:serviceaccount/account:Account",
        "accountId",
        30,
        "iam/docs/reference/rest/v1/projects.serviceAccounts/create",
        scope="account",
        pattern=r"[a-z]([-a-z0-9]*[a-z0-9])",
        shortest=6,
    ),
    name(
        "gcp:projects/iAMCustomRole:IAMCustomRole",
        "roleId",
        64,
        "iam/docs/reference/rest/v1/projects.roles/create",
        scope="account",
        pattern=r"[a-zA-Z0-9_.]+",
        words="letters, digits, _ and ., no hyphen",
        shortest=3,
    ),
    name(
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
        "workloadIdentityPoolId",
        32,
        "iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/create",
        scope="account",
        pattern=r"(?!gcp-)[a-z0-9-]+",
        words="lower-case letters, digits and hyphens, no gcp- prefix",
        shortest=4,
    ),
    name(
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
        "workloadIdentityPoolProviderId",
        32,
        "iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers/create",
        scope=("project", "workloadIdentityPoolId"),
        pattern=r"(?!gcp-)[a-z0-9-]+",
        words="lower-case letters, digits and hyphens, no gcp- prefix",
        shortest=4,
    ),
    name(
        "gcp:kms/keyRing:KeyRing",
        "name",
        63,
        "kms/docs/reference/rest/v1/projects.locations.keyRings/create",
        pattern=r"[a-zA-Z0-9_-]+",
        words="letters, digits, _ and -",
    ),
    name(
        "gcp:kms/cryptoKey:CryptoKey",
        "name",
        63,
        "kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/create",
        scope=("keyRing",),
        pattern=r"[a-zA-Z0-9_-]+",
        words="letters, digits, _ and -",
    ),
    name(
        "gcp:bigquery/dataset:Dataset",
        "datasetId",
        1024,
        "bigquery/docs/datasets#dataset-naming",
        scope="account",
        pattern=r"[A-Za-z0-9_]+",
        words="letters, digits and _",
    ),
    name(
        "gcp:secretmanager/secret:Secret",
        "secretId",
        255,
        "secret-manager/docs/reference/rest/v1/projects.secrets/create",
        scope="account",
        pattern=r"[A-Za-z0-9_-]+",
        words="letters, digits, _ and -",
    ),
    name("gcp:dns/managedZone:ManagedZone", "name", 63, "dns/docs/reference/rest/v1/managedZones", scope="account"),
    NameRule(
        "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        "name",
        _RFC1035,
        1,
        63,
        "account",
        _COMPUTE,
        _RFC_WORDS,
    ),
)
