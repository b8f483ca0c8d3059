"""Releases a model version: checks and copies its artefact, and writes the record that the next `up` reads."""
