"""GCP: GKE, Cloud Storage, Cloud Run, Cloud Monitoring. Importing this imports no SDK."""
