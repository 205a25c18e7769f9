"""The owner sees what readers asked for, answers, begins a summary with a press, and deletes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.ask.conftest import DOI, TITLE, make_asked, papers, wishes
from tests.conftest import counted
from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient, words
from tests.scholarly.answers import PMID
from tests.scholarly.server import Reply, serving
from tests.watch.conftest import Services, hurried
from webapp.desk.asked import routes
from webapp.documents.actions import unpublish
from webapp.documents.queries import document_named, newest_revision
from webapp.extensions import db
from webapp.models import Activity, Document

LEGS = "10.5555/legs"


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """What the desk asks, on this machine."""
    with serving(Services()) as service:
        assert isinstance(service, Services)
        client = hurried(service.url)
        monkeypatch.setattr(routes, "shared_client", lambda config: client)
        yield service
        client.close()


def main(page: Page) -> str:
    return words(page.one("main"))


def answered(client: PageClient, id_: int = 1, **changes: Any) -> Any:
    url = f"/desk/asked/{id_}"
    return client.post(url, data=client.page(url).values("form.form", **changes))


def pressed(client: PageClient, id_: int = 1) -> str:
    url = f"/desk/asked/{id_}"
    answer = client.post(f"{url}/summarise", data=client.page(url).values(f"form[action='{url}/summarise']"))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def notes() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Activity.what)))


def drafts() -> list[Document]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Document).where(Document.kind == "summary")))


def content() -> dict[str, Any]:
    [document] = drafts()
    revision = newest_revision(document)
    assert revision
    return revision.content


def line(client: PageClient) -> str:
    return " ".join(text for text in client.page("/desk/").texts(".desk-lines li") if "readers asked for" in text)


def test_the_most_wanted_stand_first_and_the_first_page_says_so(mira: PageClient) -> None:
    assert not line(mira)
    make_asked()
    assert "A paper that readers asked for waits for your answer: “Spinal stimulation" in line(mira)
    make_asked(LEGS, "Legs", voters=3)
    make_asked("10.5555/untold", "", voters=5)
    assert "2 papers that readers asked for wait for your answer, first of all “Legs”, wanted by 3 readers." in line(
        mira
    )
    rows = mira.page("/desk/asked").texts(".desk-rows li")
    assert ["Legs" in row for row in rows] == [False, True, False]
    assert "Spinal stimulation" in rows[2]
    assert "5 readers want it. Not answered." in rows[0]
    assert "Its title is not known yet, so readers do not see it." in rows[0]


def test_each_answer_is_seen_by_readers_and_kept_apart(mira: PageClient, stranger: PageClient) -> None:
    make_asked()
    assert answered(mira, answer="planned").location == "/desk/asked/1?said=answered"
    assert "Your answer is kept. Readers see it now." in main(mira.page("/desk/asked/1?said=answered"))
    assert "Planned." in main(stranger.page("/ask"))
    assert not line(mira)
    answered(mira, answer="no", sentence="It is about\nanimals.")
    assert "No. It is about animals." in main(stranger.page("/ask"))
    assert mira.page("/desk/asked?state=no").texts(".desk-rows a") == [f"Paper 1: {TITLE}"]
    assert "Nothing to look at here." in main(mira.page("/desk/asked"))
    answered(mira, answer="asked")
    assert "We have not answered yet." in main(stranger.page("/ask"))
    paper = papers()[0]
    assert (paper.answer, paper.sentence, paper.answered_at) == ("", "", None)
    assert [note for note in notes() if "Answered" in note] == [
        f"Answered readers who asked for the paper {DOI}: {what}." for what in ("planned", "no", "took back the answer")
    ]


def test_no_needs_a_reason_and_done_a_summary_that_can_be_read(mira: PageClient) -> None:
    make_asked()
    answer = answered(mira, answer="no", sentence=" ")
    assert answer.status_code == 422
    assert "Please write why not" in words(Page(answer.text).one(".error-summary"))
    answer = answered(mira, answer="done", summary="nothing-like-it", sentence="Kept")
    assert answer.status_code == 422
    assert Page(answer.text).texts("#sentence") == ["Kept"]
    assert answered(mira, answer="else").status_code == 422
    assert answered(mira, answer="no", sentence="x" * 501).status_code == 422
    assert papers()[0].answer == ""


def test_a_summary_that_tells_of_it_is_named_by_key_or_address(mira: PageClient, stranger: PageClient) -> None:
    make_categories()
    summary = make_summary()
    make_asked()
    for name in (summary.key, f"https://example.org/research/{summary.slug}/", summary.slug):
        answered(mira, answer="done", summary=name)
        assert "Done. We have written about it" in main(stranger.page("/ask/1"))
        assert answered(mira, answer="planned").status_code == 303
        assert papers()[0].summary_key is None
    answered(mira, answer="done", summary=summary.key)
    document = document_named("summary", summary.key)
    assert document
    unpublish(document, "It was wrong.")
    assert "Done." not in main(stranger.page("/ask/1"))
    assert "waits for your answer" in line(mira)


def test_a_summary_with_its_doi_makes_it_done_by_itself(mira: PageClient) -> None:
    make_asked()
    make_categories()
    make_summary(study={"doi": DOI.upper()})
    assert not line(mira)
    page = mira.page("/desk/asked/1")
    assert "Readers can read about it" in main(page)
    assert not page.select("#keep-answer")
    assert mira.page("/desk/asked?state=done").texts(".desk-rows a") == [f"Paper 1: {TITLE}"]


def test_summarise_begins_a_draft_with_the_facts(mira: PageClient, services: Services) -> None:
    services.europepmc[DOI] = {}
    make_asked()
    way = pressed(mira)
    text = content()
    assert (text["title"], text["study"]["doi"], text["study"]["pmid"]) == (TITLE, DOI, PMID)
    assert text["study"]["authors"][0] == "Zoë Ångström"
    assert mira.page(way).h1
    assert papers()[0].answer == "planned"
    page = mira.page("/desk/asked/1")
    assert page.one(f"main a[href='{way.partition('?')[0]}']") is not None
    assert not page.select("form[action$=summarise]")
    assert any(f"of the paper {DOI}." in note for note in notes())
    answered(mira, answer="planned")
    assert papers()[0].summary_key, "the draft stays its draft"
    answered(mira, answer="no", sentence="Not now.")
    assert papers()[0].summary_key is None


def test_summarise_works_without_network(mira: PageClient, services: Services) -> None:
    services.broken = Reply(b"", 500)
    make_asked()
    pressed(mira)
    assert content()["study"] == {"doi": DOI, "title": TITLE}


def test_summarise_pressed_twice_is_one_draft(mira: PageClient, services: Services) -> None:
    make_asked()
    form = mira.page("/desk/asked/1").values("form[action$=summarise]")
    ways = {mira.post("/desk/asked/1/summarise", data=form).location for _ in range(2)}
    assert len(ways) == 1
    assert len(drafts()) == 1


def test_two_papers_of_one_title_are_two_drafts(mira: PageClient, services: Services) -> None:
    make_asked()
    make_asked(LEGS)
    assert pressed(mira, 1) != pressed(mira, 2)
    keys = {document.key for document in drafts()}
    assert len(keys) == 2
    assert all(len(key) <= 70 for key in keys)


def test_deleting_asks_first_and_takes_the_wishes_along(mira: PageClient) -> None:
    make_asked(voters=3)
    page = mira.page("/desk/asked/1/delete")
    assert "with the 3 wishes for it" in main(page)
    form = page.values()
    assert papers()
    assert mira.post("/desk/asked/1/delete", data=form).location == "/desk/asked?said=deleted"
    assert mira.post("/desk/asked/1/delete", data=form).status_code == 303, "pressed again"
    assert not papers()
    assert not wishes()
    assert f"Deleted the paper {DOI} that readers asked for." in notes()


def test_a_withdrawn_paper_is_not_summarised(mira: PageClient) -> None:
    make_asked()
    old = mira.page("/desk/asked/1").values("form[action$=summarise]")
    paper = papers()[0]
    paper.withdrawn_at, paper.withdrawn_by = paper.asked_at, "Crossref"
    db.session.commit()
    page = mira.page("/desk/asked/1")
    assert "This paper was withdrawn (retracted)." in main(page)
    assert mira.page("/desk/asked?state=withdrawn").select(".desk-rows li")
    answer = mira.post("/desk/asked/1/summarise", data=old)
    assert answer.location == "/desk/asked/1?said=withdrawn#writing", "a page that did not say so begins nothing"
    assert "No summary was begun." in words(mira.page("/desk/asked/1?said=withdrawn").one("main [role=status]"))
    assert not drafts()
    assert "Summarise paper 1 all the same" in main(page)
    pressed(mira)
    assert len(drafts()) == 1
    assert papers()[0].withdrawn_at, "readers are told so all the same"


def test_many_papers_need_no_more_statements(mira: PageClient, app: Flask) -> None:
    make_asked()
    mira.page("/desk/asked")
    with counted(app) as few:
        mira.page("/desk/asked")
    for number in range(25):
        make_asked(f"10.5555/{number}")
    with counted(app) as many:
        assert len(mira.page("/desk/asked").select(".desk-rows li")) == 20
    assert len(many) == len(few)
    assert mira.page("/desk/asked?page=2").texts("nav[aria-label='Pages of papers'] a") == ["Previous papers"]
