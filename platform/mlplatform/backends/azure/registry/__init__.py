"""The registries: container images, and the machine learning workspace with models and datastores."""

FACE = (
    "app_login",
    "apps",
    "callers_name",
    "image_registry",
    "limits",
    "model_registry",
    "parts",
    "run_storage",
    "server_images",
)
"""Modules of this room that others may import; the rest is private to it."""
