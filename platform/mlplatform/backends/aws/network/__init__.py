"""The VPC with its subnets, egress, private endpoints and security groups, or an existing one."""

FACE = ("existing_network", "interface_rights", "limits", "network", "parts", "security_groups", "zones")
"""Modules of this room that others may import; the rest is private to it."""
