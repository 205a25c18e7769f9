"""A backup of a site on either database comes back on either; on PostgreSQL in one transaction."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade

from tests.conftest import make_app, site_on
from tests.databases import empty_database
from tests.factories import make_categories, make_summary
from webapp.cli.upkeep import this_site
from webapp.database import Base
from webapp.extensions import db
from webapp.models import Category
from webapp.upkeep import actions
from webapp.upkeep.archive import UpkeepError
from webapp.upkeep.copying import Proofs, opened
from webapp.upkeep.rows import prove
from webapp.upkeep.schema import is_empty

pytestmark = pytest.mark.sqlite  # it has both kinds, whatever the others run on


@pytest.fixture(scope="module")
def archive(empty_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Proofs]:
    """A backup of a site on SQLite with one summary, and what was proved of its database."""
    folder = tmp_path_factory.mktemp("on-sqlite")
    with site_on(empty_instance, folder / "instance").app_context():
        make_categories()
        make_summary()
        actions.back_up(folder / "backup.tar", this_site())
        return folder / "backup.tar", proofs()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """A site whose database, on PostgreSQL, has no table yet."""
    with empty_database() as url:
        app = make_app(tmp_path / "instance", SQLALCHEMY_DATABASE_URI=url.render_as_string(hide_password=False))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def on_postgresql(empty: Flask, archive: tuple[Path, Proofs]) -> Flask:
    """The same with what the backup holds."""
    actions.restore(archive[0], this_site())
    return empty


def proofs() -> Proofs:
    with db.engine.connect() as connection:
        found = {name: prove(connection, table) for name, table in Base.metadata.tables.items()}
    del found["editions"]  # it is new after each time
    return found


def test_a_backup_of_either_comes_back_on_either(
    on_postgresql: Flask, archive: tuple[Path, Proofs], empty_instance: Path, tmp_path: Path
) -> None:
    assert proofs() == archive[1]
    report = actions.back_up(tmp_path / "backup.tar", this_site())
    assert report.rows["summaries"] == 1
    with site_on(empty_instance, tmp_path / "another").app_context():
        actions.restore(tmp_path / "backup.tar", this_site(), overwrite=True)
        assert proofs() == archive[1]
        assert db.session.scalar(db.text("SELECT count(*) FROM summary_search")) == 1
    keys = [folder / "secret_key" for folder in (tmp_path / "instance", tmp_path / "another")]
    assert keys[0].read_bytes() == keys[1].read_bytes()


def test_what_is_there_is_replaced_only_when_that_is_said(on_postgresql: Flask, archive: tuple[Path, Proofs]) -> None:
    make_categories("later")
    with pytest.raises(UpkeepError, match=r"There is a database already: postgresql\+psycopg://"):
        actions.restore(archive[0], this_site())
    assert proofs() != archive[1]
    actions.restore(archive[0], this_site(), overwrite=True)
    assert proofs() == archive[1]
    make_categories("later")  # with a number that is free


def test_a_site_that_is_connected_from_elsewhere_is_refused(on_postgresql: Flask, archive: tuple[Path, Proofs]) -> None:
    with opened(db.engine.url) as engine, engine.connect(), pytest.raises(UpkeepError, match="The site is running"):
        actions.restore(archive[0], this_site(), overwrite=True)


def test_killed_at_any_moment_what_was_there_is_whole(
    on_postgresql: Flask, archive: tuple[Path, Proofs], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_categories("later")
    before = proofs()
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        monkeypatch.setattr("webapp.upkeep.copying.index_anew", lambda _session: os.kill(os.getpid(), signal.SIGKILL))
        actions.restore(archive[0], this_site(), overwrite=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert proofs() == before


def test_a_backup_of_an_older_version_is_brought_up(empty: Flask, empty_instance: Path, tmp_path: Path) -> None:
    older = site_on(empty_instance, tmp_path / "older")
    with older.app_context():
        make_categories()
        downgrade(revision="0022")
        actions.back_up(tmp_path / "older.tar", this_site())
    actions.try_out(tmp_path / "older.tar", this_site())
    report = actions.restore(tmp_path / "older.tar", this_site())
    assert not report.notes
    assert proofs()["categories"].rows


def test_a_backup_that_cannot_be_held_is_refused_and_nothing_is_changed(
    empty: Flask, empty_instance: Path, tmp_path: Path
) -> None:
    with site_on(empty_instance, tmp_path / "other").app_context():
        make_categories()
        db.session.execute(db.update(Category).values(description="\0"))
        db.session.commit()
        actions.back_up(tmp_path / "nul.tar", this_site())
    with pytest.raises(UpkeepError, match="character NUL"):
        actions.try_out(tmp_path / "nul.tar", this_site())
    with pytest.raises(UpkeepError, match="character NUL"):
        actions.restore(tmp_path / "nul.tar", this_site())
    with db.engine.connect() as connection:
        assert is_empty(connection)
