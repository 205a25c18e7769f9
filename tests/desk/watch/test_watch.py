"""The desk says what became of each paper, and the owner decides what is done about it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import counted
from tests.factories import make_categories, make_document, make_outcome, make_summary, make_topic_file
from tests.page import Page, PageClient, words
from tests.subscriptions.conftest import mails, make_subscriber
from tests.watch.making import SILENT, hear
from webapp import clock
from webapp.documents.actions import publish, save_revision
from webapp.documents.queries import document_named, newest_revision
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.models import Activity, Document, Summary, WatchedPaper

DOI = "10.5555/arms"


@pytest.fixture
def arms(mira: PageClient) -> Document:
    """A summary that two readers were sent."""
    make_categories()
    study = {"doi": DOI, "intervention": "Arm training", "outcomes": [make_outcome()]}
    make_summary("arms", study=study, harms="Nobody was hurt.", date=clock.today(), lastmod=clock.today())
    for number in range(2):
        make_subscriber(f"reader{number}@example.org")
    send_letters()
    return document()


def document() -> Document:
    found = document_named("summary", "arms")
    assert found
    return found


def said(page: Page) -> str:
    return words(page.one("main"))


def row(client: PageClient, show: str = "") -> str:
    return words(client.page(f"/desk/watch{show}").one("main .desk-rows li"))


def line(client: PageClient) -> str:
    found = [
        text for text in client.page("/desk/").texts("main li") if "What became" in text or "See what became" in text
    ]
    return " ".join(found)


def notes() -> list[str]:
    return list(db.session.scalars(db.select(Activity.what)))


def is_withdrawn() -> bool:
    notice: str | None = db.session.scalars(db.select(Summary.notice).where(Summary.key == "arms")).one()
    return notice == "retraction"


def test_the_list_says_who_was_asked_and_when(mira: PageClient, arms: Document) -> None:
    page = mira.page("/desk/watch")
    assert "No paper waits for you." in said(page)
    assert "Crossref: has not answered yet." in said(page)
    assert "Not checked yet. Nobody was asked yet." in row(mira, "?show=all")
    hear("arms", europepmc=SILENT)
    assert "No notice found." in row(mira, "?show=all")
    assert "Crossref: no notice found, on" in row(mira, "?show=all")
    assert "Europe PMC: On" in row(mira, "?show=all")
    assert "it did not answer." in row(mira, "?show=all")
    assert "Crossref: last answered on" in said(mira.page("/desk/watch"))
    assert not line(mira)


def test_a_paper_without_a_number_says_that_nobody_can_be_asked(mira: PageClient) -> None:
    make_categories()
    summary = make_summary()
    assert "names neither a DOI nor a PubMed number" in row(mira, "?show=all")
    assert "Nobody can be asked" in said(mira.page(f"/desk/watch/{summary.document_id}"))
    assert mira.get("/desk/watch/99").status_code == 404


def test_a_withdrawn_paper_says_what_is_to_be_done(mira: PageClient, arms: Document) -> None:
    statement = {"name": "Strength", "certainty": "low", "text": "Training may help.", "rests_on": ["arms"]}
    make_document(make_topic_file(statements=[statement]))
    id_ = hear("arms", "retraction")
    assert "The paper of “Arm training was tried in 40 people” was withdrawn." in line(mira)
    assert "Withdrawn. The notice is up. Please look at it. The services disagree." in row(mira)
    page = mira.page(f"/desk/watch/{id_}")
    for text in (
        "Crossref: withdrawn, on", "Retraction: 10.5555/retraction", "Europe PMC: no notice found, on",
        "No service says why.", "2 people were sent this summary before", "What helps hands and arms",
    ):  # fmt: skip
        assert text in said(page), text
    edit, _, place = page.one("a[href*='#f-']").get("href").partition("#")
    assert mira.page(edit).select(f"#{place}")
    assert mira.post(f"/desk/watch/{id_}", data=page.values("main form")).location == "/desk/watch?said=settled"
    assert "It is noted that you have looked at it." in said(mira.page("/desk/watch?said=settled"))
    assert not line(mira)
    assert "Looked at what became of the paper of the summary arms." in notes()
    assert "Tell those who were sent it" in said(mira.page(f"/desk/watch/{id_}")), "it can be done later"


def test_who_was_sent_it_is_told_when_the_owner_says_so(mira: PageClient, arms: Document) -> None:
    id_ = hear("arms", "retraction")
    way = mira.page(f"/desk/watch/{id_}").one("a[href*='/corrections/']").get("href")
    page = mira.page(way)
    assert page.h1 == "Tell those who were sent it"
    assert "A study we wrote to you about was withdrawn" in said(page)
    assert not mails("withdrawal")
    assert mira.post(way, data=page.values("main form")).status_code == 303
    assert "Had the withdrawal of the paper of the summary arms mailed to 2 people." in notes()
    assert "Being sent: 0 of 2." in said(mira.page(f"/desk/watch/{id_}"))
    assert mira.page(f"/desk/documents/{id_}/corrections").texts("main h2") == ["Notice 1"]


def test_a_reason_that_was_written_is_not_asked_for(mira: PageClient, arms: Document) -> None:
    id_ = hear("arms", "retraction")
    newest = newest_revision(document())
    assert newest
    study = newest.content["study"]
    told = {**study, "notice": {**study["notice"], "reasons": ["Two pictures were the same."]}}
    content = {**newest.content, "study": told}
    publish(document(), save_revision(document(), content, by="Mira", base=newest.number, version=1))
    assert "Readers see why." in said(mira.page(f"/desk/watch/{id_}"))


def test_a_notice_that_is_gone_is_left_up_or_taken_down(mira: PageClient, arms: Document) -> None:
    id_ = hear("arms", "retraction")
    hear("arms")
    assert "Nobody says any more that the paper of “Arm training" in line(mira)
    page = mira.page(f"/desk/watch/{id_}")
    assert page.texts("main form button") == ["Leave the notice up"]
    mira.post(f"/desk/watch/{id_}", data=page.values("main form"))
    assert is_withdrawn()
    assert "Left the notice of withdrawal up on the summary arms." in notes()
    way = mira.page(f"/desk/watch/{id_}").one("a[href$='/notice/down']").get("href")
    page = mira.page(way)
    assert "No service says any more that the paper was withdrawn." in said(page)
    for _ in range(2):
        assert mira.post(way, data=page.values("main form")).location == f"/desk/watch/{id_}?said=down"
    assert not is_withdrawn()
    assert "The notice is down." in said(mira.page(f"/desk/watch/{id_}?said=down"))
    assert not mira.page(way).select("main form")


def test_a_text_that_cannot_be_published_without_the_notice_says_why(mira: PageClient, arms: Document) -> None:
    id_ = hear("arms", "retraction")
    newest = newest_revision(document())
    assert newest
    content = {**newest.content, "study": {**newest.content["study"], "outcomes": []}}
    publish(document(), save_revision(document(), content, by="Mira", base=newest.number))
    page = mira.page(f"/desk/watch/{id_}/notice/down")
    answer = mira.post(f"/desk/watch/{id_}/notice/down", data=page.values("main form"))
    assert answer.status_code == 422
    assert "outcomes" in words(Page(answer.text).one(".error-summary"))
    assert is_withdrawn()
    assert not [one for one in notes() if "Took down" in one]


def test_a_notice_that_was_lost_is_put_up_again_or_left_off(mira: PageClient, arms: Document) -> None:
    before = newest_revision(document())
    assert before
    id_ = hear("arms", "retraction")

    def lose() -> None:
        newest = newest_revision(document())
        assert newest
        publish(document(), save_revision(document(), before.content, by="Mira", base=newest.number, version=1))
        hear("arms", "retraction")

    lose()
    assert "was withdrawn, and our page does not say so." in line(mira)
    way = mira.page(f"/desk/watch/{id_}").one("a[href$='/notice/up']").get("href")
    page = mira.page(way)
    assert mira.post(way, data=page.values("main form")).location == f"/desk/watch/{id_}?said=up"
    assert is_withdrawn()
    assert not mira.page(way).select("main form")
    lose()
    page = mira.page(f"/desk/watch/{id_}")
    assert page.texts("main form button") == ["Leave the notice off"]
    mira.post(f"/desk/watch/{id_}", data=page.values("main form"))
    hear("arms", "retraction")
    assert not line(mira)
    assert not is_withdrawn()


def test_corrections_and_concerns_wait_until_they_were_looked_at(mira: PageClient, arms: Document) -> None:
    id_ = hear("arms", "correction")
    assert "A notice was found about the paper of" in line(mira)
    mira.post(f"/desk/watch/{id_}", data=mira.page(f"/desk/watch/{id_}").values("main form"))
    hear("arms", "correction")
    assert not line(mira)
    hear("arms", "correction", "expression of concern")
    assert "A concern was raised. There is a notice to look at." in row(mira)
    assert not is_withdrawn()


def test_more_papers_are_more_rows_and_no_more_statements(app: Flask, mira: PageClient, arms: Document) -> None:
    hear("arms", "retraction")

    def sent() -> tuple[int, int]:
        found = []
        for url in ("/desk/", "/desk/watch"):
            with counted(app) as statements:
                mira.get(url)
            found.append(len(statements))
        return found[0], found[1]

    before = sent()
    for number in range(4):
        make_summary(f"a{number}", title=f"Summary {number}", study={"doi": f"10.5555/a{number}"})
        hear(f"a{number}", "erratum")
    assert sent() == before
    assert "4 more papers wait." in line(mira)
    rows = mira.page("/desk/watch").texts("main .desk-rows li > a")
    assert rows == ["Retracted: Arm training was tried in 40 people", *(f"Summary {number}" for number in range(4))]


def test_readers_see_when_was_looked_last(mira: PageClient, arms: Document) -> None:
    address = f"/research/{arms.slug}"

    def looked() -> str:
        return words(mira.page(address).one(".paper"))

    assert "Last checked for corrections" not in looked()
    hear("arms")
    day = db.session.get_one(WatchedPaper, arms.id).checked_at
    assert day
    assert f"Last checked for corrections{day.day} {day:%B %Y}. None was found." in looked()
    hear("arms", "correction")
    assert "A correction was found." in looked()
    hear("arms", "expression of concern")
    assert "The journal has raised a concern about the paper." in looked()
    hear("arms", "retraction")
    assert "The paper was withdrawn." in looked()
    assert "Why it was withdrawn is not known to us yet." in looked()
    assert "Corrected here" not in looked(), "it is no mistake of ours"
