"""Makes Airflow's database ready before it starts: the database, its tables or their upgrade, and the starter's user.

One pod at a time: others wait for its lock.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from typing import Any, cast

LOCK = 7_265_411
"""Number of the lock on the server."""

USER = ("--username", "starter")


def main(address: str, database: str) -> int:
    """Prepare the database, and return the exit code.

    Args:
        address: of PostgreSQL without a database's name, as SQLAlchemy writes it: `postgresql+psycopg2:///`.
        database: name of the database.
    """
    sqlalchemy = cast("Any", import_module("sqlalchemy"))
    # every server has the database `postgres`; on Google Cloud the API has made ours, and who logs in may make none
    engine = sqlalchemy.create_engine(f"{address}postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"SELECT pg_advisory_lock({LOCK})"))
        there = connection.execute(sqlalchemy.text(f"SELECT 1 FROM pg_database WHERE datname = '{database}'")).scalar()
        if not there:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {database}"))
        code = subprocess.run(["airflow", "db", "migrate"]).returncode
        return code or _user(os.environ.get("STARTER_PASSWORD", ""))


def _user(password: str) -> int:
    """The user with which the starter starts runs: those of people come when they log in."""
    if not password:
        return 0
    person = ("--firstname", "Starter", "--lastname", "mlplatform", "--email", "starter@mlplatform.invalid")
    made = ["airflow", "users", "create", *USER, *person, "--role", "User", "--password", password]
    # the second makes the password of a user that is there that of the keys
    again = ["airflow", "users", "reset-password", *USER, "--password", password]
    return subprocess.run(made).returncode or subprocess.run(again).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
