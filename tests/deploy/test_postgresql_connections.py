"""The connections beside the engine's: the edition is read, and the lead held, whatever happens to the server."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tests.deploy.clients import until
from tests.deploy.line import Line
from tests.postgresql import Server
from webapp import clock, postgresql, postgresql_connections
from webapp.database import schema_transaction, why_unusable
from webapp.postgresql_connections import KNOWN_FOR, Lead, Reader
from webapp.upkeep.on_postgresql import snapshot


@pytest.fixture(scope="module")
def database(postgresql: Server) -> str:
    """One with an edition in it."""
    url = postgresql.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE editions (token text)")
        connection.execute("INSERT INTO editions VALUES ('one')")
    return url


@pytest.fixture
def line(postgresql: Server) -> Iterator[Line]:
    line = Line(postgresql.port)
    yield line
    line.close()


@pytest.fixture
def reader(database: str, line: Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    monkeypatch.setattr(postgresql_connections, "PAUSE", 0.1)
    monkeypatch.setattr(postgresql_connections, "PATIENCE", 0.3)
    reader = Reader(make_url(database).set(drivername=postgresql.DRIVER, port=line.port), "SELECT token FROM editions")
    assert reader.value() == "one"
    yield reader
    reader.close()


def publish(database: str, token: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE editions SET token = %s", [token])


def hang_up(database: str) -> None:
    """What a server that is restarted does to everybody."""
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def test_the_edition_is_the_committed_one_and_as_it_was_while_the_line_is_cut(
    database: str, reader: Reader, line: Line
) -> None:
    publish(database, "two")
    assert reader.value() == "two"
    line.cut()
    publish(database, "one")
    assert reader.value() == "two"
    line.mend()
    until(lambda: reader.value() == "one")


def test_whoever_is_hung_up_on_asks_anew_at_once(database: str, reader: Reader) -> None:
    """As after a restart of the server: no thread reads an old value for what happened to the connection of another."""
    publish(database, "two")
    hang_up(database)
    assert reader.value() == "two"
    publish(database, "one")
    assert reader.value() == "one"


def test_nobody_waits_for_a_server_that_says_nothing_any_more(reader: Reader, line: Line) -> None:
    line.is_silent = True
    waits: list[float] = []

    def ask() -> None:
        started = time.monotonic()
        assert reader.value() == "one"
        waits.append(time.monotonic() - started)

    reader.try_at = clock.steady()  # it failed before, and the pause is over
    together = [threading.Thread(target=ask) for _ in range(8)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert sorted(waits)[-2] < 0.2, "one asks, the others go on with what was"
    assert max(waits) < 4


def test_what_was_read_is_good_for_ten_minutes(reader: Reader, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.cut()
    assert reader.value() == "one"
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now + KNOWN_FOR + 1)
    assert reader.value() is None


def test_where_nothing_was_ever_read_there_is_no_edition(line: Line, database: str) -> None:
    line.cut()
    assert (
        Reader(
            make_url(database).set(drivername=postgresql.DRIVER, port=line.port), "SELECT token FROM editions"
        ).value()
        is None
    )
    assert Reader(make_url(database).set(drivername=postgresql.DRIVER), "SELECT token FROM nowhere").value() is None


def test_threads_that_come_and_go_leave_no_connection_behind(reader: Reader, database: str) -> None:
    for _ in range(20):
        thread = threading.Thread(target=reader.value)
        thread.start()
        thread.join()
    assert len(reader.idle) == 1


def test_a_process_that_was_forked_leaves_its_parents_connections_alone(reader: Reader) -> None:
    child = os.fork()
    if not child:
        is_right = reader.value() == "one" and len(reader.idle) == 1
        reader.close()
        os._exit(0 if is_right else 1)
    assert os.waitpid(child, 0)[1] == 0
    kept = reader.idle[0]
    assert reader.value() == "one"
    assert reader.idle == [kept], "the one it had before is still good"


def engine_at(url: str, port: int) -> Engine:
    engine = create_engine(make_url(url).set(drivername=postgresql.DRIVER, port=port), **postgresql.ENGINE_OPTIONS)
    postgresql.prepare(engine)
    return engine


def test_a_change_whose_line_is_cut_is_refused_as_a_whole_and_the_next_one_works(database: str, line: Line) -> None:
    engine = engine_at(database, line.port)
    change = text("UPDATE editions SET token = 'half'")
    with engine.connect() as connection:
        connection.execute(change)
        line.cut()
        with pytest.raises(OperationalError) as caught:
            connection.commit()
    assert why_unusable(caught.value)
    line.mend()
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT token FROM editions")) == "one"
        connection.execute(text("UPDATE editions SET token = 'one'"))
        assert connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) == 1, "its turn"
    engine.dispose()


def test_a_restarted_server_is_not_noticed_by_who_comes_after(database: str, postgresql: Server) -> None:
    engine = engine_at(database, postgresql.port)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        hang_up(database)
        with pytest.raises(OperationalError) as caught:
            connection.execute(text("SELECT 1"))
    assert why_unusable(caught.value)
    with engine.connect():
        pass
    hang_up(database)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_setting('tcp_user_timeout')")) == "10000"
    engine.dispose()


def test_who_stands_still_in_a_change_is_hung_up_on_but_not_in_what_may_take_long(
    database: str, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgresql_connections.SERVER_SIDE, "idle_in_transaction_session_timeout", 200)
    engine = engine_at(database, postgresql.port)
    change, look = text("UPDATE editions SET token = 'half'"), text("SELECT token FROM editions")
    with schema_transaction(engine) as connection, engine.connect() as reading, snapshot(reading):
        for one in (connection, reading):
            assert one.scalar(look) == "one"
        time.sleep(0.3)
        for one in (connection, reading):
            assert one.scalar(look) == "one"
    with engine.connect() as hanging:
        hanging.execute(change)
        with engine.begin() as next_in_turn:  # it waits for the turn, which the other does not give back by itself
            next_in_turn.execute(text("UPDATE editions SET token = 'one'"))
        with pytest.raises(OperationalError) as caught:
            hanging.commit()
    assert why_unusable(caught.value)
    engine.dispose()


def lead_by(url: str, port: int) -> Lead:
    return Lead(engine_at(url, port))


def test_one_leads_until_its_connection_ends(database: str, postgresql: Server, line: Line) -> None:
    first, second = lead_by(database, line.port), lead_by(database, postgresql.port)
    assert first.is_held()
    assert not second.is_held()
    assert first.is_held()
    line.cut()
    until(second.is_held)
    with pytest.raises(OperationalError):
        first.is_held()
    line.mend()
    assert not first.is_held()
    second.give_up()
    until(first.is_held)
    first.give_up()
    for lead in (first, second):
        lead.engine.dispose()
