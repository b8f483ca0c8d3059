"""Endpoints whose replicas the cluster runs: the pods of a model, and the router before them."""
