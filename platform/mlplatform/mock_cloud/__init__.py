"""A small cloud in memory: a resource is there until it is deleted, and calls are refused as the real cloud would.

`Cloud`, `CloudRefused` and `Held` are its face. Beside them, rehearsals import `faults` (errors to inject), `movements`
(changes that a cloud makes by itself), `rules` (refusals, leftovers and durations of each cloud, each row with its
source), `refusal`, and `serve`, which attaches Pulumi's engine. Only `serve` opens ports, on 127.0.0.1.
"""

from mlplatform.mock_cloud.cloud import Cloud
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import CloudRefused

__all__ = ["Cloud", "CloudRefused", "Held"]
