"""What Google Cloud takes over when it is created again."""

from __future__ import annotations


def _member(module: str, *kinds: str) -> set[str]:
    return {f"gcp:{module}/{kind[0].lower()}{kind[1:]}:{kind}" for kind in kinds}


# adding a member to a policy or enabling a service succeeds if it is done already
UPSERTS = frozenset(
    {
        *_member("artifactregistry", "RepositoryIamMember"),
        *_member("bigquery", "DatasetIamMember"),
        *_member("cloudrunv2", "JobIamMember", "ServiceIamMember"),
        *_member("iap", "WebCloudRunServiceIamMember"),
        *_member("kms", "CryptoKeyIAMMember"),
        *_member("logging", "LogViewIamMember"),
        *_member("projects", "IAMMember", "Service", "ServiceIdentity"),
        *_member("pubsub", "SubscriptionIAMMember", "TopicIAMMember"),
        *_member("secretmanager", "SecretIamMember"),
        *_member("serviceaccount", "IAMMember"),
        *_member("storage", "BucketIAMMember"),
        *_member("vertex", "AiEndpointIamMember"),
    }
)
