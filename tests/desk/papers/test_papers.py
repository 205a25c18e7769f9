"""The desk lists new papers, what matters first, and the owner decides about each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.ask.conftest import make_asked
from tests.conftest import counted
from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient, client_of, words
from tests.scholarly.answers import found, links, search_page
from tests.scholarly.answers import new_paper as record
from tests.scholarly.server import Reply, Service, serving
from tests.watch.conftest import Services
from tests.watch.papers.making import make_new_paper, make_search, new_paper_row
from webapp import clock
from webapp.desk.drafts import facts
from webapp.desk.writing.lookup import Found
from webapp.documents.actions import save_revision
from webapp.documents.queries import document_named, newest_revision
from webapp.extensions import db
from webapp.models import Activity, Document, NewPaper, PaperSearch
from webapp.scholarly.client import URL_SETTINGS
from webapp.watch.papers.words import DEFAULT

LIST = "/desk/papers"


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """But where a test says so."""
    monkeypatch.setattr(facts, "look_up", lambda content, client: Found(content))


def rows(page: Page) -> list[str]:
    return [words(one) for one in page.select("main .desk-rows > li")]


def names(page: Page) -> list[str]:
    return [text.partition(":")[0] for text in page.texts("main .desk-rows > li > a")]


def press(client: PageClient, id_: int, what: str, where: str = "") -> Any:
    """Press a button of a paper in the list."""
    page = client.page(LIST + where)
    [form] = [one for one in page.select("main form[method=post]") if f"/{id_}/{what}" in one.get("action")]
    return client.post(form.get("action"), data={one.get("name"): one.get("value") for one in form.cssselect("input")})


def way(answer: Any) -> str:
    """Where an answer leads, without the place on the page."""
    return str(answer.location.partition("#")[0])


def paper(id_: int) -> NewPaper:
    db.session.rollback()
    return db.session.get_one(NewPaper, id_)


def notes() -> list[str]:
    return list(db.session.scalars(db.select(Activity.what)))


def drafts() -> list[Document]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Document).where(Document.kind == "summary").order_by(Document.id)))


def newest_number(document: Document) -> int:
    revision = newest_revision(document)
    assert revision
    return revision.number


def draft_of(id_: int) -> dict[str, Any]:
    document = db.session.get_one(Document, paper(id_).document_id)
    revision = newest_revision(document)
    assert revision
    return revision.content


def test_without_papers_the_list_says_what_will_come(mira: PageClient) -> None:
    page = mira.page(LIST)
    assert "No new paper waits for your look. The site has not searched yet." in words(page.one("main"))
    assert "Nothing to look at here." in words(page.one("main"))
    assert "New papers" not in mira.page("/desk/").texts(".desk-today .desk-kind")


def test_a_row_says_what_is_known_and_what_is_guessed(mira: PageClient) -> None:
    make_categories("hand-and-arm-use")
    make_search()
    make_new_paper(plain_summary="yes")
    page = mira.page(LIST)
    [row] = rows(page)
    assert row == (
        "Paper 1: Paper about arms 1: a randomized trial"
        " Kind, guessed: Randomised controlled trial (the title says “randomized”)."
        " Topic, guessed: Hand and arm use (from “arms”)."
        " Kwok C and others. Journal of Cord Medicine & Care, 4 March 2026. Free to read."
        " Its authors have told it in plain words too."
        " Summarise paper 1 Not for us: paper 1"
    )
    assert page.one("main .desk-rows a").get("href") == "https://doi.org/10.5555/new.1"
    assert "34 papers found, 12 of them new here." in words(page.one("main"))
    assert "1 new paper waits for your look." in " ".join(mira.page("/desk/").texts(".desk-today li"))


def test_a_row_promises_nothing_that_is_not_known(mira: PageClient) -> None:
    fields = {"doi": None, "design": "", "design_why": "", "topic": "", "topic_why": "", "published": None}
    make_new_paper(1, authors="", journal="", is_open=False, plain_summary="no", **fields)
    make_new_paper(2, design="", design_why="the title says “protocol”", is_retracted=True, is_preprint=True)
    first, second = rows(mira.page(LIST))
    assert "Kind: no guess. Topic: no guess. Nobody is named. no date known." in first
    assert "plain words" not in first
    assert "Withdrawn (retracted): do not rely on it. A preprint: no journal has had it checked yet." in second
    assert "Kind: none of ours, since the title says “protocol”." in second
    assert mira.page(LIST).texts("main .desk-rows > li > a")[0].startswith("Paper 1")
    assert "europepmc.org/article/MED/1001" in mira.page(LIST).select("main .desk-rows a")[0].get("href")


def test_texts_from_outside_are_texts(mira: PageClient) -> None:
    nasty = "<script>alert(1)</script> \u202e “x” & y"
    make_new_paper(title=nasty, journal=nasty, authors=nasty, doi='10.5555/a"><b>?x#y', topic="gone", topic_why=nasty)
    page = mira.page(LIST)
    assert not page.select("main script, main b b")
    assert page.one("main .desk-rows a").get("href") == "https://doi.org/10.5555/a%22%3E%3Cb%3E%3Fx%23y"


def test_what_matters_comes_first(mira: PageClient) -> None:
    make_new_paper(1, design="animal")
    make_new_paper(2, design="rct", published="2026-03")
    make_new_paper(3, design="rct", published="2026-03-04")
    make_new_paper(4, design="systematic_review", published="2020")
    make_new_paper(5, design="systematic_review", is_retracted=True)
    make_new_paper(6, design="")
    assert names(mira.page(LIST)) == ["Paper 4", "Paper 3", "Paper 2", "Paper 6", "Paper 1", "Paper 5"]
    assert "Asked for by readers: 0" in mira.page(LIST).texts("main .desk-kinds a")
    assert names(mira.page(f"{LIST}?state=asked")) == []

    make_asked("10.5555/new.1", voters=3)
    page = mira.page(LIST)
    assert names(page)[:2] == ["Paper 1", "Paper 4"]
    assert "Asked for by 3 readers." in rows(page)[0]
    [told] = [one for one in page.select("main .desk-rows a") if words(one) == "What readers are told of paper 1"]
    assert mira.page(told.get("href")).h1 == "Paper 1"
    assert names(mira.page(f"{LIST}?state=asked")) == ["Paper 1"]
    assert "Asked for by readers: 1" in page.texts("main .desk-kinds a")


def test_the_list_is_narrowed_by_kind_and_topic(mira: PageClient) -> None:
    make_categories("hand-and-arm-use", "pain")
    make_new_paper(1)
    make_new_paper(2, topic="pain", design="cohort")
    make_new_paper(3, topic="", design="")
    page = mira.page(LIST)
    assert page.texts("#design option") == [
        "Any kind", "Randomised controlled trial: 1", "Cohort study of care already in use: 1", "No kind guessed: 1",
    ]  # fmt: skip
    assert page.texts("#topic option") == ["Any topic", "Hand and arm use: 1", "Pain: 1", "No topic guessed: 1"]
    assert names(mira.page(f"{LIST}?topic=pain")) == ["Paper 2"]
    assert names(mira.page(f"{LIST}?design=none&topic=none")) == ["Paper 3"]
    page = mira.page(f"{LIST}?design=rct&topic=pain")
    assert names(page) == []
    assert "There is no such paper." in words(page.one("main"))
    assert page.values("main form[method=get]") == {"design": "rct", "topic": "pain"}
    assert len(names(mira.page(f"{LIST}?design=x&state=y&page=-1&topic={'x' * 90}&paper=99999999999999999999"))) == 3


def test_not_for_us_is_remembered_and_can_be_taken_back(mira: PageClient) -> None:
    id_ = make_new_paper()
    answer = press(mira, id_, "decline", "?topic=hand-and-arm-use")
    assert answer.location == f"{LIST}?topic=hand-and-arm-use&said=declined&paper={id_}#papers"
    page = mira.page(way(answer))
    assert "Paper 1 is not for us. It will not come up again." in words(page.one("main [role=status]"))
    assert names(page) == []
    assert names(mira.page(f"{LIST}?state=declined")) == ["Paper 1"]
    undo = page.one("main form[method=post]")
    taken = mira.post(undo.get("action"), data={"csrf_token": undo.cssselect("input")[0].get("value")})
    assert "Paper 1 waits again." in words(mira.page(way(taken)).one("main"))
    assert names(mira.page(LIST)) == ["Paper 1"]
    press(mira, id_, "decline")
    press(mira, id_, "take-back", "?state=declined")
    assert paper(id_).state == "waiting"
    assert (
        notes()[-4:]
        == [
            "Put the paper MED:1001 aside: not for us.",
            "Took back that the paper MED:1001 is not for us.",
        ]
        * 2
    )


def test_summarise_begins_a_draft_with_the_facts(mira: PageClient) -> None:
    make_categories("hand-and-arm-use")
    id_ = make_new_paper()
    answer = press(mira, id_, "summarise")
    document_id = paper(id_).document_id
    assert answer.location == f"/desk/documents/{document_id}?said=taken-up"
    assert draft_of(id_)["study"] == {
        "doi": "10.5555/new.1", "pmid": "1001", "title": "Paper about arms 1: a randomized trial",
        "journal": "Journal of Cord Medicine & Care", "published": "2026-03-04", "design": "rct",
    }  # fmt: skip
    page = mira.page(way(answer))
    assert page.h1 == "Paper about arms 1: a randomized trial"
    assert "a kind of study that stands here is a guess: please check both." in words(page.one("main > [role=status]"))
    assert "This is a guess: the title says “randomized”." in words(page.one("main"))
    assert names(mira.page(LIST)) == []
    row = mira.page(f"{LIST}?state=drafted").one("main .desk-rows > li")
    assert [one.get("href") for one in row.cssselect("a")][1] == f"/desk/documents/{document_id}"
    assert "Summarise" not in words(row)
    assert "Began the summary paper-about-arms-1-a-randomized-trial of the paper MED:1001." in notes()
    document = db.session.get_one(Document, document_id)
    document.first_published_at = clock.now()
    db.session.commit()
    assert "This is a guess" not in words(mira.page(f"/desk/documents/{document_id}").one("main"))
    db.session.get_one(Document, document_id).first_published_at = None
    db.session.commit()
    values = page.values("#writing") | {"study.design": "cohort"}
    mira.post(f"/desk/documents/{document_id}", data=values)
    assert "This is a guess" not in words(mira.page(f"/desk/documents/{document_id}").one("main"))


@pytest.fixture
def services(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Crossref and Europe PMC, which are asked."""
    monkeypatch.undo()
    with serving(Services()) as services:
        assert isinstance(services, Services)
        app.config |= dict.fromkeys(URL_SETTINGS, services.url)
        yield services


