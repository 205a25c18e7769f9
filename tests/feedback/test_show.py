"""Was this summary helpful: asked, answered, changed, explained, taken back; as a piece and as a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import counted, make_app
from tests.factories import make_categories, make_documents, make_summary, make_summary_file
from tests.page import Page, PageClient, client_of, words
from webapp.extensions import db
from webapp.feedback.actions import record_vote, withdraw_vote
from webapp.feedback.forms import MAX_COMMENT_LENGTH, PARTS
from webapp.models import Edition, Redirect, Summary, Vote

FORM = "#feedback form"
PIECE = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def summary(app: Flask) -> Summary:
    make_categories()
    return make_summary()


@pytest.fixture
def url(summary: Summary) -> str:
    return f"/research/{summary.slug}/feedback"


def votes() -> list[Vote]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(Vote).order_by(Vote.id)))


def send(
    client: PageClient, url: str, choice: str, *, headers: dict[str, str] | None = None, **changes: str
) -> TestResponse:
    """Fill in the form as it is shown now and press one of its buttons; `headers` are the request's."""
    data = client.page(url).values(FORM, choice=choice, **changes)
    return client.post(url, data=data, headers=headers)


def edition() -> str | None:
    token: str | None = db.session.scalar(db.select(Edition.token))
    return token


def test_the_summary_page_holds_a_link_and_no_form(client: PageClient, url: str) -> None:
    page = client.page(url.removesuffix("/feedback"))
    link = page.one("#feedback a")
    assert words(link) == "Was this summary helpful? Give feedback"
    assert link.get("href") == link.get("hx-get") == url
    assert link.get("hx-trigger").startswith("intersect once")
    assert not page.select("#feedback form")
    assert "csrf" not in page.html


def test_the_piece_is_the_form_of_the_page(client: PageClient, url: str) -> None:
    page, piece = client.page(url), client.page(url, headers=PIECE)
    assert page.title.startswith("Your feedback")
    assert not piece.select("h1")
    for one in (page, piece):
        assert [words(button) for button in one.select("#feedback button")] == ["Yes", "No"]
        assert one.texts("#feedback legend") == ["Was this summary helpful?"]


def test_nothing_of_it_is_kept_on_the_way_and_asking_sets_no_cookie(client: PageClient, url: str) -> None:
    for headers in ({}, PIECE):
        response = client.get(url, headers=headers)
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers


def test_a_vote_without_javascript_leads_back_to_the_page(client: PageClient, url: str) -> None:
    response = send(client, url, "yes")
    assert response.status_code == 303
    assert response.headers["Location"].startswith(url)
    page = client.page(response.headers["Location"])
    assert page.texts("#feedback-said") == ["Thank you. You said yes, it was helpful."]
    assert [one.get("aria-pressed") for one in page.select(".answers button")] == ["true", "false"]
    assert [vote.is_helpful for vote in votes()] == [True]


def test_a_vote_in_place_is_answered_with_the_piece(client: PageClient, url: str) -> None:
    response = send(client, url, "no", headers=PIECE)
    assert response.status_code == 200
    piece = Page(response.text, fragment=True)
    assert piece.texts("#feedback-said") == ["Thank you. You said no, it was not helpful."]
    assert piece.select("#unclear_section")
    assert response.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_random_signed_and_out_of_reach(client: PageClient, url: str) -> None:
    cookie = send(client, url, "yes").headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/research/"):
        assert part in cookie
    assert "Secure" not in cookie
    assert re.fullmatch(r"[0-9a-f]{32}", votes()[0].voter)
    assert votes()[0].voter in cookie


def test_the_cookie_is_secure_over_https(client: PageClient, url: str) -> None:
    data = client.page(url).values(FORM, choice="yes")
    [cookie] = client.post(url, data=data, base_url="https://localhost").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Secure-reader=")
    assert "Secure; HttpOnly; Path=/research/; SameSite=Lax" in cookie


def test_a_cookie_from_before_still_votes_and_is_renewed(client: PageClient, url: str) -> None:
    send(client, url, "yes")  # over http, or under the name of an earlier version
    data = client.page(url).values(FORM, choice="no")
    answer = client.post(url, data=data, base_url="https://localhost")
    assert len(votes()) == 1
    gone, kept = sorted(answer.headers.getlist("Set-Cookie"), key=lambda cookie: cookie.startswith("__Secure-"))
    assert gone.startswith("reader=;")
    assert kept.startswith("__Secure-reader=")
    answer = client.post(url, data=data | {"choice": "withdraw"}, base_url="https://localhost")
    assert all("Max-Age=0" in cookie for cookie in answer.headers.getlist("Set-Cookie"))
    assert not votes()


