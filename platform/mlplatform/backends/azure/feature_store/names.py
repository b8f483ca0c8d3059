"""What the online store is called, and how Feast is told. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.artefacts import FeastOnline
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

PORT = 10000
"""Port of Azure Managed Redis, https://learn.microsoft.com/azure/redis/architecture"""


def redis_name(spec: PlatformSpec) -> str:
    """Name of the Redis."""
    return physical_name(spec, "redis", "features")


def redis_host(spec: PlatformSpec) -> str:
    """Its name on the network; its private address is behind it."""
    return f"{redis_name(spec)}.{target_of(spec, AzureTarget).location}.redis.azure.net"


def feast_online(spec: PlatformSpec) -> FeastOnline:
    """The Redis, which takes no key: whoever asks logs in with the identity that is there."""
    return FeastOnline(
        kind="entra_redis.EntraRedisOnlineStore",
        extra="redis",
        options=(("connection_string", f"{redis_host(spec)}:{PORT},ssl=true"),),
        packages=("redis-entraid==1.2.2",),
        program="entra_redis.py",
    )
