"""A paper is retracted: readers see it, the owner hears of it, and those who were sent it are told once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.kinds import BROWSER
from tests.browser.owner import READER, Browse, press, signed_in, subscribes, work
from tests.conftest import Forward
from tests.factories import make_categories, make_document, make_outcome, make_summary, make_topic_file
from tests.mail.server import Inbox
from tests.scholarly.answers import notice
from tests.scholarly.server import serving
from tests.watch.conftest import DOI, NOTICE, OWNER, Services
from webapp import clock
from webapp.scholarly import client as scholarly
from webapp.scholarly.client import URL_SETTINGS

pytestmark = BROWSER

RESTS_ON_IT = {"name": "Strength", "certainty": "low", "text": "Training may help the arms.", "rests_on": ["arms"]}
OUR_TITLE = "Arm training was tried in 40 people"


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    monkeypatch.setattr(scholarly, "KEPT_SECONDS", 0)  # each run is a process of its own, which remembers no answer
    one = Services()
    with serving(one):
        yield one


@pytest.fixture
def site(
    running_site: Callable[..., tuple[Flask, str]], empty_instance: Path, services: Services, inbox: Inbox
) -> tuple[Flask, str]:
    """A site with nothing to read yet, which asks these services and mails to this inbox."""
    mail = {"MAIL_URL": inbox.url, "MAIL_FROM": "letters@example.org", "OWNER_EMAIL": OWNER}
    app, host = running_site(empty_instance, **mail, **dict.fromkeys(URL_SETTINGS, services.url))
    with app.app_context():
        make_categories()
    return app, host


def tells_of_a_study(app: Flask) -> None:
    """A summary, and an answer that rests on it."""
    study = {"doi": DOI, "intervention": "Arm training", "outcomes": [make_outcome()]}
    today = clock.today()
    with app.app_context():
        make_summary("arms", study=study, harms="Nobody was hurt.", date=today, lastmod=today)
        make_document(make_topic_file(statements=[RESTS_ON_IT]))


def watches(app: Flask) -> str:
    """What the owner's command says."""
    said = app.test_cli_runner().invoke(args=["watch", "run"])
    assert said.exit_code == 0, said.output
    return said.output


def opens_the_summary(reader: Page, host: str, title: str) -> None:
    reader.goto(f"{host}/research/")
    reader.get_by_role("link", name=title, exact=True).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)


def sees_nothing_of_it(reader: Page, host: str) -> None:
    opens_the_summary(reader, host, OUR_TITLE)
    expect(reader.get_by_role("main")).not_to_contain_text("withdrawn")
    reader.goto(f"{host}/categories/hand-and-arm-use")
    expect(reader.get_by_role("main")).to_contain_text("Training may help the arms.")
    expect(reader.get_by_role("main")).not_to_contain_text("withdrawn")


def sees_the_notice(reader: Page, host: str) -> None:
    reader.goto(f"{host}/research/")
    expect(reader.locator(".card.is-retracted")).to_contain_text("Withdrawn")
    opens_the_summary(reader, host, f"Retracted: {OUR_TITLE}")
    expect(reader.locator(".withdrawal")).to_contain_text("This paper was withdrawn (retracted)")
    expect(reader.get_by_role("main")).to_contain_text("Last checked for corrections")
    reader.goto(f"{host}/categories/hand-and-arm-use")
    expect(reader.get_by_role("main")).to_contain_text("A paper this rests on was withdrawn.")


def looks_and_has_them_told(desk: Page) -> None:
    desk.get_by_role("link", name="Desk home").click()
    desk.get_by_role("link", name="See what became of it").click()
    desk.get_by_role("link", name="Tell those who were sent it").click()
    expect(desk.get_by_role("main")).to_contain_text("A study we wrote to you about was withdrawn")
    press(desk, "Mail it to 1 person")
    expect(desk.get_by_role("main")).to_contain_text("Being sent: 0 of 1.")


def says_so(desk: Page, host: str) -> None:
    desk.goto(f"{host}/desk/watch")
    desk.get_by_role("link", name=f"Retracted: {OUR_TITLE}").click()
    press(desk, "I have looked at it")
    expect(desk.get_by_role("status").first).to_contain_text("It is noted that you have looked at it.")
    expect(desk.get_by_role("main")).to_contain_text("No paper waits for you.")


def test_a_retraction_reaches_readers_the_owner_and_those_who_were_sent_it_each_once(
    site: tuple[Flask, str], services: Services, inbox: Inbox, browse: Browse, forward: Forward
) -> None:
    app, host = site
    reader, desk = browse(host), signed_in(browse, app, host)
    subscribes(reader, app, host, inbox)
    tells_of_a_study(app)
    forward(dt.timedelta(days=8))
    work(app)
    assert OUR_TITLE in inbox.messages[-1].as_string(), "the letter that tells of the study"
    sees_nothing_of_it(reader, host)

    services.crossref[DOI] = {"updated-by": [notice("retraction", NOTICE)]}
    forward(dt.timedelta(hours=2))
    assert "1 notice of withdrawal put up" in watches(app)
    sees_the_notice(reader, host)
    before = len(inbox.messages)
    work(app)
    assert [mail["To"] for mail in inbox.messages[before:]] == [OWNER], "readers hear of it when the owner has looked"

    looks_and_has_them_told(desk)
    for _ in range(2):
        work(app)
        forward(dt.timedelta(hours=2))
        assert "put up" not in watches(app)
    assert Counter(mail["To"] for mail in inbox.messages[before:]) == {OWNER: 1, READER: 1}
    assert "Why it was withdrawn is not known to us." in str(inbox.messages[-1].get_body(("plain",)))
    says_so(desk, host)
