"""The catalogue against facts that others read from the clouds: nothing differs but what is told with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlplatform.catalog.catalog import catalog_path, load_catalog
from mlplatform.catalog.machine import GpuMachine, Machine
from mlplatform.plan.cost.price_file import packaged_prices

CLOUDS = ("aws", "azure", "gcp")
FOLDER = Path(__file__).parent / "independent"
DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "verification.md"
START, END = "<!-- catalogue: made by make goldens -->", "<!-- catalogue: end -->"
FACTS = ("vcpus", "memory_gib", "devices")
HOSTED = "vertex-"
"""Before the name of a machine that Vertex AI hosts: it is the same machine."""
NEAR = 0.005
"""Prices are rounded by those who write them down."""


@dataclass(frozen=True)
class Compared:
    """One fact of one machine, as the catalogue and a source have it."""

    machine: str
    source: str
    fact: str
    ours: float
    theirs: float

    @property
    def equal(self) -> bool:
        """Whether both say the same."""
        return abs(self.ours - self.theirs) <= NEAR * self.ours if self.fact == "usd" else self.ours == self.theirs


def read(cloud: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{cloud}.toml").read_text("utf-8"))


def compared(cloud: str) -> Iterator[Compared]:
    catalog, prices = load_catalog(catalog_path(cloud)), packaged_prices(cloud)
    # an N1 machine carries one, two or four devices: it is one machine with several offers
    machines: dict[str, Machine] = {}
    for machine in (*catalog.machines, *catalog.cpu_machines):
        machines.setdefault(machine.machine_type, machine)
    for source in read(cloud)["source"]:
        for name, facts in source.get("facts", {}).items():
            for machine in filter(None, (machines.get(name), machines.get(HOSTED + name))):
                ours = (machine.vcpus, machine.memory_gib, _devices(machine))
                for fact, mine, theirs in zip(FACTS, ours, facts, strict=False):
                    yield Compared(machine.machine_type, source["name"], fact, mine, theirs)
        for name, usd in source.get("prices", {}).items():
            own = prices.entries[f"machine/{name}"].get(source["region"])
            if own is not None:
                yield Compared(name, source["name"], "usd", own.usd, usd)


def _devices(machine: Machine) -> int:
    return machine.accelerator.count if isinstance(machine, GpuMachine) else 0


@pytest.mark.parametrize("cloud", CLOUDS)
def test_nothing_differs_but_what_is_told(cloud: str) -> None:
    found = {
        (each.machine, each.source, each.fact, each.ours, each.theirs) for each in compared(cloud) if not each.equal
    }
    told = {
        (machine, each["source"], each["fact"], ours, theirs)
        for each in read(cloud).get("differs", ())
        for machine, (ours, theirs) in each["machines"].items()
    }
    assert found == told


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_machine_is_compared_or_named(cloud: str) -> None:
    catalog, facts = load_catalog(catalog_path(cloud)), {each.machine for each in compared(cloud) if each.fact != "usd"}
    left = {name for group in read(cloud).get("not_compared", ()) for name in group["machines"]}
    ours = {machine.machine_type for machine in (*catalog.machines, *catalog.cpu_machines)}
    assert ours - facts == left


def test_each_source_is_one_commit_of_one_file_and_not_the_catalogues_own() -> None:
    for cloud in CLOUDS:
        own = " ".join(load_catalog(catalog_path(cloud)).sources)
        for source in read(cloud)["source"]:
            assert len(source["source"].split("/blob/")[1].split("/")[0]) == 40, source["name"]
            assert source["source"].split("/blob/")[0] not in own, source["name"]
            assert source["how"]


def table() -> str:
    """The record for docs/verification.md."""
    lines = ["| Cloud | Held against | Of | Facts | Equal | Differ |", "|---|---|---|--:|--:|---|"]
    for cloud in CLOUDS:
        title, document = load_catalog(catalog_path(cloud)).title, read(cloud)
        for source in document["source"]:
            facts = [each for each in compared(cloud) if each.source == source["name"]]
            why = dict.fromkeys(each["why"] for each in document.get("differs", ()) if each["source"] == source["name"])
            equal = sum(each.equal for each in facts)
            told = f"{len(facts) - equal}: {'; '.join(why)}" if why else "0"
            link = f"[{source['name']}]({source['source']}): {source['how']}"
            lines.append(f"| {title} | {link} | {source['as_of']} | {len(facts)} | {equal} | {told} |")
    return "\n".join(lines)


def test_the_documents_have_the_record(request: pytest.FixtureRequest) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    wanted = f"{head}{START}\n{table()}\n{END}{tail}"
    if request.config.getoption("--update-goldens"):
        DOCUMENT.write_text(wanted, encoding="utf-8")
    else:
        assert text == wanted, "docs/verification.md differs from tests/catalog/independent: run make goldens"
