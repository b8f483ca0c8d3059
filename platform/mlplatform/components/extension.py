"""An extension of a platform: what a capability of another package makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import pulumi

from mlplatform import discovery
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistry, ModelRegistry
from mlplatform.fast.record import record
from mlplatform.spec.extension import ExtensionSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

E = TypeVar("E", bound=ExtensionSpec)


@record(kw_only=True)
class ExtensionNeeds:
    """What of its platform an extension may use; keys, network, logs and routes of alerts are in `scope.context`."""

    store: ArtifactStore
    """The artifact store, which gives rights to its places."""

    images: ImageRegistry
    """The registry of images."""

    models: ModelRegistry
    """The registry of models."""

    pipelines: Identity
    """The identity of pipelines."""

    training: Identity | None
    """The identity of jobs; None without a training cluster."""

    cluster: Cluster | None
    """The training cluster; None where there is none."""


def own_spec(spec: ExtensionSpec, kind: type[E]) -> E:
    """The fields of an entry, as the model of its own capability.

    Raises:
        TypeError: the entry is of another capability.
    """
    if not isinstance(spec, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(spec).__name__}: the entry is of another capability")
    return spec


class Extension(Component):
    """A capability that another package adds."""

    capability = "extension"

    def __init__(
        self,
        name: str,
        spec: ExtensionSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        needs: ExtensionNeeds,
    ) -> None:
        """Make what the package of the entry's kind builds on the context's cloud.

        Args:
            name: logical name.
            spec: the entry.
            context: the platform it belongs to.
            opts: the usual options.
            needs: what of the platform it may use.

        Raises:
            LookupError: no installed package provides the kind.
            NotImplementedError: the package has no module of the cloud; validation refuses that before.
        """
        super().__init__(name, context, opts)
        self.spec = spec
        build = discovery.capability(spec.kind).builder(context.cloud)
        self.made: Mapping[str, pulumi.Input[object]] = build(self.scope, spec, needs)
        """What the package tells of it: outputs of the stack, by name."""
        self.register_outputs(dict(self.made))
