"""Runs of pipelines: what a cloud's service refuses, and what fails on its nodes."""
