"""The resource group of the platform, settings of its subscription, and templates deployed into the group."""

FACE = (
    "foundation",
    "managed_identity",
    "parts",
    "people",
    "principal",
    "propagation",
    "references",
    "regions",
    "registrations",
    "roles",
    "templates",
)
"""Modules of this room that others may import; the rest is private to it."""
