"""Makes importing Pulumi's provider SDKs and registering resources cheap, with the same results.

`fast_sdk` loads an SDK piece by piece and replaces a few functions of Pulumi's own (`patches`); `quiet_gc`
keeps the garbage collector from walking a growing graph again and again, and a process that has nothing
else to do takes `quiet_gc_until_exit`. `MLPLATFORM_PLAIN_SDK=1` switches all of it off. Classes, wire
values, types and traces are the same either way.
"""

from mlplatform.fast.sdk.collector import quiet_gc, quiet_gc_until_exit
from mlplatform.fast.sdk.install import fast_sdk

__all__ = ["fast_sdk", "quiet_gc", "quiet_gc_until_exit"]
