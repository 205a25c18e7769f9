"""The site's own database as a whole: written into a file, and brought back from one.

One that is a file is copied and replaced as a file. Of any other the file holds the same rows, so that a backup of
either kind can be brought back on either.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.orm import Session

from webapp.database import Base, file_of, is_whole, schema_transaction
from webapp.documents import projection
from webapp.extensions import db
from webapp.instance_folder import sync_folder, write_private_file
from webapp.upkeep import copying
from webapp.upkeep.copying import copy, opened
from webapp.upkeep.kinds import kind_of
from webapp.upkeep.schema import bring_up
from webapp.upkeep.sqlite_files import closed_for_all, remove_side_files


def is_there() -> bool:
    """Whether the site has a database: one that is not a file has to have its tables."""
    file = file_of(db.engine.url)
    if file:
        return file.exists()
    with db.engine.connect() as connection:
        return is_whole(connection, Base.metadata)


def is_used_by_others() -> bool:
    """Whether another process has it open. This one must not."""
    return bool(kind_of(db.engine).is_used_by_others(db.engine))


def write_to(file: Path, migrations: Path) -> None:
    """The database as it is at one moment, whole in one file. Nobody waits for it.

    Raises sqlite3.Error, and OperationalError when the database cannot be opened; UpkeepError when it is not a file
    and not of this version.
    """
    write_private_file(file, b"")
    with closing(sqlite3.connect(file)) as target:
        if file_of(db.engine.url):
            source = db.engine.raw_connection()
            try:
                source.driver_connection.backup(target)  # type: ignore[union-attr]
            finally:
                source.close()
        else:
            copy(db.engine.url, url_of(file), migrations)
        target.execute("PRAGMA journal_mode = DELETE")


def check(found: Path, migrations: Path) -> None:
    """Whether what is in this file, which is changed, could be brought back. Raises UpkeepError."""
    if file_of(db.engine.url) is None:
        _bring_up(found, migrations)
        copying.check(url_of(found), db.engine.url)


def bring_back(found: Path, migrations: Path) -> bool:
    """Put what is in this file, which goes, in the place of the site's database, at once. Whether that is of the newest
    schema by now: one that is not a file always is.
    """
    file = file_of(db.engine.url)
    if file is None:
        _bring_up(found, migrations)
        copy(url_of(found), db.engine.url, migrations, replace=True)
        return True
    with closed_for_all(file) if file.exists() else nullcontext():
        remove_side_files(file)
        found.replace(file)
        sync_folder(file.parent)
    return False


def url_of(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


def _bring_up(file: Path, migrations: Path) -> None:
    """Let the file be of the newest schema, with what lists know: a copy takes no other."""
    with opened(url_of(file)) as engine, schema_transaction(engine) as connection:
        bring_up(connection, migrations)
        with Session(connection) as session:
            if projection.stale_documents(session, limit=1):
                projection.rebuild(session)
            session.flush()
