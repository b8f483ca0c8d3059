"""Sizes of FSx for Lustre. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.file_system_sizes import FileSystemTier, FileSystemTiers
from mlplatform.spec.file_system import THROUGHPUTS

TIERS: FileSystemTiers = {throughput: FileSystemTier(step_gib=2400, least_gib=1200) for throughput in THROUGHPUTS}
"""Of PERSISTENT_2 on SSD: 1,200 GiB, or a multiple of 2,400,
https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystem.html"""
