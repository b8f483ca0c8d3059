"""Endpoints: releases, traffic, rollouts, scaling, alarms and dashboards of each."""

FACE = ("capture_folders", "endpoint", "limits", "on_cluster", "parts", "pod_secrets")
"""Modules of this room that others may import; the rest is private to it."""