def test_what_crossref_knows_better_comes_first(mira: PageClient, services: Services) -> None:
    services.crossref["10.5555/new.1"] = {}
    id_ = make_new_paper(authors="K C", journal="J Cord Med")
    press(mira, id_, "summarise")
    study = draft_of(id_)["study"]
    assert study["authors"] == ["Zoë Ångström", "J. P. de la Cruz", "The WALK Group"]
    assert study["registrations"] == ["NCT09990001"]
    assert (study["published"], study["journal"]) == ("2024-03-09", "Journal of Cord Medicine & Care")
    assert study["design"] == "rct"


def test_of_a_paper_that_was_withdrawn_nothing_is_begun_unasked(mira: PageClient, services: Services) -> None:
    services.crossref["10.5555/new.1"] = {}
    services.europepmc["10.5555/new.1"] = {"commentCorrectionList": links("Retraction in")}
    id_ = make_new_paper()
    answer = press(mira, id_, "summarise")
    page = mira.page(way(answer))
    assert "Paper 1 was withdrawn (retracted). No summary was begun." in words(page.one("main"))
    assert (drafts(), paper(id_).is_retracted, paper(id_).strength) == ([], True, 0)
    old = {"csrf_token": page.values("main form[action*=summarise]")["csrf_token"]}
    assert "said=withdrawn" in mira.post(f"{LIST}/{id_}/summarise", data=old).location
    assert drafts() == [], "a page that did not say so begins nothing"
    assert press(mira, id_, "summarise").location.endswith("said=taken-up")
    assert len(drafts()) == 1


