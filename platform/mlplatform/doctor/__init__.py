"""Looks at what must be there before a command or the first `up` works: on this machine, and in the accounts."""
