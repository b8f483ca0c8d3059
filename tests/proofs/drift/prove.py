"""Runs the table of false alarms and power over a hundred seeds; sizes and expected power stand in tests/monitor."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from tests.monitor.test_detection import (  # noqa: E402
    POWER,
    SEEDS,
    test_false_alarms_and_power_over_a_hundred_seeds,
)


def main() -> int:
    """Prove it; the exit code is not zero where it does not hold."""
    test_false_alarms_and_power_over_a_hundred_seeds()
    print(f"{SEEDS} seeds without a change, and with each of {', '.join(POWER)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
