"""Serves mock clouds to Pulumi's engine."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from concurrent import futures
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.serve.difference import PropertyPath, Replacement
from mlplatform.mock_cloud.serve.provider import CloudProvider
from mlplatform.providers.schema import root_module

_LARGE = [("grpc.max_receive_message_length", 1 << 28), ("grpc.max_send_message_length", 1 << 28)]
_WORKERS = 8
_GRACE = 1.0


def _only_new_ids(token: str, path: PropertyPath, before: object = None, after: object = None) -> str:
    """Only a changed id replaces a resource."""
    del token, path, before, after
    return ""


@contextmanager
def serving(clouds: Mapping[str, Cloud], replacement: Replacement = _only_new_ids) -> Generator[dict[str, str]]:
    """Providers of these packages, until the end of the block.

    Args:
        clouds: package name (`aws`, `gcp`, `azure-native`) to the cloud of its resources.
        replacement: the changes that replace a resource. Omitted: only those of its id.

    Yields:
        The environment that attaches Pulumi's engine to them in place of the real providers.
    """
    servers: list[grpc.Server] = []
    ports: dict[str, int] = {}
    try:
        for package, cloud in clouds.items():
            workers = futures.ThreadPoolExecutor(max_workers=_WORKERS)
            server = grpc.server(workers, options=_LARGE)  # pyright: ignore[reportUnknownMemberType]
            provider = CloudProvider(cloud, _version(package), replacement)
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
            ports[package] = server.add_insecure_port("127.0.0.1:0")
            server.start()
            servers.append(server)
        yield {"PULUMI_DEBUG_PROVIDERS": ",".join(f"{package}:{port}" for package, port in ports.items())}
    finally:
        for server in servers:
            server.stop(_GRACE)


def _version(package: str) -> str:
    try:
        return version(root_module(package).replace("_", "-"))
    except PackageNotFoundError:
        return "0.0.0"
