"""Databases of tests: a migrated one is made once and copied, on SQLite as a file, on PostgreSQL by the server."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url

SERVER = os.environ.get("TEST_POSTGRESQL", "")
"""A PostgreSQL server on which the tests may make databases, such as postgresql://user@127.0.0.1:5432/postgres."""
ADDRESS = "database_url"
"""The file in an instance folder that names its database on the server."""


def settings_for(instance: Path) -> dict[str, str]:
    """The settings of a site on the database of this folder."""
    file = instance / ADDRESS
    return {"SQLALCHEMY_DATABASE_URI": file.read_text()} if file.exists() else {}


def make_database(folder: Path) -> None:
    """An empty database for this folder, where the server is the one of tests; SQLite's file comes with migrating."""
    if SERVER:
        _create(folder, None)


def copy_database(source: Path, folder: Path) -> None:
    """A copy of the database whose file would be `source`."""
    if SERVER:
        _create(folder, make_url((source.parent / ADDRESS).read_text()).database)
    else:
        shutil.copy(source, folder / "site.db")


def drop_database(folder: Path) -> None:
    if (folder / ADDRESS).exists():
        name = make_url((folder / ADDRESS).read_text()).database
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


_servers: list[Engine] = []


def _create(folder: Path, template: str | None) -> None:
    name = f"test_{secrets.token_hex(6)}"
    _execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""))
    (folder / ADDRESS).write_text(_server().set(database=name).render_as_string(hide_password=False))


def _server() -> URL:
    return make_url(SERVER).set(drivername="postgresql+psycopg")


def _execute(statement: str) -> None:
    if not _servers:
        _servers.append(create_engine(_server(), isolation_level="AUTOCOMMIT"))
    with _servers[0].connect() as connection:
        connection.exec_driver_sql(statement)
