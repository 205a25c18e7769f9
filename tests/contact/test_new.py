"""Write to the owner: the form, what is inserted, what is mailed, what the reader is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import make_app
from tests.page import Page, PageClient, client_of, words
from webapp.contact.actions import RETENTION, delete_old_messages
from webapp.contact.forms import MAX_TEXT_LENGTH, TOPICS
from webapp.editorial.readability import MAX_GRADE, grade
from webapp.extensions import db
from webapp.mail.transport import compose
from webapp.models import Message, OutboxMail

PIECE = {"HX-Request": "true", "HX-Request-Type": "partial"}
GOOD = {"name": "Kim", "address": "kim@example.org", "topic": "question", "text": "What is a rat?\n\nThank you."}


@pytest.fixture
def owned(app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """A client of a site whose owner can be written to."""
    monkeypatch.setitem(app.config, "OWNER_EMAIL", "owner@example.org")
    return client


def send(client: PageClient, headers: dict[str, str] | None = None, **changes: str) -> Any:
    data = client.page("/contact").values(**GOOD | changes)
    return client.post("/contact", data=data, headers=headers)


def messages() -> list[Message]:
    return list(db.session.scalars(db.select(Message).order_by(Message.id)))


def mails() -> list[OutboxMail]:
    return list(db.session.scalars(db.select(OutboxMail)))


def test_it_is_linked_from_header_and_footer(client: PageClient) -> None:
    page = client.page("/about")
    assert [words(link) for link in page.select("header a[href='/contact']")] == ["Contact"]
    assert page.select("footer a[href='/contact']")
    assert client.page("/contact").one("header [aria-current=page]").get("href") == "/contact"


def test_the_page_says_what_to_expect(owned: PageClient) -> None:
    page = owned.page("/contact")
    text = words(page.one("main aside"))
    for needed in ("112", "999", "911", "within two weeks", "No medical advice", "owner@example.org"):
        assert needed in text
    for link in page.select("main aside a[href^='/']"):
        address, _, place = link.get("href").partition("#")
        assert owned.page(address).select(f"#{place or 'main'}"), link.get("href")
    assert grade("\n\n".join(page.texts("main p, main label, main option"))) <= MAX_GRADE


def test_asking_for_the_page_sets_no_cookie_and_it_is_not_kept(client: PageClient) -> None:
    response = client.get("/contact")
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_a_message_is_kept_and_mailed_with_reply_to(owned: PageClient) -> None:
    response = send(owned)
    assert (response.status_code, response.headers["Location"]) == (303, "/contact/sent")
    [message], [mail] = messages(), mails()
    assert (message.name, message.address, message.topic) == ("Kim", "kim@example.org", "question")
    assert message.text == "What is a rat?\n\nThank you."
    assert mail.recipient == "owner@example.org"
    assert mail.headers["Reply-To"] == "kim@example.org"
    for part in ("What is a rat?", "Thank you.", "Kim", "kim@example.org", TOPICS["question"]):
        assert part in mail.text
        assert part in mail.html
    assert TOPICS["question"] in mail.subject
    page = owned.page("/contact/sent")
    assert "Your message has reached us" in page.texts("[role=status]")[0]
    assert not page.select("main form")


def test_in_place_the_answer_is_the_piece(owned: PageClient) -> None:
    response = send(owned, headers=PIECE)
    assert response.status_code == 200
    piece = Page(response.text, fragment=True)
    assert "Your message has reached us" in piece.texts("#contact-said")[0]
    assert not piece.select("form, h1")


def test_without_an_owner_address_it_is_kept_all_the_same(client: PageClient) -> None:
    send(client)
    assert (len(messages()), len(mails())) == (1, 0)


def test_the_name_may_be_left_out(owned: PageClient) -> None:
    send(owned, name="  ")
    assert messages()[0].name is None
    assert "no name given" in mails()[0].text


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"address": ""}, "address", "Please enter your e-mail address"),
        ({"address": "kim@"}, "address", "does not look like"),
        ({"address": "a@example.org, b@example.org"}, "address", "does not look like"),
        ({"address": "a" * 250 + "@example.org"}, "address", "does not look like"),
        ({"topic": ""}, "topic", "Please choose"),
        ({"topic": "made-up"}, "topic", ""),
        ({"text": " \n "}, "text", "Please write your message"),
        ({"text": "a" * (MAX_TEXT_LENGTH + 1)}, "text", "5,000"),
        ({"name": "a" * 101}, "name", "100"),
    ],
)
@pytest.mark.parametrize("headers", [{}, PIECE], ids=["page", "piece"])
def test_a_mistake_is_said_at_the_top_and_beside_its_field_and_nothing_is_lost(
    owned: PageClient, changes: dict[str, str], field: str, said: str, headers: dict[str, str]
) -> None:
    response = send(owned, headers, **changes)
    assert response.status_code == 422
    page = Page(response.text, fragment=bool(headers))
    assert [link.get("href") for link in page.select(".error-summary a")] == [f"#{field}"]
    assert said in page.texts(f"#{field}-error")[0]
    assert page.one(f"#{field}").get("aria-invalid") == "true"
    values = page.values("form[action='/contact']")
    assert {name: str(values[name]).strip() for name in GOOD if name != field} == {
        name: value.strip() for name, value in GOOD.items() if name != field
    }
    assert (messages(), mails()) == ([], [])


def test_nobody_adds_a_header(owned: PageClient) -> None:
    assert send(owned, address="kim@example.org\r\nBcc: all@example.org").status_code == 422
    send(owned, name="Kim\r\nBcc: all@example.org")
    [mail] = mails()
    assert set(mail.headers) == {"Reply-To"}
    assert not {"\r", "\n"} & set(mail.subject + "".join(mail.headers.values()))
    assert messages()[0].name == "Kim Bcc: all@example.org"


@pytest.mark.parametrize("typed", ["Kim@faß.de", "ｋｉｍ@FAẞ.de", "kim@xn--fa-hia.de"])
def test_an_answer_reaches_an_international_domain(owned: PageClient, typed: str) -> None:
    send(owned, address=typed)
    [message], [mail] = messages(), mails()
    assert message.address == mail.headers["Reply-To"] == "kim@xn--fa-hia.de"
    [reply] = compose(mail, "letters@example.org")["Reply-To"].addresses
    assert reply.addr_spec == "kim@xn--fa-hia.de"


def test_html_in_a_message_is_shown_not_run(owned: PageClient) -> None:
    send(owned, text="<script>alert(1)</script> & more")
    [mail] = mails()
    assert "<script>" not in mail.html
    assert "<script>alert(1)</script> & more" in mail.text


def test_the_same_message_sent_twice_is_one(owned: PageClient) -> None:
    assert [send(owned).status_code, send(owned).status_code] == [303, 303]
    assert (len(messages()), len(mails())) == (1, 1)
    send(owned, text="Another thing.")
    assert (len(messages()), len(mails())) == (2, 2)


def test_a_fault_in_the_mail_keeps_nothing_half(owned: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("webapp.contact.mails.message_to_owner", fail)
    with pytest.raises(RuntimeError):
        send(owned)
    db.session.rollback()
    assert messages() == []


def test_messages_of_a_year_ago_are_deleted(owned: PageClient) -> None:
    send(owned)
    send(owned, text="Old")
    messages()[1].written_at = dt.datetime.now(dt.UTC) - RETENTION - dt.timedelta(days=1)
    db.session.commit()
    assert delete_old_messages() == 1
    assert [message.text for message in messages()] == [GOOD["text"]]


def test_a_flood_is_stopped_with_another_way_to_write(app: Flask, tmp_path: Path) -> None:
    limited = make_app(tmp_path / "instance", RATELIMIT_ENABLED=True, OWNER_EMAIL="owner@example.org")
    client = client_of(limited)
    for number in range(10):
        assert send(client, text=f"Message {number}").status_code == 303
    response = send(client, address="KIM@example.org", text="One too many")
    assert response.status_code == 422
    assert "Many messages came from this address today" in response.text
    assert "owner@example.org" in response.text
    assert "One too many" in response.text
    assert [send(client, address=f"{n}@example.org").status_code for n in range(20)][-2:] == [303, 429]
    assert "mailto:owner@example.org" in send(client).text
    assert client.get("/contact").status_code == 200


def test_a_stranger_cannot_use_up_what_a_person_may_write(app: Flask, tmp_path: Path) -> None:
    limited = make_app(tmp_path / "instance", RATELIMIT_ENABLED=True)
    client = client_of(limited)
    data = client.page("/contact").values(**GOOD)
    for number, spelling in enumerate(
        ["kim@example.org", "KIM@example.org", "ｋｉｍ@example.org", "kim\x01@example.org"] * 3
    ):
        answer = client.post("/contact", data=data | {"text": f"Message {number}", "address": spelling})
    assert answer.status_code == 422
    assert len(messages()) == 10
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.post("/contact", data=data, environ_base=elsewhere).status_code == 303


@pytest.mark.parametrize(("proxies", "last"), [("0", 429), ("1", 303)])
def test_a_forged_address_lifts_no_limit_unless_a_proxy_is_trusted(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxies: str, last: int
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", proxies)
    limited = make_app(tmp_path / "instance", RATELIMIT_ENABLED=True)
    client = client_of(limited)
    codes = [
        send(client, address=f"{n}@example.org", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
        for n in range(40)
    ]
    assert codes[-1] == last
