"""What a feature store needs of the rest of the spec."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlplatform.field_problem import FieldProblem
from mlplatform.similar import nearest_names
from mlplatform.spec.artifact_store import kept_problems

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec


def _reader_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Readers that are not there."""
    features = spec.feature_store
    endpoints = [each.name for each in spec.endpoints]
    teams = [each.name for each in spec.cluster.teams] if spec.cluster else []
    for index, service in enumerate(features.services if features else ()):
        for field, named, known in (
            ("endpoints", service.endpoints, endpoints),
            ("teams", service.teams, teams),
        ):
            where = ("endpoints",) if field == "endpoints" else ("cluster", "teams")
            for position, name in enumerate(named):
                if name not in known:
                    near = nearest_names(name, known)
                    yield FieldProblem(
                        ("feature_store", "services", index, field, position),
                        f"one of the {'endpoints' if field == 'endpoints' else 'teams of the cluster'}: "
                        f"{', '.join(known) or 'there is none'}",
                        f"write {near[0]}" if near else "use one of these names, or remove it",
                        got=f"'{name}'",
                        fields=(where,),
                    )


def monitor_feature_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Monitors that name features which are not there, or that no request can carry."""
    known = [each.name for each in spec.feature_store.services] if spec.feature_store else []
    for index, endpoint in enumerate(spec.endpoints):
        monitor = endpoint.monitor
        if monitor is None or monitor.features is None:
            continue
        at = ("endpoints", index, "monitor", "features")
        if monitor.features not in known:
            near = nearest_names(monitor.features, known)
            yield FieldProblem(
                at,
                f"one of the services of the feature store: {', '.join(known) or 'there is none'}",
                f"write {near[0]}" if near else "use one of these names, or remove it",
                got=f"'{monitor.features}'",
                fields=(("feature_store", "services"),),
            )
        elif monitor.task == "language":
            yield FieldProblem(
                at,
                "no features: requests of a language model are texts",
                "remove it",
                got=f"'{monitor.features}'",
                fields=(("endpoints", index, "monitor", "task"),),
            )


def feature_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """A place that loses the tables, or in which the registry of features cannot be written again; readers that are
    not there."""
    yield from _reader_problems(spec)
    yield from monitor_feature_problems(spec)
    what = "the tables of features and their registry are in it"
    yield from kept_problems(spec.artifact_store, "features", what, ("feature_store",))
    place = spec.artifact_store.place("features")
    if place.worm:
        yield FieldProblem(
            ("artifact_store", "features", "worm"),
            "a place whose objects can be replaced: each change of a definition writes the registry again",
            "remove it, and keep the history of features by versions and retention",
            got=f"write-once for {place.worm.days} days",
            fields=(("feature_store",),),
        )
