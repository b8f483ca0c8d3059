"""Airflow's settings of its login: OpenID Connect at the organisation's provider, for named groups and people.

Airflow reads this file as `webserver_config.py`. Whoever may log in has the role User: sees, starts, stops and clears
runs. Nobody has a role with which connections, variables or other people are changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

LOGIN: Mapping[str, Any] = json.loads(os.environ["MLPLATFORM_AIRFLOW_LOGIN"])
"""The spec's `cluster.airflow.login`, and the address of Airflow."""

ALLOWED = "allowed"


def person(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Who somebody is by the claims of their token; empty for whoever may not log in.

    Args:
        claims: of the token, whose signature has been checked.
    """
    name = str(claims.get(LOGIN["name_claim"]) or "")
    said = claims.get(LOGIN["groups_claim"]) or ()
    groups = {said} if isinstance(said, str) else {str(each) for each in said}
    people = {str(each).lower() for each in LOGIN["people"]}
    # an address that nobody has confirmed could be anybody's
    unconfirmed = LOGIN["name_claim"] == "email" and claims.get("email_verified") is False
    if not name or unconfirmed or not (name.lower() in people or groups & set(LOGIN["groups"])):
        return {}
    return {
        "username": name.lower(),
        "email": str(claims.get("email") or name).lower(),
        "first_name": str(claims.get("given_name") or name),
        "last_name": str(claims.get("family_name") or ""),
        "role_keys": [ALLOWED],
    }


_override = cast("Any", import_module("airflow.providers.fab.auth_manager.security_manager.override"))


class SecurityManager(_override.FabAirflowSecurityManagerOverride):
    """Takes people from the token."""

    def get_oauth_user_info(self, provider: str, resp: Mapping[str, Any]) -> dict[str, Any]:
        """Who logged in; empty, which Airflow refuses, for whoever may not."""
        del provider
        return person(resp.get("userinfo") or {})


# 4 is OAuth, https://flask-appbuilder.readthedocs.io/en/latest/security.html#authentication-oauth
AUTH_TYPE = 4
SECURITY_MANAGER_CLASS = SecurityManager
AUTH_USER_REGISTRATION = True
AUTH_USER_REGISTRATION_ROLE = "Public"
AUTH_ROLES_MAPPING = {ALLOWED: ["User"]}
# also of somebody who was there before
AUTH_ROLES_SYNC_AT_LOGIN = True
OAUTH_PROVIDERS = [
    {
        "name": "login",
        "icon": "fa-key",
        "token_key": "access_token",
        "remote_app": {
            "client_id": LOGIN["client_id"],
            "client_secret": os.environ.get("OAUTH_CLIENT_SECRET", ""),
            # with the provider's keys, so that a token's signature, audience and age are checked
            "server_metadata_url": f"{LOGIN['issuer'].rstrip('/')}/.well-known/openid-configuration",
            "client_kwargs": {"scope": " ".join(LOGIN["scopes"])},
        },
    }
]
WTF_CSRF_ENABLED = True
SESSION_COOKIE_SECURE = LOGIN["address"].startswith("https://")
