"""Prometheus' own rule files of what a platform alerts on and records."""
