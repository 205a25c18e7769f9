"""Fixtures: an application on an empty, migrated database; one with the shipped library; clients."""

from __future__ import annotations

import datetime as dt
import gc
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_migrate import upgrade
from sqlalchemy import event
from werkzeug.routing import Rule

from tests.compiled import STATEMENTS, share
from tests.databases import OPTION, copy_database, drop_all, give_back, is_for_both, settings_for, use_postgresql
from tests.page import PageClient, client_of
from webapp import clock, create_app
from webapp.config import Settings
from webapp.extensions import db, limiter
from webapp.scholarly.client import URL_SETTINGS

Forward = Callable[[dt.timedelta], None]
STARTER = Path(__file__).parent.parent / "webapp" / "library" / "starter"

gc.set_threshold(10_000, 5, 3)  # applications come and go by the thousand; by default each is looked through too often
for name in Settings.model_fields:  # a developer's own settings must not reach the tests
    os.environ.pop(name.upper(), None)
Settings.model_config["env_file"] = None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, action="store_true", help="run what touches a database on the server of TEST_POSTGRESQL")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption(OPTION):
        use_postgresql()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption(OPTION):
        config.hook.pytest_deselected(items=[item for item in items if not is_for_both(item)])
        items[:] = [item for item in items if is_for_both(item)]


def make_app(instance: Path, **settings: Any) -> Flask:
    app = create_app(
        instance,
        **{
            "TESTING": True,
            "SITE_URL": "https://example.org",
            "PAGE_CACHE_BYTES": 0,
            "RATELIMIT_ENABLED": False,
            "FORM_MINIMUM_SECONDS": 0,
            "SQLALCHEMY_ENGINE_OPTIONS": {
                "hide_parameters": True,
                "execution_options": {"compiled_cache": STATEMENTS},
            },
            **settings_for(instance),
            **dict.fromkeys(URL_SETTINGS, "http://127.0.0.1:9"),  # no test asks a service of the world
            **settings,
        },
    )
    app.test_client_class = PageClient
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _trust_the_machine)
    return share(app)


def _trust_the_machine(connection: Any, _record: object) -> None:
    """A database of a test need not outlive a power cut, so nobody waits for the disk."""
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(autouse=True)
def _limits_are_off() -> Iterator[None]:
    """Whichever application was made with limits: all in one process share the limiter, and with it this switch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limiter, "enabled", False)
        yield


@pytest.fixture(scope="session")
def databases() -> Iterator[None]:
    """Asked for by every test that has a database: those made on a server are dropped at the end."""
    yield
    drop_all()


@pytest.fixture(scope="session")
def empty_instance(databases: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of a site with a migrated database without rows, made once and copied."""
    instance = tmp_path_factory.mktemp("empty")
    app = make_app(instance)
    with app.app_context():
        upgrade()
        db.engine.dispose()  # the last connection writes what is in the log into the file we copy
    return instance


def site_on(source: Path, folder: Path) -> Flask:
    """An application on a copy of the database of an instance folder."""
    copy_database(source, folder)
    return make_app(folder)


@pytest.fixture
def instance(empty_instance: Path, tmp_path: Path) -> Iterator[Path]:
    """An instance folder with a database of its own."""
    folder = tmp_path / "instance"
    copy_database(empty_instance, folder)
    yield folder
    give_back(folder, empty_instance)


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """An application on a database of its own."""
    app = make_app(instance)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A client that checks every page it fetches (tests/page.py)."""
    return client_of(app)


@pytest.fixture
def answering(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """A client of a site that answers its own faults with a page, as a running one does; `client` raises them."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return client_of(app)


@pytest.fixture(scope="session")
def shipped_instance(empty_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of a site holding the shipped library. Nobody writes to it."""
    instance = tmp_path_factory.mktemp("shipped")
    app = site_on(empty_instance, instance)
    outcome = app.test_cli_runner().invoke(args=["library", "load"])
    assert outcome.exit_code == 0, outcome.output
    with app.app_context():
        db.engine.dispose()  # so that the file is whole and can be copied
    return instance


@pytest.fixture(scope="session")
def shipped_app(shipped_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The same as an application, on a copy: what is in use cannot be copied."""
    return site_on(shipped_instance, tmp_path_factory.mktemp("shipped-app"))


@pytest.fixture
def shipped(shipped_app: Flask) -> Iterator[PageClient]:
    """A client of the site with the shipped library."""
    with shipped_app.app_context():
        yield client_of(shipped_app)


@pytest.fixture
def forward(monkeypatch: pytest.MonkeyPatch) -> Forward:
    """Let time pass."""
    passed = [dt.timedelta()]
    monkeypatch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + passed[0])

    def pass_time(span: dt.timedelta) -> None:
        passed[0] += span

    return pass_time


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement sent from here on; clear() starts the count anew."""
    with counted(app) as sent:
        yield sent


def address_of(rule: Rule, **words: str) -> str:
    """The address of a rule with these words in its places: `<slug:slug>` becomes the word for `slug`."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda place: words[place[1]], rule.rule)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
