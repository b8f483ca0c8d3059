"""The simulated clock: nothing sleeps, yet it is known how long things would take."""

from __future__ import annotations


class Clock:
    """Seconds since the cloud began.

    Operations of one run of the engine go on side by side: each begins where what it needs is ready, and the run has
    taken as long as the last of them.
    """

    def __init__(self) -> None:
        self._start = 0.0
        self._end = 0.0

    @property
    def start(self) -> float:
        """Where the present run began."""
        return self._start

    @property
    def elapsed(self) -> float:
        """How long the present run has taken."""
        return self._end - self._start

    def run(self) -> None:
        """Begin another run where the former ended."""
        self._start = self._end

    def after(self, ready: float, seconds: float) -> float:
        """The time at which an operation is done which takes so long and waits for something ready then."""
        done = max(self._start, ready) + seconds
        self._end = max(self._end, done)
        return done

    def pass_by(self, seconds: float) -> None:
        """Let time go by between runs."""
        self._end += seconds
        self._start = self._end
