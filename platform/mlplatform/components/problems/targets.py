"""Regions, zones, references and offers of a target that its cloud does not have, or that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlplatform.components.backend import Backend
from mlplatform.similar import nearest_names
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.references import References, repeated_references
from mlplatform.spec.target import Target
from mlplatform.spec.training import TrainingSpec

MOST_ZONES = 3
"""Most zones of a platform: the network's range is divided among them."""


def target_problems(backend: Backend, target: Target, field: str = "region") -> Iterator[Problem]:
    """Regions that the cloud does not have and, in a region that it has, zones that the region does not have.

    Args:
        backend: the cloud.
        target: its target.
        field: the cloud's name of the field of the region.
    """
    catalog, where = backend.catalog, f"targets[{backend.name}]"
    for name, region in ((field, target.location), ("replica_region", target.replica_region)):
        if region and not catalog.is_region(region):
            near = catalog.near_regions(region)
            yield backend.refuse(
                f"{where}.{name}",
                region,
                f"a region of {backend.title}",
                f"did you mean {' or '.join(near)}?" if near else f"write for example {catalog.price_region}",
            )
    if not catalog.is_region(target.location):
        return
    yield from _offer_problems(backend, target)
    known = catalog.regions[target.location].zones
    if len(target.zones) > MOST_ZONES:
        yield backend.refuse(
            f"{where}.zones",
            ", ".join(target.zones),
            f"at most {MOST_ZONES} zones: the network's range is divided among {MOST_ZONES}, and more add no "
            "resilience that three lack",
            f"keep the {MOST_ZONES} zones that have the accelerators and reservations",
        )
    for zone in target.zones:
        if zone not in known:
            yield backend.refuse(
                f"{where}.zones",
                zone,
                f"zones of {target.location}: {', '.join(known) or 'it has none'}",
                f"use {known[0]}" if known else "leave zones out, or choose a region with zones",
            )
    if len(set(target.zones)) != len(target.zones):
        yield backend.refuse(
            f"{where}.zones",
            ", ".join(target.zones),
            "each zone once",
            "remove the repeated zone",
        )


def replica_problems(
    backend: Backend, spec: PlatformSpec, target: Target, near: str | None = None
) -> Iterator[Problem]:
    """A replicated store without a second region.

    Args:
        backend: the cloud.
        spec: the platform.
        target: its target.
        near: a region to propose. Omitted: none is proposed.
    """
    if target.replica_region == target.location or (spec.artifact_store.replicated and not target.replica_region):
        yield backend.refuse(
            f"targets[{backend.name}].replica_region",
            target.replica_region or "nothing",
            f"another region than the target's own {target.location}"
            if target.replica_region
            else "a second region, because artifact_store.replicated is true",
            f"set replica_region to {near or 'another region'}, or omit it and set artifact_store.replicated to false",
        )


def reference_problems(backend: Backend, path: str, groups: Iterable[References]) -> Iterator[Problem]:
    """References that must differ and do not.

    Args:
        backend: the cloud.
        path: what they are fields of: `targets[aws].network`.
        groups: the references that must differ from each other.
    """
    for each in repeated_references(groups):
        yield backend.refuse(
            f"{path}.{each.field}",
            each.value,
            f"another one than in {each.earlier}: the same cannot be both",
            f"name the one that {each.field} is for, or remove the repetition",
        )


def _offer_problems(backend: Backend, target: Target) -> Iterator[Problem]:
    """Offers that a target vouches for, under names that no machine and no service has."""
    known = backend.catalog.offer_names()
    for name in target.offered:
        if name not in known:
            near = nearest_names(name, known, most=3, cutoff=0.5)
            yield backend.refuse(
                f"targets[{backend.name}].offered",
                name,
                f"a machine, service or feature of {backend.title} whose regions the package lists",
                f"did you mean {' or '.join(near)}?" if near else "write the name that the refusal gave",
            )


def range_problems(
    backend: Backend, training: TrainingSpec, *, public: int, private: int | None = None
) -> Iterator[Problem]:
    """More ranges that reach the cluster's API than the cloud takes.

    Args:
        backend: the cloud.
        training: the cluster.
        public: most public ranges.
        private: most private ranges. Omitted: any number.
    """
    for kind, given, most in (
        ("public", training.public_api_cidrs, public),
        ("private", training.private_api_cidrs, private),
    ):
        if most is not None and len(given) > most:
            yield backend.refuse(
                "training.api_cidrs",
                f"{len(given)} {kind} ranges",
                f"at most {most}, the most that {backend.title} takes of a cluster",
                "name larger ranges that hold several of them",
            )
