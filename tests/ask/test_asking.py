"""A reader asks for a paper: it is looked up, shown, and kept once they say that it is the right one."""

from __future__ import annotations

import datetime as dt
import time
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from limits import parse

from tests.ask.conftest import DOI, TITLE, confirmed, found, make_asked, papers, typed, wishes
from tests.conftest import make_app
from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient, client_of, words
from tests.scholarly.answers import PMID, links, notice
from tests.scholarly.server import Reply
from tests.watch.conftest import Services
from tests.watch.test_looking import FAULTS
from webapp import clock
from webapp.ask import actions, lookup, routes
from webapp.ask.found import Found, found_in, signed
from webapp.scholarly.client import shared_client

UNKNOWN = "10.5555/nobody-knows"


def main(page: Page) -> str:
    return words(page.one("main"))


def problem(client: PageClient, text: str, **changes: Any) -> str:
    answer = typed(client, text, **changes)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.one("#paper").get("value") == text, "what was typed is kept"
    return words(page.one(".error-summary"))


def test_a_paper_is_shown_before_anything_is_kept(asking: PageClient) -> None:
    page = found(asking)
    assert page.h1 == "Is this the paper?"
    assert TITLE in main(page)
    assert "Journal of Cord Medicine & Care, 9 March 2024" in main(page)
    link = page.one("a[href='https://doi.org/10.5555/arms']")
    assert "nofollow" in (link.get("rel") or ""), "readers choose where it leads, so it praises nothing"
    assert not papers()
    answer = confirmed(asking)
    assert (answer.status_code, answer.location) == (303, "/ask/1?said=asked")
    assert [(one.doi, one.title, one.wants) for one in papers()] == [(DOI, TITLE, 1)]
    assert "Your wish is kept." in main(asking.page(answer.location))
    assert TITLE in main(asking.page("/ask"))


@pytest.mark.parametrize(
    "text",
    [
        "10.5555/ARMS", "https://doi.org/10.5555/arms", " doi: 10.5555/arms.",
        "https://example.org/doi/full/10.5555/Arms?download=true", "www.example.org/article?id=10.5555/arms&x=1",
    ],
)  # fmt: skip
def test_a_doi_is_found_however_it_is_typed(asking: PageClient, text: str) -> None:
    assert TITLE in main(found(asking, text))


def test_a_pubmed_number_will_do(asking: PageClient, services: Services) -> None:
    services.europepmc[PMID] = {"doi": DOI}
    assert TITLE in main(found(asking, f"PMID: {PMID}"))
    services.europepmc["5"] = {"doi": ""}
    assert "knows no DOI for the PubMed number 5" in problem(asking, "5")
    assert "knows no DOI for the PubMed number 6" in problem(asking, "6")
    services.broken = Reply(b"", 429)
    assert "cannot look up PubMed numbers just now" in problem(asking, "7")


@pytest.mark.parametrize("text", ["", "pain", "10.5555", "https://example.org/article/1", "NCT01234567", "1" * 500])
def test_what_is_no_doi_is_said_and_nobody_is_asked(asking: PageClient, services: Services, text: str) -> None:
    assert "DOI" in problem(asking, text)
    assert not services.asked


def test_a_doi_that_nobody_knows_is_said_and_nothing_is_kept(asking: PageClient) -> None:
    said = problem(asking, UNKNOWN)
    assert f"Neither Crossref nor Europe PMC knows a paper with the DOI {UNKNOWN}" in said
    assert not papers()


@pytest.mark.parametrize(
    ("crossref", "europepmc", "who"),
    [
        ({"updated-by": [notice("retraction")]}, {}, "Crossref"),
        ({"updated-by": [notice("Withdrawal", DOI)]}, {}, "Crossref"),
        ({}, {"commentCorrectionList": links("Retraction in")}, "Europe PMC"),
        (None, {"pubTypeList": {"pubType": ["Retracted Publication"]}}, "Europe PMC"),
        ({"updated-by": [notice("removal")]}, {"commentCorrectionList": links("Retraction in")},
         "Crossref and Europe PMC"),
        ({"title": ["RETRACTED: Walking again"]}, None, "Crossref"),
        ({"title": ["WITHDRAWN ARTICLE: Walking again"]}, None, "Crossref"),
        ({"title": ["[Retracted] Walking again"]}, None, "Crossref"),
        ({"title": ["Retracted – Walking again"]}, None, "Crossref"),
    ],
)  # fmt: skip
def test_a_withdrawn_paper_is_answered_at_once(
    asking: PageClient, services: Services, crossref: Any, europepmc: Any, who: str
) -> None:
    services.crossref[DOI], services.europepmc[DOI] = crossref, europepmc
    page = found(asking)
    assert page.h1 == "This paper was withdrawn"
    assert f"{who} told us on" in main(page)
    assert not page.select("main form")
    asking.post("/ask/paper", data=asking.page("/ask").values("form.form"))
    assert not papers()


