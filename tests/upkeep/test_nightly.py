"""Backups that make themselves: tried at once, and bounded in number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.factories import make_categories
from webapp import clock
from webapp.cli.upkeep import this_site
from webapp.extensions import db
from webapp.models import Category
from webapp.upkeep import actions, nightly
from webapp.upkeep.archive import UpkeepError
from webapp.upkeep.heartbeats.queries import BACKUP, last_heartbeat

START = dt.datetime(2026, 3, 1, 3, 17, tzinfo=dt.UTC)


@pytest.fixture
def nights(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The time, which a test moves on by replacing its only value."""
    now = [START]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_is_named_after_its_time_and_the_oldest_go(
    runner: FlaskCliRunner, app: Flask, tmp_path: Path, nights: list[dt.datetime]
) -> None:
    folder = tmp_path / "backups"
    for night in range(5):
        nights[0] = START + dt.timedelta(days=night)
        outcome = runner.invoke(args=["backup", "--into", str(folder), "--keep", "3"])
        assert outcome.exit_code == 0, outcome.output
        (folder / "mine.tar").write_text("somebody else's")
    assert "It was tried" in outcome.output
    assert names(folder) == ["mine.tar", *(f"site-2026-03-0{day}-031700.tar" for day in (3, 4, 5))]
    assert {path.stat().st_mode & 0o077 for path in (folder, folder / names(folder)[1])} == {0}
    assert last_heartbeat(BACKUP) == nights[0]


def test_one_that_cannot_be_brought_back_is_told_and_no_older_one_goes(
    app: Flask, tmp_path: Path, nights: list[dt.datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    nightly.back_up_into(folder, 1, this_site())
    nights[0] += dt.timedelta(days=1)
    whole = actions.back_up

    def damaged(target: Path, site: actions.Site) -> actions.BackupReport:
        report = whole(target, site)
        content = bytearray(target.read_bytes())
        content[len(content) // 2] ^= 1  # one bit, somewhere in the database
        target.write_bytes(content)
        return report

    monkeypatch.setattr(nightly, "back_up", damaged)
    with pytest.raises(UpkeepError, match=r"cannot be brought back. The backup is damaged"):
        nightly.back_up_into(folder, 1, this_site())
    assert names(folder) == ["site-2026-03-01-031700.tar", "site-2026-03-02-031700.tar"]
    assert last_heartbeat(BACKUP) == START


def test_a_backup_can_be_tried_while_the_site_runs(runner: FlaskCliRunner, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "site.tar"
    make_categories()
    assert runner.invoke(args=["backup", str(file)]).exit_code == 0
    db.session.execute(db.delete(Category))
    db.session.commit()
    outcome = runner.invoke(args=["restore", "--try", str(file)])
    assert (outcome.exit_code, "can be brought back" in outcome.output) == (0, True)
    assert not db.session.scalar(db.select(db.func.count(Category.id)))
    file.write_bytes(file.read_bytes()[:-30_000])
    outcome = runner.invoke(args=["restore", "--try", str(file)])
    assert (outcome.exit_code, "cannot be brought back" in outcome.output) == (1, True)


@pytest.mark.parametrize("words", [[], ["a.tar", "--into", "b"]])
def test_one_place_has_to_be_named(runner: FlaskCliRunner, words: list[str]) -> None:
    outcome = runner.invoke(args=["backup", *words])
    assert (outcome.exit_code, "Name a new FILE" in outcome.output) == (2, True)


def test_a_folder_that_cannot_be_made_is_told(runner: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = runner.invoke(args=["backup", "--into", str(tmp_path / "file" / "backups")])
    assert (outcome.exit_code, "cannot be made" in outcome.output) == (1, True)
