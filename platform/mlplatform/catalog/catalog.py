"""A cloud's catalogue: its machines, accelerators, regions and zones."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from mlplatform.catalog.accelerator import MODELS, Accelerator
from mlplatform.catalog.choice import Choice, NotOffered, PassedOver
from mlplatform.catalog.cpu import smallest_machine
from mlplatform.catalog.kubernetes import KubernetesService, kubernetes_service
from mlplatform.catalog.load import Region, cpu_machines, gpu_machines, regions, shared_parts
from mlplatform.catalog.machine import CapacityKind, CpuMachine, CpuUse, GpuMachine, Quotas, Service, Serving, Use
from mlplatform.catalog.parts import services
from mlplatform.catalog.reader import CatalogError, read_sources, read_table
from mlplatform.catalog.select import Machines, Wish, fitting_machines
from mlplatform.fast.kept import kept_value
from mlplatform.fast.record import record

__all__ = [
    "CapacityKind",
    "Catalog",
    "CatalogError",
    "Choice",
    "CpuMachine",
    "CpuUse",
    "GpuMachine",
    "NotOffered",
    "PassedOver",
    "Region",
    "Service",
    "Serving",
    "Use",
    "catalog_path",
    "load_catalog",
]


@record()
class Catalog:
    """Accelerators, machines and regions of one cloud, as of one day."""

    cloud: str
    """Name of the backend, for example `aws`."""

    title: str
    """Name for readers, for example `AWS`."""

    as_of: date
    """Day on which the facts were last compared with the vendor's pages."""

    sources: tuple[str, ...]
    """The vendor's pages."""

    price_region: str
    """Region whose on-demand prices are listed, USD."""

    regions: Mapping[str, Region]
    """Regions by name."""

    machines: tuple[GpuMachine, ...]
    """Machines with accelerators."""

    cpu_machines: tuple[CpuMachine, ...]
    """Machines without accelerators."""

    resource_quotas: Quotas
    """Quotas that resources count against, by their type; their unit is `resources`."""

    services: Mapping[str, Service]
    """Services and features that only some regions have, by name."""

    kubernetes: KubernetesService
    """Kubernetes versions of the managed service, with the ends of their support."""

    def is_region(self, name: str) -> bool:
        """True if the cloud has a region of that name."""
        return name in self.regions

    def near_regions(self, name: str) -> tuple[str, ...]:
        """The regions that a name means which is none of them: misspelt, a zone, another cloud's region."""
        from mlplatform.catalog.region_names import meant_regions  # on first use: most specs name a region

        return meant_regions(name, self.cloud, self.regions)

    def choose(
        self,
        options: Sequence[Accelerator],
        region: str,
        zone: str | None = None,
        *,
        use: Use = "training",
        capacity: CapacityKind = "on-demand",
        fabric: bool = False,
        mig: str | None = None,
        time_slicing: bool = False,
        vcpus: float = 0,
        memory_gib: float = 0,
        insisted: Collection[str] = (),
    ) -> Choice | NotOffered:
        """The smallest machine with the first acceptable accelerator that is offered.

        Args:
            options: Acceptable accelerators, preferred first.
            region: Region it must be in.
            zone: Zone it must be in. Omitted: any.
            use: Nodes of a cluster, an always-on endpoint, or one that scales to zero.
            capacity: Kind of capacity.
            fabric: True if it needs the fast fabric; then the fastest of equal size is chosen.
            mig: MIG profile it must offer. Omitted: none.
            time_slicing: True if pods must be able to share a device by time slicing.
            vcpus: Smallest number of vCPUs. Omitted: any.
            memory_gib: Smallest main memory, GiB. Omitted: any.
            insisted: Names of machines that the user knows to be in the region. Omitted: only listed ones are taken.
        """
        wish = Wish(
            region=region,
            zone=zone,
            use=use,
            capacity=capacity,
            fabric=fabric,
            mig=mig,
            time_slicing=time_slicing,
            vcpus=vcpus,
            memory_gib=memory_gib,
            insisted=frozenset(insisted),
        )
        asked = id(self), tuple(options), wish
        if asked not in _CHOSEN:
            if len(_CHOSEN) >= _MOST_CHOSEN:
                _CHOSEN.clear()
            _CHOSEN[asked] = self, self._chosen(options, wish)
        return _CHOSEN[asked][1]

    def _chosen(self, options: Sequence[Accelerator], wish: Wish) -> Choice | NotOffered:
        if self.regions and wish.region not in self.regions:
            return NotOffered((self._no_region(wish.region),))
        passed: list[PassedOver] = []
        for index, option in enumerate(options):
            machines = fitting_machines(self.title, self._by_size(wish.fabric), option, wish)
            if not isinstance(machines, str):
                return self._choice(machines, option, index, len(options), passed, wish)
            passed.append(PassedOver(option, machines))
        reasons = tuple(over.reason for over in passed)
        return NotOffered(reasons, self._nearest(options, wish), tuple(passed), self._unlisted(options, wish))

    def cpu(self, vcpus: float, memory_gib: float, use: CpuUse, region: str) -> CpuMachine | NotOffered:
        """The smallest machine without accelerator that has at least this much; for a pool's nodes, the cheapest.

        Args:
            vcpus: Smallest number of vCPUs.
            memory_gib: Smallest main memory, GiB.
            use: System nodes of a cluster, nodes of a pool, an always-on endpoint, or one that scales to zero.
            region: Region it must be in.
        """
        if self.regions and region not in self.regions:
            return NotOffered((self._no_region(region),))
        return smallest_machine(self.title, self.cpu_machines, vcpus, memory_gib, use, region)

    def _no_region(self, region: str) -> str:
        near = self.near_regions(region)
        return f"{self.title} has no region '{region}'" + (f"; did you mean {' or '.join(near)}?" if near else "")

    def _by_size(self, fabric: bool) -> Machines:
        for machines, with_fabric, found in _SIZED:
            if machines is self.machines and with_fabric == fabric:
                return found

        def size(machine: GpuMachine) -> tuple[float, float, int]:
            return machine.vcpus, machine.memory_gib, -machine.fabric.gbps if fabric and machine.fabric else 0

        found = tuple(sorted(self.machines, key=size))
        _SIZED.append((self.machines, fabric, found))
        return found

    def _choice(
        self, machines: Machines, option: Accelerator, index: int, of: int, passed: list[PassedOver], wish: Wish
    ) -> Choice:
        listed = [machine for machine in machines if wish.listed(machine)]
        machine = (listed or list(machines))[0]
        cautions = (machine.note,) if machine.note else ()
        if not listed:
            cautions = (*cautions, self.insisted_note(machine.offer_name(wish.use), wish.region))
        reason = f"{machine.machine_type} is the smallest that fits {option}"
        if of > 1:
            reason = f"{reason}, choice {index + 1} of {of}"
        if passed:
            reason = f"{reason}, because {'; '.join(over.reason for over in passed)}"
        return Choice(machine, option, index, "; ".join((reason, *cautions)), tuple(passed), cautions)

    def insisted_note(self, name: str, region: str) -> str:
        """The note about an offer that a target names although its region's list lacks it."""
        return (
            f"the list of {self.as_of} does not have {name} in {region}: the target's `offered` says that it is there"
        )

    def offer_names(self) -> frozenset[str]:
        """Names that a target can give as offered: those of machines and services whose regions are known."""
        machines = (*self.machines, *self.cpu_machines)
        names = {machine.offer_name(use) for machine in machines for use in machine.uses}
        return frozenset(names) | frozenset(self.services) | {f"kubernetes-{number}" for number in _LATER}

    def has_service(self, name: str, region: str) -> bool:
        """True if a region has a service or feature, or the catalogue has no list of its regions."""
        service = self.services.get(name)
        return service is None or service.offered.in_region(region) != "no"

    def _unlisted(self, options: Sequence[Accelerator], wish: Wish) -> tuple[str, ...]:
        everywhere = {machine.offer_name(wish.use) for machine in self.machines}
        open_wish = replace(wish, insisted=frozenset(everywhere))
        names: dict[str, None] = {}
        for option in options:
            machines = fitting_machines(self.title, self._by_size(wish.fabric), option, open_wish)
            if not isinstance(machines, str):
                names[machines[0].offer_name(wish.use)] = None
        return tuple(names)

    def _nearest(self, options: Sequence[Accelerator], wish: Wish) -> tuple[Accelerator, ...]:
        from mlplatform.catalog.nearest import nearest_accelerators  # for refusals alone

        kinds = {machine.accelerator for machine in self.machines}

        def offered(accelerator: Accelerator) -> bool:
            return accelerator in kinds and not isinstance(
                fitting_machines(self.title, self.machines, accelerator, wish), str
            )

        return nearest_accelerators(options, offered)


