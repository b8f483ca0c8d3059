"""Accelerators by name and count (`"H100:8"`), and the facts of a model that hold on every cloud."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self, get_args

from mlplatform.catalog.reader import read_sources, read_table
from mlplatform.fast.record import record
from mlplatform.field_problem import FieldProblem, FieldsRefused
from mlplatform.similar import nearest_names
from mlplatform.snippet import Snippet

Vendor = Literal["nvidia", "amd", "aws"]
Tier = Literal["entry", "inference", "universal", "training", "frontier"]

VENDORS: tuple[Vendor, ...] = get_args(Vendor)
TIERS: tuple[Tier, ...] = get_args(Tier)

RESOURCES: Mapping[Vendor, str] = MappingProxyType(
    {"nvidia": "nvidia.com/gpu", "amd": "amd.com/gpu", "aws": "aws.amazon.com/neuron"}
)
"""Resource names for pods in Kubernetes, by vendor: those of the vendors' device plugins."""

MODELS = Path(__file__).with_name("data") / "accelerators.toml"
"""The file of the models."""

MAX_COUNT = 64
"""Maximum devices in one machine; no vendor offers more."""

_COUNT = re.compile(r"\s*[0-9]{1,4}\s*")


@record()
class AcceleratorModel:
    """The facts of one model that hold on every cloud."""

    name: str
    """Canonical name, for example `A100-80GB`."""

    vendor: Vendor
    """Maker of the device, which decides driver and device plugin."""

    tier: Tier
    """Rough class of its workloads."""

    memory_gib: int
    """Memory of one device as its maker prints it, GiB."""

    aliases: tuple[str, ...]
    """Other accepted names."""

    mig: tuple[tuple[str, int], ...]
    """MIG profiles with the number of instances per device; empty if it cannot be partitioned."""

    nearest: tuple[str, ...]
    """Models to propose if this one is not offered, best first."""

    compute: tuple[int, int] | None = None
    """NVIDIA's compute capability, major and minor; None for other makers."""

    cores: int = 1
    """Processes of a training job that share one device: one for a GPU; one for each logical core of AWS's devices."""

    @property
    def resource(self) -> str:
        """Name of the device in Kubernetes, for example `nvidia.com/gpu`."""
        return RESOURCES[self.vendor]

    @property
    def time_slicing(self) -> bool:
        """True if pods can share a device by time slicing, which only NVIDIA's device plugin supports."""
        return self.vendor == "nvidia"


@record(order=True)
class Accelerator:
    """A model and its count per machine."""

    name: str
    """Canonical name of the model, for example `A100-80GB`."""

    count: int = 1
    """Devices in one machine. Omitted: one."""

    def __post_init__(self) -> None:
        if self.name not in models():
            raise _unknown(self.name)
        if not 1 <= self.count <= MAX_COUNT:
            raise FieldsRefused(
                FieldProblem(
                    (),
                    f"a count from 1 to {MAX_COUNT}",
                    "write the number of devices in one machine",
                    got=f"{self.count} of {self.name}",
                )
            )

    def __str__(self) -> str:
        return f"{self.name}:{self.count}"

    @classmethod
    @lru_cache(maxsize=1024)  # the catalogues name a few hundred machines by them, and a spec is read for each target
    def parse(cls, text: str) -> Self:
        """Read `"H100:8"`, `"L4"` (one) or `"A100-80GB:4"`; case, spaces and underscores do not matter.

        Raises:
            FieldsRefused: unknown model or impossible count; the text lists what is accepted.
        """
        name, colon, count = text.strip().partition(":")
        canonical = _names().get(_key(name))
        if canonical is None:
            raise _unknown(name.strip(), text)
        if colon and not _COUNT.fullmatch(count):
            raise FieldsRefused(
                FieldProblem(
                    (), "a whole number after the colon", "write", got=f"'{text}'", write=Snippet(f"{canonical}:1")
                )
            )
        return cls(canonical, int(count) if colon else 1)

    @property
    def model(self) -> AcceleratorModel:
        """The facts of this model that hold on every cloud."""
        return models()[self.name]


@lru_cache(maxsize=1)
def models() -> Mapping[str, AcceleratorModel]:
    """All known models, by canonical name."""
    table = read_table(MODELS)
    read_sources(table)
    section = table.table("models")
    known: dict[str, AcceleratorModel] = {}
    for name in section:
        entry = section.table(name)
        known[name] = AcceleratorModel(
            name=name,
            vendor=entry.one_of("vendor", VENDORS),
            tier=entry.one_of("tier", TIERS),
            memory_gib=entry.get("memory_gib", int),
            aliases=entry.texts("aliases"),
            mig=entry.numbers("mig"),
            nearest=entry.texts("nearest"),
            compute=entry.version("compute"),
            cores=entry.get("cores", int, 1),
        )
        entry.done()
    table.done()
    return MappingProxyType(known)


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return {_key(alias): model.name for model in models().values() for alias in (model.name, *model.aliases)}


def _key(name: str) -> str:
    plain = re.sub(r"[^A-Z0-9]", "", name.upper())
    return re.sub(r"^(NVIDIA|AMD|AWS)?(TESLA)?", "", plain)


def _multiplied(text: str) -> FieldsRefused | None:
    """The refusal of `8xH100` and `H100 x 8`, with the text that is meant; None for a text of another form."""
    for form in (
        r"(?P<count>[0-9]{1,2})\s*[x*\u00d7:]?\s*(?P<name>[A-Za-z].*)",
        r"(?P<name>.*?)\s*[x*\u00d7]\s*(?P<count>[0-9]{1,2})",
        r"(?P<name>\S+)\s+(?P<count>[0-9]{1,2})",
    ):
        found = re.fullmatch(form, text.strip())
        name = _names().get(_key(found["name"])) if found else None
        if found and name:
            meant = Snippet(f"{name}:{int(found['count'])}")
            return FieldsRefused(FieldProblem((), "the count behind a colon", "write", got=f"'{text}'", write=meant))
    return None


def _unknown(name: str, text: str = "") -> FieldsRefused:
    if meant := _multiplied(text):
        return meant
    several = [part.strip() for part in re.split(r"[,;|]", text) if part.strip()]
    if len(several) > 1:
        return FieldsRefused(
            FieldProblem((), "one accelerator in each text", "write a list", got=f"'{text}'", write=Snippet(several))
        )
    known = [alias for model in models().values() for alias in (model.name, *model.aliases)]
    close = nearest_names(name.upper(), known, most=3, cutoff=0.5)
    fix = f"did you mean {' or '.join(close)}?" if close else "write for example L4:1"
    if re.match(r"(cloud-)?tpu|v[2-7](e|p|litepod)?\b", name.lower()):
        fix = "write a GPU, for example L4:1: no cloud's pool of this platform has TPUs"
    return FieldsRefused(FieldProblem((), f"one of {', '.join(models())}", fix, got=f"accelerator '{name}'"))
