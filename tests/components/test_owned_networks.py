"""What a spec asks of a network that a program names is the owner's to do, and the plan says so."""

from __future__ import annotations

import pytest

from mlplatform import CiSpec, Existing, Network
from mlplatform.components.context import Context
from mlplatform.components.scope import Note
from mlplatform.spec.access import AccessSpec

from ..conftest import CLOUDS
from .parts import plan_of, spec
from .test_existing import _network  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_peering_and_runners_are_the_owners(cloud: str) -> None:
    asked = AccessSpec(entry="peering", ci=CiSpec(repository="acme/ml", runner="network"))
    notes: list[Note] = []

    def program() -> None:
        context = Context(spec(cloud).overlay(access=asked), existing=Existing(network=_network(cloud)))
        Network("acme-network", context.spec.network, context)
        notes.extend(context.notes)

    plan_of(cloud, program)
    told = {note.path: note.text for note in notes}
    assert "owner" in told["access.entry"]
    assert "owner" in told["access.ci.runner"]