@pytest.mark.parametrize(
    "fields",
    [
        {"updated-by": [notice("correction")]}, {"updated-by": [notice("expression_of_concern")]},
        {"updated-by": "retraction"}, {"update-to": [notice("retraction")]}, {"updated-by": [notice(None)]},
        {"title": ["Retracted publications in spinal cord medicine: a review"]},
        {"title": ["Withdrawn from opioids after injury"]}, {"title": ["Retracted-needle injection: a trial"]},
    ],
)  # fmt: skip
def test_what_is_no_withdrawal_of_the_paper_is_none(asking: PageClient, services: Services, fields: Any) -> None:
    services.crossref[DOI] = fields
    assert found(asking).h1 == "Is this the paper?"


def test_a_withdrawn_paper_cannot_be_asked_for_by_a_form_either(asking: PageClient) -> None:
    values = found(asking).values("form.form")
    withdrawn = {**values, "found": signed_withdrawn(asking)}
    assert asking.post("/ask/paper", data=withdrawn).status_code == 422
    assert not papers()


def signed_withdrawn(client: PageClient) -> str:
    with client.application.test_request_context():
        return signed(Found(DOI, TITLE, withdrawn_by="Crossref"))


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "not found"])
def test_without_an_answer_the_wish_can_be_kept_by_its_doi_alone(
    asking: PageClient, services: Services, fault: str
) -> None:
    services.broken = FAULTS[fault]
    page = found(asking)
    assert page.h1 == "We could not look it up"
    assert DOI in main(page)
    answer = confirmed(asking)
    assert answer.location == "/ask?said=kept"
    assert [(one.doi, one.title, one.wants) for one in papers()] == [(DOI, "", 1)]
    kept = asking.page("/ask?said=kept")
    assert words(kept.one("header + #ask-said[autofocus]")).startswith("Thank you."), "seen first on a phone"
    listed = main(kept)
    assert "Once we know the title" in listed
    assert "Nobody has asked" not in listed, "the reader just did"
    assert "Nobody has asked for a paper yet." in main(asking.page("/ask"))
    assert not asking.page("/ask").select("nav[aria-label='Order of the papers']"), "there is nothing to put in order"
    assert DOI not in listed, "a DOI alone is whatever somebody typed"
    assert asking.get("/ask/1").status_code == 404


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "not found"])
def test_one_service_is_enough(asking: PageClient, services: Services, fault: str) -> None:
    services.crossref |= {"10.5555/a": FAULTS[fault], "10.5555/b": {}, "10.5555/c": None}
    services.europepmc |= {"10.5555/a": {}, "10.5555/b": FAULTS[fault], "10.5555/c": FAULTS[fault]}
    assert "Spinal stimulation and walking in adults" in main(found(asking, "10.5555/a"))
    assert TITLE in main(found(asking, "10.5555/b"))
    assert found(asking, "10.5555/c").h1 == "We could not look it up", "the one that is silent may know it"


def test_words_of_a_service_are_words_and_bounded(asking: PageClient, services: Services) -> None:
    hostile = "<script>alert(1)</script><b>Bold</b> & \u202eback " + "long " * 500
    services.crossref[DOI] = {"title": [hostile], "container-title": ["x" * 5000]}
    page = found(asking)
    assert not page.select("main script, main cite b")
    assert confirmed(asking).status_code == 303
    assert len(papers()[0].title) < 310
    assert len(papers()[0].journal) < 130
    assert papers()[0].title.endswith(" …")


def test_a_paper_that_readers_can_read_about_is_not_asked_for(asking: PageClient, services: Services) -> None:
    values = found(asking).values("form.form")
    make_categories()
    summary = make_summary(study={"doi": DOI.upper()})
    services.asked.clear()
    page = found(asking)
    assert page.h1 == "We have this paper"
    assert page.one(f"main a[href='/research/{summary.slug}']") is not None
    assert not services.asked
    assert asking.post("/ask/paper", data=values).status_code == 422
    assert not papers()


def test_where_our_summary_tells_of_a_withdrawn_paper_that_is_said_first(asking: PageClient) -> None:
    make_asked()
    make_categories()
    notice = {"kind": "retraction", "issued": "2026-01-02"}
    make_summary("gone", title="Retracted: walking", study={"doi": DOI, "notice": notice})
    for page in (found(asking), asking.page("/ask/1"), asking.page("/ask")):
        assert "withdrawn (retracted)" in words(page.one(".asked-state.is-taken-back"))
        assert "Done." not in main(page)
        assert "You do not have to ask" not in main(page)


