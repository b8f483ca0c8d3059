"""The program that `pulumi up` and the offline plan both run."""

from __future__ import annotations

import pulumi

from mlplatform.components.platform import Platform
from mlplatform.spec.platform import PlatformSpec


def run(spec: PlatformSpec, target: str) -> Platform:
    """Make the platform on one target and export its outputs."""
    platform = Platform(spec, target)
    for name, value in platform.outputs.items():
        if value is not None:
            pulumi.export(name, value)
    return platform
