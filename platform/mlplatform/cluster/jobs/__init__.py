"""Jobs on the platform's pools: what a person asks for, what is refused, and the objects that come of it."""