def test_a_paper_that_others_asked_for_is_shown_with_its_button(asking: PageClient, services: Services) -> None:
    make_asked(voters=3)
    page = found(asking)
    assert page.h1 == "Readers asked for this paper"
    assert "3 readers want this." in main(page)
    assert page.texts("main button") == ["I want paper 1 too"]
    assert not services.asked, "what is known nobody is asked for"


def test_nothing_that_was_shown_can_be_changed_on_its_way(asking: PageClient) -> None:
    values = found(asking).values("form.form")
    forged = str(values["found"])[:-2] + "xx"
    for text in ("", "x", forged):
        again = asking.get("/ask/paper", query_string={"found": text})
        assert again.status_code == 404
        assert "Please find the paper once more." in again.text
        assert asking.post("/ask/paper", data={**values, "found": text}).location == "/ask?said=again"
    assert not papers()


def test_what_was_found_is_good_for_a_week(asking: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with asking.application.test_request_context():
        text = signed(Found(DOI, TITLE))
        known = found_in(text)
        assert known
        assert known[0] == Found(DOI, TITLE)
        assert known[1] == clock.today()


def test_to_look_at_what_was_found_makes_it_no_younger(asking: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    text = found(asking).values("form.form")["found"]
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: int(time.time()) + 6 * 24 * 3600)
    assert asking.page(f"/ask/paper?found={text}").values("form.form")["found"] == text


def test_two_presses_are_one_wish_and_two_readers_are_two(asking: PageClient, app: Flask) -> None:
    mine = found(asking).values("form.form")
    for _ in range(2):
        assert asking.post("/ask/paper", data=mine).status_code == 303
    other = client_of(app)
    theirs = {**mine, "voter": typed_voter(other)}
    for _ in range(2):
        assert client_of(app, use_cookies=False).post("/ask/paper", data=theirs).status_code == 303
    assert [one.wants for one in papers()] == [2]
    assert len(wishes()) == 2


def typed_voter(client: PageClient) -> Any:
    """The number that a form of a browser without a cookie carries."""
    return client.page("/ask/1").values("#wish-1 form")["voter"]


def test_no_more_than_so_many_wait_to_be_looked_up(
    asking: PageClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_UNTOLD", 1)
    make_asked("10.5555/first", "")
    services.broken = Reply(b"", 500)
    answer = confirmed(asking)
    assert answer.status_code == 422
    assert "Please try again tomorrow." in answer.text
    assert len(papers()) == 1


def test_a_program_that_fills_in_everything_is_shown_the_form_again(asking: PageClient, services: Services) -> None:
    assert "hidden field" in problem(asking, DOI, homepage="x")
    assert not services.asked


def test_limits_hold_for_one_reader_and_for_all(instance: Any, services: Services, monkeypatch: Any) -> None:
    app = make_app(instance, RATELIMIT_ENABLED=True, CROSSREF_URL=services.url, EUROPEPMC_URL=services.url)
    monkeypatch.setattr(routes, "LOOKUPS", parse("1 per minute"))
    monkeypatch.setattr(routes, "NEW_PAPERS", parse("1 per day"))
    with app.app_context():
        client = client_of(app)
        services.crossref["10.5555/legs"] = {}
        assert found(client).h1 == "Is this the paper?"
        asked = len(services.asked)
        assert found(client, "10.5555/legs").h1 == "We could not look it up"
        assert len(services.asked) == asked, "beyond the limit nobody is asked"
        assert client.post("/ask/paper", data=confirming(client, DOI)).status_code == 303
        answer = client.post("/ask/paper", data=confirming(client, "10.5555/legs"))
        assert answer.status_code == 422
        assert routes.TOO_MANY in answer.text
        assert [one.doi for one in papers()] == [DOI]
        shared_client(app.config).close()


def test_readers_who_wait_leave_room_for_those_who_read(asking: PageClient, services: Services) -> None:
    with ExitStack() as waiting:
        assert all(waiting.enter_context(lookup.place_to_wait()) for _ in range(lookup.MOST_AT_ONCE))
        assert found(asking).h1 == "We could not look it up"
        assert "cannot look up PubMed numbers just now" in problem(asking, PMID)
        assert not services.asked
    assert found(asking).h1 == "Is this the paper?"


def confirming(client: PageClient, doi: str) -> Any:
    return found(client, doi).values("form.form")


def test_the_wait_is_bounded(app: Flask) -> None:
    client = shared_client(app.config)
    hurried = client.in_seconds(routes.SECONDS)
    assert hurried.limits.seconds == routes.SECONDS < client.limits.seconds
    assert hurried._paces is client._paces, "all who ask share the pace"
    assert client.in_seconds(dt.timedelta(days=1).total_seconds()).limits == client.limits
