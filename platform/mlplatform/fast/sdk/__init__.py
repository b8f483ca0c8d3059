"""Makes importing Pulumi's provider SDKs and registering resources cheap, with the same results.

`fast_sdk` loads an SDK piece by piece and replaces a few of Pulumi's own functions (`replacements`); `quiet_gc`
keeps the garbage collector from walking a growing graph again and again, and `quiet_gc_until_exit` does so
for the rest of the process. `MLPLATFORM_PLAIN=1` switches all of it off. Classes, wire values, types and
traces are the same either way.
"""

from mlplatform.fast.sdk.collector import quiet_gc, quiet_gc_until_exit
from mlplatform.fast.sdk.install import fast_sdk
from mlplatform.fast.sdk.loop import new_loop

__all__ = ["fast_sdk", "new_loop", "quiet_gc", "quiet_gc_until_exit"]
