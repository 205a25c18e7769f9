"""The two lists as files: what the owner changed at the desk outlives a load, and what both changed is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, select

from tests.conftest import counted
from tests.factories import make_categories, make_documents, make_summary_file, make_terms, make_topic_file
from tests.page import PageClient
from tests.subscriptions.conftest import make_subscriber
from webapp.documents.actions import publish_due, rebuild, schedule
from webapp.documents.queries import document_named, newest_revision
from webapp.extensions import db
from webapp.library.actions import load_library
from webapp.library.checking import LibraryError
from webapp.library.exporting import export_library
from webapp.library.list_joining import Conflict, in_order, joined
from webapp.library.lists import CategorySchema, GroupSchema, TermSchema, write_list
from webapp.models import Category, Document, Subscriber, Term

SHIPPED = {"name": "Pain", "group": "Topics", "description": "Pain."}


def test_what_one_side_changed_is_so_and_the_rest_stays() -> None:
    mine, theirs = SHIPPED | {"name": "Aches"}, SHIPPED | {"description": "Pain of all kinds."}
    both = joined({"pain": SHIPPED}, {"pain": mine}, {"pain": theirs})
    assert both.entries == {"pain": {"name": "Aches", "group": "Topics", "description": "Pain of all kinds."}}
    assert not both.conflicts
    assert joined({"pain": SHIPPED}, {"pain": mine}, {"pain": SHIPPED}).entries == {"pain": mine}
    assert joined({"pain": SHIPPED}, {"pain": SHIPPED}, {"pain": theirs}).entries == {"pain": theirs}


def test_what_both_changed_is_a_conflict_unless_they_agree() -> None:
    mine = SHIPPED | {"name": "Aches"}
    both = joined({"pain": SHIPPED}, {"pain": mine}, {"pain": SHIPPED | {"name": "Hurt"}})
    assert (both.conflicts, both.entries) == ([Conflict("pain", "name")], {"pain": mine})
    assert not joined({"pain": SHIPPED}, {"pain": mine}, {"pain": mine}).conflicts
    unknown = joined({}, {"pain": mine}, {"pain": SHIPPED})
    assert unknown.conflicts == [Conflict("pain", "name")], "made here, and in a file by chance"


def test_what_was_deleted_here_comes_back_only_when_the_file_has_something_new() -> None:
    assert joined({"pain": SHIPPED}, {}, {"pain": SHIPPED}).entries == {}
    both = joined({"pain": SHIPPED}, {}, {"pain": SHIPPED | {"name": "Hurt"}})
    assert (both.entries, both.conflicts) == ({}, [Conflict("pain", "")])
    assert joined({}, {}, {"pain": SHIPPED}).entries == {"pain": SHIPPED}


@pytest.mark.parametrize(
    ("last", "here", "file", "order"),
    [
        ("abc", "abc", "cab", "cab"),  # the file has a new order
        ("abc", "cba", "abc", "cba"),  # the owner has
        ("abc", "cba", "bac", "cba"),  # both have
        ("abc", "axbc", "cba", "cxba"),  # what is not in the file keeps its place
        ("abc", "cba", "abxc", "cbxa"),  # what is new stands after the one before it
        ("abc", "abc", "xabc", "abcx"),
        ("abc", "ab", "abc", "abc"),  # nothing is lost; who writes the rows leaves out what was deleted
        ("", "", "ab", "ab"),
    ],
)
def test_the_order_of_the_owner_stays(last: str, here: str, file: str, order: str) -> None:
    assert "".join(in_order(last, here, file)) == order


def test_an_order_that_is_asked_for_is_that_of_the_file() -> None:
    assert in_order("abc", "cba", "abc", overwrite=True) == ["a", "b", "c"]


def categories_file(folder: Path, *parts: dict[str, Any]) -> Path:
    group = GroupSchema(name="Topics", categories=[CategorySchema(**{"description": "About."} | one) for one in parts])
    (folder / "categories.yml").write_text(write_list([group]))
    return folder


def glossary_file(folder: Path, *terms: dict[str, Any]) -> Path:
    listed = [TermSchema(**{"definition": f"What {one['term']} is."} | one) for one in terms]
    (folder / "glossary.yml").write_text(write_list(listed))
    return folder


def category(slug: str) -> Category:
    return db.session.scalars(select(Category).where(Category.slug == slug)).one()


def term(slug: str) -> Term:
    return db.session.scalars(select(Term).where(Term.slug == slug)).one()


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(LibraryError) as caught:
        load_library([folder])
    return [f"{one.field} {one.problem}" for one in caught.value.diagnostics]


def test_a_load_keeps_what_the_owner_changed_and_says_so(app: Flask, tmp_path: Path, runner: FlaskCliRunner) -> None:
    make_categories("pain", "skin")
    make_terms(sham="Not real.")
    category("pain").name, term("sham").definition = "Aches", "A treatment that only looks like one."
    db.session.commit()
    files = categories_file(
        tmp_path,
        {"slug": "pain", "name": "Pain", "description": "All about pain."},
        {"slug": "skin", "name": "Skin", "description": "New words."},
    )
    glossary_file(files, {"term": "sham", "definition": "Not real."})
    told = runner.invoke(args=["library", "load", str(files)]).output
    assert "1 categories and 0 glossary terms changed" in told
    assert "2 entries of the lists stay as they were changed on this site" in told
    assert (category("pain").name, category("skin").description) == ("Aches", "New words.")
    assert term("sham").definition == "A treatment that only looks like one."


def test_what_both_changed_stops_the_load_with_its_line(app: Flask, tmp_path: Path) -> None:
    make_categories("pain")
    category("pain").name = "Aches"
    db.session.commit()
    files = categories_file(tmp_path, {"slug": "pain", "name": "Hurt", "description": "All about pain."})
    assert faults_of(files) == ["pain.name was changed on this site since it was loaded"]
    assert category("pain").name == "Aches"
    load_library([files], overwrite=True)
    assert category("pain").name == "Hurt"
    category("pain").name = "Aches"
    db.session.commit()
    assert load_library([files]).kept == 1, "the file says nothing new any more"


def test_what_the_owner_deleted_stays_deleted(app: Flask, tmp_path: Path) -> None:
    make_categories("pain", "skin")
    db.session.execute(delete(Category).where(Category.slug == "skin"))
    db.session.commit()
    same = {"slug": "skin", "name": "Skin", "description": "All about skin."}
    assert load_library([categories_file(tmp_path, same)]).kept == 1
    assert [one.slug for one in db.session.scalars(select(Category))] == ["pain"]
    (tmp_path / "a.md").write_text(make_summary_file(categories=["skin"]).text)
    assert faults_of(tmp_path) == ["categories “skin” is not a category"]
    (tmp_path / "a.md").unlink()
    assert faults_of(categories_file(tmp_path, {**same, "name": "The skin"})) == [
        "skin was deleted on this site since it was loaded"
    ]
    load_library([tmp_path], overwrite=True)
    assert category("skin").name == "The skin"


def test_two_terms_have_no_name_in_common(app: Flask, tmp_path: Path) -> None:
    make_terms(sham="Not real.")
    files = glossary_file(tmp_path, {"term": "Dummy", "also": ["Sham"]})
    assert faults_of(files) == ["dummy.also is “Sham”, which sham is called already"]
    files = glossary_file(tmp_path, {"term": "Placebo", "also": ["dummy"]}, {"term": "Dummy"})
    assert faults_of(files) == ["term is “Dummy”, a name that stands above already"]
    files = glossary_file(tmp_path, {"term": "AIS"}, {"term": "Ais", "slug": "ais-2"})
    load_library([files])


def test_a_way_that_leads_nowhere_is_a_fault(app: Flask, tmp_path: Path) -> None:
    files = categories_file(
        tmp_path, {"slug": "a", "name": "A", "leads_to": "b"}, {"slug": "c", "name": "C", "leads_to": "c"}
    )
    glossary_file(tmp_path, {"term": "D", "leads_to": "everything"})
    assert faults_of(files) == [
        "a.leads_to leads to “b”, which is not there",
        "c.leads_to leads to “c”, which is itself",
        "d.leads_to leads to “everything”, which is not there",
    ]


def test_a_way_that_leads_round_is_a_fault(app: Flask, tmp_path: Path) -> None:
    files = categories_file(
        tmp_path,
        {"slug": "a", "name": "A", "leads_to": "b"},
        {"slug": "b", "name": "B", "leads_to": "a"},
        {"slug": "c", "name": "C", "leads_to": "a"},
    )
    glossary_file(tmp_path, {"term": "X", "leads_to": "y"}, {"term": "Y", "leads_to": "x"})
    assert faults_of(files) == [
        "a.leads_to leads to “b”, which leads back to it",
        "b.leads_to leads to “a”, which leads back to it",
        "x.leads_to leads to “y”, which leads back to it",
        "y.leads_to leads to “x”, which leads back to it",
    ]


def test_what_leads_to_what_leads_on_leads_to_the_end_at_once(app: Flask, client: PageClient, tmp_path: Path) -> None:
    files = categories_file(
        tmp_path,
        {"slug": "a", "name": "A", "leads_to": "b"},
        {"slug": "b", "name": "B", "leads_to": "c"},
        {"slug": "c", "name": "C"},
    )
    glossary_file(
        tmp_path, {"term": "X", "leads_to": "y"}, {"term": "Y", "leads_to": "z"}, {"term": "Z", "also": ["X"]}
    )
    load_library([files])
    assert client.get("/categories/a").location == "/categories/c"
    assert client.get("/glossary/x").location == "/glossary/z"
    assert "Z" in client.get("/glossary/").text
    assert load_library([files]).categories == 0, "nothing is new the next time"


def test_a_renamed_term_keeps_its_address_on_the_way_out_and_in(app: Flask, tmp_path: Path) -> None:
    make_terms(sham="Not real.", dummy="Not real either.")
    term("sham").name = "Sham treatment"
    term("dummy").leads_to = "sham"
    db.session.commit()
    export_library(tmp_path / "out")
    written = (tmp_path / "out" / "glossary.yml").read_text()
    assert "slug: sham" in written
    assert "leads_to: sham" in written
    assert load_library([tmp_path / "out" / "glossary.yml"]).terms == 0
    for one in (Term, Category):
        db.session.execute(delete(one))
    load_library([tmp_path / "out" / "glossary.yml"], overwrite=True)
    assert (term("sham").name, term("dummy").leads_to) == ("Sham treatment", "sham")


def merge_by_file(folder: Path) -> None:
    parts = {"slug": "old", "name": "Old", "leads_to": "pain"}, {"slug": "pain", "name": "Pain"}
    load_library([categories_file(folder, *parts)])


def test_the_answer_to_a_topic_moves_with_its_category(app: Flask, client: PageClient, tmp_path: Path) -> None:
    make_categories("old", "pain", "hand-and-arm-use")
    make_documents(make_summary_file(categories=["old"]), make_topic_file("old"))
    merge_by_file(tmp_path)
    assert "Training may help." in client.get("/categories/pain").text
    assert client.get("/categories/old").location == "/categories/pain"
    export_library(tmp_path / "out")
    assert not load_library([tmp_path / "out"]).updated, "the export is what is here"
    document = document_named("topic", "old")
    before = document.slug if document else ""
    rebuild()
    assert before == "pain"
    assert "Training may help." in client.get("/categories/pain").text


def test_of_two_answers_to_what_became_one_topic_the_other_is_taken_down(
    app: Flask, client: PageClient, tmp_path: Path
) -> None:
    make_categories("old", "pain", "hand-and-arm-use")
    make_documents(
        make_summary_file(), make_topic_file("old", title="Of old"), make_topic_file("pain", title="Of pain")
    )
    merge_by_file(tmp_path)
    old = document_named("topic", "old")
    assert old
    assert (old.live_revision_id, old.slug) == (None, "old")
    assert document_named("topic", "pain")
    (tmp_path / "old.md").write_text(make_topic_file("old", title="Once more").text)
    assert faults_of(tmp_path) == ["slug is pain, which pain has already"]


def test_an_answer_that_is_to_come_stands_at_the_new_topic_on_its_day(
    app: Flask, client: PageClient, tmp_path: Path, forward: Any
) -> None:
    import datetime as dt

    from webapp import clock

    make_categories("old", "pain", "hand-and-arm-use")
    make_documents(make_summary_file(), make_topic_file("old")._replace(is_draft=True))
    document = db.session.scalars(select(Document).where(Document.kind == "topic")).one()
    revision = newest_revision(document)
    assert revision
    schedule(document, revision, clock.now() + dt.timedelta(days=1))
    merge_by_file(tmp_path)
    forward(dt.timedelta(days=2))
    assert publish_due() == 1
    assert "Training may help." in client.get("/categories/pain").text


def test_letters_move_with_their_topic_in_few_statements(app: Flask, tmp_path: Path) -> None:
    make_categories("old", "pain")
    for number in range(40):
        make_subscriber(f"{number}@example.org", topics=["old"] if number < 30 else ["older", "bold"])
    with counted(app) as sent:
        merge_by_file(tmp_path)
    topics = list(db.session.scalars(select(Subscriber.topics)))
    assert topics.count(["pain"]) == 30
    assert topics.count(["older", "bold"]) == 10
    assert len([one for one in sent if "subscribers" in one]) <= 2
