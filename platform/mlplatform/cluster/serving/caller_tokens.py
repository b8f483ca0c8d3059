"""Envoy's check of callers by the tokens of their service accounts, before whatever the cluster serves."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.cluster.objects.base import FromCloud
from mlplatform.components.envoy import Json, dump, http_filter, tls, upstream

_KEYS = "_keys"
"""The upstream of the keys of tokens; the others have names that start with a letter."""

_MARK = "@keys@"


def token_filter(audiences: Sequence[str], callers: Sequence[str], open_paths: Sequence[str]) -> Json:
    """Lets those in whose token is of this cluster, for this host, and of a known service account.

    Each cluster has keys of its own, so that the token's issuer need not be named. The token goes no further.

    Args:
        audiences: hosts that tokens must be for, one of them.
        callers: service accounts that may call, as `namespace:name`.
        open_paths: paths that need no token: those of probes.
    """
    subjects = "|".join(callers)
    provider: Json = {
        "audiences": list(audiences),
        "subjects": {"safe_regex": {"regex": f"system:serviceaccount:({subjects})"}},
        "require_expiration": True,
        "from_headers": [{"name": "Authorization", "value_prefix": "Bearer "}],
        "remote_jwks": {
            "http_uri": {"uri": _MARK, "cluster": _KEYS, "timeout": "5s"},
            "cache_duration": "600s",
            "async_fetch": {},
        },
    }
    return http_filter(
        "jwt_authn",
        "jwt_authn.v3.JwtAuthentication",
        {
            "providers": {"cluster": provider},
            "rules": [
                *({"match": {"path": path}} for path in open_paths),
                {"match": {"prefix": "/"}, "requires": {"provider_name": "cluster"}},
            ],
        },
    )


def keys_upstream(host: str) -> Json:
    """Where the keys of tokens are."""
    return {**upstream(_KEYS, "LOGICAL_DNS", host, 443), "transport_socket": tls(host)}


def with_keys(config: Json) -> FromCloud:
    """The configuration as text, around the address of the keys, which stands in it once for each port."""
    before, after, *more = dump(config).split(_MARK)
    return FromCloud("layer.tokenKeys", before, after, tuple(more))
