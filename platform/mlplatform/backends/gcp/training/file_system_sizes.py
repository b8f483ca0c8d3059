"""Sizes of Managed Lustre. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.file_system_sizes import FileSystemTier, FileSystemTiers

TIERS: FileSystemTiers = {
    125: FileSystemTier(step_gib=72_000, least_gib=72_000, most_gib=12_240_000),
    250: FileSystemTier(step_gib=36_000, least_gib=36_000, most_gib=6_120_000),
    500: FileSystemTier(step_gib=18_000, least_gib=18_000, most_gib=3_060_000),
    1000: FileSystemTier(step_gib=9_000, least_gib=9_000, most_gib=1_530_000),
}
"""Up to the size at which the service's steps become eight times as large; an instance is never raised beyond it,
https://docs.cloud.google.com/managed-lustre/docs/performance-tiers (read on 2026-11-30)"""
