"""The file is loaded by Airflow and run by `airflow dags test`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from airflow_dags import prove

if __name__ == "__main__":
    sys.exit(prove(starter=True))
