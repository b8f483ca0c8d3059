"""The registry of charts: what is pinned, and which values exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, cast

from mlplatform.fast.record import record
from mlplatform.fast.toml import read_toml
from mlplatform.similar import nearest_names

_DATA = Path(__file__).with_name("data")
_OPEN = ".*"


class UnknownValue(ValueError):
    """A value that a chart does not have: Helm would ignore it without a word."""


@record(kw_only=True)
class ChartPull:
    """An image that a chart pulls, and the values that say from where."""

    image: str
    """The image, as the chart has it by default."""

    values: Mapping[str, str]
    """Path of each value that names it, and what belongs there.

    `{repository}` with the registry, `{tag}` with the digest where there is one, `{reference}` for both; `{host}` and
    `{path}`, or `{folder}` and `{name}`, where the chart wants the repository in two parts.
    """


@record(kw_only=True)
class ChartWorkload:
    """Pods that a chart runs all the time, and what they ask a node for."""

    name: str
    """Name of the Deployment or DaemonSet."""

    daemon: Literal["", "every", "devices"]
    """Empty: a Deployment. `every`: a pod on each node of the cluster. `devices`: on nodes with devices or a fabric."""

    replicas: int
    """Pods where the values do not say; of a daemon those on one node."""

    replicas_at: str
    """Path of the value with their number; empty where the chart has none."""

    resources_at: str
    """Path of the value with what they ask for; empty where the platform leaves it to the chart."""

    enabled_at: str
    """Path of the value that switches them off; empty where none does. The charts have them by default."""

    cpu: str
    """CPUs that the chart asks for by itself, as a quantity; empty where it names none."""

    memory: str
    """Memory that the chart asks for by itself, as a quantity; empty where it names none."""


@record(kw_only=True)
class PinnedChart:
    """One chart at one version."""

    name: str
    """Name of the chart, and of its release."""

    repository: str
    """Address of its repository: `https://…`, or `oci://…` with everything before the name."""

    version: str
    """Version of the chart."""

    app: str
    """Version of what it installs."""

    crds: Literal["none", "templates", "folder"]
    """Where its kinds are: among its templates, so that they follow its version and go with it; or in its folder
    `crds`, which Helm installs once, never upgrades and never deletes."""

    kinds: tuple[str, ...]
    """Kinds that it brings, as `group/version/Kind`."""

    pulls: tuple[ChartPull, ...]
    """Images that it pulls, with the values that say from where. An image without such values could not come from the
    platform's registry: a chart with one does not belong here."""

    workloads: tuple[ChartWorkload, ...]
    """Pods that it runs all the time: by its own values, and by those of the layer."""

    values: frozenset[str]
    """Paths of its values; one that ends in `.*` may have anything below it."""

    critical: bool
    """Whether its pods have a critical priority by itself, which GKE admits in few namespaces."""

    source: str
    """Where all this was read."""

    as_of: date
    """The day on which it was read."""

    @property
    def images(self) -> tuple[str, ...]:
        """Images that it pulls by default."""
        return tuple(pull.image for pull in self.pulls)

    @property
    def address(self) -> str:
        """What Helm is given: the whole address of a chart in a registry of images, otherwise the name."""
        return f"{self.repository}/{self.name}" if self.repository.startswith("oci://") else self.name


@cache
def chart(name: str) -> PinnedChart:
    """A chart of the registry.

    Raises:
        LookupError: it has none of that name.
    """
    file = _DATA / f"{name}.toml"
    if not file.is_file():
        raise LookupError(f"no chart '{name}': there are {', '.join(chart_names())}")
    data = read_toml(file)
    return PinnedChart(
        name=name,
        repository=str(data["repository"]),
        version=str(data["version"]),
        app=str(data["app"]),
        crds=cast("Literal['none', 'templates', 'folder']", data["crds"]),
        kinds=tuple(cast("list[str]", data["kinds"])),
        pulls=tuple(
            ChartPull(image=str(pull["image"]), values=cast("dict[str, str]", pull["values"]))
            for pull in cast("list[dict[str, object]]", data.get("pulls", ()))
        ),
        workloads=tuple(map(_workload, cast("list[dict[str, object]]", data["workloads"]))),
        values=frozenset(cast("list[str]", data["values"])),
        critical=bool(data.get("critical")),
        source=str(data["source"]),
        as_of=cast("date", data["as_of"]),
    )


def _workload(table: Mapping[str, object]) -> ChartWorkload:
    requests = cast("Mapping[str, str]", table.get("requests", {}))
    return ChartWorkload(
        name=str(table["name"]),
        daemon=cast("Literal['', 'every', 'devices']", table.get("daemon", "")),
        replicas=cast("int", table.get("replicas", 1)),
        replicas_at=str(table.get("replicas_at", "")),
        resources_at=str(table.get("resources_at", "")),
        enabled_at=str(table.get("enabled_at", "")),
        cpu=requests.get("cpu", ""),
        memory=requests.get("memory", ""),
    )


@cache
def chart_names() -> tuple[str, ...]:
    """Names of all charts, sorted."""
    return tuple(sorted(file.stem for file in _DATA.glob("*.toml")))


def check_values(name: str, values: Mapping[str, object]) -> None:
    """Refuse values that a chart does not have.

    Raises:
        UnknownValue: the text names the path and the nearest one that exists.
    """
    known = chart(name).values
    for path in _paths(values, known):
        if not _exists(path, known):
            near = nearest_names(path, sorted(known), most=1, cutoff=0.5)
            meant = f"; did you mean '{near[0].removesuffix(_OPEN)}'?" if near else ""
            raise UnknownValue(
                f"chart {name} {chart(name).version}: got the value '{path}', expected one of its values.yaml{meant}"
            )


def _paths(values: Mapping[str, object], known: frozenset[str], head: str = "") -> Iterator[str]:
    for key, value in values.items():
        path = f"{head}{key.replace('.', '~')}"
        if isinstance(value, Mapping) and value and f"{path}{_OPEN}" not in known:
            yield from _paths(cast("Mapping[str, object]", value), known, f"{path}.")
        else:
            yield path


def _exists(path: str, known: frozenset[str]) -> bool:
    if path in known or f"{path}{_OPEN}" in known:
        return True
    parts = path.split(".")
    return any(f"{'.'.join(parts[:count])}{_OPEN}" in known for count in range(1, len(parts)))
