"""Repositories of images and models, caches of public registries, and grants on them."""

FACE = (
    "existing_repositories",
    "grants",
    "image_registry",
    "limits",
    "model_registry",
    "parts",
    "server_images",
    "service_agents",
    "vertex_service",
)
"""Modules of this room that others may import; the rest is private to it."""
