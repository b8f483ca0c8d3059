"""What an API server of Kubernetes accepts: kinds with their fields, bounds and rules, as compact tables with sources.

`data` is written by `tests/cluster/derive_tables.py` from what the projects publish, and a test holds it against the
full definitions where they are at hand.
"""
