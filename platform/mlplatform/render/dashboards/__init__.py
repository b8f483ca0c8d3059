"""Dashboards as Grafana's own documents."""
