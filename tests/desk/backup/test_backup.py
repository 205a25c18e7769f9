"""A backup as a download: whole, noted, and nothing of it left on the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient, words
from webapp.desk.files.uploads import FOLDER
from webapp.extensions import db
from webapp.models import Activity
from webapp.upkeep.actions import try_out
from webapp.upkeep.this_site import site_of

URL = "/desk/backup"


def download(client: PageClient) -> Any:
    return client.post(URL, data=client.page(URL).values(), buffered=True)


def lying(app: Flask) -> list[Path]:
    return list((Path(app.instance_path) / FOLDER).rglob("*"))


def test_a_download_can_be_brought_back(app: Flask, mira: PageClient, tmp_path: Path) -> None:
    make_categories()
    make_summary("arms")
    answer = download(mira)
    assert (answer.status_code, answer.mimetype) == (200, "application/x-tar")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=backup-")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    (tmp_path / "backup.tar").write_bytes(answer.data)
    report = try_out(tmp_path / "backup.tar", site_of(app))
    assert (report.rows["summaries"], report.rows["accounts"]) == (1, 1)
    assert lying(app) == [], "nothing is left of it"
    last = db.session.scalars(select(Activity).order_by(Activity.id.desc())).first()
    assert last
    assert last.what == "Downloaded a backup of everything."


def test_a_full_disk_gives_a_sentence_and_no_half_file(
    app: Flask, mira: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("webapp.upkeep.actions.write_archive", full)
    answer = download(mira)
    assert answer.status_code == 507
    assert words(Page(answer.text).one(".desk-problem")) == "No backup was made: No space left on device."
    assert lying(app) == []
    assert "backup" not in " ".join(db.session.scalars(select(Activity.what)))


def test_the_page_warns_and_says_how_it_comes_back(mira: PageClient) -> None:
    text = words(mira.page(URL).one("main"))
    for said in ("e-mail addresses", "password of your mail server", "flask restore FILE"):
        assert said in text


def test_a_press_without_its_token_makes_none(mira: PageClient) -> None:
    assert mira.post(URL).status_code == 400
