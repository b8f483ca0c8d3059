"""The command line of `mlplatform-step job`, as a pipeline's form writes it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlplatform.steps.bad_input import BadInput


@dataclass(frozen=True, kw_only=True)
class NodesJob:
    """What is sent."""

    run: str
    """Full name of the run."""

    task: str
    """Name of the step, with its slice."""

    image: str
    """Image of the nodes."""

    machine: str
    """Their machine."""

    nodes: int
    """How many."""

    minutes: int
    """Longest time of the program."""

    disk_gib: int
    """Disk of each node, GiB."""

    accelerator: tuple[str, int] | None
    """Vertex AI's name of the accelerators of a node, and how many. None: none."""

    spot: bool
    """Whether the machines may be taken away."""

    outputs: Mapping[str, str]
    """The folders that the step writes."""

    command: Sequence[str]
    """What runs on each node."""


def add_job_options(job: argparse.ArgumentParser) -> None:
    """What `mlplatform-step job` is told."""
    job.add_argument("--run", required=True, metavar="NAME", help="full name of the run on Vertex AI")
    job.add_argument("--task", required=True, metavar="NAME", help="name of the step")
    job.add_argument("--image", required=True, metavar="IMAGE", help="image of the nodes")
    job.add_argument("--machine", required=True, metavar="TYPE", help="machine of each node")
    job.add_argument("--accelerator", metavar="NAME:COUNT", help="accelerators of each node; omitted: none")
    job.add_argument("--nodes", required=True, type=int, metavar="N", help="how many")
    job.add_argument("--minutes", required=True, type=int, metavar="N", help="longest time")
    job.add_argument("--disk", required=True, type=int, metavar="GIB", help="disk of each node")
    job.add_argument("--spot", action="store_true", help="machines that may be taken away")
    job.add_argument("--output", action="append", default=[], metavar="NAME=DIR", help="a folder that it writes")
    job.add_argument("command", nargs="+", metavar="PROGRAM", help="behind --: what runs on each node")


def read_job(given: argparse.Namespace) -> NodesJob:
    """The job that a command line says.

    Raises:
        BadInput: the accelerators cannot be read.
    """
    name, _, count = (given.accelerator or "").partition(":")
    if name and not count.isdigit():
        raise BadInput(f"--accelerator: got {given.accelerator!r}, expected NAME:COUNT")
    return NodesJob(
        run=given.run,
        task=given.task,
        image=given.image,
        machine=given.machine,
        nodes=given.nodes,
        minutes=given.minutes,
        disk_gib=given.disk,
        accelerator=(name, int(count)) if name else None,
        spot=given.spot,
        outputs=dict(each.partition("=")[::2] for each in given.output),
        command=given.command,
    )
