"""Sizes of Azure Managed Lustre. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.file_system_sizes import FileSystemTier, FileSystemTiers

TIB = 1024
"""GiB of a TiB."""

TIERS: FileSystemTiers = {
    125: FileSystemTier(step_gib=16 * TIB, least_gib=16 * TIB, most_gib=128 * TIB),
    250: FileSystemTier(step_gib=8 * TIB, least_gib=8 * TIB, most_gib=128 * TIB),
    500: FileSystemTier(step_gib=4 * TIB, least_gib=4 * TIB, most_gib=128 * TIB),
}
"""What every subscription has; Microsoft allows more on request,
https://learn.microsoft.com/azure/azure-managed-lustre/create-file-system-resource-manager#file-system-type-and-size-options"""
