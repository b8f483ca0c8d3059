"""The layer and its teams as components of Pulumi, in stacks beside the cloud's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import pulumi

from mlplatform.cluster.access_facts import ReachesCluster
from mlplatform.cluster.apply import apply_items
from mlplatform.cluster.content import layer_context, layer_items, team_items
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.kubeconfig import kubeconfig
from mlplatform.cluster.notes import layer_notes, team_notes
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.reference import CloudStack
from mlplatform.components.backend import MissingExtra
from mlplatform.components.base import Component
from mlplatform.components.context import Context
from mlplatform.components.scope import Note
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


class _InCluster(Component):
    """Items of the layer in one stack, with the provider that reaches the cluster."""

    capability = "cluster"

    def __init__(
        self,
        name: str,
        context: Context,
        opts: pulumi.ResourceOptions | None,
        cloud_stack: str,
        items: Sequence[LayerItem],
        notes: Iterable[Note],
        tunnel: str,
    ) -> None:
        """Make the items.

        Args:
            name: the component's name, after the platform's.
            context: the platform.
            opts: the usual options.
            cloud_stack: name of the stack with the cluster.
            items: what is made.
            notes: what the plan's reader must know of it.
            tunnel: address of a tunnel to the API; empty where it is reached by its own.

        Raises:
            MissingExtra: the SDK of Kubernetes is not installed.
        """
        _require_sdk()
        super().__init__(f"{context.prefix}-{name}", context, opts)
        cloud = CloudStack(cloud_stack, self)
        provider = None if opts and (opts.provider or opts.providers) else self._connect(cloud, tunnel)
        apply_items(self.scope, items, cloud.value, provider)
        for note in notes:
            self.scope.note(note.path, note.text)
        self.register_outputs({})

    def _connect(self, cloud: CloudStack, tunnel: str) -> pulumi.ProviderResource:
        from pulumi_kubernetes import Provider

        access = self.context.backend.load(ReachesCluster)(self.context.spec)
        wanted = [access.server, *(value for value in access.arguments if isinstance(value, FromCloud))]
        wanted += [access.authority] if access.authority else []

        def write(values: list[str]) -> str:
            by_output = dict(zip((each.output for each in wanted), values, strict=True))
            known: Callable[[FromCloud], str] = lambda value: by_output[value.output]  # noqa: E731
            return kubeconfig(access, known, tunnel)

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


class ClusterLayer(_InCluster):
    """What is inside of the training cluster: queue, job engines, plugins, storage, teams."""

    def __init__(
        self,
        spec: PlatformSpec,
        target: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cloud_stack: str,
        teams: bool = True,
        tunnel: str = "",
    ) -> None:
        """Make everything that the spec's `cluster` asks for.

        Args:
            spec: the platform, with any number of targets.
            target: the target's name, or its cloud where it is the only one there. Omitted: the only target.
            opts: the usual options; a provider given here is used instead of one made from the cloud's outputs.
            cloud_stack: name of the stack with the cluster.
            teams: whether the spec's teams are made too. False: `Teams` makes them, in a stack of its own.
            tunnel: address of a tunnel to the cluster's API on this machine. Omitted: it is reached by its own address.

        Raises:
            ValueError: the spec has no `cluster`.
            MissingExtra: the SDK of Kubernetes is not installed.
        """
        context, layer = _opened(spec, target)
        items = layer_items(layer, teams=teams)
        super().__init__("layer", context, opts, cloud_stack, items, layer_notes(layer, items), tunnel)


class Teams(_InCluster):
    """The teams of a training cluster: their namespaces, queues, rights, network and limits.

    In a stack of its own, a team comes or goes without anybody touching the queue, the engines and the plugins. The
    queue of `ClusterLayer` must be there first, and must go last.
    """

    def __init__(
        self,
        spec: PlatformSpec,
        target: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cloud_stack: str,
        tunnel: str = "",
    ) -> None:
        """Make the teams that the spec's `cluster.teams` names.

        Args:
            spec: the platform, with any number of targets.
            target: the target's name, or its cloud where it is the only one there. Omitted: the only target.
            opts: the usual options; a provider given here is used instead of one made from the cloud's outputs.
            cloud_stack: name of the stack with the cluster and the teams' identities.
            tunnel: address of a tunnel to the cluster's API on this machine. Omitted: it is reached by its own address.

        Raises:
            ValueError: the spec has no `cluster`, or it has no teams.
            MissingExtra: the SDK of Kubernetes is not installed.
        """
        context, layer = _opened(spec, target)
        if layer.spec.cluster is None or not layer.spec.cluster.teams:
            raise ValueError("cluster.teams: the spec names no team; add one, or leave this component out")
        super().__init__("teams", context, opts, cloud_stack, team_items(layer), team_notes(layer), tunnel)


def _opened(spec: PlatformSpec, target: str | None) -> tuple[Context, LayerContext]:
    context = Context(spec, target)
    if context.spec.cluster is None:
        raise ValueError("cluster: the spec has no layer inside its cluster; add `cluster`, or apply another stack")
    return context, layer_context(spec, context.target.name)
