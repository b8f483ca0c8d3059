"""Filters of Cloud Logging and Cloud Monitoring, read by a published parser of AIP-160, the grammar of Google's APIs.

Google publishes no parser of either. Cloud Logging adds to the grammar the operators `=~` and `!~` for regular
expressions (https://docs.cloud.google.com/logging/docs/view/logging-query-language): they are read as `=` and `!=`, and
their expressions are compiled. Names of metrics, resources and labels are checked in tests/strings.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

LOG, METRIC = "Cloud Logging query language", "Cloud Monitoring filters"
MATCH = re.compile(r'(=|!)~(\s*"((?:[^"\\]|\\.)*)")')
WRONG = ('resource.type="x" AND OR b', "a = (", "a ==", 'NOT LOG_ID("a"')


def ask(texts: list[str]) -> list[str]:
    """What is wrong with each text; empty where nothing is."""
    done = subprocess.run(["readfilter"], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def plain(item: dict[str, Any]) -> str:
    """A filter without Cloud Logging's own operators, whose expressions are compiled."""
    if item["language"] != LOG:
        return item["text"]
    for match in MATCH.finditer(item["text"]):
        re.compile(match[3])
    return MATCH.sub(lambda match: ("=" if match[1] == "=" else "!=") + match[2], item["text"])


def main() -> int:
    """Read every filter; the exit code is not zero if anything is refused."""
    planned = json.loads(Path(os.environ["MLPLATFORM_PLANNED"]).read_text(encoding="utf-8"))
    items = [item for item in planned["strings"] if item["language"] in (LOG, METRIC)]
    counts = Counter(item["language"] for item in items)
    failures = [f"the parser accepts {text!r}" for text, said in zip(WRONG, ask(list(WRONG)), strict=True) if not said]
    for item, said in zip(items, ask([plain(item) for item in items]), strict=True):
        if said:
            failures.append(f"{item['spec']} {item['name']} {item['path']}: {said.strip()[-300:]}\n{item['text']}")
    print("\n".join(failures))
    print(f"{counts[LOG]} filters of logs, {counts[METRIC]} of metrics")
    return 1 if failures or not counts[LOG] or not counts[METRIC] else 0


if __name__ == "__main__":
    sys.exit(main())
