"""Confirming, changing and leaving, by the links in the mails."""

from __future__ import annotations

import datetime as dt
import logging
import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import make_summary
from tests.page import PageClient, words
from tests.subscriptions.conftest import ADDRESS, ask, mails, make_subscriber, parsed, path_in, subscribers
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.mail.outbox import enqueue
from webapp.models import OutboxMail, SentSummary, Subscriber
from webapp.subscriptions import actions
from webapp.subscriptions.tokens import Purpose, claimed_id, is_genuine, new_secret, token_for
from webapp.urls import before_secrets

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
LETTERS = "#letters form"
"""Of the two forms on the page of one's letters, the one that changes them."""


def confirm_path(site: PageClient) -> str:
    ask(site, topics=["skin"])
    return path_in(mails("confirm_subscription")[-1], "/subscribe/confirm/")


def manage_path(subscriber: Subscriber) -> str:
    return f"/subscribe/manage/{token_for(subscriber, Purpose.MANAGE)}"


def leave_path(subscriber: Subscriber) -> str:
    return f"/unsubscribe/{token_for(subscriber, Purpose.LEAVE)}"


def press(site: PageClient, path: str) -> None:
    response = site.post(path, data=site.page(path).values())
    assert response.status_code == 303


def test_opening_the_link_confirms_nothing_the_button_does(site: PageClient) -> None:
    path = confirm_path(site)
    page = site.page(path)
    assert page.texts("main form button") == ["Confirm my letters"]
    assert ADDRESS in words(page.one("main"))
    assert "Skin" in words(page.one("main"))
    site.head(path)
    assert not subscribers()[0].is_confirmed
    press(site, path)
    [subscriber] = subscribers()
    assert subscriber.is_confirmed
    assert subscriber.confirm_digest is None
    done = site.page(path)
    assert done.h1 == "Your letters are on"
    assert not done.select("main form")
    assert site.get(done.one("main a[href*=manage]").get("href")).status_code == 200


def test_a_confirmation_works_once(site: PageClient) -> None:
    path = confirm_path(site)
    token = path.rpartition("/")[2]
    press(site, path)
    [subscriber] = subscribers()
    first = subscriber.confirmed_at
    assert not actions.confirm(subscriber, token)
    assert subscribers()[0].confirmed_at == first
    actions.leave(subscriber)
    assert site.get(path).status_code == 404
    ask(site)
    assert site.get(path).status_code == 404, "the next time has another link"
    assert not subscribers()[0].is_confirmed


def test_a_confirmation_is_good_for_two_weeks(site: PageClient) -> None:
    path = confirm_path(site)
    [subscriber] = subscribers()
    assert subscriber.confirm_until is not None
    left = subscriber.confirm_until - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=7) < left <= actions.LINK_LIFETIME
    open_form = site.page(path).values()
    subscriber.confirm_until = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    db.session.commit()
    assert site.get(path).status_code == 404
    site.post(path, data=open_form)
    assert not subscribers()[0].is_confirmed


def test_a_confirmation_needs_the_forms_own_token(site: PageClient) -> None:
    path = confirm_path(site)
    assert site.post(path).status_code == 400
    assert not subscribers()[0].is_confirmed


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_is_good_for_one_person_and_purpose_only(site: PageClient, purpose: Purpose) -> None:
    one, other = make_subscriber(), make_subscriber("other@example.org")
    token = token_for(one, purpose)
    assert is_genuine(token, one, purpose)
    assert not [another for another in Purpose if another != purpose and is_genuine(token, one, another)]
    assert not is_genuine(token, other, purpose)
    assert not is_genuine(token.replace(f"{one.id}.", f"{other.id}."), other, purpose)
    one.secret = new_secret()
    assert not is_genuine(token, one, purpose)


@pytest.mark.parametrize("place", ["/subscribe/confirm", "/subscribe/manage", "/unsubscribe"])
def test_a_made_up_link_says_it_is_no_longer_good(site: PageClient, place: str) -> None:
    make_subscriber()
    for token in ("x", "1", "1.", "1.x", "0.x", "-1.x", f"{'9' * 40}.x", "١.x", "1.é", "%00", "1.%0a"):
        response = site.get(f"{place}/{token}")
        assert response.status_code == 404, token
        assert parsed(response).h1 == "This link is no longer good"
        site.post(f"{place}/{token}", data=ONE_CLICK)
    assert len(subscribers()) == 1


