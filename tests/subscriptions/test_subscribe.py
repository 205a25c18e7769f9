"""Asking for letters: the form, what is kept, and one answer for everybody."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading

import pytest
from flask import Flask

from tests.conftest import counted
from tests.page import PageClient, words
from tests.subscriptions.conftest import (
    ADDRESS,
    ask,
    body,
    mails,
    make_subscriber,
    parsed,
    path_in,
    subscribers,
)
from webapp.subscriptions import actions
from webapp.subscriptions.consent import CURRENT, WORDINGS
from webapp.subscriptions.forms import NO_ADDRESS, NO_CONSENT, NO_FREQUENCY, NOT_AN_ADDRESS

FRAGMENT = {"HX-Request": "true"}


def test_the_way_there_is_on_every_page(site: PageClient) -> None:
    for address in ("/", "/about", "/nowhere"):
        links = parsed(site.get(address)).select("a[href='/subscribe']")
        assert {"Subscribe"} <= {words(link) for link in links} <= {"Subscribe", "Choose topics"}
    assert site.page("/").select("footer a[href='/subscribe']")
    assert site.page("/").select("main a[href='/subscribe']")


def test_a_category_offers_its_own_topic_ticked(site: PageClient) -> None:
    link = site.page("/categories/pain").one("main a[href^='/subscribe']")
    assert words(link) == "Get letters about pain"
    form = site.page(link.get("href"))
    assert [box.get("value") for box in form.select("input[name=topics][checked]")] == ["pain"]


def test_a_topic_that_is_not_there_is_ignored(site: PageClient) -> None:
    assert not site.page("/subscribe?topic=nope&topic=%22%3E").select("input[name=topics][checked]")


def test_nothing_is_agreed_to_beforehand(site: PageClient) -> None:
    page = site.page("/subscribe")
    assert page.one("input[name=consent]").get("checked") is None
    assert not page.select("input[name=topics][checked]")
    assert page.one("input[name=frequency][checked]").get("value") == "weekly"
    assert words(page.one("label[for=consent]")).startswith(WORDINGS[CURRENT])


def test_the_words_of_a_consent_never_change() -> None:
    """Somebody agreed to them. Other words are a new version."""
    known = {"2026-1": "2fd7"}
    digests = {version: hashlib.sha256(text.encode()).hexdigest()[:4] for version, text in WORDINGS.items()}
    assert digests == known


def test_asking_keeps_what_was_said_and_sends_one_mail(site: PageClient) -> None:
    before = dt.datetime.now(dt.UTC)
    response = ask(site, " Reader@Example.ORG ", topics=["skin", "bladder"], frequency="monthly")
    assert response.status_code == 303
    assert response.headers["Location"] == "/subscribe/sent"
    ways_on = [link.get("href") for link in site.page("/subscribe/sent").select("main a")]
    assert ways_on == ["/research/", "/subscribe"], "asking is no dead end"
    [subscriber] = subscribers()
    assert subscriber.address == ADDRESS
    assert subscriber.topics == ["bladder", "skin"]
    assert subscriber.frequency == "monthly"
    assert subscriber.consent_wording == CURRENT
    assert before <= subscriber.consent_at <= dt.datetime.now(dt.UTC)
    assert not subscriber.is_confirmed
    [mail] = mails()
    assert mail["To"] == ADDRESS
    assert mail["Auto-Submitted"] == "auto-generated"
    assert not mail["List-Unsubscribe"]
    assert path_in(mail, "/subscribe/confirm/")
    for part in ("plain", "html"):
        assert "bladder" not in body(mail, part).lower(), "it may reach a stranger"


def test_no_topic_means_everything(site: PageClient) -> None:
    ask(site)
    assert subscribers()[0].topics == []


def test_in_place_the_piece_comes_back(site: PageClient) -> None:
    response = ask(site, headers=FRAGMENT)
    assert response.status_code == 200
    page = parsed(response)
    assert not page.select("h1")
    assert page.one("#subscription h2[tabindex='-1'][data-takes-focus]") is not None
    assert len(subscribers()) == 1


def test_one_answer_for_new_waiting_and_known_addresses(site: PageClient) -> None:
    make_subscriber("known@example.org")
    answers = []
    for address in ("new@example.org", "new@example.org", "known@example.org", "KNOWN@example.org"):
        for headers in ({}, FRAGMENT):
            response = ask(site, address, headers=headers)
            told = {name: value for name, value in response.headers if name != "Date"}
            answers.append((bool(headers), response.status_code, tuple(sorted(told.items())), response.data))
    assert len(set(answers)) == 2, "one as a page, one in place"
    assert len(mails()) == len(answers), "and one mail each"


def test_the_three_answers_take_about_the_same_work(site: PageClient, app: Flask) -> None:
    make_subscriber("known@example.org")
    sent = {}
    for case, address in (("new", "new@example.org"), ("waiting", "new@example.org"), ("known", "known@example.org")):
        filled = site.page("/subscribe").values(address=address, consent="y")
        with counted(app) as statements:
            site.post("/subscribe", data=filled)
        sent[case] = len(statements)
    assert max(sent.values()) - min(sent.values()) <= 2, sent


def test_a_known_address_is_sent_the_way_to_change_and_nothing_changes(site: PageClient) -> None:
    known = make_subscriber(topics=["pain"], frequency="monthly")
    secret, since = known.secret, known.consent_at
    ask(site, topics=["skin"], frequency="weekly")
    [known] = subscribers()
    assert (known.topics, known.frequency, known.secret, known.consent_at) == (["pain"], "monthly", secret, since)
    [mail] = mails("already_subscribed")
    page = site.page(path_in(mail, "/subscribe/manage/"))
    assert page.one("input[name=topics][checked]").get("value") == "pain"


def test_asking_again_while_waiting_takes_the_newer_choice_and_both_mails_work(site: PageClient) -> None:
    ask(site, topics=["skin"])
    ask(site, topics=["pain"])
    [subscriber] = subscribers()
    assert subscriber.topics == ["pain"]
    first, second = [path_in(mail, "/subscribe/confirm/") for mail in mails("confirm_subscription")]
    assert first == second
    assert "Pain" in words(site.page(first).one("main"))


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"address": ""}, [NO_ADDRESS]),
        ({"address": "nobody"}, [NOT_AN_ADDRESS]),
        ({"address": "a@b"}, [NOT_AN_ADDRESS]),
        ({"address": "a@example.org, b@example.org"}, [NOT_AN_ADDRESS]),
        ({"address": "a@example.org\r\nBcc: b@example.org"}, [NOT_AN_ADDRESS]),
        ({"address": "a" * 250 + "@example.org"}, [NOT_AN_ADDRESS]),
        ({"consent": None}, [NO_CONSENT]),
        ({"frequency": None}, [NO_FREQUENCY]),
        ({"frequency": "hourly"}, [NO_FREQUENCY]),
        ({"address": "", "consent": None}, [NO_ADDRESS, NO_CONSENT]),
    ],
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_what_is_missing_is_said_beside_the_field_and_at_the_top(
    site: PageClient, changes: dict[str, str | None], faults: list[str], headers: dict[str, str]
) -> None:
    filled: dict[str, str | list[str] | None] = {"address": ADDRESS, "consent": "y", "topics": ["skin"], **changes}
    response = site.post("/subscribe", data=site.page("/subscribe").values(**filled), headers=headers)
    assert response.status_code == 422
    page = parsed(response)
    assert [words(link) for link in page.select(".error-summary a")] == faults
    for link in page.select(".error-summary a"):
        control = page.one(link.get("href"))
        assert page.texts(f"#{control.get('aria-describedby').split()[-1]}")[0].endswith(words(link))
        assert control.tag == "fieldset" or control.get("aria-invalid") == "true"
    assert [box.get("value") for box in page.select("input[name=topics][checked]")] == ["skin"]
    assert not subscribers()
    assert not mails()


def test_topics_that_do_not_exist_are_dropped(site: PageClient) -> None:
    ask(site, topics=["skin", "nope", "skin"])
    assert subscribers()[0].topics == ["skin"]


def test_a_post_without_the_forms_token_is_refused(site: PageClient) -> None:
    response = site.post("/subscribe", data={"address": ADDRESS, "consent": "y", "frequency": "weekly"})
    assert response.status_code == 400
    assert not subscribers()


def test_a_post_of_another_site_is_refused(site: PageClient) -> None:
    assert ask(site, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert ask(site, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert not subscribers()


def test_a_filled_trap_is_shown_again(site: PageClient) -> None:
    response = ask(site, homepage="https://spam.example")
    assert response.status_code == 422
    assert not mails()


@pytest.mark.parametrize("address", ["http://127.0.0.1:5000", "https://example.org"])
@pytest.mark.parametrize("is_debug", [True, False])
def test_without_a_mail_server_nobody_is_told_that_a_mail_was_sent_nor_where_the_server_keeps_it(
    app: Flask, site: PageClient, monkeypatch: pytest.MonkeyPatch, address: str, is_debug: bool
) -> None:
    """The address of the site proves nothing: it is the local one as long as nobody has set it."""
    monkeypatch.setitem(app.config, "SITE_URL", address)
    monkeypatch.setitem(app.config, "DEBUG", is_debug)
    for said in (
        site.get("/subscribe/sent").text,
        ask(site, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text,
    ):
        assert "We have sent" not in said
        assert "This site has no mail server yet" in said
        assert app.instance_path not in said
        assert "instance" not in said
    assert app.config["MAIL_FOLDER"] in app.test_cli_runner().invoke(args=["mail", "status"]).output


def test_with_a_mail_server_the_mail_was_sent(app: Flask, site: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://mail.example.org")
    said = site.get("/subscribe/sent").text
    assert "We have sent a mail" in said
    assert "mail server" not in said


def test_the_same_address_at_the_same_moment_is_one_subscriber(site: PageClient, app: Flask) -> None:
    ready, faults = threading.Barrier(6), []

    def at_once() -> None:
        with app.app_context():
            ready.wait()
            try:
                actions.subscribe(ADDRESS, ["pain"], "weekly")
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=at_once) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(subscribers()) == 1
    assert len({path_in(mail, "/subscribe/confirm/") for mail in mails()}) == 1
