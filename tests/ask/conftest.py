"""Readers who ask for papers, of a site whose services answer on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.page import Page, PageClient, client_of
from tests.watch.conftest import Services, hurried, services
from webapp.ask import routes
from webapp.ask.actions import LookReport, ask_for, look_at_asked
from webapp.ask.found import Found
from webapp.extensions import db
from webapp.models import AskedPaper, PaperWish
from webapp.scholarly.client import Client

__all__ = ["services"]

DOI = "10.5555/arms"
TITLE = "Spinal stimulation and walking in adults with injury at C5–T10"
"""As tests/scholarly/answers.py has it."""
PIECE = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def asking(app: Flask, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageClient]:
    """A reader's browser. The services know one paper: DOI."""
    client = hurried(services.url)
    monkeypatch.setattr(Client, "in_seconds", lambda self, seconds: self)
    monkeypatch.setattr(routes, "shared_client", lambda config: client)
    yield client_of(app)
    client.close()


def typed(client: PageClient, text: str, **changes: Any) -> TestResponse:
    """The answer to a DOI that is typed into the form."""
    return client.post("/ask", data=client.page("/ask").values("form.form", paper=text, **changes))


def found(client: PageClient, text: str = DOI) -> Page:
    """The page that says what was found."""
    answer = typed(client, text)
    assert answer.status_code == 303, answer.text
    return client.page(answer.location)


def confirmed(client: PageClient, text: str = DOI) -> TestResponse:
    """The answer to the press that says that it is the paper."""
    return client.post("/ask/paper", data=found(client, text).values("form.form"))


def wish(client: PageClient, id_: int = 1, choice: str = "want", headers: dict[str, str] | None = None) -> TestResponse:
    data = client.page(f"/ask/{id_}").values(f"#wish-{id_} form", choice=choice)
    return client.post(f"/ask/{id_}", data=data, headers=headers)


def papers() -> list[AskedPaper]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(db.select(AskedPaper).order_by(AskedPaper.id)))


def wishes() -> list[tuple[int, str]]:
    db.session.rollback()
    return [(one.asked_id, one.voter) for one in db.session.scalars(db.select(PaperWish))]


def make_asked(doi: str = DOI, title: str = TITLE, *, voters: int = 1, **facts: Any) -> int:
    """A paper that so many readers asked for; its number."""
    for number in range(voters):
        id_ = ask_for(Found(doi, title, **facts), f"{number:032x}")
    return id_


def look(services: Services) -> LookReport:
    """A run of the work by the clock."""
    client = hurried(services.url)
    try:
        return look_at_asked(client)
    finally:
        client.close()
