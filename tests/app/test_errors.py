"""What a reader is told when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort

from tests.page import PageClient

Broken = Callable[[int | None], PageClient]


@pytest.fixture
def broken(app: Flask, answering: PageClient) -> Broken:
    """A client of a site with a page /broken: it answers with the given code, or fails when there is none."""

    def break_with(code: int | None) -> PageClient:
        @app.get("/broken")
        def fail() -> str:
            if code:
                abort(code)
            raise ValueError("a secret")

        return answering

    return break_with


@pytest.mark.parametrize("code", [400, 404, 405, 410, 413, 418, 429, 500, 503])
def test_every_error_is_a_page_of_the_house(broken: Broken, code: int) -> None:
    response = broken(code).get("/broken")
    assert response.status_code == code
    assert 'href="/research/"' in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_fault_in_the_code_tells_nothing_of_itself(broken: Broken, caplog: pytest.LogCaptureFixture) -> None:
    response = broken(None).get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "a secret" in caplog.text


def test_the_500_page_needs_no_database(app: Flask, broken: Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", "sqlite:////nowhere/at/all.db")
    assert "It is not your fault" in broken(None).get("/broken").text


def test_a_page_that_cannot_be_drawn_still_answers(broken: Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise RuntimeError

    client = broken(410)
    monkeypatch.setattr("webapp.errors.render_template", fail)
    monkeypatch.setattr("tests.page.check_html", lambda html: None)
    response = client.get("/broken")
    assert response.status_code == 410
    assert "<h1>That page is gone</h1>" in response.text


def test_a_page_says_which_methods_it_takes(client: PageClient) -> None:
    response = client.put("/about")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_post_without_a_token_is_refused(client: PageClient) -> None:
    assert client.post("/about").status_code in {400, 405}


def test_a_database_that_was_never_set_up_is_one_sentence(
    app: Flask, client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    from webapp.extensions import db

    for table in ("summary_categories", "facet_counts", "editions"):
        db.session.execute(db.text(f"DROP TABLE {table}"))
    db.session.commit()
    response = client.get("/")
    assert response.status_code == 503
    assert "not ready yet" in response.text
    assert "flask db upgrade" in caplog.text
    assert "Traceback" not in caplog.text
