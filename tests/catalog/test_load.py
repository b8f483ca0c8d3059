"""Another cloud's catalogue, and files that are none."""

from pathlib import Path

import pytest

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import CatalogError, Choice, load_catalog

CATALOG = """
cloud = "toy"
title = "Toy"
as_of = 2026-01-01
currency = "USD"
price_region = "north"
zone_name = "{region}-{zone}"
sources = ["https://toy.example/machines"]

[regions]
north = { zones = ["1", "2"] }
south = { zones = [] }

[quotas.gpu]
on-demand = [{ name = "GPUs", unit = "gpus" }]

[offered.north]
regions = ["north"]
source = "https://toy.example/regions"

[services.desk]
title = "Toy Desk"
source = "https://toy.example/desk"
except = ["south"]

[[gpu]]
accelerator = "T4"
gpu_memory_gib = 16
offered = "north"
quota = "gpu"
capacities = ["on-demand"]
uses = ["training"]
machines = [{ type = "t", gpus = 1, vcpus = 4, memory_gib = 16 }]

[[cpu]]
uses = ["system", "online"]
serving = "serve-{type}"
machines = [{ type = "c", vcpus = 2, memory_gib = 8, usd = 0.1 }]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "toy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_another_cloud_brings_its_own_file(tmp_path: Path) -> None:
    catalog = load_catalog(written(tmp_path, CATALOG))
    choice = catalog.choose([Accelerator("L4"), Accelerator("T4")], "north")
    assert isinstance(choice, Choice)
    assert choice.machine.machine_type == "t"
    assert choice.machine.fabric is None
    assert choice.machine.hourly_usd is None
    assert catalog.regions["north"].zones == ("north-1", "north-2")
    assert catalog.cpu_machines[0].serving_type("online") == "serve-c"
    assert "Toy offers no T4:1 in south, but in north" in str(catalog.choose([Accelerator("T4")], "south"))
    assert (catalog.has_service("desk", "north"), catalog.has_service("desk", "south")) == (True, False)


def test_a_use_that_no_machine_serves_is_refused(tmp_path: Path) -> None:
    refusal = load_catalog(written(tmp_path, CATALOG)).cpu(1, 1, "zero", "north")
    assert str(refusal) == "Toy lists no machine without accelerator for use 'zero' in north"


def test_a_file_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path, CATALOG)
    first = load_catalog(path)
    path.write_text("gone", encoding="utf-8")
    assert load_catalog(tmp_path / "." / "toy.toml") is first


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"T4"',
            '"T5"',
            r"toy.toml: gpu\[0\].accelerator: got 'T5', expected an accelerator: .*did you mean T4",
        ),
        ("gpus = 1", "gpus = 0", r"gpu\[0\].machines\[0\].gpus: got 0"),
        ("gpus = 1", "gpus = true", r"gpu\[0\].machines\[0\].gpus: got True, expected a value of type int"),
        ("vcpus = 4", "vcpu = 4", r"machines\[0\].vcpus: got None, expected a number"),
        ("vcpus = 4", "vcpus = -4", r"machines\[0\].vcpus: got -4, expected a number of at least 0"),
        ("usd = 0.1", "euro = 0.1", r"cpu\[0\].machines\[0\].euro: got 0.1, expected one of memory_gib"),
        (
            'capacities = ["on-demand"]',
            "",
            r"gpu\[0\].capacities: got None, expected some of on-demand, spot",
        ),
        (
            'uses = ["training"]',
            'uses = ["play"]',
            r"gpu\[0\].uses: got \['play'\], expected some of training",
        ),
        ('quota = "gpu"', 'quota = "tpu"', r"gpu\[0\].quota: got 'tpu', expected one of gpu"),
        (
            'unit = "gpus"',
            'unit = "cards"',
            r"quotas.gpu.on-demand\[0\].unit: got 'cards', expected one of vcpus",
        ),
        (
            'quota = "gpu"',
            'mig = { "1g.5gb" = "seven" }',
            r"gpu\[0\].mig: .*expected a table of whole numbers",
        ),
        ('quota = "gpu"', 'fabric = "wifi"', r"gpu\[0\].fabric: got 'wifi', expected one of efa"),
        ('zones = ["1", "2"]', "zones = [1, 2]", r"regions.north.zones: .*expected a list of strings"),
        ("[[cpu]]", "cpu = 7\n[ignored]", r"expected"),
        ('currency = "USD"', 'currency = "EUR"', r"currency: got 'EUR', expected USD"),
        ('sources = ["https://toy.example/machines"]', "", r"sources: got None, expected at least one page"),
        ('regions = ["north"]', "", r"offered.north.regions: got None, expected regions or zones that have it"),
        ('source = "https://toy.example/regions"', "", r"offered.north.source: got None, expected a value of type str"),
        ('except = ["south"]', "", r"services.desk.regions: got None, expected regions or zones that have it"),
        ("as_of = 2026-01-01", "", r"as_of: got None, expected a value of type date"),
        ('title = "Toy"', 'title = "Toy"\nsubtitle = "x"', r"subtitle: got 'x', expected one of as_of"),
        ("[regions]", "[regions", r"expected a readable TOML catalogue"),
    ],
)
def test_a_broken_file_is_refused_where_it_breaks(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogError, match=said):
        load_catalog(written(tmp_path, CATALOG.replace(old, new)))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="expected a readable TOML catalogue"):
        load_catalog(tmp_path / "none.toml")


def test_a_list_of_tables_must_hold_tables(tmp_path: Path) -> None:
    text = CATALOG.replace('machines = [{ type = "c", vcpus = 2, memory_gib = 8, usd = 0.1 }]', "machines = [7]")
    with pytest.raises(CatalogError, match=r"cpu\[0\].machines: .*expected a list of tables"):
        load_catalog(written(tmp_path, text))
