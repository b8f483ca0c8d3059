"""The login of a cache to its public registry, with which it also pulls private images."""

from __future__ import annotations

from pulumi_gcp import artifactregistry, secretmanager

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.keys.regional_secret import make_secret
from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import Upstream, login_keys


def make_cache_login(
    scope: Scope, upstream: Upstream, keys: GcpKeys
) -> tuple[artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs, secretmanager.SecretIamMember]:
    """Make the secret with the token, and let Artifact Registry's agent read it before the cache exists.

    https://docs.cloud.google.com/artifact-registry/docs/repositories/configure-remote-auth-docker
    """
    target, name = scope.target(GcpTarget), f"cache-{slug(upstream)}-login"
    user, token = login_keys(upstream)
    secret = make_secret(scope, keys, name)
    version = secretmanager.SecretVersion(
        scope.child(f"{name}-value"), secret=secret.id, secret_data=scope.secret(token), opts=scope.opts()
    )
    reader = secretmanager.SecretIamMember(
        scope.child(f"{name}-reader"),
        project=target.project,
        secret_id=secret.secret_id,
        role="roles/secretmanager.secretAccessor",
        member=keys.foundation.agents["artifact-registry"],
        opts=scope.opts(),
    )
    credentials = artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsUsernamePasswordCredentialsArgs(
        username=scope.secret(user), password_secret_version=version.name
    )
    return (
        artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs(
            username_password_credentials=credentials
        ),
        reader,
    )
