"""Ports of the router before several models on Cloud Run."""

from __future__ import annotations

SHADOW_PORT = 15901
"""Port on which the router sends copies to itself."""

ROUTE_PORT = 15902
"""Port on which a router that captures sends itself what it has captured, to be routed."""
