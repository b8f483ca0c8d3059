"""Reads the machines of a cloud's TOML file; the sizes of a family share its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.machine import (
    Arch,
    CapacityKind,
    CpuMachine,
    CpuUse,
    Fabric,
    FabricKind,
    GpuMachine,
    Offered,
    Quotas,
    Use,
)
from mlplatform.catalog.parts import joined_quotas, named_part, offer_lists, quota_sets
from mlplatform.catalog.reader import CatalogError, Table
from mlplatform.fast.record import record

ARCHES: tuple[Arch, ...] = get_args(Arch)
FABRICS: tuple[FabricKind, ...] = get_args(FabricKind)
USES: tuple[Use, ...] = get_args(Use)
CPU_USES: tuple[CpuUse, ...] = get_args(CpuUse)
CAPACITIES: tuple[CapacityKind, ...] = get_args(CapacityKind)


@record()
class Region:
    """A region and its zones."""

    name: str
    """The cloud's name for the region."""

    zones: tuple[str, ...]
    """Its zones as the cloud writes them (`us-east-1a`, `us-central1-a`, `1`); empty if it has none.

    Zones that most accounts have come first."""

    zone_count: int
    """Number of zones that one account can use; below the number of names if those differ between accounts."""


def regions(table: Table) -> Mapping[str, Region]:
    """The regions of a cloud, by name."""
    by_name: dict[str, Region] = {}
    pattern = table.get("zone_name", str)
    section = table.table("regions")
    for name in section:
        entry = section.table(name)
        letters = entry.texts("zones")
        zones = tuple(pattern.format(region=name, zone=letter) for letter in letters)
        by_name[name] = Region(name, zones, entry.get("count", int, len(zones)))
        entry.done()
    return by_name


@record()
class SharedParts:
    """Parts that the machines of a cloud share."""

    limits: Mapping[str, Quotas]
    """Sets of quotas by name."""

    places: Mapping[str, Offered]
    """Lists of regions and zones by name."""


def shared_parts(table: Table) -> SharedParts:
    """Parts that the machines of a cloud share."""
    return SharedParts(quota_sets(table), offer_lists(table))


def gpu_machines(table: Table, common: SharedParts) -> Iterator[GpuMachine]:
    """The machines with accelerators, in the file's order."""
    limits, places = common.limits, common.places
    for family in table.tables("gpu"):
        model = _accelerator(family, "accelerator", family.get("accelerator", str)).model
        arch: Arch = family.one_of("arch", ARCHES, "amd64")
        fabric = _fabric(family)
        mig = family.numbers("mig") if "mig" in family else model.mig
        memory, device = family.get("gpu_memory_gib", int), family.optional("accelerator_type", str)
        uses: frozenset[Use] = family.some_of("uses", USES)
        capacities: frozenset[CapacityKind] = family.some_of("capacities", CAPACITIES)
        place = named_part(family, "offered", places, Offered())
        hosted = named_part(family, "served", places, None)
        quota = joined_quotas(named_part(family, "quota", limits, ()), named_part(family, "volumes", limits, ()))
        serving, note = family.optional("serving", str), family.get("note", str, "")
        for size in family.tables("machines"):
            kind = size.get("type", str)
            nics = size.get("nics", int, 0)
            yield GpuMachine(
                machine_type=kind,
                accelerator=_carried(size, model.name),
                vcpus=size.number("vcpus"),
                memory_gib=size.number("memory_gib"),
                gpu_memory_gib=memory,
                accelerator_type=device,
                arch=arch,
                local_ssd_gib=size.get("ssd_gib", int, 0),
                local_ssd_count=size.optional("ssds", int),
                local_ssd_optional=size.get("ssd_optional", bool, False),
                fabric=Fabric(fabric, nics, size.get("gbps", int)) if fabric and nics else None,
                capacities=size.some_of("capacities", CAPACITIES, capacities),
                offered=named_part(size, "offered", places, place),
                served=named_part(size, "served", places, hosted),
                uses=size.some_of("uses", USES, uses),
                mig=mig,
                serving_name=serving.format(type=kind) if serving else None,
                quotas=quota,
                hourly_usd=size.number("usd") if "usd" in size else None,
                note=size.get("note", str, note),
            )
            size.done()
        family.done()


def _accelerator(table: Table, key: str, text: str) -> Accelerator:
    try:
        return Accelerator.parse(text)
    except ValueError as error:
        raise table.error(key, f"an accelerator: {error}") from error


def _carried(size: Table, name: str) -> Accelerator:
    try:
        return Accelerator(name, size.get("gpus", int))
    except CatalogError:
        raise
    except ValueError as error:
        raise size.error("gpus", f"an accelerator: {error}") from error


def _fabric(family: Table) -> FabricKind | None:
    if "fabric" not in family:
        return None
    kind: FabricKind = family.one_of("fabric", FABRICS)
    return kind


def cpu_machines(table: Table, common: SharedParts) -> Iterator[CpuMachine]:
    """The machines without accelerator, in the file's order."""
    limits, places = common.limits, common.places
    for family in table.tables("cpu"):
        uses: frozenset[CpuUse] = family.some_of("uses", CPU_USES)
        place = named_part(family, "offered", places, Offered())
        quota = joined_quotas(named_part(family, "quota", limits, ()), named_part(family, "volumes", limits, ()))
        arch: Arch = family.one_of("arch", ARCHES, "amd64")
        serving, note = family.optional("serving", str), family.get("note", str, "")
        for size in family.tables("machines"):
            kind = size.get("type", str)
            yield CpuMachine(
                machine_type=kind,
                vcpus=size.number("vcpus"),
                memory_gib=size.number("memory_gib"),
                arch=arch,
                offered=place,
                uses=uses,
                serving_name=serving.format(type=kind) if serving else None,
                quotas=quota,
                hourly_usd=size.number("usd") if "usd" in size else None,
                note=note,
            )
            size.done()
        family.done()
