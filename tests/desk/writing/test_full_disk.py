"""A disk that is full while somebody works at the desk: a sentence, and nothing lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.conftest import Forward
from tests.desk.conftest import enter, give_password
from tests.desk.writing.test_writing import begin, press
from tests.page import Page, PageClient
from webapp.documents import actions
from webapp.documents.schema import JsonContent
from webapp.extensions import db
from webapp.models import Document, Revision

FORM = "#writing"
LONG = "Come on Mondays. " * 3000

pytestmark = pytest.mark.sqlite  # it can be told how large its file may become


@pytest.fixture
def mira(answering: PageClient) -> PageClient:
    enter(answering)
    give_password()
    return answering


@pytest.fixture
def fill_disk(app: Flask) -> Callable[[], None]:
    """From here on the database may not grow by a page."""

    def no_more(connection: Any, _record: object = None) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        db.session.rollback()
        db.engine.dispose()
        event.listen(db.engine, "connect", no_more)

    return fill


def make_room() -> None:
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


def begun(mira: PageClient) -> str:
    values = mira.page("/desk/documents").values("main form[method=post]", kind="page", title="Visits")
    return str(mira.post("/desk/documents", data=values).location)


def test_what_was_typed_still_stands_in_the_form_and_is_saved_once_there_is_room(
    mira: PageClient, fill_disk: Callable[[], None]
) -> None:
    url = begun(mira)
    values = mira.page(url).values(FORM, text=LONG)
    fill_disk()
    answer = mira.post(url, data=values | {"do": "save"})
    assert answer.status_code == 507
    page = Page(answer.text)
    assert "Not saved" in page.texts(".desk-problem")[0]
    assert page.one("#f-text").text.strip() == LONG.strip()
    make_room()
    assert mira.post(url, data=page.values(FORM) | {"do": "save"}).status_code == 303
    assert mira.page(url).one("#f-text").text.strip() == LONG.strip()


def test_what_a_press_did_still_stands_in_the_form_when_it_could_not_be_saved(
    mira: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text was saved, and what the button did to it was not."""
    url = begin(mira, "summary", "Arms")
    press(mira, url, "save", **{"key_findings.rows": "2", "key_findings.0": "First.", "key_findings.1": "Second."})
    saved = actions.save_revision

    def refuse(document: Document, content: JsonContent, **words: Any) -> Revision:
        if len(content.get("key_findings", [])) < 2:
            raise OperationalError("INSERT", None, Exception("database or disk is full"))
        return saved(document, content, **words)

    monkeypatch.setattr(actions, "save_revision", refuse)
    answer = press(mira, url, "remove:key_findings:0")
    assert answer.status_code == 507
    page = Page(answer.text)
    assert "Not saved" in page.texts(".desk-problem")[0]
    assert page.texts("textarea[name^='key_findings.']") == ["Second."]


def test_while_typing_and_elsewhere_a_sentence_says_so(mira: PageClient, fill_disk: Callable[[], None]) -> None:
    url = begun(mira)
    values = mira.page(url).values(FORM, text=LONG)
    begin = mira.page("/desk/categories/new").values(name="Sleep", description="x" * 300, new_group="y" * 80)
    fill_disk()
    piece = mira.post(url, data=values, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert piece.status_code == 507
    assert "There is no room left" in piece.text
    assert "<h1" not in piece.text
    for _ in range(20):  # until what is left of its pages is used up
        answer = mira.post("/desk/categories/new", data=begin)
        if answer.status_code != 303:
            break
        begin |= {"name": f"{begin['name']}s"}
    assert answer.status_code == 507
    assert "Nothing was changed" in answer.text


def test_pages_of_the_desk_can_still_be_looked_at(mira: PageClient, forward: Forward) -> None:
    """That a session is in use is noted once an hour; where that cannot be, nobody is kept out."""
    forward(dt.timedelta(hours=2))

    def refuse(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE desk_sessions"):
            raise OperationalError(statement, None, Exception("database or disk is full"))

    event.listen(db.engine, "before_cursor_execute", refuse)
    assert mira.get("/desk/documents").status_code == 200
