"""How a program reaches the cluster, and where images are kept: contracts of `backends/<cloud>/cluster/`.

Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mlplatform.cluster.objects.base import FromCloud, Text
from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec


@record(kw_only=True)
class ClusterAccess:
    """How the layer's program reaches and proves itself to the cluster's API. Nothing in it is secret."""

    server: FromCloud
    """Address of the API: `https://…`."""

    authority: FromCloud | None
    """Base64 of its certificate authority. None: a public authority signed its certificate."""

    identifier: FromCloud
    """The cloud's own id of the cluster: with another address or authority it is still the same cluster."""

    command: str
    """Program that gets a token, which must be on PATH."""

    arguments: tuple[Text, ...]
    """Its arguments."""

    install: str
    """Where that program comes from, for people who lack it."""

    tunnel: str = ""
    """Address of the API on a person's own machine while the first command of the way in is open. Empty: no command of
    the way in leads a program there."""

    from_anywhere: bool = False
    """Whether the API is reached from every network, so that CI's hosted machines can apply the layer."""

    provides_cluster: bool = False
    """Whether the program wants to be told the cluster's address and authority."""


@contract("cluster.access")
class ReachesCluster(Protocol):
    """Says how the cluster's API is reached."""

    def __call__(self, spec: PlatformSpec, /) -> ClusterAccess: ...


@record(kw_only=True)
class ImageStore:
    """Where a platform keeps the images of others, and the commands that put them there."""

    registry: str
    """Beginning of every address in the platform's registry."""

    copies: str
    """Beginning of the addresses of copies; public registry and path follow: `…/copies/quay.io/kuberay/operator`."""

    caches: Mapping[str, str]
    """Beginning of the addresses that the platform's registry pulls through, by public registry."""

    login: tuple[str, ...]
    """Lines of shell that log in to the platform's registry."""

    copy: str
    """The command that copies `"$1"`, an image with its digest or tag, to `"$2"`; it does nothing where it is there."""

    source_hosts: str = ""
    """Pattern of this cloud's public registries that admit nobody without a login. Empty: there are none."""

    source_login: str = ""
    """Line of shell that logs in to such a registry, `{host}`."""


@contract("cluster.images")
class KeepsImages(Protocol):
    """Says where the platform keeps the images that the layer pulls."""

    def __call__(self, spec: PlatformSpec, /) -> ImageStore: ...
