"""The VPC: subnets, egress, private access to Google's services, zones."""

FACE = ("address_plan", "existing_network", "files_range", "limits", "network", "parts", "pods", "zones")
"""Modules of this room that others may import; the rest is private to it."""
