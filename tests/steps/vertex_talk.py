"""Every request for a custom job with its answer, one a line: what `make prove ONE=google-door` reads."""

from __future__ import annotations

import json
from contextlib import suppress

from mlplatform.services.gcp_api import GoogleApi
from mlplatform.steps.vertex_job import JobFailed, Stopped, run_job

from .fake_vertex import FakeVertex
from .test_vertex_job import job, quiet


def main() -> None:
    """Send jobs of each kind, and let one fail and one be stopped."""
    for states, changes in (
        (("JOB_STATE_RUNNING", "JOB_STATE_SUCCEEDED"), {}),
        (("JOB_STATE_SUCCEEDED",), {"nodes": 1, "accelerator": None, "spot": True, "disk_gib": 500}),
        (("JOB_STATE_FAILED",), {}),
        (("JOB_STATE_RUNNING",), {}),
    ):
        vertex = FakeVertex(*states)

        def stop(seconds: float, only: bool = len(states) == 1) -> None:
            if only:
                raise Stopped(seconds)

        with suppress(JobFailed, Stopped):
            run_job(job(**changes), GoogleApi(vertex), sleep=stop, say=quiet)
        for each in vertex.talk:
            print(json.dumps(each))


if __name__ == "__main__":
    main()
