"""The words of the site: chosen at the desk, seen everywhere, and no page gets slower by them."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.conftest import counted
from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient
from webapp import site_words as module
from webapp.edition import edition
from webapp.extensions import db
from webapp.letters.mails import letter
from webapp.mail.transport import compose
from webapp.models import Activity, SiteWord
from webapp.site import MISSION, SITE_NAME
from webapp.site_words import site_words

URL = "/desk/settings"


def choose(client: PageClient, **words: str) -> str:
    answer = client.post(URL, data=client.page(URL).values(**words))
    assert answer.status_code == 303
    return str(answer.location)


def test_a_name_is_seen_on_every_page_and_in_every_title(mira: PageClient) -> None:
    make_categories()
    make_summary("arms")
    mira.page("/about")
    assert choose(mira, name="  Spine\tnews ", mission="For <everyone>.") == f"{URL}?said=changed"
    for url in ("/", "/about", "/research/a-trial-of-arm-training-arms", "/contact", URL):
        page = mira.page(url)
        assert page.title.endswith(" - Spine news"), url
        assert SITE_NAME not in page.html or url == URL, url
    assert "For <everyone>." in mira.page("/about").texts("footer p")
    assert mira.page("/").one("meta[property='og:site_name']").get("content") == "Spine news"
    assert '"publisher":{"@type":"Organization","name":"Spine news"}' in mira.get(
        "/research/a-trial-of-arm-training-arms"
    ).text.replace(": ", ":").replace(", ", ",")
    feed = mira.get("/feed.atom").text
    assert "<title>Spine news</title>" in feed
    assert "<subtitle>For &lt;everyone&gt;.</subtitle>" in feed
    assert mira.get("/nowhere").status_code == 404
    assert "Spine news" in mira.get("/nowhere").text


def test_an_empty_field_is_as_it_was_at_first(mira: PageClient, app: Flask) -> None:
    app.config["OWNER_POSTAL_ADDRESS"] = "1 Example Road"
    choose(mira, name="Spine news", mission="For all.", postal_address="2 Other Road")
    assert site_words() == ("Spine news", "For all.", "2 Other Road")
    choose(mira, name="", mission="\u200b", postal_address=" ")
    assert site_words() == (SITE_NAME, MISSION, "1 Example Road")
    assert list(db.session.scalars(select(SiteWord))) == []
    values = mira.page(URL).values()
    assert (values["name"], values["postal_address"]) == (SITE_NAME, "1 Example Road")


def test_it_is_noted_once_and_pages_are_made_anew(mira: PageClient) -> None:
    before = edition()
    assert choose(mira, name=SITE_NAME) == f"{URL}?said=same"
    assert edition() == before, "nothing was changed"
    choose(mira, postal_address="1 Example Road")
    assert edition() != before
    last = db.session.scalars(select(Activity).order_by(Activity.id.desc())).first()
    assert last
    assert (last.who, last.what) == ("Mira", "Changed the words of the site: the postal address in mails.")


@pytest.mark.parametrize(("field", "most"), [("name", 60), ("mission", 160), ("postal_address", 200)])
def test_what_is_too_long_is_kept_and_refused(mira: PageClient, field: str, most: int) -> None:
    choose(mira, **{field: "ö" * most})
    answer = mira.post(URL, data=mira.page(URL).values(**{field: "x" * (most + 1)}))
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.texts(f"#{field}-error") == [f"Error: Please use at most {most} letters."]
    assert page.values()[field] == "x" * (most + 1)
    assert getattr(site_words(), field) == "ö" * most


def test_a_page_that_was_made_asks_for_no_words_and_one_that_is_made_asks_once(app: Flask, mira: PageClient) -> None:
    choose(mira, name="Spine news")
    with counted(app) as sent:
        mira.page("/about")
        assert sum("site_words" in statement for statement in sent) == 1
        sent.clear()
        mira.page("/disclaimer")
        mira.page("/contact")
        assert not [statement for statement in sent if "site_words" in statement]
        sent.clear()
        mira.post("/contact", data=mira.page("/contact").values(text=""))
        assert sum("editions" in statement for statement in sent) <= 1, "an answer to a post asks for the edition once"


def test_another_process_sees_the_new_words(app: Flask, mira: PageClient) -> None:
    """Each keeps them for one edition."""
    choose(mira, name="Spine news")
    kept = app.extensions["site_words"]
    choose(mira, name="Other news")
    app.extensions["site_words"] = kept
    assert site_words().name == "Other news"


def test_a_page_that_says_what_is_broken_has_a_name(mira: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(mira, name="Spine news")
    mira.page("/about")

    def gone() -> str:
        raise OperationalError("SELECT", None, Exception("no such table: editions"))

    monkeypatch.setattr(module, "edition", gone)
    assert site_words().name == "Spine news"


@pytest.mark.parametrize(
    ("name", "list_id"),
    [
        ("Spine news", "Spine news <letters.example.org>"),
        ("Help: news, and more", '"Help: news, and more" <letters.example.org>'),
        ("Rückenmark-Nachrichten für alle in Österreich und Tirol", None),
    ],
)
def test_mails_come_from_the_name_whatever_it_is(mira: PageClient, name: str, list_id: str | None) -> None:
    choose(mira, name=name, mission="For all.", postal_address="1 Example Road")
    mail = letter(
        "a@example.org", [], "weekly", manage_link="https://example.org/m", leave_link="https://example.org/l"
    )
    for text in (mail.text, mail.html):
        for words in (name, "For all.", "1 Example Road"):
            assert words in text
    raw = compose(mail, "letters@example.org", site_words().name).as_bytes()
    raw.decode("ascii")
    message = message_from_bytes(raw, policy=default)
    assert message["From"].addresses[0].display_name == name
    assert message["List-Id"] == (list_id or f"{name} <letters.example.org>")
    assert all(len(word) <= 75 for word in raw.decode().split() if word.startswith("=?"))


def test_what_is_sent_by_the_clock_comes_from_the_name(app: Flask, mira: PageClient, runner: FlaskCliRunner) -> None:
    choose(mira, name="Spine news")
    letter("a@example.org", [], "weekly", manage_link="https://example.org/m", leave_link="https://example.org/l")
    db.session.commit()
    runner.invoke(args=["mail", "deliver"])
    [mail] = Path(app.config["MAIL_FOLDER"]).glob("*.eml")
    assert b"From: Spine news <" in mail.read_bytes()


def test_what_is_set_elsewhere_is_said_and_no_secret_is_shown(mira: PageClient, app: Flask) -> None:
    app.config["MAIL_URL"] = "smtp://user:hunter2@mail.example.org"
    text = mira.get(URL).text
    for name in ("SITE_URL", "MAIL_FROM", "MAIL_URL", "SECRET_KEY"):
        assert f"<code>{name}</code>" in text
    assert "hunter2" not in text
    assert str(app.config["SECRET_KEY"]) not in text
