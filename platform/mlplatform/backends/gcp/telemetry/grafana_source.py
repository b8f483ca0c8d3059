"""Grafana's settings, and its data source as a mounted secret."""

from __future__ import annotations

import json

import pulumi
from pulumi_gcp import secretmanager, serviceaccount

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.keys.regional_secret import make_secret
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope

PORT = 3000
"""Port Grafana listens on."""


def build_data_source(
    scope: Scope, keys: GcpKeys, target: GcpTarget, account: serviceaccount.Account
) -> tuple[secretmanager.Secret, tuple[pulumi.Resource, ...]]:
    """Build the secret with the data source; a service that mounts it depends on the returned resources."""
    secret = make_secret(scope, keys, "grafana-source")
    source = {
        "apiVersion": 1,
        "datasources": [
            {
                "name": "Cloud Monitoring",
                "type": "stackdriver",
                "access": "proxy",
                "isDefault": True,
                "jsonData": {"authenticationType": "gce", "defaultProject": target.project},
            }
        ],
    }
    version = secretmanager.SecretVersion(
        scope.child("grafana-source-version"),
        secret=secret.id,
        secret_data=json.dumps(source, sort_keys=True),
        opts=scope.opts(),
    )
    reader = secretmanager.SecretIamMember(
        scope.child("grafana-source-reader"),
        project=target.project,
        secret_id=secret.secret_id,
        role="roles/secretmanager.secretAccessor",
        member=account.member,
        opts=scope.opts(),
    )
    return secret, (version, reader)


def grafana_settings(target: GcpTarget, service: str) -> dict[str, str]:
    """Grafana's settings: people log in only by the proxy's header, which is signed for this service.

    https://docs.cloud.google.com/iap/docs/signed-headers-howto
    """
    audience = f"/projects/{target.project_number}/locations/{target.region}/services/{service}"
    claims = {"aud": audience, "iss": "https://cloud.google.com/iap"}
    return {
        "GF_AUTH_BASIC_ENABLED": "false",
        "GF_AUTH_DISABLE_LOGIN_FORM": "true",
        "GF_AUTH_JWT_AUTO_SIGN_UP": "true",
        "GF_AUTH_JWT_EMAIL_CLAIM": "email",
        "GF_AUTH_JWT_ENABLED": "true",
        "GF_AUTH_JWT_EXPECT_CLAIMS": json.dumps(claims, sort_keys=True),
        "GF_AUTH_JWT_HEADER_NAME": "X-Goog-Iap-Jwt-Assertion",
        "GF_AUTH_JWT_JWK_SET_URL": "https://www.gstatic.com/iap/verify/public_key-jwk",
        "GF_AUTH_JWT_USERNAME_CLAIM": "email",
        "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION": "true",
        "GF_SERVER_HTTPPORT": str(PORT),
    }
