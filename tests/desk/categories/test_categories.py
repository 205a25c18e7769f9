"""Categories at the desk: their words, their order, what takes the place of what, and what is never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import counted
from tests.factories import (
    File,
    make_categories,
    make_documents,
    make_summary,
    make_summary_file,
    make_topic_file,
    summary_named,
)
from tests.page import PageClient
from tests.subscriptions.conftest import make_subscriber
from webapp.desk.accounts.queries import account_named
from webapp.desk.categories import actions, queries
from webapp.desk.meanwhile import MeanwhileError
from webapp.documents.actions import rebuild
from webapp.edition import edition
from webapp.extensions import db
from webapp.library.actions import load_library
from webapp.library.exporting import export_library
from webapp.models import Account, Activity, Category, CategoryLink, Document, FacetCount, Subscriber

INDEX = "/desk/categories"


def category(slug: str) -> Category:
    return db.session.scalars(select(Category).where(Category.slug == slug)).one()


def url(slug: str, what: str = "") -> str:
    return f"{INDEX}/{category(slug).id}{what}"


def send(client: PageClient, address: str, **changes: Any) -> Any:
    return client.post(address, data=client.page(address).values(**changes))


def named(client: PageClient) -> list[str]:
    return client.page(INDEX).texts("ol.desk-rows li > .desk-words > a")


def logged() -> str:
    return db.session.scalars(select(Activity.what).order_by(Activity.id.desc()).limit(1)).one()


def me() -> Account:
    account = account_named("Mira")
    assert account
    return account


def projected() -> list[list[Any]]:
    """What lists and counts know of categories."""
    links = select(CategoryLink.document_id, CategoryLink.category_id, CategoryLink.position)
    return [sorted(map(tuple, db.session.execute(rows))) for rows in (links, select(FacetCount.__table__))]


def test_a_category_is_added_at_the_end_of_its_group(mira: PageClient) -> None:
    make_categories("pain")
    before = edition()
    values = {"name": "Cold  hands", "description": "Hands that are cold.", "group": "Topics"}
    assert send(mira, f"{INDEX}/new", **values).location == f"{INDEX}?said=added"
    assert named(mira) == ["Pain", "Cold hands"]
    assert mira.page("/categories/cold-hands").h1 == "Cold hands"
    assert logged() == "Added the category “Cold hands”."
    assert edition() != before


def test_the_first_category_of_a_site_brings_its_group(mira: PageClient) -> None:
    page = mira.page(f"{INDEX}/new")
    assert not page.select("#group")
    refused = send(mira, f"{INDEX}/new", name="Pain", description="About pain.")
    assert refused.status_code == 422
    assert 'href="#new_group"' in refused.text
    assert "About pain." in refused.text, "what was typed is kept"
    assert send(mira, f"{INDEX}/new", name="Pain", description="Pain.", new_group="Topics").status_code == 303
    assert queries.group_names() == ["Topics"]


@pytest.mark.parametrize("name", ["pain", " PAIN ", "Everything", "???", "Pa'in!", "Old pain", "x" * 81, ""])
def test_a_name_that_is_taken_or_makes_no_address_is_refused(mira: PageClient, name: str) -> None:
    make_categories("pain", "pa-in", "old-pain")
    category("old-pain").leads_to = "pain"
    db.session.commit()
    answer = send(mira, f"{INDEX}/new", name=name, description="About it.", group="Topics")
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text
    assert len(queries.listed()) == 2


def test_other_words_reach_readers_and_their_search_and_the_address_stays(mira: PageClient) -> None:
    make_categories("pain", "skin")
    make_summary(categories=["pain"])
    send(mira, url("pain"), name="Wombat nerves", description="What hurts.", new_group="More")
    assert mira.page("/categories/pain").h1 == "Wombat nerves"
    assert mira.page("/research/?q=wombat&exact=1").texts("#browse-count")[0].startswith("1 ")
    assert named(mira) == ["Skin", "Wombat nerves"]
    assert category("pain").group == "More"
    assert send(mira, url("skin"), name="wombat NERVES").status_code == 422
    assert send(mira, url("skin"), name="Skin and bones").status_code == 303


def test_up_and_down_move_within_the_group_and_keep_the_focus(mira: PageClient) -> None:
    make_categories("a", "b", "c")
    send(mira, f"{INDEX}/new", name="D", description="D.", new_group="More")
    page = mira.page(INDEX)
    assert not [button for button in page.texts("button") if " D " in f" {button} "], "alone in its group"
    assert page.texts("#category-1 button") == ["Move A down"]
    for way, order, focus in (
        ("up", "ACBD", "Move C up"),
        ("up", "CABD", "Move C down"),
        ("up", "CABD", "Move C down"),
        ("down", "ACBD", "Move C down"),
        ("down", "ABCD", "Move C up"),
    ):
        token = mira.page(INDEX).select("main input[name=csrf_token]")[0].get("value")
        answer = mira.post(url("c", f"/{way}"), data={"csrf_token": token})
        assert "".join(named(mira)) == order
        assert mira.page(answer.location).texts("[autofocus]") == [focus]
        assert mira.page(answer.location).texts("main details[open] summary") == ["Move C"]
    assert [one.slug for one in queries.listed()] == ["a", "b", "c", "d"]
    assert mira.page("/categories/").texts(".topic-list h3")[-1] == "D"


def titled(key: str, **changes: Any) -> File:
    return make_summary_file(key, title=f"About {key}", **changes)


@pytest.fixture
def two(mira: PageClient) -> PageClient:
    """Old and new, named by texts of every state."""
    make_categories("old", "new", "hand-and-arm-use")
    make_documents(
        titled("one", categories=["old"]),
        titled("both", categories=["new", "hand-and-arm-use", "old"]),
        titled("other", categories=["old", "hand-and-arm-use", "new"]),
        titled("draft", categories=["old"], draft=True),
        make_summary_file("arm-training"),
    )
    make_subscriber("a@example.org", topics=["old", "new"])
    make_subscriber("b@example.org", topics=["new"])
    return mira


def merge(client: PageClient, slug: str = "old", into: str = "new") -> Any:
    return send(client, f"{url(slug, '/merge')}?into={category(into).id}")


def test_before_two_are_made_one_the_page_says_what_will_happen(two: PageClient) -> None:
    asked = two.page(url("old", "/merge"))
    assert "Choose one" in asked.texts("option")
    page = two.page(f"{url('old', '/merge')}?into={category('new').id}")
    said = " ".join(page.texts(".desk-points li"))
    assert "4 documents are found at New from then on. Readers see 3 of them." in said
    assert "1 person gets letters about it" in said
    assert "About draft" in page.texts("#main .desk-rows a")
    assert page.one("main button").text == "Make Old a part of New"
    assert category("old").leads_to is None, "nothing was done yet"


@pytest.mark.parametrize("into", ["", "0", "nothing", "old"])
def test_who_chose_nothing_is_asked_again(two: PageClient, into: str) -> None:
    chosen = category("old").id if into == "old" else into
    answer = two.get(f"{url('old', '/merge')}?into={chosen}")
    assert answer.status_code == 422
    assert "Please choose the category that takes its place." in answer.text


def test_what_named_the_one_is_found_at_the_other(two: PageClient) -> None:
    assert merge(two).location == f"{INDEX}?said=merged"
    assert len(two.page("/categories/new").select(".card")) == 3
    assert two.get("/categories/old?level=2").location == "/categories/new?level=2"
    assert [one.slug for one in summary_named("other").categories] == ["new", "hand-and-arm-use"]
    assert two.page("/categories/hand-and-arm-use").texts("#browse-count") == ["3 summaries."]
    assert two.page("/research/").texts("#category option")[1] == "New (3)"
    topics = list(db.session.scalars(select(Subscriber.topics).order_by(Subscriber.address)))
    assert topics == [["new"], ["new"]]
    assert logged() == "Made the category “Old” a part of “New”."
    assert two.get(url("old")).status_code == 404
    assert "Old leads to New." in two.page(INDEX).texts("#main li span")


def test_what_lists_know_is_what_a_rebuild_makes(two: PageClient) -> None:
    merge(two)
    assert not list(db.session.scalars(select(Document.id).where(Document.is_stale)))
    before = projected()
    rebuild()
    assert projected() == before


def test_links_and_counts_follow_at_once_though_the_search_takes_its_time(
    two: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FOLLOWING_AT_ONCE", 0)
    merge(two)
    assert len(list(db.session.scalars(select(Document.id).where(Document.is_stale)))) == 3
    assert len(two.page("/categories/new").select(".card")) == 3
    assert two.page("/research/").texts("#category option")[1] == "New (3)"
    counts = projected()[1]
    rebuild()
    assert projected()[1] == counts


def test_a_draft_that_names_the_old_one_is_published_at_the_new_one(two: PageClient) -> None:
    merge(two)
    make_documents(titled("draft", categories=["old"]))
    assert [one.slug for one in summary_named("draft").categories] == ["new"]


def test_the_form_of_a_document_says_what_became_of_a_topic_it_names(two: PageClient) -> None:
    merge(two)
    draft = db.session.scalars(select(Document).where(Document.key == "draft")).one()
    assert two.page(f"/desk/documents/{draft.id}").texts("#f-categories label") == [
        "Old (now New)",
        "New",
        "Hand and arm use",
    ]
    other = db.session.scalars(select(Document).where(Document.key == "arm-training")).one()
    assert "Old (now New)" not in two.page(f"/desk/documents/{other.id}").texts("#f-categories label")


def test_what_was_made_one_leaves_as_files_and_comes_back(two: PageClient, tmp_path: Any) -> None:
    merge(two)
    export_library(tmp_path / "out")
    report = load_library([tmp_path / "out"])
    assert (report.added, report.updated, report.categories, report.kept) == (0, 0, 0, 0)


def test_a_chain_of_names_leads_to_the_last(two: PageClient) -> None:
    merge(two)
    merge(two, "new", "hand-and-arm-use")
    assert two.get("/categories/old").location == "/categories/hand-and-arm-use"
    assert len(two.page("/categories/hand-and-arm-use").select(".card")) == 4


def test_an_answer_moves_along_and_never_over_another(two: PageClient) -> None:
    make_documents(make_topic_file("old", title="Of old"))
    page = two.page(f"{url('old', '/merge')}?into={category('new').id}")
    assert "The answer to Old stands at New then." in page.texts(".desk-points li")
    merge(two)
    assert "Training may help." in two.get("/categories/new").text
    make_documents(make_topic_file("hand-and-arm-use", title="Of hands"))
    page = two.page(f"{url('new', '/merge')}?into={category('hand-and-arm-use').id}")
    assert "Both have a topic answer." in page.texts(".desk-points li")[1]
    merge(two, "new", "hand-and-arm-use")
    live = db.session.scalars(select(Document.key).where(Document.kind == "topic", Document.is_public()))
    assert list(live) == ["hand-and-arm-use"]


def test_a_category_in_use_is_not_deleted_and_the_page_says_where(two: PageClient) -> None:
    page = two.page(url("old", "/delete"))
    assert "4 documents name it, and 1 person gets letters about it" in page.texts(".desk-problem")[0]
    assert not page.select("main form")
    token = two.page(INDEX).select("main input[name=csrf_token]")[0].get("value")
    assert two.post(url("old", "/delete"), data={"csrf_token": token}).status_code == 409
    assert category("old")


def test_a_category_that_only_letters_or_drafts_name_is_in_use(two: PageClient) -> None:
    send(two, f"{INDEX}/new", name="For letters", description="L.", group="Topics")
    make_subscriber("c@example.org", topics=["for-letters"])
    assert "1 person gets letters" in two.page(url("for-letters", "/delete")).texts(".desk-problem")[0]
    make_documents(titled("one", categories=["new"]), titled("both", categories=["new"]))
    make_documents(titled("other", categories=["new"]))
    assert "1 document names it" in two.page(url("old", "/delete")).texts(".desk-problem")[0]


def test_a_category_that_nothing_uses_is_deleted_after_asking(two: PageClient) -> None:
    send(two, f"{INDEX}/new", name="Empty", description="E.", group="Topics")
    send(two, f"{INDEX}/new", name="Void", description="V.", group="Topics")
    merge(two, "void", "empty")
    page = two.page(url("empty", "/delete"))
    assert "Gone with it: Void. It leads to it." in page.texts("main p")
    assert send(two, url("empty", "/delete")).location == f"{INDEX}?said=deleted"
    assert two.get("/categories/empty").status_code == 404
    assert two.get("/categories/void").status_code == 404
    assert logged() == "Deleted the category “Empty”."


@pytest.mark.parametrize("number", [3, 40])
def test_merging_takes_as_many_statements_whatever_the_size(app: Flask, mira: PageClient, number: int) -> None:
    make_categories("old", "new")
    make_documents(*(make_summary_file(f"number-{one}", categories=["old"]) for one in range(number)))
    with counted(app) as sent:
        queries.uses_of(category("old"))
    assert len(sent) <= 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "FOLLOWING_AT_ONCE", 0)
        with counted(app) as sent:
            actions.merge(me(), category("old"), category("new"))
    assert len(sent) <= 35, "\n".join(sent)
    assert queries.uses_of(category("new")).count == number


def test_what_readers_chose_is_never_in_the_log(two: PageClient) -> None:
    merge(two)
    assert "example.org" not in " ".join(db.session.scalars(select(Activity.what)))


def meanwhile(app: Flask, action: Callable[[], object]) -> None:
    """Somebody else does this at the same moment: on a connection of their own."""

    def do() -> None:
        with app.app_context():
            action()

    other = threading.Thread(target=do)
    other.start()
    other.join()


def test_of_two_who_merge_crosswise_the_second_merges_nothing(mira: PageClient, app: Flask) -> None:
    make_categories("pain", "sleep")
    pain, sleep = category("pain"), category("sleep")
    meanwhile(app, lambda: actions.merge(me(), category("sleep"), category("pain")))
    with pytest.raises(MeanwhileError):
        actions.merge(me(), pain, sleep)
    assert mira.get("/categories/sleep").location == "/categories/pain"
    assert mira.get("/categories/pain").status_code == 200, "and leads nowhere else"


def test_what_is_deleted_at_the_same_moment_takes_nothing_in(mira: PageClient, app: Flask) -> None:
    make_categories("pain", "sleep")
    pain, sleep = category("pain"), category("sleep")
    meanwhile(app, lambda: actions.delete(me(), category("sleep")))
    with pytest.raises(MeanwhileError):
        actions.merge(me(), pain, sleep)
    assert category("pain").leads_to is None


def test_of_two_with_one_name_at_the_same_moment_the_second_is_told(app: Flask, mira: PageClient) -> None:
    words = {"description": "Rest at night.", "group": "Topics"}
    assert queries.category_called("Sleep") is None
    meanwhile(app, lambda: actions.add(me(), name="Sleep", **words))
    with pytest.raises(actions.CategoryError, match="already"):
        actions.add(me(), name="sleep", **words)


def test_who_comes_second_is_asked_to_look_once_more(mira: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_categories("pain", "sleep")
    values = mira.page(f"{url('pain', '/merge')}?into={category('sleep').id}").values()

    def too_late(*_: object) -> None:
        raise MeanwhileError

    monkeypatch.setattr(actions, "merge", too_late)
    answer = mira.post(url("pain", "/merge"), data=values)
    assert "at the same moment" in mira.page(answer.location).texts("[role=status]")[0]
