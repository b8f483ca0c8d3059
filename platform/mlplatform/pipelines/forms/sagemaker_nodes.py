"""The line of shell before the program of a training job: its folders, and how its nodes find each other.

SageMaker starts one image on all nodes and tells who they are in a file alone. Processing jobs need no such line: their
folders are there, and none of ours has several nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mlplatform.pipelines.forms.nodes import tell_nodes
from mlplatform.spec.pipeline_steps import Distribution

if TYPE_CHECKING:
    # for annotations alone: the checks of a spec load this file
    from mlplatform.pipelines.meaning import Task

CONFIG = "/opt/ml/input/config/resourceconfig.json"
"""Who the nodes are: `current_host` and `hosts`,
https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html"""

MODEL = "/opt/ml/model"

DISTRIBUTIONS: tuple[Distribution, ...] = ("torch", "tensorflow")
"""What a training job can do: MPI starts its processes by SSH, for which an image has no keys."""

_PORT = "29500"

LAUNCH = (
    # arguments: how they find each other or `alone`, processes on each node, outputs; `--` and the program
    'how=$1;each=$2;shift 2;while [ "$1" != -- ];do mkdir -p "' + MODEL + '/$1";shift;done;shift;'
    'if [ "$how" = alone ];then exec "$@";fi;'
    f"c=$(tr -d ' \\n\\r\\t' <{CONFIG});"
    'me=${c#*\'"current_host":"\'};me=${me%%\\"*};h=${c#*\'"hosts":[\'};h=${h%%]*};n=0;first=;all=;rank=;'
    # each node must number them alike, whatever the order in its file
    "for name in $(printf %s \"$h\"|tr -d '\"'|tr , '\\n'|sort);do "
    '[ "$n" = 0 ]&&first=$name;[ "$name" = "$me" ]&&rank=$n;'
    f'all="$all${{all:+,}}\\"$name:{_PORT}\\"";n=$((n+1));done;'
    'if [ -z "$rank" ];then echo "' + CONFIG + ' does not name $me" >&2;exit 65;fi;'
    f"{tell_nodes(_PORT)}"
    # the files of all nodes come into one folder, and those of the first are the step's
    'if [ "$rank" = 0 ];then exec "$@";fi;"$@"& p=$!;trap \'kill -TERM "$p"\' TERM;code=0;wait "$p"||code=$?;'
    f'if [ "$code" -gt 128 ];then code=0;wait "$p"||code=$?;fi;rm -rf {MODEL}/*;exit "$code"'
)
"""Without line breaks, which an argument of a job cannot have."""

_BEFORE = ("/bin/sh", "-c", LAUNCH, "sh")


def launched(task: Task, processes: int) -> tuple[str, ...]:
    """The words before those of the program.

    Args:
        task: what a training job runs.
        processes: processes on each node.
    """
    return (*_BEFORE, task.distribution or "alone", str(processes), *task.outputs, "--")


def without_launch(words: Iterable[str]) -> int:
    """How many of a command's words are those of `launched`.

    Args:
        words: the texts of its words; a word that is no text is empty.
    """
    given = tuple(words)
    return given.index("--") + 1 if given[: len(_BEFORE)] == _BEFORE else 0
