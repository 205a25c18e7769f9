"""Others want a paper too: once each, without an account, as a piece and as a page, and it can be taken back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import update

from tests.ask.conftest import DOI, PIECE, TITLE, make_asked, papers, wish, wishes
from tests.conftest import counted, make_app
from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient, client_of, words
from webapp import clock
from webapp.ask import routes
from webapp.ask.actions import ask_for, take_back, want
from webapp.ask.found import Found
from webapp.extensions import db
from webapp.feedback.actions import record_vote
from webapp.models import AskedPaper, Edition
from webapp.watch.papers.asked import asked_for

LEGS = "10.5555/legs"


def main(page: Page) -> str:
    return words(page.one("main"))


def answered(**values: object) -> None:
    """What the owner said, or what was found out."""
    db.session.execute(update(AskedPaper).values(**values))
    db.session.commit()


def test_one_more_reader_wants_it_and_takes_it_back(client: PageClient) -> None:
    make_asked(voters=2)
    assert "2 readers want this." in main(client.page("/ask"))
    answer = wish(client)
    assert (answer.status_code, answer.location) == (303, "/ask/1?said=want")
    page = client.page(answer.location)
    assert "You and 2 other readers want this. Thank you. You want this paper too." in main(page)
    assert "Take back my wish for paper 1" in main(client.page("/ask"))
    assert wish(client).status_code == 303, "pressed again in an old page"
    assert [one.wants for one in papers()] == [3]
    back = wish(client, choice="leave")
    assert back.location == "/ask/1?said=leave"
    assert "2 readers want this. Your wish is taken back." in main(client.page(back.location))
    assert "Thank you" not in main(client.page("/ask/1?said=want")), "nobody is thanked for what they did not do"


def test_with_a_script_the_piece_alone_is_answered(client: PageClient) -> None:
    make_asked()
    piece = Page(wish(client, headers=PIECE).text, fragment=True)
    assert not piece.select("h1")
    assert words(piece.one("#wish-1")).startswith("You and 1 other reader want this. Thank you.")
    assert piece.one("#wish-1-said").get("role") == "status"
    gone = make_asked("10.5555/mine", voters=1)
    take_back(gone, f"{0:032x}")
    assert client.get(f"/ask/{gone}").status_code == 404


def test_the_cookie_is_set_by_a_wish_and_goes_with_the_last_one(client: PageClient) -> None:
    make_asked()
    make_asked(LEGS)
    for url in ("/ask", "/ask/1"):
        answer = client.get(url)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    [cookie] = wish(client).headers.getlist("Set-Cookie")
    for part in ("reader=", "HttpOnly", "SameSite=Lax", "Path=/ask"):
        assert part in cookie
    wish(client, 2)
    assert len({voter for _, voter in wishes()}) == 2, "one voter wants both, another one asked for them"
    assert "Max-Age=0" not in wish(client, 1, "leave").headers["Set-Cookie"]
    assert "Max-Age=0" in wish(client, 2, "leave").headers["Set-Cookie"]


def test_votes_about_summaries_have_another_number(client: PageClient) -> None:
    make_categories()
    summary = make_summary()
    make_asked()
    wish(client)
    url = f"/research/{summary.slug}/feedback"
    assert "voter" in client.page(url).values("#feedback form"), "the cookie of wishes is not sent there"


def test_a_browser_without_cookies_counts_once_for_each_form(app: Flask) -> None:
    make_asked()
    bare = client_of(app, use_cookies=False)
    form = bare.page("/ask/1").values("#wish-1 form", choice="want")
    for _ in range(2):
        assert bare.post("/ask/1", data=form).status_code == 303
    assert [one.wants for one in papers()] == [2]


def test_one_network_alone_makes_no_paper_the_most_wanted(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(instance, RATELIMIT_ENABLED=True)
    monkeypatch.setattr(routes, "WISHES", parse("2 per day"))
    with app.app_context():
        make_asked()
        make_asked("10.5555/legs")
        mine = client_of(app)
        assert wish(mine).status_code == 303
        assert wish(client_of(app, use_cookies=False)).status_code == 303
        for headers in ({}, PIECE):
            answer = wish(client_of(app, use_cookies=False), headers=headers)
            assert answer.status_code == 422
            assert routes.TOO_MANY_WISHES in answer.text
        assert wish(client_of(app, use_cookies=False), 2).status_code == 303
        assert [one.wants for one in papers()] == [3, 2]
        assert wish(mine, choice="leave").status_code == 303, "who takes a wish back can always do that"


def test_a_paper_that_nobody_wants_any_more_goes(client: PageClient) -> None:
    id_ = ask_for(Found(DOI, TITLE), "a" * 32)
    wish(client, id_)
    take_back(id_, "a" * 32)
    assert [one.wants for one in papers()] == [1]
    answer = wish(client, id_, "leave")
    assert answer.location == "/ask?said=gone"
    assert "so it is off the list" in main(client.page(answer.location))
    assert not papers()
    assert not wishes()


def test_the_piece_says_that_it_is_off_the_list(client: PageClient) -> None:
    id_ = make_asked()
    wish(client, id_)
    take_back(id_, f"{0:032x}")
    piece = Page(wish(client, id_, "leave", headers=PIECE).text, fragment=True)
    assert "Nobody else has asked for paper 1, so it is off the list." in words(piece.one("#wish-1"))
    assert not piece.select("form")


@pytest.mark.parametrize(
    "values", [{"answer": "planned"}, {"answer": "no"}, {"summary_key": "begun"}, {"withdrawn_at": clock.now()}]
)
def test_an_answered_paper_stays_though_nobody_wants_it(app: Flask, values: dict[str, object]) -> None:
    id_ = make_asked()
    answered(**values)
    take_back(id_, f"{0:032x}")
    assert [one.wants for one in papers()] == [0]


def test_what_became_of_a_paper_is_said(client: PageClient) -> None:
    make_asked()
    assert "Asked for on" in main(client.page("/ask"))
    answered(answer="planned")
    assert "Planned. We want to write about it." in main(client.page("/ask"))
    assert client.page("/ask").texts("#wish-1 button") == ["I want paper 1 too"]
    answered(answer="no", sentence="It is about <b>rats</b>.", answered_at=clock.now())
    assert "No. It is about <b>rats</b>." in main(client.page("/ask"))
    answered(withdrawn_at=clock.now(), withdrawn_by="Crossref", notice_url="https://doi.org/10.5555/n")
    page = client.page("/ask")
    assert "This paper was withdrawn (retracted). So Crossref told us" in main(page)
    assert "1 reader asked for this." in main(page), "nobody is said to want it still"
    assert not page.select("#wish-1 form")
    make_categories()
    summary = make_summary(study={"doi": DOI.upper()})
    page = client.page("/ask/1")
    assert "Done. We have written about it: " in main(page)
    assert "not have read" not in main(page)
    assert page.one(f"main a[href='/research/{summary.slug}']") is not None
    assert not page.select("#wish-1 form")


def test_a_wish_can_be_taken_back_whatever_became_of_the_paper(client: PageClient) -> None:
    make_asked()
    wish(client)
    answered(answer="no", sentence="No.", answered_at=clock.now())
    assert "2 readers asked for this. You are one of them." in main(client.page("/ask"))
    assert client.page("/ask").texts("#wish-1 button") == ["Take back my wish for paper 1"]
    wish(client, choice="leave")
    assert [one.wants for one in papers()] == [1]
    assert not client.page("/ask/1").select("#wish-1 form")


def test_a_press_in_an_old_page_wants_nothing_that_is_answered(client: PageClient) -> None:
    make_asked()
    form = client.page("/ask/1").values("#wish-1 form", choice="want")
    answered(answer="no", sentence="No.", answered_at=clock.now())
    assert client.post("/ask/1", data=form).status_code == 303
    assert [one.wants for one in papers()] == [1]


def test_the_list_can_be_had_in_two_orders_and_in_pages(client: PageClient) -> None:
    make_asked(LEGS, "Legs", voters=3)
    make_asked(DOI, "Arms")
    assert client.page("/ask").texts("main cite") == ["Arms", "Legs"]
    assert client.page("/ask?order=wanted").texts("main cite") == ["Legs", "Arms"]
    assert client.page("/ask?order=x&page=-7").texts("main cite") == ["Arms", "Legs"]
    for number in range(20):
        make_asked(f"10.5555/{number}", f"Paper of {number}")
    page = client.page("/ask")
    assert len(page.select("main cite")) == 20
    assert page.texts("nav[aria-label='Pages of papers'] a") == ["Next page"]
    assert client.page("/ask?page=2").texts("main cite") == ["Arms", "Legs"]
    assert "There are no more papers here." in main(client.page("/ask?page=99"))


def test_no_two_buttons_have_one_name(client: PageClient) -> None:
    make_asked()
    make_asked(LEGS)
    names = client.page("/ask").texts("main button")
    assert len(names) == len(set(names)) == 3


def test_a_list_of_many_asks_the_database_no_more(client: PageClient) -> None:
    make_asked()
    client.page("/ask")
    with counted(client.application) as few:
        client.page("/ask")
    for number in range(15):
        make_asked(f"10.5555/{number}")
    with counted(client.application) as many:
        client.page("/ask")
    assert len(many) == len(few)


def test_pages_that_are_kept_know_nothing_of_it(client: PageClient) -> None:
    before = db.session.scalar(db.select(Edition.token))
    make_asked()
    wish(client)
    assert db.session.scalar(db.select(Edition.token)) == before


def test_others_ask_how_many_want_a_paper(app: Flask) -> None:
    make_asked(voters=2)
    make_asked(LEGS, "")
    wanted = asked_for([DOI, LEGS, "10.5555/nobody"])
    assert {doi: one.wants for doi, one in wanted.items()} == {DOI: 2, LEGS: 1}
    assert asked_for([]) == {}


def test_what_is_gone_is_not_wanted(app: Flask) -> None:
    assert not want(7, "a" * 32)
    assert not wishes()


def test_many_at_once_lose_nobody_and_count_nobody_twice(app: Flask, instance: Path) -> None:
    """One paper for the first time, by eight readers who press twice, on two applications with one database."""
    apps = [make_app(instance) for _ in range(2)]
    start = threading.Barrier(16)

    def press(number: int) -> int:
        with apps[number % 2].app_context():
            start.wait()
            return ask_for(Found(DOI, TITLE), f"{number // 2:032x}")

    with ThreadPoolExecutor(16) as pool:
        ids = set(pool.map(press, range(16)))
    for other in apps:
        with other.app_context():
            db.engine.dispose()
    assert len(ids) == 1
    assert [one.wants for one in papers()] == [8]
    assert len(wishes()) == 8


def test_a_vote_is_no_wish(client: PageClient) -> None:
    make_categories()
    record_vote(make_summary().document_id, "a" * 32, is_helpful=True)
    make_asked()
    assert not client.page("/ask/1").select("[value=leave]")
