"""Pipelines whose steps are pods, as files for who runs them."""
