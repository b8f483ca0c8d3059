"""What serves on endpoints, one module per cloud: a cloud knows more of it than any program's resources say."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from mlplatform.mock_cloud.rollouts.base import Rollouts, There


def rollouts_of(cloud: str, there: There) -> Rollouts:
    """A cloud's own, with nothing in it; one that knows nothing for a cloud without a module here."""
    name = f"{__name__}.{cloud}"
    return import_module(name).ROLLOUTS(there) if find_spec(name) else Rollouts(there)
