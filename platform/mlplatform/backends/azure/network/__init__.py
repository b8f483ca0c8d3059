"""The virtual network: subnets, egress, private endpoints and names, security groups, flow logs."""

FACE = ("address_plan", "endpoints_private", "existing_network", "files_range", "limits", "network", "parts", "zones")
"""Modules of this room that others may import; the rest is private to it."""
