"""Sizes of FSx for Lustre. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.file_system_sizes import FileSystemTier, FileSystemTiers

_SSD = FileSystemTier(step_gib=2400, least_gib=1200)

TIERS: FileSystemTiers = {125: _SSD, 250: _SSD, 500: _SSD, 1000: _SSD}
"""Of PERSISTENT_2 on SSD: 1,200 GiB, or a multiple of 2,400,
https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystem.html"""
