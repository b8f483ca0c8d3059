"""The online store of features."""

FACE = ("limits", "names", "online_store")
