"""Makes the tracking server's database ready before a server starts: the database, its tables, or their upgrade.

One pod at a time: the others wait for its lock.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import Any, cast

DATABASE = "mlflow"
LOCK = 7_265_410
"""Number of the lock that pods take on the server."""


def main(address: str) -> int:
    """Prepare the database, and return the exit code.

    Args:
        address: of PostgreSQL without a database's name, as SQLAlchemy writes it: `postgresql+psycopg2:///`.
    """
    sqlalchemy = cast("Any", import_module("sqlalchemy"))
    engine = sqlalchemy.create_engine(f"{address}postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"SELECT pg_advisory_lock({LOCK})"))
        there = connection.execute(sqlalchemy.text(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'")).scalar()
        if not there:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {DATABASE}"))
        own = f"{address}{DATABASE}"
        if sqlalchemy.inspect(sqlalchemy.create_engine(own)).has_table("alembic_version"):
            return subprocess.run(["mlflow", "db", "upgrade", own]).returncode
        # a new store makes its tables; the folder is that of experiments without a place, of which there are none
        cast("Any", import_module("mlflow.store.tracking.sqlalchemy_store")).SqlAlchemyStore(own, "mlflow-artifacts:/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