def test_what_a_link_claims_is_read_with_care() -> None:
    assert claimed_id("12.abc") == 12
    assert [claimed_id(token) for token in ("", ".", "a.b", "012.a", "1" * 19)] == [None] * 5


def test_topics_and_rhythm_can_be_changed(site: PageClient) -> None:
    path = manage_path(make_subscriber(topics=["skin"], frequency="weekly"))
    page = site.page(path)
    assert page.values(LETTERS)["topics"] == ["skin"]
    response = site.post(path, data=page.values(LETTERS, topics=["pain", "bladder"], frequency="monthly"))
    assert response.status_code == 303
    after = site.page(response.headers["Location"])
    assert "Saved" in after.texts("[role=status]")[0]
    assert after.one("input[name=frequency][checked]").get("value") == "monthly"
    [subscriber] = subscribers()
    assert (subscriber.topics, subscriber.frequency) == (["bladder", "pain"], "monthly")


def test_changes_in_place_give_the_piece(site: PageClient) -> None:
    path = manage_path(make_subscriber())
    sent = site.page(path).values(LETTERS, topics=["pain"])
    response = site.post(path, data=sent, headers={"HX-Request": "true"})
    assert response.status_code == 200
    page = parsed(response)
    assert not page.select("h1")
    assert "Saved" in words(page.one("#letters [role=status]"))
    assert page.one("input[name=topics][checked]").get("value") == "pain"


def test_a_change_that_cannot_be_is_shown_again(site: PageClient) -> None:
    path = manage_path(make_subscriber(topics=["skin"]))
    response = site.post(path, data=site.page(path).values(LETTERS, frequency="hourly"))
    assert response.status_code == 422
    assert parsed(response).texts(".error-summary a")
    assert subscribers()[0].frequency == "weekly"


def test_a_change_of_another_site_is_refused(site: PageClient) -> None:
    path = manage_path(make_subscriber())
    sent = site.page(path).values(LETTERS, topics=["pain"])
    assert site.post(path, data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert subscribers()[0].topics == []


def test_opening_the_leave_link_deletes_nothing_the_button_does(site: PageClient) -> None:
    path = leave_path(make_subscriber())
    page = site.page(path)
    assert page.one("main form").get("action") == path
    assert len(subscribers()) == 1
    response = site.post(path)
    assert response.status_code == 200
    assert parsed(response).h1 == "You get no more letters"
    assert not subscribers()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"},
        {"Origin": "null"},
        {"Referer": "https://mail.example/inbox"},
    ],
)
def test_a_mail_program_leaves_with_one_click(site: PageClient, headers: dict[str, str]) -> None:
    path = leave_path(make_subscriber())
    for _ in range(2):  # a second time is no fault
        response = site.post(path, data=ONE_CLICK, headers=headers, base_url="https://example.org")
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
    assert not subscribers()


def test_leaving_by_the_page_of_ones_letters(site: PageClient) -> None:
    page = site.page(manage_path(make_subscriber()))
    [form] = [form for form in page.select("main form") if form.get("action").startswith("/unsubscribe/")]
    assert site.post(form.get("action")).status_code == 200
    assert not subscribers()


def test_who_leaves_is_gone_everywhere(site: PageClient, app: Flask) -> None:
    make_summary(categories=["pain"])
    leaving, staying = make_subscriber(), make_subscriber("stays@example.org")
    send_letters()
    ask(site)  # and a mail that says they are in already
    enqueue("message_to_owner", ADDRESS, subject="x", text="x", html="<p>x</p>")
    db.session.commit()
    sent = select(SentSummary.subscriber_id)
    assert sorted(db.session.scalars(sent)) == [leaving.id, staying.id]
    actions.leave(leaving)
    assert [one.address for one in subscribers()] == ["stays@example.org"]
    assert list(db.session.scalars(sent)) == [staying.id]
    kinds = list(db.session.execute(select(OutboxMail.recipient, OutboxMail.kind).order_by(OutboxMail.id)))
    assert kinds == [("stays@example.org", "letter"), (ADDRESS, "message_to_owner")]
    tables = [
        db.session.execute(db.text(f"SELECT * FROM {name}")).all()
        for name in ("subscribers", "sent_summaries", "sent_corrections")
    ]
    assert ADDRESS not in repr(tables)


