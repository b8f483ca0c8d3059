"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict


class TeamSpec(TypedDict):
    """A team with a namespace, a queue and an identity of its own in the training cluster.

    Its namespace is `team-NAME`; its jobs run as the service account `training` there, and wait in the queue
    `default`. Who is in it, each target says in `members`. What no team has stays in the platform's own queue.
    """

    name: str
    """Unique in the spec, at most 20 characters: `fraud`."""

    quota: NotRequired[Mapping[str, int]]
    """Devices that the team can always have, by pool: `{"pretrain": 32}`. Devices are GPUs, the clients of time-
    sliced ones, or MIG instances. With 0 it only borrows there. Pools that are not named are not the team's.
    Needed.
    """

    borrow: NotRequired[Mapping[str, int]]
    """Most devices beyond the quota, by pool. Omitted: everything that others leave unused at the moment."""

    lend: NotRequired[Mapping[str, int]]
    """Most devices of the quota that others may use while the team does not, by pool. Omitted: all.

    The team takes them back by ending the others' jobs. With 0 they stand idle, and are there at once.
    """

    weight: NotRequired[int]
    """The team's part of what nobody's quota covers: with 2 it gets twice as much as a team with 1.

    Jobs within a team go by the priorities `low`, `normal` and `high`, which say nothing between teams.
    """

    max_jobs: NotRequired[int]
    """Most jobs of each kind in the namespace, finished ones included, so that nobody floods the cluster's store."""
