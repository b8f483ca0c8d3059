"""The few lines of shell around a step's program: its folders, its longest time, and its metrics as values.

A step's image is somebody's own, so there is nothing in it that knows the engine. It needs what every image of a Linux
distribution has: `sh`, `sed`, `tr`, `awk`, `timeout` and `env`.
"""

from __future__ import annotations

from collections.abc import Iterable

from mlplatform.fast.record import record

TIMED_OUT = 124
"""Exit code of a step that took longer than it may: that of `timeout`."""

NO_METRIC = 65
"""Exit code of a step that did not write a number which it says it writes."""

LEFT_OUT = 99
"""Exit code of a check whose condition does not hold."""

_GRACE_SECONDS = 30


@record(kw_only=True)
class MetricFile:
    """A number of `metrics.json` that the engine reads as a value."""

    folder: str
    """Folder of the metrics, as the engine writes it."""

    metric: str
    """The number's name."""

    file: str
    """File that the engine reads."""


def entry_script(
    *,
    folders: Iterable[str],
    metrics: Iterable[MetricFile],
    timeout_minutes: int,
    first: Iterable[str] = (),
    last: Iterable[str] = (),
    leader: bool = False,
    emptied: bool = False,
) -> str:
    """A script whose arguments are the step's program.

    Args:
        folders: folders that it makes before, as the engine writes them.
        metrics: values that it makes of the metrics after.
        timeout_minutes: when the program is told to end; it is killed half a minute later.
        first: lines of shell that run before the program.
        last: lines of shell that run after a program that succeeded.
        emptied: whether what a former attempt left in the folders is removed.
        leader: whether only the first of several nodes writes metrics, and runs `last`.
    """
    made = list(folders)
    lines = ["set -eu", *(f'rm -rf "{folder}"' for folder in made if emptied)]
    lines += [*(f'mkdir -p "{folder}"' for folder in made), *first]
    lines += [
        f'timeout -k {_GRACE_SECONDS} {timeout_minutes * 60} "$@" & child=$!',
        # the signal of a node that is taken away reaches the program, which saves its work
        "trap 'kill -TERM \"$child\"' TERM",
        'code=0; wait "$child" || code=$?',
        'if [ "$code" -gt 128 ]; then code=0; wait "$child" || code=$?; fi',
        f'if [ "$code" -eq {TIMED_OUT} ]; then echo "longer than {timeout_minutes} minutes" >&2; fi',
        'if [ "$code" -ne 0 ]; then exit "$code"; fi',
    ]
    if leader:
        lines.append('if [ "${JOB_COMPLETION_INDEX:-0}" != 0 ]; then exit 0; fi')
    found = list(metrics)
    if found:
        lines += READ_METRIC
    for each in found:
        lines += [
            f'value=$(number "{each.folder}" {each.metric})',
            f'mkdir -p "$(dirname "{each.file}")"',
            f'printf %s "$value" >"{each.file}"',
        ]
    return "\n".join([*lines, *last, ""])


def check_script(*, folder: str, metric: str, at_least: float | None, at_most: float | None) -> str:
    """A script that ends with `LEFT_OUT` unless a metric is within its bound.

    Args:
        folder: folder of the metrics, as the engine writes it.
        metric: the number's name.
        at_least: least value.
        at_most: greatest value.
    """
    sign, bound = (">=", at_least) if at_least is not None else ("<=", at_most)
    lines = [
        "set -eu",
        *READ_METRIC,
        f'value=$(number "{folder}" {metric})',
        f"awk -v value=\"$value\" 'BEGIN {{ exit !(value + 0 {sign} {float(bound or 0.0)!r}) }}' || exit {LEFT_OUT}",
        "",
    ]
    return "\n".join(lines)


READ_METRIC = (
    "number() {",
    # names of metrics are lower-case words: no other text of JSON looks like one with its value
    "  found=$(tr -d ' \\t\\r\\n' <\"$1/metrics.json\" | sed -n "
    "'s/.*[{,]\"'\"$2\"'\":\\(-\\{0,1\\}[0-9][0-9.]*\\([eE][-+]\\{0,1\\}[0-9]*\\)\\{0,1\\}\\)[,}].*/\\1/p')",
    f'  if [ -z "$found" ]; then echo "metrics.json has no number $2" >&2; exit {NO_METRIC}; fi',
    '  printf %s "$found"',
    "}",
)
"""A function that prints a number of `metrics.json`, and fails where there is none."""
