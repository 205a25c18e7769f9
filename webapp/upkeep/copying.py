"""Everything in one database written into another, of the same or another kind, and proved.

The one is read as it was at one moment; the other is changed in one transaction: killed at any moment, it is what it
was, or it holds everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, Row, Table, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from webapp import database as databases
from webapp.database import Base, broken_links_in, file_of, schema_transaction
from webapp.documents.reindexing import index_anew
from webapp.edition import raise_edition
from webapp.sqlite_file import SIDE_FILES
from webapp.upkeep.archive import UpkeepError
from webapp.upkeep.kinds import kind_of
from webapp.upkeep.rows import Proof, copy_rows, plain, prove
from webapp.upkeep.schema import bring_up, is_empty, is_newest

NOTHING = "Nothing was copied."
UNSURE = "It is not known whether everything was copied: try again, and an empty database takes it, a full one refuses."
"""Of a server that hung up while it was told to keep what was written."""
MOST_TOLD = 20
"""Values that cannot be taken over and are named one by one."""
Proofs = dict[str, Proof]
Tell = Callable[[str], None]


def copy(
    source: URL, target: URL, migrations: Path, tell: Tell = lambda _words: None, *, replace: bool = False
) -> Proofs:
    """Copy what is in one database into another that has no table; with `replace` into one whose rows go.

    Gives what was proved of each table, by its name. Raises UpkeepError; then the other is as it was.
    """
    with opened(source) as one, opened(target) as other, _snapshot(one) as reading:
        _refuse_older(reading, source, migrations)
        tell("Looking at every row.")
        before = _look_through(reading, other)
        with told(source, target) as outcome, _made(other), schema_transaction(other) as writing:
            _make_room(writing, target, migrations, replace=replace)
            tell("Copying.")
            for table in Base.metadata.sorted_tables:
                copy_rows(reading, writing, table)
                kind_of(other).count_on(writing, table)
            _refuse_broken_links(writing)
            tell("Reading it again, and writing the search index.")
            _refuse_differences(before, {name: prove(writing, table) for name, table in Base.metadata.tables.items()})
            with Session(writing) as session:
                index_anew(session)
                raise_edition(session)
                session.flush()
            outcome.append(UNSURE)
    return before


def check(source: URL, target: URL) -> Proofs:
    """Whether a database of the other's kind could hold what is in this one. Raises UpkeepError."""
    with opened(source) as one, opened(target) as other, _snapshot(one) as reading:
        return _look_through(reading, other)


@contextmanager
def opened(url: URL) -> Iterator[Engine]:
    """A database that is not the application's own, opened as the site opens its own."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    databases.kind_of(url).prepare(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def is_used_by_others(url: URL) -> bool:
    """Whether another process of the site has it open."""
    with told(url), opened(url) as engine:
        return bool(kind_of(engine).is_used_by_others(engine))


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    with told(engine.url), engine.connect() as connection, kind_of(engine).snapshot(connection):
        yield connection


@contextmanager
def told(*urls: URL) -> Iterator[list[str]]:
    """What the databases say goes to the owner as one sentence, without what stood in the row. The last of what is
    given, which may be added to, says what was done until then.
    """
    outcome = [NOTHING]
    names = " or ".join(url.render_as_string() for url in urls)
    try:
        yield outcome
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        if isinstance(error, OperationalError) and not reason:
            reason = databases.why_unusable(error) or ""
        raise UpkeepError(f"{outcome[-1]} {names} says: {reason}") from error
    except OSError as error:
        raise UpkeepError(f"{outcome[-1]} {names}: {error.strerror}.") from error


@contextmanager
def _made(engine: Engine) -> Iterator[None]:
    """Where the database is a file that was not there, it goes again when the block fails."""
    file = file_of(engine.url)
    is_new = file is not None and not file.exists()
    databases.kind_of(engine.url).create(engine)
    try:
        yield
    except BaseException:
        if file and is_new:
            for ending in ("", *SIDE_FILES):
                file.with_name(file.name + ending).unlink(missing_ok=True)
        raise


def _refuse_older(connection: Connection, url: URL, migrations: Path) -> None:
    if not is_newest(connection, migrations):
        raise UpkeepError(
            f"{url.render_as_string()} is not set up, or not of this version. Nothing was copied. Set DATABASE_URL to "
            "it and run `flask db upgrade`; then try again."
        )


def _look_through(connection: Connection, target: Engine) -> Proofs:
    """Read every row before anything is written. Raises UpkeepError for what the other database cannot hold."""
    refused: list[str] = []
    proofs = {}
    if broken := broken_links_in(connection):
        raise UpkeepError(f"Nothing was copied: there are rows that lead nowhere. {'; '.join(broken)}.")
    for name, table in Base.metadata.tables.items():
        try:
            proofs[name] = prove(connection, table, partial(_note_unheld, table, kind_of(target), refused))
        except (ValueError, TypeError) as error:
            raise UpkeepError(f"Nothing was copied: a value in {name} is not of its column's kind: {error}") from None
    if refused:
        more = [f"and {len(refused) - MOST_TOLD:,} more"] if len(refused) > MOST_TOLD else []
        raise UpkeepError(
            "Nothing was copied, because the other database cannot hold this:\n"
            + "\n".join([*refused[:MOST_TOLD], *more])
            + "\nChange it at the desk or in the database, or delete it; then try again."
        )
    return proofs


def _note_unheld(table: Table, kind: Any, refused: list[str], row: Row[Any]) -> None:
    for column, value in zip(plain(table).columns, row, strict=True):
        if why := kind.why_not_held(column.type, value):
            keys = ", ".join(f"{key.name} {row._mapping[key.name]}" for key in table.primary_key)
            refused.append(f"{column.name} of {table.name} ({keys}): {why}.")


def _make_room(connection: Connection, url: URL, migrations: Path, *, replace: bool) -> None:
    """Let the newest schema be there, and no row."""
    if is_empty(connection):
        bring_up(connection, migrations)
    elif not replace:
        raise UpkeepError(
            f"{url.render_as_string()} holds something already. Nothing was copied. Name an empty database."
        )
    elif not is_newest(connection, migrations):
        raise UpkeepError(
            "The database that is there is not of this version. Nothing was changed. Run `flask db upgrade`, or "
            "name an empty database in DATABASE_URL; then try again."
        )
    for table in reversed(Base.metadata.sorted_tables):
        connection.execute(table.delete())


def _refuse_broken_links(connection: Connection) -> None:
    if broken := broken_links_in(connection):
        raise UpkeepError(f"Nothing was copied: rows would lead nowhere. {'; '.join(broken)}.")


def _refuse_differences(before: Proofs, after: Proofs) -> None:
    if different := [name for name, proof in before.items() if after[name] != proof]:
        raise UpkeepError(
            f"Nothing was copied: what came out differs from what went in, in {', '.join(different)}. This is a "
            "fault of the program; please tell its makers."
        )
