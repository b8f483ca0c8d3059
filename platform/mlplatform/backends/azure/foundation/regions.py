"""Zones of Azure's regions, from the catalogue. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.catalog import catalog_path, load_catalog


def region_zones(location: str) -> tuple[str, ...]:
    """The zones of a region; empty where it has none or is unknown."""
    region = load_catalog(catalog_path("azure")).regions.get(location)
    return region.zones if region else ()
