"""One paper has one draft, whether it is begun from the new papers or from what readers asked for."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.ask.conftest import DOI, TITLE, make_asked
from tests.conftest import make_app
from tests.desk.asked.test_asked import pressed
from tests.desk.papers.test_papers import drafts, notes, paper, press
from tests.factories import make_categories, make_summary
from tests.page import PageClient, words
from tests.scholarly.answers import PMID, links
from tests.scholarly.server import serving
from tests.watch.conftest import Services, hurried
from tests.watch.papers.making import make_new_paper
from webapp import clock
from webapp.desk.accounts.actions import add_account
from webapp.desk.accounts.queries import account_named
from webapp.desk.drafts.actions import summarise
from webapp.desk.drafts.facts import Paper, of_asked, of_new
from webapp.desk.writing.actions import begin
from webapp.documents.actions import save_revision
from webapp.documents.queries import newest_revision
from webapp.extensions import db
from webapp.models import AskedPaper, NewPaper
from webapp.scholarly.client import URL_SETTINGS


@pytest.fixture(autouse=True)
def services(app: Flask) -> Iterator[Services]:
    """Crossref and Europe PMC; they know DOI."""
    with serving(Services()) as services:
        assert isinstance(services, Services)
        app.config |= dict.fromkeys(URL_SETTINGS, services.url)
        services.crossref[DOI] = services.europepmc[DOI] = {}
        yield services


def asked() -> AskedPaper:
    db.session.rollback()
    paper: AskedPaper = db.session.scalars(db.select(AskedPaper)).one()
    return paper


def test_what_is_begun_from_the_new_papers_is_planned_for_those_who_asked(mira: PageClient) -> None:
    make_asked(voters=2)
    id_ = make_new_paper(doi=DOI)
    way = press(mira, id_, "summarise").location
    assert (asked().answer, asked().summary_key) == ("planned", drafts()[0].key)
    assert asked().answered_at is not None
    assert mira.page("/desk/asked/1").one(f"main a[href='{way.partition('?')[0]}']") is not None
    assert "Planned" in words(mira.page("/ask").one("main"))


def test_what_is_begun_for_those_who_asked_is_no_new_paper_any_more(mira: PageClient) -> None:
    make_asked()
    ids = [make_new_paper(1, doi=DOI), make_new_paper(2, doi=None, pmid=PMID)]
    pressed(mira)
    assert [(paper(id_).state, paper(id_).document_id) for id_ in ids] == [("drafted", drafts()[0].id)] * 2
    assert notes()[-1].startswith("Began the summary")
    newest = newest_revision(drafts()[0])
    assert newest
    assert newest.content["study"]["design"] == "rct", "guessed from the title, as the new papers have it"
    page = mira.page(f"/desk/documents/{drafts()[0].id}")
    assert "This is a guess: the title says “randomized”." in words(page.one("main"))


def test_pressed_in_both_lists_it_is_one_draft(mira: PageClient) -> None:
    make_asked()
    id_ = make_new_paper(doi=DOI)
    token = mira.page("/desk/papers").values("main form[action*=summarise]")
    ways = {pressed(mira), mira.post(f"/desk/papers/{id_}/summarise", data=token).location}
    assert ways == {f"/desk/documents/{drafts()[0].id}?said=taken-up"}
    assert len(drafts()) == 1
    newest = newest_revision(drafts()[0])
    assert newest
    assert newest.number == 1


Kind = Callable[[], Paper]
KINDS: dict[str, Kind] = {
    "new": lambda: of_new(db.session.scalars(db.select(NewPaper)).one()),
    "asked": lambda: of_asked(asked()),
}


@pytest.mark.parametrize("kinds", [("new", "asked"), ("asked", "asked")])
def test_at_the_same_moment_it_is_one_draft(
    app: Flask, instance: Path, services: Services, kinds: tuple[str, str]
) -> None:
    add_account("Mira")
    make_asked()
    make_new_paper(doi=DOI)
    apps, start = [make_app(instance) for _ in kinds], threading.Barrier(2)

    def begun(number: int) -> int:
        with apps[number].app_context():
            account, one, client = account_named("Mira"), KINDS[kinds[number]](), hurried(services.url)
            assert account
            start.wait()
            document = summarise(account, one, client)
            client.close()
            return document.id

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(begun, range(2)))) == 1
    for other in apps:
        with other.app_context():
            db.engine.dispose()
    assert len(drafts()) == 1


@pytest.mark.parametrize("numbers", [{"doi": DOI.upper()}, {"pmid": PMID}])
def test_a_draft_that_was_begun_by_hand_is_the_draft(mira: PageClient, numbers: dict[str, Any]) -> None:
    account = account_named("Mira")
    assert account
    document = begin(account, "summary", "My own words")
    save_revision(document, {"title": "My own words", "study": numbers}, by="Mira", base=1)
    make_asked()
    assert pressed(mira).startswith(f"/desk/documents/{document.id}?")
    assert (asked().answer, asked().summary_key) == ("planned", "my-own-words")
    assert len(drafts()) == 1
    assert f"Took up the paper {DOI} in the summary my-own-words." in notes()


def test_a_public_summary_is_no_plan(mira: PageClient) -> None:
    make_categories("hand-and-arm-use")
    summary = make_summary("arms", study={"doi": "10.5555/elsewhere", "pmid": PMID})
    make_asked()
    assert pressed(mira) == f"/desk/documents/{summary.document_id}?said=there-already"
    assert (asked().answer, asked().summary_key) == ("", "arms")
    assert "can read about it" in words(mira.page("/desk/asked/1").one("main"))


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_withdrawn_paper_nothing_is_begun_unasked(mira: PageClient, services: Services, kind: str) -> None:
    """Whichever of the lists hears of it, both say so, and begin it when that is asked for."""
    services.europepmc[DOI] = {"commentCorrectionList": links("Retraction in")}
    make_asked()
    row, later = asked(), clock.now() + dt.timedelta(days=5)
    row.due_at = later
    db.session.commit()
    id_ = make_new_paper(doi=DOI)

    def once() -> str:
        return pressed(mira) if kind == "asked" else str(press(mira, id_, "summarise").location)

    assert "said=withdrawn" in once()
    assert (drafts(), paper(id_).is_retracted, asked().answer) == ([], True, "")
    assert asked().due_at < later, "the services are asked which of them says so"
    again = "/desk/asked/1?said=withdrawn" if kind == "asked" else "/desk/papers"
    page = mira.page(again)
    action = page.one("main form[action*=summarise]").get("action")
    assert mira.post(action, data=page.values("main form[action*=summarise]")).location.endswith("said=taken-up")
    assert len(drafts()) == 1


def test_a_paper_that_one_list_knows_as_withdrawn_begins_nothing_in_the_other(mira: PageClient) -> None:
    make_asked()
    id_ = make_new_paper(doi=DOI)
    row = asked()
    row.withdrawn_at, row.withdrawn_by = row.asked_at, "Crossref"
    db.session.commit()
    assert "said=withdrawn" in press(mira, id_, "summarise").location
    assert (drafts(), paper(id_).is_retracted) == ([], True)


def test_the_headline_is_what_is_known_best(mira: PageClient) -> None:
    make_asked(title="")
    pressed(mira)
    newest = newest_revision(drafts()[0])
    assert newest
    assert newest.content["title"] == TITLE
