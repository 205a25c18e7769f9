"""SQLite databases as files: whether one is whole, what it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from webapp.sqlite_file import SIDE_FILES, broken_links
from webapp.upkeep.archive import UpkeepError


def revision_of(file: Path) -> str:
    """The revision of the schema. Raises UpkeepError for a database that is damaged, or not ours."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            problems = [words for (words,) in connection.execute("PRAGMA integrity_check(3)") if words != "ok"]
            problems = problems or broken_links(connection)
            revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall() if not problems else []
    except sqlite3.OperationalError as error:
        raise UpkeepError(f"The database is not one of this site: {error}.") from None
    except sqlite3.DatabaseError as error:
        raise UpkeepError(f"The database is damaged: {error}.") from None
    if problems:
        raise UpkeepError(f"The database is damaged: {'; '.join(problems)[:500]}.")
    if len(revisions) != 1:
        raise UpkeepError("The database is not set up.")
    return str(revisions[0][0])


def row_counts(file: Path) -> dict[str, int]:
    """How many rows each table holds. Tables of the search index are made anew from the others and left out."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        listed = connection.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main' ORDER BY name")
        names = [name for name, kind in listed if kind == "table" and not name.startswith(("sqlite_", "alembic_"))]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


@contextmanager
def closed_for_all(file: Path) -> Iterator[None]:
    """Nobody can use the database inside the block. Its log is written into it first, so that the file alone is
    whole at every moment until another takes its name.
    """
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            pass  # it is damaged; nothing in it can be saved
        yield


def remove_side_files(file: Path) -> None:
    for ending in SIDE_FILES:
        file.with_name(file.name + ending).unlink(missing_ok=True)
