"""Rollouts of endpoints, one module per cloud: state of a cloud that is in no resource of a program."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from mlplatform.mock_cloud.rollouts.base import AllHeld, CloudRollouts


def rollouts_of(cloud: str, all_held: AllHeld) -> CloudRollouts:
    """The rollouts of an empty cloud; a cloud without a module here has none."""
    name = f"{__name__}.{cloud}"
    return import_module(name).ROLLOUTS(all_held) if find_spec(name) else CloudRollouts(all_held)
