"""Customer-managed encryption keys, one per purpose."""

FACE = ("agent_right", "agent_topic", "existing_keys", "keys", "limits", "parts", "regional_secret")
"""Modules of this room that others may import; the rest is private to it."""