_LATER = tuple(f"1.{number}" for number in range(30, 100))
"""Minor versions of Kubernetes that a target can vouch for."""


_CHOSEN: dict[tuple[int, tuple[Accelerator, ...], Wish], tuple[Catalog, Choice | NotOffered]] = {}
"""What was chosen, with its catalogue, which must live as long as its number stands here: each pool asks several
times."""
_MOST_CHOSEN = 1000

_SIZED: deque[tuple[Machines, bool, Machines]] = deque(maxlen=16)
"""The last machines that were put in order: a catalogue never changes, and is asked for each pool and endpoint."""


def catalog_path(cloud: str) -> Path:
    """Path of a cloud's catalogue in this package."""
    return Path(__file__).with_name("data") / f"{cloud}.toml"


def load_catalog(path: Path) -> Catalog:
    """Read a cloud's catalogue; a file is read once.

    Raises:
        CatalogError: the file is not a catalogue; the text has place, value and expectation.
    """
    # `resolve` would ask the file system for each folder, each time
    return _load(path.absolute())


@lru_cache(maxsize=16)
def _load(path: Path) -> Catalog:
    return kept_value(path, _MADE_OF, lambda: _read(path))


_MADE_OF = (MODELS, Path(__file__).parent)
"""What a catalogue is made of besides its file: the accelerators, and the code here."""


def _read(path: Path) -> Catalog:
    table = read_table(path)
    if table.get("currency", str) != "USD":
        raise table.error("currency", "USD: prices are compared across clouds")
    as_of, sources = read_sources(table)
    common = shared_parts(table)
    catalog = Catalog(
        cloud=table.get("cloud", str),
        title=table.get("title", str),
        as_of=as_of,
        sources=sources,
        price_region=table.get("price_region", str),
        regions=regions(table),
        machines=tuple(gpu_machines(table, common)),
        cpu_machines=tuple(cpu_machines(table, common)),
        resource_quotas=common.limits.get("resources", ()),
        services=services(table),
        kubernetes=kubernetes_service(table),
    )
    table.done()
    return catalog
