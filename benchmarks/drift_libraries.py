"""What libraries of the field say of the same days as the monitor, each at its defaults: run by `drift.py`.

    python benchmarks/drift_libraries.py FOLDER

It runs in an environment of its own, tests/proofs/drift-libraries, and prints a line of JSON for each library. Of the
libraries that lifecycles of models use, those are here whose licence lets anybody run them: Evidently and NannyML
(Apache 2.0), Frouros (BSD). Not here: alibi-detect (Business Source License), deepchecks (AGPL). NannyML sends usage
to its maker, which is switched off.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
os.environ["DO_NOT_TRACK"] = "1"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

Judge = Callable[[pd.DataFrame, pd.DataFrame], dict[str, bool]]
"""Whether a day differs from the reference, by each alarm of a library."""


def evidently() -> Judge:
    """Its preset: a report has an alarm of its own, half of the columns, and says of each column whether it drifted."""
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    def judge(reference: pd.DataFrame, day: pd.DataFrame) -> dict[str, bool]:
        categories = [name for name in day if day[name].dtype == object]
        numbers = [name for name in day if name not in categories]
        definition = DataDefinition(numerical_columns=numbers, categorical_columns=categories)
        sets = [Dataset.from_pandas(each, data_definition=definition) for each in (day, reference)]
        found = Report([DataDriftPreset()]).run(*sets).dict()
        (drifted,) = [m["value"] for m in found["metrics"] if m["metric_name"].startswith("DriftedColumnsCount")]
        return {
            "Evidently, any column": drifted["count"] > 0,
            "Evidently, half of the columns": drifted["share"] >= 0.5,
        }

    return judge


def nannyml() -> Judge:
    """Its univariate calculator, an alert of any column in any of its chunks."""
    import nannyml as nml

    def judge(reference: pd.DataFrame, day: pd.DataFrame) -> dict[str, bool]:
        found = nml.UnivariateDriftCalculator(column_names=list(day)).fit(reference).calculate(day)
        table = found.filter(period="analysis").to_df()
        return {"NannyML, any alert": bool(table.xs("alert", axis=1, level=-1).to_numpy().any())}

    return judge


def frouros() -> Judge:
    """A test for each column: Kolmogorov and Smirnov's, and chi-square for categories, at 5 per cent."""
    from frouros.detectors.data_drift import ChiSquareTest, KSTest

    def judge(reference: pd.DataFrame, day: pd.DataFrame) -> dict[str, bool]:
        least = 1.0
        for name in day:
            detector = (ChiSquareTest if day[name].dtype == object else KSTest)()
            detector.fit(X=reference[name].to_numpy())
            least = min(least, detector.compare(X=day[name].to_numpy())[0].p_value)
        return {"Frouros, any column": bool(least < 0.05)}

    return judge


LIBRARIES: dict[str, Callable[[], Judge]] = {"evidently": evidently, "nannyml": nannyml, "frouros": frouros}


def table(file: Path, name: str) -> pd.DataFrame:
    """One day, or the reference."""
    with np.load(file, allow_pickle=False) as found:
        columns = {key.partition("/")[2]: found[key] for key in found.files if key.startswith(f"{name}/")}
    return pd.DataFrame({key: each.astype(object) if each.dtype.kind == "U" else each for key, each in columns.items()})


def main(folder: Path) -> None:
    """Judge every day of every file, and the large one, and print what was found."""
    files = sorted(folder.glob("seed-*.npz"))
    changes: list[str] = json.loads((folder / "changes.json").read_text("utf-8"))
    for load in LIBRARIES.values():
        judge = load()
        start = time.process_time()
        found: dict[str, dict[str, int]] = {}
        for file in files:
            reference = table(file, "reference")
            for change in changes:
                for alarm, rings in judge(reference, table(file, change)).items():
                    found.setdefault(alarm, dict.fromkeys(changes, 0))[change] += rings
        spent = time.process_time() - start
        sides = [table(folder / "large.npz", name) for name in ("reference", "day")]
        start = time.process_time()
        judge(*sides)
        large = time.process_time() - start
        for name, counts in found.items():
            said = {"name": name, "days": len(files), "found": counts, "seconds": spent, "large": large}
            print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
