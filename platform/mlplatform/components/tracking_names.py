"""Names, addresses and sizes that every tracking server has. Imports no SDK."""

from __future__ import annotations

from mlplatform.spec.artifact_store import Place
from mlplatform.spec.tracking import TRACKING_NAMESPACE

TRACKING_ACCOUNT = "tracking"
"""Service account of the server's pods, and what the layer calls its identity."""

ARTIFACTS: tuple[Place, str] = ("models", "_tracking")
"""Place and folder of the store with the artefacts of runs: no model has a name that begins so."""

DATABASE = "mlflow"
"""Name of the database on its server."""

PORT = 5432
"""Port of PostgreSQL."""

FIRST_GIB = 32
"""The disk of a new database, GiB. It grows by itself, so no later value is ever sent."""

TRACKING_URL = f"http://mlflow.{TRACKING_NAMESPACE}.svc.cluster.local"
"""Address of the server inside the cluster."""

TRACKING_AUDIENCE = f"mlflow.{TRACKING_NAMESPACE}.svc.cluster.local"
"""Audience of the tokens with which jobs log in to it."""
