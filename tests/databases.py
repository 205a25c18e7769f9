"""Databases of tests: a migrated one is made once and copied, on SQLite as a file, on PostgreSQL by the server.

`pytest --on-postgresql` runs what touches a database on the server that TEST_POSTGRESQL names.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, make_url

from tests.missing import refuse
from webapp.postgresql import WRITING

SERVER = os.environ.get("TEST_POSTGRESQL", "")
"""A PostgreSQL server on which the tests may do everything, such as postgresql://superuser@127.0.0.1:5432/postgres."""
OPTION = "--on-postgresql"
ON = "TEST_ON_POSTGRESQL"
ADDRESS = "database_url"
"""The file in an instance folder that names its database on the server."""
ELSEWHERE = ("tests/browser", "tests/deploy")
"""Tests of what is in front of the database, or that start servers of their own."""

_made: set[str] = set()
_free: dict[str, list[str]] = {}
"""Copies that are as they were made, by the name of what they are a copy of."""


def use_postgresql() -> None:
    """From here on databases are made on the server, by processes that tests start as well."""
    if not SERVER:
        raise pytest.UsageError(f"{OPTION} needs a server: TEST_POSTGRESQL=postgresql://user@127.0.0.1:5432/postgres")
    os.environ[ON] = "1"


def is_for_both(item: pytest.Item) -> bool:
    """Whether a test is about what is in a database, of whichever kind."""
    has_one = "databases" in getattr(item, "fixturenames", ())
    return has_one and not item.nodeid.startswith(ELSEWHERE) and not item.get_closest_marker("sqlite")


@contextmanager
def on(server: str) -> Iterator[None]:
    """Inside the block databases are made on this server; without an address they are files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules[__name__], "SERVER", server)
        patch.setenv(ON, "1") if server else patch.delenv(ON, raising=False)
        yield
        drop_all()


def settings_for(instance: Path) -> dict[str, str]:
    """The settings of a site on the database of this folder; where it has none yet, an empty one is made."""
    return {"SQLALCHEMY_DATABASE_URI": url_of(instance)} if ON in os.environ else {}


def url_of(instance: Path) -> str:
    """Where the database of this folder is."""
    if ON not in os.environ:
        return f"sqlite:///{instance}/site.db"
    if not (instance / ADDRESS).exists():
        _create(instance)
    return (instance / ADDRESS).read_text()


def copy_database(source: Path, folder: Path) -> None:
    """A copy of the database of an instance folder for another one. Nobody may be using it."""
    folder.mkdir(exist_ok=True)
    if ON not in os.environ:
        shutil.copy(source / "site.db", folder / "site.db")
    elif free := _free.get(_name_of(source)):
        _note(folder, free.pop())
    else:
        _create(folder, _name_of(source))


def give_back(folder: Path, source: Path) -> None:
    """Nobody needs this copy any more. Since the server takes a quarter of a second to make one, it is used again."""
    if ON not in os.environ:
        return
    name = _name_of(folder)
    if _is_as_it_was(name):
        _free.setdefault(_name_of(source), []).append(name)
    else:
        _drop(name)


@contextmanager
def being_written(instance: Path, *, seconds: float = 5) -> Iterator[None]:
    """Another process writes inside the block, once it was waited for these seconds at most: else TimeoutError."""
    try:
        if ON in os.environ:
            with psycopg.connect(url_of(instance).replace("+psycopg", "")) as connection:
                connection.execute(f"SET lock_timeout = {round(seconds * 1000)}")
                connection.execute(f"SELECT pg_advisory_xact_lock({WRITING})")
                yield
        else:
            with closing(sqlite3.connect(instance / "site.db", timeout=seconds, isolation_level=None)) as file:
                file.execute("BEGIN IMMEDIATE")
                yield
                file.execute("ROLLBACK")
    except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
        raise TimeoutError from None


def drop_all() -> None:
    for name in _made.copy():
        _drop(name)


def _create(folder: Path, template: str | None = None) -> None:
    name = f"test_{secrets.token_hex(6)}"
    if template:
        _execute(KEEP, on=template)
        _execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'")
    _execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""))
    _made.add(name)
    _note(folder, name)


KEEP = """
CREATE SCHEMA IF NOT EXISTS kept;
CREATE OR REPLACE FUNCTION kept.columns() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(concat_ws(' ', attrelid, attname, atttypid, attnotnull), ',' ORDER BY attrelid, attnum))
    FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
$$;
DO $$ DECLARE name text; is_filled boolean; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO is_filled;
        IF is_filled THEN
            EXECUTE format('CREATE TABLE IF NOT EXISTS kept.%I AS TABLE public.%I', name, name);
        END IF;
    END LOOP;
    CREATE TABLE IF NOT EXISTS kept.sequences AS
        SELECT sequencename, coalesce(last_value, 1) AS value, last_value IS NOT NULL AS is_called
        FROM pg_sequences WHERE schemaname = 'public';
    CREATE TABLE IF NOT EXISTS kept.schema AS SELECT kept.columns() AS columns;
END $$
"""
"""Every row, beside the tables themselves: no model and no migration sees that schema."""
RESTORE = """
SET session_replication_role = replica;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' AND tablename !~ '^(sequences|schema)$' LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', name, name);
    END LOOP;
    PERFORM setval(format('public.%I', sequencename), value, is_called) FROM kept.sequences;
END $$;
"""


def _is_as_it_was(name: str) -> bool:
    """Every row is again as when the copy was made; False where a test changed more than rows."""
    try:
        with _connection(name) as connection:
            connection.execute(RESTORE)
            return connection.execute("SELECT columns = kept.columns() FROM kept.schema").fetchone() == (True,)
    except psycopg.Error:
        return False


def _drop(name: str) -> None:
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _made.discard(name)


def _name_of(instance: Path) -> str:
    return str(make_url(url_of(instance)).database)


def _note(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    url = make_url(SERVER).set(drivername="postgresql+psycopg", database=name)
    (folder / ADDRESS).write_text(url.render_as_string(hide_password=False))


def _execute(statement: str, on: str = "") -> None:
    with _connection(on) as connection:
        connection.execute(statement)


def _connection(name: str = "") -> psycopg.Connection[tuple[Any, ...]]:
    url = make_url(SERVER).set(database=name) if name else make_url(SERVER)
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def needed_server() -> URL:
    """The server of the tests. Without one the test is skipped, but fails where CI=true."""
    if not SERVER:
        refuse("This is about PostgreSQL: name a server on which the tests may make databases in TEST_POSTGRESQL.")
    return make_url(SERVER).set(drivername="postgresql+psycopg")


@contextmanager
def made_on_server(kind: str, options: str) -> Iterator[str]:
    """A `DATABASE` or a `ROLE` of its own name on the server, dropped at the end. Within it: its name."""
    name = f"test_{secrets.token_hex(6)}"
    _execute(f'CREATE {kind} "{name}" {options}')
    try:
        yield name
    finally:
        _execute(f'DROP {kind} "{name}"' + (" WITH (FORCE)" if kind == "DATABASE" else ""))


@contextmanager
def empty_database(options: str = "") -> Iterator[URL]:
    """A PostgreSQL database without a table, whatever the tests run on."""
    server = needed_server()
    with made_on_server("DATABASE", options) as name:
        yield server.set(database=name)
