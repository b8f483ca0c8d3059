"""Container images and versions of models, and the grants on them."""

FACE = ("container_rights", "image_registry", "limits", "model_registry", "parts")
"""Modules of this room that others may import; the rest is private to it."""