def test_voting_again_changes_the_vote(client: PageClient, url: str) -> None:
    send(client, url, "yes")
    first = votes()[0].voted_at
    send(client, url, "no")
    assert [vote.is_helpful for vote in votes()] == [False]
    assert votes()[0].voted_at == first <= votes()[0].changed_at


def test_one_form_pressed_twice_is_one_reader_even_before_the_cookie_came_back(app: Flask, url: str) -> None:
    form = client_of(app).page(url).values(FORM)
    for _ in range(2):
        assert app.test_client().post(url, data=form | {"choice": "yes"}).status_code == 303
    assert len(votes()) == 1


def test_a_reader_without_cookies_can_go_on_in_place(app: Flask, url: str) -> None:
    client = client_of(app, use_cookies=False)
    response = send(client, url, "yes", headers=PIECE)
    again = Page(response.text, fragment=True).values(FORM)
    client.post(url, data=again | {"choice": "withdraw"}, headers=PIECE)
    assert not votes()


@pytest.mark.parametrize("cookie", ["made-up", "MDEyMw.aaaa", ""])
def test_a_forged_cookie_is_nobody(app: Flask, url: str, cookie: str) -> None:
    client = client_of(app)
    client.set_cookie("reader", cookie, path="/research/")
    assert send(client, url, "yes").status_code == 303
    assert re.fullmatch(r"[0-9a-f]{32}", votes()[0].voter)


def test_two_readers_are_two(app: Flask, url: str) -> None:
    for choice in ("yes", "no"):
        send(client_of(app), url, choice)
    assert [vote.is_helpful for vote in votes()] == [True, False]


def test_what_was_unclear_is_kept_and_shown_again(client: PageClient, url: str) -> None:
    send(client, url, "no")
    response = send(client, url, "details", unclear_section="key-findings", comment=" Too many\r\nnumbers. ")
    page = client.page(response.headers["Location"])
    assert page.texts("#feedback-said") == ["Thank you. We have kept what you wrote."]
    vote = votes()[0]
    assert (vote.unclear_section, vote.comment, vote.is_helpful) == ("key-findings", "Too many\nnumbers.", False)
    assert page.one("#unclear_section option[selected]").get("value") == "key-findings"
    send(client, url, "yes")
    assert votes()[0].comment == "Too many\nnumbers.", "changing the answer loses nothing"
    send(client, url, "details", unclear_section="", comment="")
    assert (votes()[0].unclear_section, votes()[0].comment) == (None, None)


def test_an_answer_from_a_form_that_did_not_ask_more_leaves_what_was_written(client: PageClient, url: str) -> None:
    old = client.page(url).values(FORM)
    send(client, url, "no")
    send(client, url, "details", comment="Keep me")
    client.post(url, data=old | {"choice": "yes"})
    assert (votes()[0].is_helpful, votes()[0].comment) == (True, "Keep me")


def test_taking_an_answer_back_deletes_it_and_the_cookie_with_the_last(client: PageClient, url: str) -> None:
    other = make_summary("other", title="Other")
    send(client, f"/research/{other.slug}/feedback", "yes")
    send(client, url, "yes")
    assert "Max-Age=0" not in send(client, url, "withdraw").headers["Set-Cookie"]
    assert len(votes()) == 1
    response = send(client, f"/research/{other.slug}/feedback", "withdraw")
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    assert not votes()
    assert [words(b) for b in client.page(url).select("#feedback button")] == ["Yes", "No"]


def test_details_without_an_answer_are_sent_back_with_all_that_was_written(client: PageClient, url: str) -> None:
    send(client, url, "yes")
    open_form = client.page(url).values(FORM)
    send(client, url, "withdraw")
    response = client.post(url, data=open_form | {"choice": "details", "comment": "Hello"})
    assert response.status_code == 422
    assert Page(response.text).texts(".error-summary li") == ["Please choose Yes or No first."]
    assert not votes()


def test_a_comment_that_is_too_long_is_kept_in_the_form(client: PageClient, url: str) -> None:
    send(client, url, "yes")
    long = "a" * (MAX_COMMENT_LENGTH + 1)
    response = send(client, url, "details", comment=long)
    assert response.status_code == 422
    page = Page(response.text)
    assert page.values(FORM)["comment"] == long
    assert page.one("#comment").get("aria-invalid") == "true"
    assert votes()[0].comment is None


