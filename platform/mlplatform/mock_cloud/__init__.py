"""A small cloud that remembers: what was created is there until it is deleted, and refuses as the real one would.

Plain Python without engine or network. `Cloud` is the whole surface; `rules/` has one table per cloud of what is
refused, what stays behind and how long things take, each row with its source.
"""

from mlplatform.mock_cloud.cloud import Cloud
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refused import CloudRefused

__all__ = ["Cloud", "CloudRefused", "Held"]
