"""What a node has for jobs beside the system's pods."""

JOBS_PART = 0.7
"""Part of a node's CPUs and memory that its jobs may ask for: the rest is the system's and the daemons'. Kubernetes
itself keeps up to a fifth of a small machine's memory, and a job that asks for more than is left never starts."""
