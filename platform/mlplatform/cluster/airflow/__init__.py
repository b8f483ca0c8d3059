"""Airflow in the cluster: its settings, and the programs that run inside of its pods."""
