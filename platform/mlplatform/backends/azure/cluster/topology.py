"""Which GPU is beside which card, for NCCL: a virtual machine does not show it. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree


class _Cpu(NamedTuple):
    """One part of the machine: its processors, and switches with the addresses of their GPUs and cards."""

    affinity: str
    switches: Sequence[Sequence[tuple[str, str]]]


class _Machine(NamedTuple):
    vendor: str
    family: str
    model: str
    speed: str
    cpus: Sequence[_Cpu]
    switch: Sequence[str] = ()
    """Attributes of its switches that are zero."""


_ND_V4 = _Machine(
    "AuthenticAMD",
    "23",
    "49",
    "16 GT/s",
    (
        _Cpu("00000000,00000000,00ffffff", ((("0003", "0103"), ("0004", "0104")),)),
        _Cpu("00000000,0000ffff,ff000000", ((("0001", "0101"), ("0002", "0102")),)),
        _Cpu("000000ff,ffff0000,00000000", ((("000d", "0107"), ("000e", "0108")),)),
        _Cpu("ffffff00,00000000,00000000", ((("000b", "0105"), ("000c", "0106")),)),
    ),
)
_ND_V5 = _Machine(
    "GenuineIntel",
    "6",
    "143",
    "32.0 GT/s PCIe",
    (
        _Cpu(
            "00000000,0000ffff,ffffffff",
            ((("0001", "0101"),), (("0002", "0102"),), (("0003", "0103"),), (("0008", "0104"),)),
        ),
        _Cpu(
            "ffffffff,ffff0000,00000000",
            ((("0009", "0105"),), (("000a", "0106"),), (("000b", "0107"),), (("000c", "0108"),)),
        ),
    ),
    ("vendor", "device", "subsystem_vendor", "subsystem_device"),
)
_MACHINES = {
    "Standard_ND96asr_v4": ("ndv4", _ND_V4),
    "Standard_ND96amsr_A100_v4": ("ndv4", _ND_V4),
    "Standard_ND96isr_H100_v5": ("ndv5", _ND_V5),
}
"""Addresses on the machine's buses,
https://github.com/Azure/aks-rdma-infiniband/tree/700dabb/tests/scenarios/nvidia-topology (2026-07-16)"""


def topology_name(machine_type: str) -> str:
    """Name of a machine's topology; empty where none is published, and NCCL goes by what it sees."""
    return _MACHINES[machine_type][0] if machine_type in _MACHINES else ""


FILE = "topology.xml"
"""Name of the file in the ConfigMap."""


def topology_map(machine_type: str) -> str:
    """Name of the ConfigMap with it, in each namespace of jobs."""
    return f"nccl-topology-{topology_name(machine_type)}"


def topology(machine_type: str) -> str:
    """The topology as NCCL reads it, https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html#nccl-topo-file"""
    machine = _MACHINES[machine_type][1]
    system = ElementTree.Element("system", version="1")
    number = 0
    for numa, cpu in enumerate(machine.cpus):
        part = ElementTree.SubElement(
            system,
            "cpu",
            numaid=str(numa),
            affinity=cpu.affinity,
            arch="x86_64",
            vendor=machine.vendor,
            familyid=machine.family,
            modelid=machine.model,
        )
        for devices in cpu.switches:
            number += 1
            zero = dict.fromkeys(machine.switch, "0x0000")
            switch = _device(part, f"ffff:ff:{number:02x}.0", "0x060400", machine.speed, zero)
            for gpu, card in devices:
                _device(switch, f"{gpu}:00:00.0", "0x030200", machine.speed)
                _device(switch, f"{card}:00:00.0", "0x020700", machine.speed)
    ElementTree.indent(system)
    return ElementTree.tostring(system, "unicode") + "\n"


def _device(
    parent: ElementTree.Element, address: str, kind: str, speed: str, more: Mapping[str, str] | None = None
) -> ElementTree.Element:
    attributes = {"busid": address, "class": kind, "link_speed": speed, "link_width": "16", **(more or {})}
    return ElementTree.SubElement(parent, "pci", attributes)
