"""The tracking server in the cluster: its pods, the programs in them, and what its callers have."""
