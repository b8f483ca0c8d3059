"""What programs of the platform write while it runs, where a cloud deletes nothing that is not empty.

The door of pipelines keeps its ledgers in a bucket. From its first look on that bucket is not empty, whatever the plan
says; Azure deletes a container with what is in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from mlplatform.mock_cloud.held import Held

_PROGRAMS = ("aws:ecs/taskDefinition:TaskDefinition", "gcp:cloudrunv2/job:Job")
_NAMES = {"aws:s3/bucket:Bucket": "bucket", "gcp:storage/bucket:Bucket": "name"}
"""Property with the name, by type of bucket."""

_LEDGERS = re.compile(r'MLPLATFORM_DOOR_LEDGERS[\\"]+,\s*[\\"]+value[\\"]+:\s*[\\"]+(?:gs://)?([a-z0-9.-]+)')


def written_buckets(program: Held, others: Iterable[Held]) -> Iterator[Held]:
    """The buckets that a program writes to.

    Args:
        program: any resource.
        others: everything that the cloud holds.
    """
    if program.token not in _PROGRAMS:
        return
    text = json.dumps(program.inputs, sort_keys=True, default=str)
    names = set(_LEDGERS.findall(text))
    if names:
        yield from (each for each in others if each.inputs.get(_NAMES.get(each.token, "")) in names)
