"""The name of the application whose tokens the callers of apps present. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import guid, physical_name
from mlplatform.spec.platform import PlatformSpec


def unique_name(spec: PlatformSpec) -> str:
    """The name by which Microsoft Graph finds the application that the platform registers."""
    return f"{physical_name(spec, 'setting', 'callers')}-{guid(spec, 'callers')[:8]}"
