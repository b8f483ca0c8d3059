"""Pipelines of CI systems, from the specs of a platform's environments."""
