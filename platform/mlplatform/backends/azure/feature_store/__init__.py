"""The online store of features."""

FACE = ("fill", "limits", "names", "online_store")
