"""The layer as a component of Pulumi, in a stack beside the cloud's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pulumi

from mlplatform.cluster.apply import apply_items
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.facts import ReachesCluster
from mlplatform.cluster.kubeconfig import kubeconfig
from mlplatform.cluster.notes import layer_notes
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.reference import CloudStack
from mlplatform.components.backend import MissingExtra
from mlplatform.components.base import Component
from mlplatform.components.context import Context
from mlplatform.spec.platform import PlatformSpec


def _require_sdk() -> None:
    """Raises MissingExtra where the SDK of Kubernetes is not installed."""
    try:
        import pulumi_kubernetes  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError as error:
        raise MissingExtra(
            "the layer inside the cluster needs pulumi_kubernetes, which is not installed: "
            "pip install 'mlplatform[kubernetes]'",
            name="pulumi_kubernetes",
        ) from error


class ClusterLayer(Component):
    """What is inside of the training cluster: queue, job engines, plugins, storage."""

    capability = "cluster"

    def __init__(
        self,
        spec: PlatformSpec,
        target: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cloud_stack: str,
    ) -> None:
        """Make everything that the spec's `cluster` asks for.

        Args:
            spec: the platform, with any number of targets.
            target: the target's name, or its cloud where it is the only one there. Omitted: the only target.
            opts: the usual options; a provider given here is used instead of one made from the cloud's outputs.
            cloud_stack: name of the stack with the cluster.

        Raises:
            ValueError: the spec has no `cluster`.
            MissingExtra: the SDK of Kubernetes is not installed.
        """
        context = Context(spec, target)
        if context.spec.cluster is None:
            raise ValueError("cluster: the spec has no layer inside its cluster; add `cluster`, or apply another stack")
        _require_sdk()
        super().__init__(f"{context.prefix}-layer", context, opts)
        cloud = CloudStack(cloud_stack, self)
        provider = None if opts and (opts.provider or opts.providers) else self._connect(cloud)
        layer = layer_context(spec, context.target.name)
        apply_items(self.scope, layer_items(layer), cloud.value, provider)
        for note in layer_notes(layer):
            self.scope.note(note.path, note.text)
        self.register_outputs({})

    def _connect(self, cloud: CloudStack) -> pulumi.ProviderResource:
        from pulumi_kubernetes import Provider

        access = self.context.backend.load(ReachesCluster)(self.context.spec)
        wanted = [access.server, *(value for value in access.arguments if isinstance(value, FromCloud))]
        wanted += [access.authority] if access.authority else []

        def write(values: list[str]) -> str:
            by_output = dict(zip((each.output for each in wanted), values, strict=True))
            known: Callable[[FromCloud], str] = lambda value: by_output[value.output]  # noqa: E731
            return kubeconfig(access, known)

        text = pulumi.Output.all(*(cloud.value(each) for each in wanted)).apply(
            cast("Callable[[list[Any]], str]", write)
        )
        return Provider(
            self.scope.child("provider"),
            kubeconfig=text,
            # without it, a new address or authority of the same cluster would replace everything in it
            cluster_identifier=cloud.value(access.identifier),
            enable_server_side_apply=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
