"""What is told when a PostgreSQL database cannot be used: by commands, by the start, by /healthz and to readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from tests.conftest import make_app
from tests.databases import made_on_server, needed_server
from tests.page import PageClient, client_of
from webapp import postgresql_faults as faults
from webapp.errors import BUSY, why_not_ready
from webapp.extensions import db
from webapp.upkeep.readiness import why_not_working

Told = Callable[[URL], tuple[str, str]]

PASSWORD = "hunter2"
NOBODY = URL.create("postgresql+psycopg", "site", PASSWORD, "127.0.0.1", 9, "site")
"""No server listens there."""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('FATAL:  password authentication failed for user "site"', faults.WRONG_USER),
        ('FATAL:  Peer authentication failed for user "site"', faults.WRONG_USER),
        ('FATAL:  role "site" does not exist', faults.WRONG_USER),
        ('FATAL:  role "site" is not permitted to log in', faults.WRONG_USER),
        ("fe_sendauth: no password supplied", faults.WRONG_USER),
        ('FATAL:  database "site" does not exist', faults.NO_DATABASE),
        ("FATAL:  sorry, too many clients already", faults.NO_PLACE),
        ('FATAL:  too many connections for role "site"', faults.NO_PLACE),
        ("FATAL:  remaining connection slots are reserved for superusers", faults.NO_PLACE),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.2", user "site", database "site"', faults.NOT_LET_IN),
        ('FATAL:  permission denied for database "site"', faults.NOT_LET_IN),
        ('invalid sslmode value: "wrong"', faults.WRONG_OPTION),
        ("FATAL:  the database system is starting up", faults.NOT_THERE),
        ("FATAL:  Passwort-Authentifizierung für Benutzer »site« fehlgeschlagen", faults.NOT_THERE),
        ("consuming input failed: server closed the connection unexpectedly", faults.NOT_THERE),
    ],
)
def test_what_a_server_says_that_lets_nobody_in_leads_to_a_remedy(said: str, told: str) -> None:
    error = psycopg.OperationalError(
        f'connection failed: connection to server at "10.0.0.1", port 5 failed: {said}\n\tOr?'
    )
    why = why_not_ready(OperationalError("", None, error))
    assert why == f'{told} The reason: server at "10.0.0.1", port 5 failed: {said}.'


def test_a_server_that_stops_is_away_and_a_fault_of_a_statement_is_none_of_it() -> None:
    stops, late = psycopg.errors.AdminShutdown("terminating"), psycopg.errors.LockNotAvailable("canceling")
    assert why_not_ready(OperationalError("", None, stops)) == faults.NOT_THERE
    assert why_not_ready(OperationalError("", None, late)) == BUSY


@pytest.fixture
def away(tmp_path: Path) -> PageClient:
    """A client of a site whose server is away."""
    return client_of(
        make_app(tmp_path, SQLALCHEMY_DATABASE_URI=NOBODY, PROPAGATE_EXCEPTIONS=False, OWNER_EMAIL="me@example.org")
    )


def test_without_its_server_a_site_says_so_in_sentences(away: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    message = away.page("/contact").values(name="Kim", address="kim@example.org", topic="question", text="What is it?")
    for answer in (away.get("/"), away.get("/research/"), away.post("/contact", data=message)):
        assert (answer.status_code, "If you sent something, it was not taken" in answer.text) == (503, True)
        assert PASSWORD not in answer.text
        assert "server at" not in answer.text
    assert away.get("/healthz").text == "alive, not ready\n"
    assert faults.NOT_THERE in caplog.text
    assert "Traceback" not in caplog.text
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    "command", ["db upgrade", "db current", "doctor", "library load", "library rebuild", "mail deliver", "owner list"]
)
def test_a_command_without_the_server_is_one_sentence(
    away: PageClient, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = away.application.test_cli_runner().invoke(args=command.split())
    assert outcome.exit_code == 1
    assert isinstance(outcome.exception, SystemExit)
    said = outcome.output + caplog.text  # where `flask db` puts it
    assert said.count(faults.NOT_THERE) == 1
    assert PASSWORD not in said


@pytest.fixture(scope="module")
def role() -> Iterator[str]:
    """A user of the server who may do nothing."""
    needed_server()
    with made_on_server("ROLE", "LOGIN") as name:
        yield name


@pytest.fixture(scope="module")
def database(role: str) -> Iterator[URL]:
    """An empty database of somebody else."""
    with made_on_server("DATABASE", "TEMPLATE template0") as name:
        yield needed_server().set(username=role, database=name)


@pytest.fixture
def told_by(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Told:
    """What the start says of a database, and what `flask db upgrade` does."""

    def tell(url: URL) -> tuple[str, str]:
        app = make_app(tmp_path, SQLALCHEMY_DATABASE_URI=url)
        outcome = app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert (outcome.exit_code, type(outcome.exception)) == (1, SystemExit)
        with app.app_context():
            why = why_not_working()
            db.engine.dispose()
        return why or "", caplog.text

    return tell


@pytest.mark.parametrize(
    ("other", "told"), [({"database": "test_none"}, faults.NO_DATABASE), ({"username": "test_none"}, faults.WRONG_USER)]
)
def test_a_user_or_a_database_that_is_not_there(database: URL, told_by: Told, other: dict[str, str], told: str) -> None:
    start, upgrade = told_by(database.set(**other))  # type: ignore[arg-type]
    assert start.startswith(told)
    assert told in upgrade


def test_a_user_without_rights(database: URL, told_by: Told) -> None:
    assert faults.NO_RIGHT in told_by(database)[1]


def test_a_server_that_is_only_read(database: URL, told_by: Told) -> None:
    owner = needed_server().set(database=database.database)
    url = owner.update_query_dict({"options": "-c default_transaction_read_only=on"})
    assert faults.READ_ONLY in told_by(url)[1]


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_text_is_refused(role: str, encoding: str, told_by: Told) -> None:
    options = f"OWNER \"{role}\" ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
    with made_on_server("DATABASE", options) as name:
        start, upgrade = told_by(needed_server().set(username=role, database=name))
    assert start == faults.NOT_UTF_8
    assert faults.NOT_UTF_8 in upgrade
