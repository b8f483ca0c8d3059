"""What is inside of the training cluster, and its teams, each in a stack beside the cluster's."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from mlplatform.cluster.layer import ClusterLayer as LibraryLayer
from mlplatform.cluster.layer import Teams as LibraryTeams
from mlplatform.components.context import Context
from mlplatform.package import names
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.training import TrainingSpec
from mlplatform.package.components.base import inner_options
from mlplatform.package.reading import Part, read_component, read_platform, refusal
from mlplatform.spec.platform import PlatformSpec


class InsideArgs(TypedDict):
    """The platform whose cluster it is: `spec` or `specFile`, as `Platform` has them, or `context` and `training`, as
    `Cluster` has them. The same in both stacks, so that the identities and pools of one are those of the other."""

    spec: NotRequired[Mapping[str, Any]]
    """The spec in its own names, as in a YAML file. `mlplatform schema` prints its JSON Schema."""

    spec_file: NotRequired[str]
    """Path of the spec's file (Python, YAML, JSON), from the project's folder."""

    target: NotRequired[str]
    """Name of one of the spec's targets, or its cloud where it is the only one there. Omitted: the only target."""

    context: NotRequired[ContextArgs]
    """The context of the cluster's component. Its `cluster` says what is inside."""

    training: NotRequired[TrainingSpec]
    """The other arguments of the cluster's component, its pools among them. Needed with `context`."""

    cloud_stack: str
    """Name of the stack with the cluster: `prod-aws`, or with organisation and project, `acme/mlplatform/prod-aws`. It
    exports the output `layer` of its `Platform` or `Cluster` as `layer`."""


class LayerArgs(InsideArgs):
    """The layer of a platform's cluster."""

    teams: NotRequired[bool]
    """Whether the teams are made too. False: `Teams` makes them, in a stack of its own. Omitted: true."""


class TeamsArgs(InsideArgs):
    """The teams of a platform's cluster."""


class ClusterLayer(pulumi.ComponentResource):
    """What is inside of the training cluster: queue, job engines, plugins, storage, teams.

    In a stack beside the cluster's, which must be there first.
    """

    notes: pulumi.Output[list[str]]
    """Steps that a person must take."""

    def __init__(self, name: str, args: LayerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ClusterLayer", name, {}, opts)
        spec, target = _read(args)
        _claim(self, args, spec, target, "layer")
        layer = LibraryLayer(
            spec,
            target,
            inner_options(self, opts),
            cloud_stack=args["cloud_stack"],
            teams=args.get("teams", True),
        )
        self.notes = pulumi.Output.from_input([f"{note.path}: {note.text}" for note in layer.context.notes])
        self.register_outputs({})


class Teams(pulumi.ComponentResource):
    """The teams of a training cluster: their namespaces, queues, rights, network and limits.

    In a stack of its own, after the one with `ClusterLayer`, whose `teams` is then false.
    """

    namespaces: pulumi.Output[dict[str, str]]
    """Namespace of each team."""

    notes: pulumi.Output[list[str]]
    """What members can do beyond their own namespace."""

    def __init__(self, name: str, args: TeamsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Teams", name, {}, opts)
        spec, target = _read(args)
        if spec.cluster and not spec.cluster.teams:
            raise refusal("no teams", (f"{_at(args)}.cluster.teams", "required: the teams that are made"))
        _claim(self, args, spec, target, "teams")
        teams = LibraryTeams(spec, target, inner_options(self, opts), cloud_stack=args["cloud_stack"])
        made = teams.context.spec.cluster.teams if teams.context.spec.cluster else ()
        self.namespaces = pulumi.Output.from_input({team.name: team.namespace for team in made})
        self.notes = pulumi.Output.from_input([f"{note.path}: {note.text}" for note in teams.context.notes])
        self.register_outputs({})


def _read(args: InsideArgs) -> tuple[PlatformSpec, str | None]:
    """The platform and its target.

    Raises:
        pulumi.InputPropertiesError: the platform is given twice or not at all, is refused, or has no layer.
    """
    context = args.get("context")
    twice = [field for field in ("spec", "spec_file", "target") if context is not None and field in args]
    if twice or (context is None and "training" in args):
        raise refusal("a platform given twice", ("context", "give `context` and `training`, or `spec`, or `specFile`"))
    if context is None:
        spec = read_platform(args.get("spec"), args.get("spec_file"))
    else:
        if "existing" in context:
            raise refusal("existing resources", ("context.existing", "leave it out: the cluster's stack has it"))
        spec = read_component(context, [Part("training", args.get("training") or {}, "training")])
    if spec.cluster is None:
        raise refusal(
            "nothing inside", (f"{_at(args)}.cluster", "required: what is inside the cluster; with {}, the defaults")
        )
    return spec, args.get("target")


def _claim(
    owner: pulumi.ComponentResource, args: InsideArgs, spec: PlatformSpec, target: str | None, part: str
) -> None:
    names.claim(f"{Context(spec, target).prefix}-{part}", owner, f"{_at(args)}.name")


def _at(args: InsideArgs) -> str:
    """The argument that holds the platform."""
    return "context" if "context" in args else "spec" if "spec" in args else "specFile"
