"""The DAGs for Amazon MWAA and for Google's managed Airflow are loaded by Airflow with the providers that they name.

The operators are made: an argument that one of them does not know ends the load. No pod is started.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.proofs.airflow_dags import LOAD  # noqa: E402

OPERATORS = {"aws": "EksPodOperator", "gcp": "GKEStartPodOperator"}


def main() -> int:
    """Load the file of each cloud, and one with a misspelt argument."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        env = {
            **os.environ,
            "AIRFLOW_HOME": str(work / "home"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            # the first import of a provider compiles it
            "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "300",
            "PYTHONWARNINGS": "ignore",
        }
        for cloud, operator in OPERATORS.items():
            text = planned(cloud)
            assert f"{operator}(" in text, text[:500]
            found = load(work / cloud, text, env)
            assert found == "['nightly'] {}", found
            wrong = load(
                work / f"{cloud}-wrong", text.replace("            namespace=", "            namespaces="), env
            )
            assert wrong.startswith("[] "), wrong
            assert "namespaces" in wrong, wrong
            print(f"{cloud}: {operator} with the planned arguments; one that it does not know is found")
    print("2 DAGs read by Airflow 3.0.6, 2 planted errors found")
    return 0


def planned(cloud: str) -> str:
    """The file as the project's own environment writes it."""
    command = [os.environ["MLPLATFORM_PYTHON"], "-m", "tests.proofs.airflow_managed_planned", cloud]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def load(folder: Path, text: str, env: dict[str, str]) -> str:
    """What Airflow finds in a folder with this file alone: its DAGs, and errors by file."""
    folder.mkdir()
    (folder / "nightly.py").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder)], env=env, capture_output=True, text=True, check=True
    )
    return next(line for line in done.stdout.splitlines() if line.startswith("LOADED")).removeprefix("LOADED ")


if __name__ == "__main__":
    sys.exit(main())
