"""The near end of a session to the cluster's API, on the machine of the person who opens it."""

LOCAL_PORT = 8443
"""Its port. The commands of the plan open it, and lead `kubectl` and Pulumi to it."""
