"""A document changes by saving a revision; readers see what was published, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask

from tests.conftest import Forward
from tests.factories import (
    make_categories,
    make_document,
    make_documents,
    make_page_file,
    make_summary_file,
    make_topic_file,
    public_keys,
    summary_named,
)
from tests.page import Page, PageClient
from webapp import clock
from webapp.documents.actions import (
    ConflictError,
    NotDueError,
    NotPublishedError,
    correct,
    publish,
    publish_due,
    restore_revision,
    save_revision,
    schedule,
    unpublish,
    unschedule,
)
from webapp.documents.problems import InvalidDocumentError
from webapp.documents.queries import document_named, newest_revision
from webapp.documents.schema import JsonContent, canonical
from webapp.edition import edition
from webapp.extensions import db
from webapp.models import Category, Document, Revision

URL = "/research/a-trial-of-arm-training-arm-training"


@pytest.fixture(autouse=True)
def _categories(app: Flask) -> None:
    make_categories("hand-and-arm-use", "pain")


def content_of(**changes: Any) -> JsonContent:
    return canonical(make_summary_file(**changes).content, "arm-training")


def draft(document: Document, content: JsonContent, base: int | None = None) -> Revision:
    return save_revision(document, content, by="Ada", base=base, version=1)


@pytest.fixture
def public() -> Document:
    """A public summary, one revision old."""
    return make_document(make_summary_file())


def new_document(key: str = "new") -> Document:
    return Document(kind="summary", key=key, language="en")


# Saving


def test_a_draft_is_kept_as_it_was_typed(client: PageClient) -> None:
    document = new_document()
    typed = {"title": "Half a", "study": {"doi": "not yet"}, "key_findings": []}
    revision = draft(document, typed)
    db.session.expire_all()
    assert (revision.number, revision.content, revision.saved_by, revision.origin) == (1, typed, "Ada", "desk")
    assert (document.live_revision_id, document.slug) == (None, None)
    assert draft(document, typed, base=1).id == revision.id, "saving what is there adds nothing"
    assert draft(document, typed | {"title": "Half a thought"}, base=1).number == 2


def test_a_draft_of_a_public_document_changes_nothing_readers_see(public: Document, client: PageClient) -> None:
    before, page = edition(), client.get(URL).text
    draft(public, {"title": "Not yet"}, base=1)
    assert (edition(), client.get(URL).text) == (before, page)


def test_a_draft_that_was_written_on_an_older_text_is_a_conflict_and_both_are_kept(public: Document) -> None:
    theirs = draft(public, {"title": "Theirs"}, base=1)
    with pytest.raises(ConflictError) as conflict:
        draft(public, {"title": "Mine"}, base=1)
    assert (conflict.value.mine, conflict.value.theirs) == ({"title": "Mine"}, theirs)
    assert "changed meanwhile, by Ada at " in str(conflict.value)
    with pytest.raises(ConflictError):
        draft(public, {"title": "Mine"}, base=None)
    assert draft(public, {"title": "Mine"}, base=2).number == 3


def test_two_who_save_at_the_same_moment_are_a_conflict(public: Document) -> None:
    """The second has read the newest revision before the first has written the next."""
    first = newest_revision(public)
    draft(public, {"title": "Theirs"}, base=1)
    read = iter([first])
    with (
        patch("webapp.documents.queries.newest_revision", lambda document: next(read, newest_revision(document))),
        pytest.raises(ConflictError) as conflict,
    ):
        draft(public, {"title": "Mine"}, base=1)
    assert conflict.value.theirs.content == {"title": "Theirs"}


def test_what_is_live_stays_as_it_was_published(public: Document) -> None:
    live = db.session.get_one(Revision, public.live_revision_id)
    kept = dict(live.content)
    draft(public, content_of(title="Another"), base=1)
    db.session.expire_all()
    assert db.session.get_one(Revision, public.live_revision_id).content == kept


# Publishing


def test_publishing_is_one_event_for_all_readers_see(public: Document, client: PageClient) -> None:
    before = edition()
    publish(public, draft(public, content_of(title="Zebras trained", categories=["pain"]), base=1))
    assert edition() != before
    assert client.page(URL).h1 == "Zebras trained"
    assert client.page("/research/?q=zebras").texts(".card h3") == ["Zebras trained"]
    assert client.page("/").texts(".topics span") == ["0 summaries", "1 summary"]
    assert "Zebras trained" in client.get("/feed.atom").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": None}, "title: is missing"),
        ({"simple_explanation": "Multidisciplinary neurophysiological characterisation."}, "has reading grade"),
        ({"limitations": None}, "names no limitation"),
        ({"categories": ["pani"]}, "“pani” is not a category. Use one of: hand-and-arm-use, pain"),
        ({"related": ["nobody"]}, "“nobody” is not a summary"),
        ({"slug": "taken"}, "is taken, which other has already"),
        ({"result": "better"}, "result: is never typed"),
    ],
)
def test_only_what_is_whole_and_valid_is_published(
    public: Document, client: PageClient, changes: dict[str, Any], words: str
) -> None:
    make_documents(make_summary_file("other", slug="taken"))
    before, page = edition(), client.get(URL).text
    typed = {name: value for name, value in (content_of() | changes).items() if value is not None}
    revision = draft(public, typed, base=1)
    for act in (
        lambda: publish(public, revision),
        lambda: correct(public, revision, "We were wrong."),
        lambda: schedule(public, revision, clock.now()),
    ):
        if "slug" in changes and act.__code__.co_names[0] == "schedule":
            continue  # an address may be free by then
        with pytest.raises(InvalidDocumentError, match=words.replace("(", r"\(")):
            act()
        db.session.rollback()
    assert (edition(), client.get(URL).text) == (before, page)
    assert newest_revision(public) == revision, "the draft is still there"


def test_a_paper_has_one_summary_a_language(public: Document) -> None:
    make_documents(make_summary_file("doi", study={"doi": "10.1000/1"}))
    twin = new_document("twin")
    revision = draft(twin, canonical(make_summary_file("twin", study={"doi": "10.1000/1"}).content, "twin"))
    with pytest.raises(InvalidDocumentError, match="is that of doi: one paper has one summary"):
        publish(twin, revision)
    with pytest.raises(InvalidDocumentError, match="one paper has one summary"):
        publish(public, draft(public, content_of(study={"doi": "10.1000/1"}), base=1))
    german = Document(kind="summary", key="twin", language="de")
    publish(german, draft(german, canonical(make_summary_file("twin", study={"doi": "10.1000/1"}).content, "twin")))


def test_an_address_is_frozen_and_one_that_is_named_leads_on_from_the_old(public: Document, client: PageClient) -> None:
    paper = {"title": "The paper has another title now"}
    publish(public, draft(public, content_of(study=paper), base=1))
    assert client.page(URL).texts(".paper cite") == ["The paper has another title now"]
    publish(public, draft(public, content_of(study=paper, slug="a-better-one"), base=2))
    assert client.get(URL).headers["Location"] == "/research/a-better-one"
    publish(public, draft(public, content_of(study=paper), base=3))
    assert public.slug == "a-better-one"


def test_a_page_cannot_stand_where_the_site_itself_does(client: PageClient) -> None:
    for slug in ("research", "contact", "healthz"):
        page = Document(kind="page", key=slug, language="en")
        revision = save_revision(page, canonical(make_page_file(slug).content, slug), by="Ada")
        with pytest.raises(InvalidDocumentError, match="an address that the site itself uses"):
            publish(page, revision)


# At a time


def test_what_is_scheduled_is_published_when_it_is_due(public: Document, client: PageClient, forward: Forward) -> None:
    revision = draft(public, content_of(title="In an hour"), base=1)
    schedule(public, revision, clock.now() + dt.timedelta(hours=1))
    draft(public, {"title": "A later thought"}, base=2)
    before = edition()
    assert publish_due() == 0
    assert edition() == before
    forward(dt.timedelta(hours=1))
    assert publish_due() == 1
    assert (client.page(URL).h1, public.go_live_at) == ("In an hour", None)
    assert edition() != before
    assert publish_due() == 0


def test_a_schedule_can_be_taken_back(public: Document, forward: Forward) -> None:
    schedule(public, draft(public, content_of(title="In an hour"), base=1), clock.now())
    unschedule(public)
    assert publish_due() == 0


def test_one_that_cannot_be_published_when_it_is_due_keeps_no_other_back(client: PageClient) -> None:
    bad, good = new_document("bad"), new_document("good")
    for document, category in ((bad, "pain"), (good, "hand-and-arm-use")):
        file = make_summary_file(document.key, categories=[category])
        schedule(document, draft(document, canonical(file.content, document.key)), clock.now())
    db.session.delete(db.session.scalars(db.select(Category).where(Category.slug == "pain")).one())
    db.session.commit()
    for _ in range(2):
        with pytest.raises(NotDueError, match="summary bad: categories: “pain” is not a category"):
            publish_due()
        assert public_keys() == ["good"]


# Taking down, going back, putting right


def test_what_was_taken_down_answers_with_the_owners_sentence(public: Document, client: PageClient) -> None:
    publish(public, draft(public, content_of(slug="moved"), base=1))
    before = edition()
    unpublish(public, "The study was a mistake of ours.")
    assert edition() != before, "no kept page is shown any more"
    for url in ("/research/moved", URL, "/research/moved/cite.ris", "/research/moved/feedback"):
        answer = client.get(url)
        assert answer.status_code == 410, url
        assert Page(answer.text).texts("main p")[0] == "The study was a mistake of ours."
        assert "no-store" in answer.headers["Cache-Control"]
    assert client.page("/research/").texts("[role=status]") == ["No summaries found."]
    assert "arm-training" not in client.get("/sitemap.xml").text
    with pytest.raises(NotPublishedError):
        unpublish(public, "Twice.")
    publish(public, draft(public, content_of(title="Back again"), base=2))
    assert client.page("/research/moved").h1 == "Back again"


def test_an_old_text_comes_back_as_the_newest_draft(public: Document, client: PageClient) -> None:
    first = newest_revision(public)
    assert first
    publish(public, draft(public, content_of(title="Second"), base=1))
    back = restore_revision(public, first, by="Ada", base=2)
    assert (back.number, back.origin, back.content) == (3, "restore", first.content)
    assert client.page(URL).h1 == "Second"
    publish(public, back)
    assert client.page(URL).h1 == "Arm training was tried in 40 people"


def test_a_correction_is_published_and_said(public: Document, client: PageClient) -> None:
    assert "Corrected here" not in client.page(URL).texts(".paper dt")
    correct(public, draft(public, content_of(title="In 41 people"), base=1), "We had written 40 people; it was 41.")
    page = client.page(URL)
    assert page.h1 == "In 41 people"
    assert "Corrected here" in page.texts(".paper dt")
    assert any("We had written 40 people; it was 41." in text for text in page.texts(".paper dd"))
    never = new_document()
    with pytest.raises(NotPublishedError):
        correct(never, draft(never, content_of()), "Nobody saw it.")


# Topics, pages, languages


def test_a_topic_answer_stands_on_the_page_of_its_category(public: Document, client: PageClient) -> None:
    statements = [
        {"name": "Strength", "certainty": "low", "text": "Training may help.", "rests_on": ["arm-training", "hidden"]},
        {"name": "Harms", "certainty": "very low", "text": "We are very unsure.", "rests_on": ["arm-training"]},
    ]
    make_documents(make_summary_file("hidden", draft=True))
    german = Document(kind="summary", key="arm-training", language="de")
    publish(german, draft(german, content_of(title="Armtraining", slug="armtraining")))
    answer = make_document(make_topic_file(statements=statements, reviewer="B. Reader"))
    page = client.page("/categories/hand-and-arm-use")
    assert page.texts(".statement dt") == ["Strength We are not very sure.", "Harms We are very unsure."]
    links = page.select(".statement .rests-on a")
    assert [link.get("href") for link in links] == [URL, URL], "what is not public is not named"
    assert page.texts(".answer section h2") == ["What nobody knows yet", "What to ask"]
    assert "Checked by B. Reader. Last checked 15 January 2026." in page.texts(".answer > .about")[0]
    assert not client.page("/categories/pain").select(".answer")
    unpublish(answer, "It is being written anew.")
    assert not client.page("/categories/hand-and-arm-use").select(".answer")


def test_an_answer_rests_on_summaries_that_are_there(client: PageClient) -> None:
    topic = Document(kind="topic", key="hand-and-arm-use", language="en")
    revision = save_revision(topic, canonical(make_topic_file().content, topic.key), by="Ada")
    with pytest.raises(InvalidDocumentError, match="“arm-training” is not a summary"):
        publish(topic, revision)


def test_the_language_of_a_page_is_that_of_its_document(public: Document, client: PageClient) -> None:
    assert client.page(URL).one("html").get("lang") == "en"
    german = Document(kind="summary", key="arm-training", language="de")
    content = content_of(title="Armtraining", slug="armtraining")
    publish(german, draft(german, content))
    page = client.page("/research/armtraining")
    assert page.one("html").get("lang") == "de"
    assert '"inLanguage": "de"' in page.html
    for language in ("de", "en"):
        team = Document(kind="page", key="team", language=language)
        content = canonical(make_page_file("team", title=f"Team in {language}").content, "team")
        publish(team, save_revision(team, content, by="Ada"))
    assert client.page("/team").h1 == "Team in en", "the site's own language comes first"
    here = document_named("page", "team")
    assert here
    unpublish(here, "Gone.")
    assert client.page("/team").h1 == "Team in de"


def test_the_first_day_of_a_document_stays_its_day(public: Document, forward: Forward) -> None:
    assert summary_named("arm-training").published_on == dt.date(2026, 1, 15)
    forward(dt.timedelta(days=9))
    publish(public, draft(public, content_of(title="Later"), base=1))
    assert summary_named("arm-training").published_on == dt.date(2026, 1, 15)
    assert public.published_at
    assert public.published_at > clock.now() - dt.timedelta(minutes=1)