def test_who_never_confirms_is_deleted_after_30_days(site: PageClient) -> None:
    now = dt.datetime.now(dt.UTC)
    ask(site, "late@example.org")
    ask(site, "waits@example.org")
    late, waits = subscribers()
    late.consent_at = now - dt.timedelta(days=30, seconds=1)
    waits.consent_at = now - dt.timedelta(days=29)
    make_subscriber("confirmed@example.org")
    db.session.commit()
    assert actions.delete_unconfirmed() == 1
    assert [one.address for one in subscribers()] == ["waits@example.org", "confirmed@example.org"]
    assert [mail["To"] for mail in mails()] == ["waits@example.org"]
    assert actions.delete_unconfirmed() == 0


def test_a_link_outlives_a_change_of_the_secret_key(
    site: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = leave_path(make_subscriber())
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-secret-of-this-site")
    assert site.get(path).status_code == 200


def test_secret_pages_are_kept_nowhere_and_named_to_nobody(site: PageClient) -> None:
    subscriber = make_subscriber()
    confirm = f"/subscribe/confirm/{token_for(subscriber, Purpose.CONFIRM)}"
    for path in (manage_path(subscriber), leave_path(subscriber), confirm, "/unsubscribe/1.x"):
        response = site.get(path)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "strict-origin"
        assert response.headers["X-Robots-Tag"] == "noindex"
        page = parsed(response)
        assert page.one("link[rel=canonical]").get("href") == "https://example.org/subscribe"
        assert page.one("meta[property='og:url']").get("content") == "https://example.org/subscribe"


def test_no_log_holds_a_link(
    app: Flask, answering: PageClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscriber = make_subscriber()
    path = manage_path(subscriber)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("werkzeug").info('%s "%s" %s', "127.0.0.1", f"GET {path} HTTP/1.1", 200)
    logging.getLogger("gunicorn.access").info("%(r)s %(f)s", {"r": f"POST {leave_path(subscriber)}", "f": path})
    monkeypatch.setitem(app.view_functions, "subscriptions.show_manage", lambda token: 1 / 0)
    assert answering.get(path).status_code == 500
    assert caplog.text.count("/subscribe/manage/[hidden]") == 3
    assert "/unsubscribe/[hidden]" in caplog.text
    assert not re.search(r"(manage|unsubscribe)/\d", caplog.text)
    assert "division by zero" in caplog.text


def test_a_form_over_https_is_taken_with_the_referrer_our_policy_leaves(site: PageClient) -> None:
    path = confirm_path(site)
    secure = {
        "base_url": "https://example.org",
        "headers": {"Referer": "https://example.org/", "Origin": "https://example.org"},
    }
    sent = site.page(path, base_url="https://example.org").values()
    assert site.post(path, data=sent, **secure).status_code == 303
    assert subscribers()[0].is_confirmed


@pytest.mark.parametrize(
    "spelled",
    [
        "/subscribe/manage/{}",
        "//subscribe//manage//{}",
        "/%73ubscribe/manage/{}",
        "/%2573ubscribe%252Fmanage%252F{}",
        "/SUBSCRIBE/confirm/{}?x=1",
        "/nowhere/{}",
        "/?link={}",
    ],
)
def test_no_log_holds_a_link_however_it_is_spelled(
    site: PageClient, caplog: pytest.LogCaptureFixture, spelled: str
) -> None:
    """Also a logger nobody thought of, and a secret whose dot is written as %2E."""
    secret = token_for(make_subscriber(), Purpose.MANAGE)
    for token in (secret, secret.replace(".", "%2E")):
        logging.getLogger("some.library").warning("GET %s", spelled.format(token))
    assert secret.partition(".")[2] not in caplog.text
    assert caplog.text.count("[hidden]") == 2


def test_a_line_without_a_secret_stays_as_it_is(site: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("some.library").warning("GET %s took %d%% of 1.5 s", "/research/?q=a%20b", 5)
    assert "GET /research/?q=a%20b took 5% of 1.5 s" in caplog.text


def test_no_log_shows_what_stands_in_place_of_a_secret(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Also half a secret, which does not look like one: the URL alone says that it is secret."""
    beginnings = before_secrets(app)
    assert {"/subscribe/confirm/", "/subscribe/manage/", "/unsubscribe/"} <= beginnings
    for beginning in beginnings:
        caplog.clear()
        logging.getLogger("any").warning("GET %s", f"{beginning}halfasecret?x=1")
        assert f"{beginning}[hidden]?x=1" in caplog.text
        assert "halfasecret" not in caplog.text