def test_where_nobody_answers_the_draft_has_what_is_known(mira: PageClient, services: Services) -> None:
    services.broken = Reply("<html>", 400)
    id_ = make_new_paper()
    press(mira, id_, "summarise")
    assert draft_of(id_)["study"]["title"] == "Paper about arms 1: a randomized trial"


def test_pressed_twice_it_is_one_draft(app: Flask, mira: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_new_paper()
    page = mira.page(LIST)
    action = page.one("main form[action*=summarise]").get("action")
    token = page.values("main form[action*=summarise]")
    both = threading.Barrier(2, timeout=10)

    def wait_for_the_other(content: dict[str, Any], client: object) -> Found:
        both.wait()
        return Found(content)

    monkeypatch.setattr(facts, "look_up", wait_for_the_other)
    cookies = [(one.key, one.value) for one in (mira._cookies or {}).values()]
    answers = []

    def pressed() -> None:
        client = client_of(app)
        for key, value in cookies:
            client.set_cookie(key, value, path="/desk")
        answers.append(client.post(action, data=token).location)

    threads = [threading.Thread(target=pressed) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(drafts()) == 1
    assert set(answers) == {f"/desk/documents/{drafts()[0].id}?said=taken-up"}
    monkeypatch.setattr(facts, "look_up", lambda content, client: pytest.fail("nobody is asked again"))
    assert mira.post(action, data=token).location == answers[0]
    assert newest_number(drafts()[0]) == 1


@pytest.mark.parametrize("numbers", [{}, {"doi": None}])
def test_a_draft_of_which_the_list_knows_nothing_is_found_by_its_numbers(
    mira: PageClient, monkeypatch: pytest.MonkeyPatch, numbers: dict[str, Any]
) -> None:
    id_ = make_new_paper(**numbers)
    press(mira, id_, "summarise")
    db.session.execute(db.update(NewPaper).values(state="waiting", document_id=None))
    db.session.commit()
    press(mira, id_, "summarise")
    assert [one.id for one in drafts()] == [paper(id_).document_id]


def test_a_summary_that_is_there_is_opened(mira: PageClient) -> None:
    make_categories("hand-and-arm-use")
    id_ = make_new_paper()
    summary = make_summary("arms", study={"doi": "10.5555/NEW.1"})
    assert press(mira, id_, "summarise").location == f"/desk/documents/{summary.document_id}?said=there-already"
    assert (paper(id_).state, len(drafts())) == ("drafted", 1)


def test_another_paper_of_the_same_title_gets_a_draft_of_its_own(mira: PageClient) -> None:
    title = "Epidural stimulation"
    ids = [make_new_paper(number, title=title) for number in (1, 2)]
    save_revision(Document(kind="summary", key="x", language="en"), {"title": title, "study": None}, by="Mira")
    for id_ in ids:
        press(mira, id_, "summarise")
    assert [one.key for one in drafts()] == ["x", "epidural-stimulation", "epidural-stimulation-med-1002"]
    assert document_named("summary", "epidural-stimulation")


def test_a_paper_that_is_not_there_is_not_found(mira: PageClient) -> None:
    token = mira.page("/desk/papers/search").values("main form")
    for what in ("summarise", "decline", "take-back"):
        assert mira.post(f"{LIST}/99/{what}", data=token).status_code in {400, 404}


class Searched(Service):
    """Europe PMC, which finds three papers."""

    def next_reply(self, path: str, headers: list[tuple[str, str]], message: object = None) -> Reply:
        super().next_reply(path, headers, message)
        return self.replies[0]


@pytest.fixture
def europe_pmc(app: Flask) -> Iterator[Service]:
    with serving(Searched()) as service:
        app.config |= dict.fromkeys(URL_SETTINGS, service.url)
        service.replies_with(search_page(record(title="On <i>arms</i>."), record(id="2", title="On legs"), total=230))
        yield service


def test_words_are_tried_before_they_are_saved(mira: PageClient, europe_pmc: Service) -> None:
    page = mira.page("/desk/papers/search")
    assert page.values()["words"] == DEFAULT
    answer = mira.post("/desk/papers/search", data=page.values(words=" tetraplegia\nAND pain ") | {"do": "try"})
    shown = Page(answer.text)
    assert "230 papers in the last 30 days" in words(shown.one("[role=status]"))
    assert shown.texts("[role=status] li")[0] == "On arms. Journal of Cord Medicine & Care"
    assert shown.values()["words"] == "tetraplegia AND pain"
    assert europe_pmc.asked[0].query["query"].startswith("(tetraplegia AND pain) AND FIRST_IDATE:[")
    assert db.session.get(PaperSearch, 1) is None
    saved = mira.post("/desk/papers/search", data=shown.values() | {"do": "save"})
    page = mira.page(saved.location)
    assert "Saved. The site searches with these words within the hour" in words(page.one("[role=status]"))
    assert page.values()["words"] == "tetraplegia AND pain"
    assert "The words of the program" in page.texts("h2")
    assert "Changed the words of the search for new papers." in notes()
    assert mira.post("/desk/papers/search", data=page.values()).location.endswith("said=same")
    back = mira.post("/desk/papers/search", data=page.values(words=""))
    assert mira.page(back.location).values()["words"] == DEFAULT


def test_words_that_cannot_be_tried_are_kept(mira: PageClient, europe_pmc: Service) -> None:
    europe_pmc.replies_with(Reply("<html>Sorry</html>"))
    page = mira.page("/desk/papers/search")
    answer = mira.post("/desk/papers/search", data=page.values(words="arms") | {"do": "try"})
    assert "It could not be tried. Europe PMC sent an answer" in words(Page(answer.text).one("main"))
    assert Page(answer.text).values()["words"] == "arms"
    europe_pmc.replies_with(found())
    answer = mira.post("/desk/papers/search", data=page.values(words="legs") | {"do": "try"})
    assert "These words find nothing." in words(Page(answer.text).one("main"))


@pytest.mark.parametrize("typed", ["(arms", 'TITLE:"arms', "a) OR (b", "x" * 1501])
def test_words_that_are_not_whole_are_not_taken(mira: PageClient, typed: str) -> None:
    answer = mira.post("/desk/papers/search", data=mira.page("/desk/papers/search").values(words=typed))
    assert answer.status_code == 422
    assert Page(answer.text).values()["words"] == typed
    assert db.session.get(PaperSearch, 1) is None


def test_a_search_that_fails_says_so(mira: PageClient) -> None:
    make_search(done_at=None, problem="Europe PMC did not answer. Try again later.")
    text = words(mira.page(LIST).one("main"))
    assert "No search has come to its end yet." in text
    assert "it did not work: Europe PMC did not answer." in text


def test_ten_thousand_papers_are_as_quick_as_one(app: Flask, mira: PageClient) -> None:
    make_new_paper()
    with counted(app) as few:
        mira.get(LIST)
    db.session.add_all(
        new_paper_row(
            number, design=["rct", "cohort", ""][number % 3], doi=None if number % 7 else f"10.5555/n{number}"
        )
        for number in range(2, 300)
    )
    db.session.commit()
    with counted(app) as many:
        page = mira.page(f"{LIST}?page=3")
    assert len(many) <= len(few)
    assert len(names(page)) == 25
    assert page.texts("nav[aria-label='Pages of papers'] a") == ["Previous papers", "Next papers"]
