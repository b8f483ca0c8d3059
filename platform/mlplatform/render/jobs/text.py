"""Writes the objects of a job, the same bytes for the same request."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import wire_object


def job_text(objects: Sequence[KubeObject]) -> str:
    """The objects as documents of YAML."""
    return "---\n".join(yaml.safe_dump(wire_object(each), sort_keys=True, width=1000) for each in objects)