@pytest.mark.parametrize(("choice", "section"), [("maybe", ""), ("yes", "../etc")])
def test_what_nobody_can_choose_is_refused(client: PageClient, url: str, choice: str, section: str) -> None:
    send(client, url, "yes")
    assert send(client, url, choice, unclear_section=section).status_code == 422


def test_the_sections_are_those_of_the_page(client: PageClient, url: str) -> None:
    page = client.page(url.removesuffix("/feedback"))
    headings = {heading.get("id"): words(heading) for heading in page.select("main h2")}
    assert {id_: headings.get(id_, PARTS[id_] if id_ == "main-result" else None) for id_ in PARTS} == PARTS


def test_votes_are_public_from_five_on(client: PageClient, summary: Summary, url: str) -> None:
    for number in range(5):
        assert not client.page(url).select(".votes"), number
        record_vote(summary.document_id, f"{number:032x}", is_helpful=number > 0)
    assert client.page(url).texts(".votes") == ["4 of 5 readers found this helpful."]
    fragment = Page(client.get(url, headers=PIECE).text, fragment=True)
    assert fragment.texts(".votes") == ["4 of 5 readers found this helpful."]


def test_what_came_of_it_is_public(client: PageClient, app: Flask) -> None:
    make_categories()
    summary = make_summary(changed_after_feedback="2026-03-06")
    page = client.page(f"/research/{summary.slug}")
    assert "Changed after reader feedback on 6 March 2026." in page.texts("#feedback p")


def test_no_vote_changes_what_browsers_and_proxies_keep(app: Flask, url: str, summary: Summary) -> None:
    pages = (url.removesuffix("/feedback"), "/", "/research/")
    before = [app.test_client().get(page).headers["ETag"] for page in pages]
    for number in range(6):
        record_vote(summary.document_id, f"{number:032x}", is_helpful=True)
    withdraw_vote(summary.document_id, f"{0:032x}")
    assert [app.test_client().get(page).headers["ETag"] for page in pages] == before
    page = app.test_client().get(pages[0]).text
    assert "found this helpful" not in page, "the counts come with the fragment"


def test_a_draft_or_unknown_summary_takes_no_votes(client: PageClient, app: Flask, url: str) -> None:
    make_documents(make_summary_file("draft", title="Draft", draft=True))
    for slug in ("a-trial-of-arm-training-draft", "never-was"):
        assert client.get(f"/research/{slug}/feedback").status_code == 404
        data = client.page(url).values(FORM, choice="yes")
        assert client.post(f"/research/{slug}/feedback", data=data).status_code == 404


def test_an_old_address_leads_on_and_the_vote_with_it(client: PageClient, summary: Summary, url: str) -> None:
    db.session.add(Redirect(kind="summary", language="en", slug="old", document_id=summary.document_id))
    db.session.commit()
    assert client.get("/research/old/feedback").headers["Location"] == url
    data = client.page(url).values(FORM, choice="yes")
    response = client.post("/research/old/feedback", data=data)
    assert (response.status_code, response.headers["Location"]) == (308, url)


def test_asking_takes_few_statements(app: Flask, client: PageClient, url: str) -> None:
    with counted(app) as sent:
        client.page(url)
    assert len(sent) <= 4, sent  # one of them once for each edition: the words of the site


def test_a_flood_of_votes_is_stopped_and_the_form_stays_in_place(app: Flask, tmp_path: Path, url: str) -> None:
    limited = make_app(tmp_path / "instance", RATELIMIT_ENABLED=True)
    client = client_of(limited)
    data = client.page(url).values(FORM, choice="yes")
    answers = [client.post(url, data=data, headers=PIECE) for _ in range(31)]
    assert [one.status_code for one in answers[-2:]] == [200, 429]
    notice = Page(answers[-1].text, fragment=True)
    assert not notice.select("h1")
    assert "Too many" in notice.texts("body, p")[0]
    assert client.get(url).status_code == 200, "reading is not limited"


def test_nothing_written_is_not_thanked_for(client: PageClient, summary: Summary, url: str) -> None:
    send(client, url, choice="yes")
    answer = send(client, url, choice="details", unclear_section="", comment="  ")
    assert answer.status_code == 422
    assert "Nothing is written yet." in Page(answer.text).texts(".error-summary li")[0]
