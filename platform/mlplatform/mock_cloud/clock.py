"""The simulated clock: nothing sleeps, and the time that operations would take is known."""

from __future__ import annotations


class Clock:
    """Seconds since the cloud began.

    Operations of one run of the engine are concurrent: each begins when its dependencies are ready, and the run takes
    as long as the last of them.
    """

    def __init__(self) -> None:
        self._start = 0.0
        self._end = 0.0

    @property
    def start(self) -> float:
        """Time at which the present run began."""
        return self._start

    @property
    def elapsed(self) -> float:
        """Seconds that the present run has taken."""
        return self._end - self._start

    def run(self) -> None:
        """Begin another run at the end of the former one."""
        self._start = self._end

    def after(self, ready: float, seconds: float) -> float:
        """Add an operation of the present run.

        Args:
            ready: time at which its dependencies are ready.
            seconds: how long it takes.

        Returns:
            The time at which it is done.
        """
        done = max(self._start, ready) + seconds
        self._end = max(self._end, done)
        return done

    def pass_by(self, seconds: float) -> None:
        """Let time pass between runs."""
        self._end += seconds
        self._start = self._end
